import { Refused } from '#platform/http';

/** Why a claim was not decided or paid, with its numbers. */
export type ReliefRefusal =
  | { reason: 'claim-decided-already'; claim: string; state: string }
  | { reason: 'claim-proposed-already'; claim: string; by: string }
  | { reason: 'claim-not-proposed'; claim: string }
  | { reason: 'claim-second-person'; claim: string; person: string }
  | { reason: 'claim-other-decision'; claim: string; decision: string; amountWon: number }
  | { reason: 'claim-still-open'; claim: string }
  | { reason: 'claim-below-paid'; claim: string; paidWon: number; offeredWon: number }
  | { reason: 'late-facts-over'; run: string; until: string }
  | { reason: 'claim-not-accepted'; claim: string; state: string }
  | { reason: 'claim-overpaid'; claim: string; decidedWon: number; paidWon: number; offeredWon: number };

const won = (amount: number): { ko: string; en: string } => {
  const digits = amount.toLocaleString('en-US');
  return { ko: `${digits}원`, en: `KRW ${digits}` };
};

/** The refusal in words. */
export function refuse(refusal: ReliefRefusal): Refused {
  switch (refusal.reason) {
    case 'claim-decided-already':
      return new Refused(refusal, {
        ko: `${refusal.claim}은(는) 이미 결정된 청구입니다(${stateNames[refusal.state] ?? refusal.state}).`,
        en: `${refusal.claim} was decided already: ${refusal.state}`,
      });
    case 'claim-proposed-already':
      return new Refused(refusal, {
        ko: `${refusal.claim}은(는) ${refusal.by}이(가) 이미 결정하여 두 번째 담당자의 서명을 기다리고 있습니다.`,
        en: `${refusal.claim} was decided by ${refusal.by} and waits for the signature of a second person`,
      });
    case 'claim-not-proposed':
      return new Refused(refusal, {
        ko: `${refusal.claim}에는 서명을 기다리는 결정이 없습니다.`,
        en: `${refusal.claim} has no decision that waits for a signature`,
      });
    case 'claim-second-person':
      return new Refused(refusal, {
        ko: `${refusal.claim}은(는) ${refusal.person}이(가) 결정하였으므로 다른 담당자가 서명해야 합니다.`,
        en: `${refusal.claim} was decided by ${refusal.person}: somebody else signs it`,
      });
    case 'claim-other-decision': {
      const amount = won(refusal.amountWon);
      return new Refused(refusal, {
        ko: `서명하신 내용이 ${refusal.claim}의 결정(${stateNames[refusal.decision] ?? refusal.decision}, ${amount.ko})과 다릅니다.`,
        en: `what was signed is not the decision on ${refusal.claim}: ${refusal.decision}, ${amount.en}`,
      });
    }
    case 'claim-still-open':
      return new Refused(refusal, {
        ko: `${refusal.claim}은(는) 아직 결정되지 않았습니다.`,
        en: `${refusal.claim} is not decided yet`,
      });
    case 'claim-below-paid': {
      const [paid, offered] = [won(refusal.paidWon), won(refusal.offeredWon)];
      return new Refused(refusal, {
        ko: `${refusal.claim}에는 이미 ${paid.ko}을 지급하였으므로 ${offered.ko}으로 결정할 수 없습니다.`,
        en: `${paid.en} of ${refusal.claim} is paid already: it cannot be decided for ${offered.en}`,
      });
    }
    case 'late-facts-over':
      return new Refused(refusal, {
        ko: `${refusal.run}의 사후 사실은 ${refusal.until}까지 접수합니다. 계속 접수하려면 사유를 적어 기간을 연장하십시오.`,
        en: `late facts of ${refusal.run} were taken until ${refusal.until}: extend that with a reason to go on`,
      });
    case 'claim-not-accepted':
      return new Refused(refusal, {
        ko: `${refusal.claim}은(는) 인정된 청구가 아니므로 지급할 수 없습니다(${stateNames[refusal.state] ?? refusal.state}).`,
        en: `${refusal.claim} cannot be paid: it is ${refusal.state}`,
      });
    case 'claim-overpaid': {
      const [decided, paid, offered] = [won(refusal.decidedWon), won(refusal.paidWon), won(refusal.offeredWon)];
      return new Refused(refusal, {
        ko: `${refusal.claim}의 인정 금액은 ${decided.ko}이고 이미 ${paid.ko}을 지급하였으므로 ${offered.ko}을 지급할 수 없습니다.`,
        en: `${refusal.claim} was accepted for ${decided.en}, of which ${paid.en} is paid: ${offered.en} is too much`,
      });
    }
  }
}

const stateNames: Readonly<Record<string, string>> = {
  open: '심사 중',
  accepted: '인정',
  refused: '기각',
  paid: '지급 완료',
};
