/** Judges of fault and of what consumers lost: intent, gross negligence, serious consumer loss. */
import type { Facts, Fault } from '../facts.ts';
import { type Ruling, ground } from '../finding.ts';
import { carveOutOf, leakedPersonalCredit, leaksKnown } from '../leak.ts';
import { rangeOf } from '../range.ts';
import { at } from '../time.ts';
import { type Truth, every, holds, not, some, someOf } from '../truth.ts';
import { tellRange } from '../wording.ts';
import type { Inquiry } from './inquiry.ts';

/** The declarations about each subject; none at all is one declaration of nothing. */
function faultsOf({ fault }: Facts): readonly Fault[] {
  if (fault === null || fault === undefined) return [{}];
  if (!Array.isArray(fault)) return [fault];
  return fault.length === 0 ? [{}] : fault;
}

function subjects(faults: readonly Fault[], test: (fault: Fault) => Truth): string {
  const named = faults.flatMap((fault) =>
    test(fault) === true && typeof fault.subject === 'string' ? [fault.subject] : [],
  );
  return named.length === 0 ? '' : ` (${named.join(', ')})`;
}

/** KR: no intent (FSC decision of 2026-06-30, as reported). What decides is the applicant's own declaration. */
export function judgeIntent({ facts }: Inquiry): Ruling {
  const faults = faultsOf(facts);
  const intent = (fault: Fault): Truth => fault.intent ?? null;
  return {
    grounds: ground('intent.present', some(faults.map(intent)), 'not-met', {
      holds: {
        ko: `고의가 있었던 것으로 기재되었습니다${subjects(faults, intent)}.`,
        en: `Intent is stated${subjects(faults, intent)}.`,
      },
      unknown: { ko: '고의 여부가 기재되지 않았습니다.', en: 'Whether there was intent is not stated.' },
    }),
    met: { ko: '신청인이 고의가 없었음을 진술하였습니다.', en: 'No intent: declared by the applicant.' },
  };
}

/**
 * KR: no gross negligence, presumed where there is neither a private interest nor a serious procedural defect (FSC
 * Notice 2020-12, Art. 27-2, and its commentary). Work that nobody but its author approved before the start is
 * procedurally defective whatever is declared.
 */
export function judgeNegligence({ facts }: Inquiry): Ruling {
  const faults = faultsOf(facts);
  const start = at(facts.work.start) ?? -Infinity;
  const approved = someOf(facts.work.approvals, (approval) =>
    every([holds(at(approval.at), (approvedAt) => approvedAt < start), not(approval.author ?? null)]),
  );
  const gross = (fault: Fault): Truth => fault.grossNegligence === true;
  const lost = (fault: Fault): Truth =>
    some([fault.privateInterest ?? null, fault.proceduralDefect ?? null, not(approved)]);
  return {
    grounds: [
      ...ground('negligence.gross', some(faults.map(gross)), 'not-met', {
        holds: {
          ko: `중대한 과실이 있었던 것으로 기재되었습니다${subjects(faults, gross)}.`,
          en: `Gross negligence is stated${subjects(faults, gross)}.`,
        },
        unknown: { ko: '', en: '' },
      }),
      ...ground('negligence.presumption-lost', some(faults.map(lost)), 'for-committee', {
        holds: {
          ko: `사적 이해관계 또는 절차상 하자가 있어 고의·중과실이 없다는 추정을 적용할 수 없습니다${
            approved === false ? ' (작업 시작 전 작성자 아닌 자의 승인 없음)' : ''
          }${subjects(faults, lost)}.`,
          en: `A private interest or a procedural defect takes the presumption of no gross negligence away${
            approved === false ? ' (nobody but the author approved before the start)' : ''
          }${subjects(faults, lost)}.`,
        },
        unknown: {
          ko: '사적 이해관계, 절차상 하자 또는 작업 시작 전 승인이 확인되지 않아 추정을 적용할 수 있는지 알 수 없습니다.',
          en: 'Private interest, procedural defect or approval before the start is not known, so it is open whether the presumption holds.',
        },
      }),
    ],
    met: {
      ko: '사적 이해관계와 절차상 하자가 없어 고의·중과실이 없는 것으로 추정됩니다.',
      en: 'No private interest and no procedural defect: no gross negligence is presumed.',
    },
  };
}

/** KR: no serious consumer loss (FSC Notice 2020-12, Art. 27-2). Any sign of one is for the committee, with the figures. */
export function judgeConsumerLoss({ facts, carvesOut }: Inquiry): Ruling {
  const leaked = leakedPersonalCredit(facts);
  const carveOut = carvesOut ? carveOutOf(leaked) : 'does-not-apply';
  const credit: Truth = carveOut === 'undetermined' ? (leaksKnown(facts) ? true : null) : carveOut === 'applies';
  const signs = [facts.consumerLoss?.serious ?? null, facts.relief?.consumerDamage ?? null, credit];
  const sign = signs.includes(true) ? true : signs.includes(false) ? false : null;
  const amount = tellRange(leaked, 'records');
  const accepted = facts.relief?.claims?.accepted;
  const claims = accepted === null || accepted === undefined ? null : tellRange(rangeOf(accepted), 'claims');
  const [serious, damaged] = [said(facts.consumerLoss?.serious), said(facts.relief?.consumerDamage)];
  return {
    grounds: ground('consumer-loss.possible', sign, 'for-committee', {
      holds: {
        ko: `소비자 피해의 중대성은 위원회 심의가 필요합니다: 중대한 피해 ${serious.ko}, 소비자 피해 ${damaged.ko}, 개인신용정보 유출 ${amount.ko}${claims === null ? '' : `, 인정된 청구 ${claims.ko}`}.`,
        en: `Whether the consumer loss is serious is for the committee: serious loss ${serious.en}, consumer damage ${damaged.en}, personal credit information ${amount.en}${claims === null ? '' : `, accepted ${claims.en}`}.`,
      },
      unknown: { ko: '소비자 피해가 확인되지 않았습니다.', en: 'Nothing is known of consumer loss.' },
    }),
    met: { ko: '중대한 소비자 피해의 징후가 없습니다.', en: 'No sign of serious consumer loss.' },
  };
}

function said(truth: boolean | null | undefined): { ko: string; en: string } {
  if (truth === null || truth === undefined) return { ko: '미확인', en: 'not known' };
  return truth ? { ko: '있음', en: 'yes' } : { ko: '없음', en: 'no' };
}
