/** Whether a step may begin now. */
import type { RunOnHost } from './journal.ts';
import { leaseMs } from './lease.ts';
import type { Refusal, RunLimits } from './protocol.ts';
import { fewestBefore } from './response.ts';
import { longestStep, turnBackBy } from './turn-back.ts';

/** What the answer depends on besides the journal. Times are ages of the run in ms. */
export interface BeginFacts {
  readonly now: number;
  /** All steps of the plan in order. */
  readonly steps: readonly string[];
  readonly outageMs: number;
  readonly leaseSilentMs: number;
  readonly windowEnd: number;
  readonly windowEndEpochMs: number;
  /** Who forbade new starts on this host, and since when. */
  readonly startsForbidden: { readonly by: string; readonly since: string } | null;
  /** The step that is being worked on. */
  readonly busy: string | null;
  /** The caged test among the steps, and the probe whose service's answer times are not known yet; null = no test. */
  readonly test: {
    readonly step: string;
    readonly lacking: { readonly probe: string; readonly answers: number } | null;
  } | null;
  /** A stop that is under way and not journalled yet counts as well. */
  readonly stopping: boolean;
}

/** The refusal with its numbers, or null: the step may begin. A rehearsal measures what a live run must know. */
export function mayBegin(run: RunOnHost, limits: RunLimits, step: string, facts: BeginFacts): Refusal | null {
  if (run.closed !== null) return { reason: 'run-closed', run: run.run, outcome: run.closed.outcome };
  if (run.trip !== null || facts.stopping || run.recovery.length > 0) {
    return { reason: 'tripped', trip: run.trip?.reason ?? (run.recovery.length > 0 ? 'recovery' : 'stopping') };
  }
  if (facts.startsForbidden !== null) return { reason: 'starts-forbidden', ...facts.startsForbidden };
  if (run.held !== null) return { reason: 'held', by: run.held.by };
  if (!facts.steps.includes(step)) return { reason: 'step-unknown', step };
  if (facts.busy !== null) return { reason: 'step-busy', step: facts.busy };
  const expected = facts.steps.find((id) => !isDone(run, id)) ?? null;
  if (step !== expected) return { reason: 'step-order', step, expected };
  if (facts.leaseSilentMs >= leaseMs) return { reason: 'lease-lost', silentMs: Math.round(facts.leaseSilentMs) };
  if (facts.now >= facts.windowEnd) return { reason: 'window-over', endedEpochMs: facts.windowEndEpochMs };
  if (facts.test?.step === step && facts.test.lacking !== null)
    return { reason: 'baseline-unknown', ...facts.test.lacking, needed: fewestBefore };
  return run.mode === 'rehearsal' ? null : beyondReturn(limits, step, facts);
}

/** True when this run need not do the step any more. */
export function isDone({ steps }: Pick<RunOnHost, 'steps'>, step: string): boolean {
  const did = steps[step]?.did;
  return did === 'yes' || did === 'already';
}

/**
 * A step is judged as if the services went down the moment it begins, or as they are when they are down already. A test can be
 * cut at any instant, so that its own length keeps nobody from turning back.
 */
function beyondReturn(limits: RunLimits, step: string, { now, outageMs, test }: BeginFacts): Refusal | null {
  const rehearsed = longestStep(limits, step);
  const longest = rehearsed !== null && test?.step === step ? 0 : rehearsed;
  const back = turnBackBy(limits, step, outageMs, now);
  if (longest === null || back === null) return { reason: 'unrehearsed', step };
  if (now + longest <= back) return null;
  return { reason: 'would-cross-pnr', step, stepMs: Math.ceil(longest), remainingMs: Math.floor(back - now) };
}
