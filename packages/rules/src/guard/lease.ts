/** The orchestrator's lease of a run: silence stops. */

/**
 * Silence after which the lease is lost and no step begins, ms. Renewals come every 100 ms; what follows from a lost lease
 * has to be done within 500 ms of the last sign of life.
 */
export const leaseMs = 450;

/** Silence after which the guard recovers by itself: the plan's grace for a takeover, never shorter than the lease. */
export function recoverAfterMs(takeoverGraceMs: number): number {
  return Math.max(leaseMs, takeoverGraceMs);
}
