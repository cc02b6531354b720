/** The damage ledger: what customers lost by the state of their claims, beside what persons attest of the rest. */

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
  /** Claims of any state. */
  readonly count: number;
}

/**
 * Customers' damage. With no claim at all it is unknown, not zero, until `complete`: somebody looked at all failed
 * transactions and there were none to open.
 */
export function customerDamage(
  { openLow, openHigh, acceptedAmount, count }: ClaimTotals,
  complete: boolean,
): Range | null {
  if (count === 0 && !complete) return null;
  return { low: acceptedAmount + openLow, high: openHigh === null ? null : acceptedAmount + openHigh };
}
