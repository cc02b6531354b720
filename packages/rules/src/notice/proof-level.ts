/** What is known of one message, and what that proves. Each level implies the ones before it. */

export const proofLevels = ['submitted', 'accepted', 'delivered', 'viewed', 'certificate'] as const;
export type ProofLevel = (typeof proofLevels)[number];

/** What each level proves and what it does not, for whoever reads a dossier. */
export const proofLevelMeaning: Readonly<Record<ProofLevel, { readonly ko: string; readonly en: string }>> = {
  submitted: {
    ko: '중계 시스템에 넘긴 시각까지 증명합니다. 접수되었는지는 증명하지 못합니다.',
    en: 'Proves when the message was handed over, not that the gateway took it.',
  },
  accepted: {
    ko: '중계 시스템이 접수한 사실까지 증명합니다. 단말기에 도달하였는지는 증명하지 못합니다.',
    en: 'Proves that the gateway took the message, not that it arrived.',
  },
  delivered: {
    ko: '통신망이 단말기 도달을 보고한 사실까지 증명합니다. 읽었는지는 증명하지 못합니다.',
    en: 'Proves that the network reported arrival at the handset, not that anyone read it.',
  },
  viewed: {
    ko: '수신 화면에서 열람되었다고 보고된 사실까지 증명합니다. 누가 보았는지는 증명하지 못합니다.',
    en: 'Proves that the message was reported as opened, not who opened it.',
  },
  certificate: {
    ko: '공인전자문서중계자가 발급한 유통증명서로 송신·수신·열람 일시를 증명합니다.',
    en: 'Proves sending, receipt and opening by a certificate of a certified electronic document relay.',
  },
};

/** What is known of a recipient's message. */
export interface MessageFacts {
  readonly submittedAt: string | null;
  readonly acceptedAt: string | null;
  readonly state: string;
  readonly viewedAt: string | null;
  readonly certificate: string | null;
}

/** The level that the facts reach; null = nothing was handed over, or the gateway refused it. */
export function proofLevelOf(facts: MessageFacts): ProofLevel | null {
  if (facts.certificate !== null) return 'certificate';
  if (facts.viewedAt !== null) return 'viewed';
  if (facts.state === 'delivered') return 'delivered';
  if (facts.acceptedAt !== null) return 'accepted';
  return facts.submittedAt === null || facts.state === 'refused' ? null : 'submitted';
}
