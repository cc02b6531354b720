/** The point of no return of a run as it stands: of the steps done so far, and of a step that is asked for. */
import type { RunOnHost } from './journal.ts';
import { pointOfNoReturn, upperTolerance } from './pnr.ts';
import type { RunLimits } from './protocol.ts';

/** The last step whose effect may still be there; null when there is nothing to take back. */
export function lastEffect(run: Pick<RunOnHost, 'order' | 'steps'>): string | null {
  return run.order.findLast((step) => hasEffect(run, step)) ?? null;
}

/** True while something that this run did for the step may still be in place. */
export function hasEffect({ steps }: Pick<RunOnHost, 'steps'>, step: string): boolean {
  const state = steps[step];
  return state !== undefined && (state.did === 'yes' || state.did === 'maybe') && state.undone !== 'yes';
}

/**
 * The age at which the way back from `step` must begin, if the services stay as they are from `now` on and an outage
 * of `outageMs` has run up so far; null when its way back was never rehearsed.
 */
export function turnBackBy(limits: RunLimits, step: string, outageMs: number, now: number): number | null {
  const { rollbackMs, detectMs, decideMs, stopMs, verifyMs, reserveMs } = limits.rehearsed;
  return pointOfNoReturn({
    outageStartMs: now - outageMs,
    budgetMs: limits.outageMs,
    detectMs,
    decideMs,
    stopMs,
    verifyMs,
    reserveMs,
    rollbackMs: rollbackMs[step] ?? [],
  }).atMs;
}

/** Upper bound of the duration of a step's `do` from its rehearsals, ms; null when it was never rehearsed. */
export function longestStep(limits: RunLimits, step: string): number | null {
  return upperTolerance(limits.rehearsed.stepMs[step] ?? []);
}
