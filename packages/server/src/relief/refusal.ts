import { Refused } from '#platform/http';

/** Why a claim was not decided or paid, with its numbers. */
export type ReliefRefusal =
  | { reason: 'claim-decided-already'; claim: string; state: string }
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
