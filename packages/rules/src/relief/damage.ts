/** The damage ledger: what customers lost by the state of their claims, and what rows say of the rest. */
import { z } from 'zod';
import type { ReliefPolicy } from './policy.ts';

/** A quantity of won that is not exactly known; `high` null = no upper bound is known. */
export type Range = {
  readonly low: number;
  readonly high: number | null;
};

/** The claims of a run, summed. Open claims count with what they may come to; refused ones with nothing. */
export interface ClaimTotals {
  readonly openLow: number;
  /** null: an open claim has no upper bound. */
  readonly openHigh: number | null;
  /** Decided amounts of accepted and paid claims. */
  readonly acceptedAmount: number;
  readonly paidAmount: number;
  /** Of the open claims, those that the company itself estimated: what they come to at least and at most. */
  readonly estimatedLow: number;
  readonly estimatedHigh: number | null;
  /** Claims of any state. */
  readonly count: number;
}

/**
 * Customers' damage. With no claim at all it is unknown, not zero, until `complete`: somebody looked at all failed
 * transactions and there were none to open.
 */
export function customerDamage(
  { openLow, openHigh, acceptedAmount, count }: Pick<ClaimTotals, 'openLow' | 'openHigh' | 'acceptedAmount' | 'count'>,
  complete: boolean,
): Range | null {
  if (count === 0 && !complete) return null;
  return { low: acceptedAmount + openLow, high: openHigh === null ? null : acceptedAmount + openHigh };
}

/** Whose damage a row is. `recourse` is what somebody else owes for it: shown beside, never taken off. */
export const damageTypes = ['customer', 'company', 'thirdParty', 'goodwill', 'recourse'] as const;
export type DamageType = (typeof damageTypes)[number];

/** `claimed` by whoever suffered it, `estimated` by the company, `accepted` for an amount, `paid`. */
export const damageStates = ['claimed', 'estimated', 'accepted', 'paid'] as const;
export type DamageState = (typeof damageStates)[number];

/** What a row rests on: a document by its digest, where it came from, and when it was obtained. */
export const evidenceItem = z.strictObject({
  source: z.string().min(1).max(200),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .nullable(),
  obtainedAt: z.iso.datetime({ offset: true }),
});
export type EvidenceItem = z.infer<typeof evidenceItem>;

/** A row of the ledger as it stands now. `amount` null = nobody knows yet. */
export type DamageRow = {
  readonly type: DamageType;
  readonly state: DamageState;
  readonly amount: Range | null;
};

/** Damage as facts know it; null = unknown. */
export type Damage = Record<DamageType, Range | null>;

/** What rows of one type come to. Null without rows; a row of which nothing is known takes the upper bound away. */
function rowsOf(rows: readonly DamageRow[], type: DamageType): Range | null {
  const amounts = rows.filter((row) => row.type === type).map(({ amount }) => amount);
  return amounts.some((amount) => amount !== null) ? sumOf(amounts) : null;
}

function sumOf(amounts: readonly (Range | null)[]): Range {
  return amounts.reduce<Range>(
    ({ low, high }, amount) => ({
      low: low + (amount?.low ?? 0),
      high: high === null || amount === null || amount.high === null ? null : high + amount.high,
    }),
    { low: 0, high: 0 },
  );
}

/** Damage by type: customers' from their claims and the rows beside them, the rest from rows alone. */
export function damageOf(claims: ClaimTotals, isComplete: boolean, rows: readonly DamageRow[]): Damage {
  const claimed = customerDamage(claims, isComplete);
  const beside = rowsOf(rows, 'customer');
  return {
    customer: claimed === null ? beside : beside === null ? claimed : sumOf([claimed, beside]),
    company: rowsOf(rows, 'company'),
    thirdParty: rowsOf(rows, 'thirdParty'),
    goodwill: rowsOf(rows, 'goodwill'),
    recourse: rowsOf(rows, 'recourse'),
  };
}

/** The three totals of a ledger in won. `upper.high` null = no upper bound is known. */
export type DamageTotals = {
  /** The most it may come to: what is claimed or estimated until it is decided. */
  readonly upper: Range;
  /** What was accepted, with what the company estimates of what is open. Claims nobody has looked at are not in it. */
  readonly best: Range;
  /** What was paid. */
  readonly settled: number;
  /** What was accepted or paid: no less than this. */
  readonly accepted: number;
  /** Types of which nothing is known yet. */
  readonly unknown: readonly DamageType[];
};

/** Sums claims and rows without recourse, and without goodwill unless the policy counts it. Both stay visible by type. */
export function damageTotals(
  claims: ClaimTotals,
  isComplete: boolean,
  rows: readonly DamageRow[],
  { goodwillCounts }: Pick<ReliefPolicy, 'goodwillCounts'>,
): DamageTotals {
  const counted = damageTypes.filter((type) => type !== 'recourse' && (type !== 'goodwill' || goodwillCounts));
  const own = rows.filter(({ type }) => counted.includes(type));
  const byType = damageOf(claims, isComplete, rows);
  const inState = (...states: readonly DamageState[]): (Range | null)[] =>
    own.filter(({ state }) => states.includes(state)).map(({ amount }) => amount);
  const acceptedRows = sumOf(inState('accepted', 'paid'));
  const certain: Range = { low: claims.acceptedAmount, high: claims.acceptedAmount };
  return {
    upper: sumOf([certain, { low: claims.openLow, high: claims.openHigh }, ...own.map(({ amount }) => amount)]),
    best: sumOf([
      certain,
      { low: claims.estimatedLow, high: claims.estimatedHigh },
      ...inState('estimated', 'accepted', 'paid'),
    ]),
    settled: claims.paidAmount + sumOf(inState('paid')).low,
    accepted: claims.acceptedAmount + acceptedRows.low,
    unknown: counted.filter((type) => byType[type] === null),
  };
}

/**
 * The highest step of the limit, in percent, that the upper total has reached; 0 = none. Where no upper bound is known
 * the known part counts: it is at least that much.
 */
export function damageStep(
  { upper }: Pick<DamageTotals, 'upper'>,
  { damageLimit, damageSteps }: Pick<ReliefPolicy, 'damageLimit' | 'damageSteps'>,
): number {
  const reached = upper.high ?? upper.low;
  return damageSteps.filter((step) => reached * 100 >= damageLimit * step).at(-1) ?? 0;
}
