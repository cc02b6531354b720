/** Deciding a claim: why, by whom, and until when. */
import type { Range } from './damage.ts';
import type { ReliefPolicy } from './policy.ts';

export const decisions = ['accepted', 'refused'] as const;
export type Decision = (typeof decisions)[number];

/** Why a claim was decided as it was, and for which decisions a reason may be given. */
export const reasonCodes = {
  'fee-refund': { of: 'accepted', ko: '수수료 환급', en: 'a fee is given back' },
  'interest-waived': { of: 'accepted', ko: '이자 환급·면제', en: 'interest is given back or waived' },
  'price-difference': { of: 'accepted', ko: '가격 차이 보상', en: 'a difference of price is made good' },
  'third-party-penalty': {
    of: 'accepted',
    ko: '제3자에 대한 위약금 등 보상',
    en: 'a penalty owed to somebody else is made good',
  },
  'in-part': { of: 'accepted', ko: '청구액 중 일부 인정', en: 'made good in part' },
  goodwill: { of: 'accepted', ko: '도의적 보상', en: 'paid as goodwill' },
  'outside-disruption': { of: 'refused', ko: '장애 시간 외 발생', en: 'it did not happen during a disruption' },
  'no-such-transaction': { of: 'refused', ko: '거래 시도 내역 없음', en: 'no such transaction was tried' },
  'booked-after-all': { of: 'refused', ko: '거래가 정상 처리됨', en: 'the transaction was carried out' },
  'alternative-worked': {
    of: 'refused',
    ko: '안내된 대체 수단 이용 가능',
    en: 'an announced alternative channel worked',
  },
  'other-cause': { of: 'refused', ko: '당행 외 원인', en: 'the cause lies elsewhere' },
  'no-loss': { of: 'refused', ko: '손해 없음', en: 'nothing was lost' },
  duplicate: { of: 'refused', ko: '중복 신고', en: 'it was claimed twice' },
  'not-shown': { of: 'refused', ko: '손해가 소명되지 않음', en: 'the loss was not shown' },
} as const satisfies Record<string, { of: Decision; ko: string; en: string }>;
export type ReasonCode = keyof typeof reasonCodes;
export const reasonCodeNames = Object.keys(reasonCodes) as [ReasonCode, ...ReasonCode[]];

/** Whether a reason is one for this decision. */
export function isReasonFor(code: ReasonCode, decision: Decision): boolean {
  return reasonCodes[code].of === decision;
}

/**
 * Whether a decision takes a second person. A refusal weighs what the claim asks for at most; where that is not known it
 * weighs more than any limit.
 */
export function needsSecondPerson(
  { decision, amount, asked }: { decision: Decision; amount: number; asked: Range | null },
  { secondApproverAbove, secondRefusalAbove }: Pick<ReliefPolicy, 'secondApproverAbove' | 'secondRefusalAbove'>,
): boolean {
  if (decision === 'accepted') return amount > secondApproverAbove;
  if (secondRefusalAbove === null) return false;
  return asked === null || asked.high === null || asked.high > secondRefusalAbove;
}

const dayMs = 86_400_000;

/** What a clock is read from: when the company first had the claim, epoch ms, and by whom it was opened. */
export type ClaimClock = { readonly source: 'proactive' | 'filed'; readonly openedAt: number };
type ClockPolicy = Pick<ReliefPolicy, 'answerWithinDays' | 'proactiveWithinDays' | 'remindDaysBefore'>;

/** Until when, epoch ms, the result of a claim is told. */
export function answerDue(
  { source, openedAt }: ClaimClock,
  policy: Pick<ReliefPolicy, 'answerWithinDays' | 'proactiveWithinDays'>,
): number {
  return openedAt + (source === 'filed' ? policy.answerWithinDays : policy.proactiveWithinDays) * dayMs;
}

/** The newest reminder of a claim that is due at `now` (days before the end), that its time is over, or null. */
export function reminderOf(claim: ClaimClock, now: number, policy: ClockPolicy): number | 'overdue' | null {
  const due = answerDue(claim, policy);
  if (now >= due) return 'overdue';
  return policy.remindDaysBefore.findLast((days) => now >= due - days * dayMs) ?? null;
}

/** States of a complaint that left the company, in the order they are usually passed. */
export const escalationStages = [
  'filed',
  'agreement',
  'committee',
  'proposal',
  'accepted',
  'rejected',
  'court',
  'closed',
] as const;
