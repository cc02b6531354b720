/** What recovery does next: undo in reverse order, then isolation, then failover, until the probes say that services are back. */
import type { RunOnHost } from './journal.ts';
import { hasEffect } from './turn-back.ts';

/** What the recovery needs to know of the plan. */
export interface RecoveryCourse {
  /** In the order of the plan. */
  readonly steps: readonly RecoveryStep[];
  /** Measures that the guard can carry out, in the order of the plan. */
  readonly measures: readonly RecoveryMeasure[];
}

export interface RecoveryStep {
  readonly id: string;
  /** The guard can carry out its `undo`. */
  readonly undo: boolean;
  /** The guard can ask its `check`. */
  readonly check: boolean;
  /** A declared commit point: it and what was done before it stay. */
  readonly commitPoint: boolean;
  /** The caged test: when it has stopped, nothing of it is left to undo. */
  readonly test: boolean;
}

export interface RecoveryMeasure {
  readonly kind: 'module-isolation' | 'failover';
  /** Unique among measures of its kind; null when it is the only one. */
  readonly id: string | null;
  /** What it serves. */
  readonly services: readonly string[];
}

/** What the probes say after the last effect. `pending`: too early to say. `notUp`: services that are not up. */
export interface Verification {
  readonly verdict: 'pending' | 'restored' | 'down' | 'unknown';
  readonly notUp: readonly string[];
}

export type RecoveryMove =
  | { readonly move: 'begin-rollback' }
  /** Ask its `check` before anything else is done to it. */
  | { readonly move: 'check'; readonly step: string }
  | { readonly move: 'undo'; readonly step: string }
  /** Its undo was begun, nobody saw it end, and its `check` says that the effect is gone. */
  | { readonly move: 'count-undone'; readonly step: string }
  /** Nobody can say whether it was undone, or it cannot be: go on without repeating it. */
  | { readonly move: 'leave'; readonly step: string }
  | { readonly move: 'end-rollback'; readonly outcome: 'done' | 'failed' | 'not-done' }
  | { readonly move: 'verify' }
  | { readonly move: 'measure'; readonly measure: RecoveryMeasure }
  | {
      readonly move: 'close';
      readonly outcome: 'rolled-back' | 'stopped' | 'failed';
      readonly serviceRestored: boolean | null;
    };

/** An undo that failed is tried once more, after its `check`. */
const mostUndos = 2;

/** The next move. Pure: a supervisor that was started again decides as the one before it would have. */
export function nextRecovery(run: RunOnHost, course: RecoveryCourse, verified: Verification): RecoveryMove {
  const unsure = course.steps.find((step) => step.commitPoint && step.check && isUnsure(run, step.id));
  if (unsure !== undefined) return { move: 'check', step: unsure.id };
  const rollback = run.recovery.find(({ measure, step }) => measure === 'rollback' && step === null);
  const open = touchedSinceCommit(run, course).filter(({ undo, id }) => undo && !wasLeft(run, id));
  const last = open.at(-1);
  if (last !== undefined) return rollback === undefined ? { move: 'begin-rollback' } : stepMove(run, last, verified);
  if (rollback !== undefined && rollback.outcome === null)
    return { move: 'end-rollback', outcome: rollbackOutcome(run, course) };
  if (verified.verdict === 'pending') return { move: 'verify' };
  const measure = verified.verdict === 'down' ? nextMeasure(run, course, verified.notUp) : undefined;
  return measure === undefined ? close(run, course, verified) : { move: 'measure', measure };
}

function isUnsure(run: RunOnHost, step: string): boolean {
  const state = run.steps[step];
  return state?.did === 'maybe' && state.checked === null;
}

/** Steps whose effect may be there, in order, after the last commit point that was passed or may have been. */
function touchedSinceCommit(run: RunOnHost, course: RecoveryCourse): RecoveryStep[] {
  const touched = course.steps.filter(({ id, test }) => !test && hasEffect(run, id));
  const commit = touched.findLastIndex(({ commitPoint, id }) => commitPoint && run.steps[id]?.checked !== 'not-done');
  return touched.slice(commit + 1);
}

function stepMove(run: RunOnHost, { id, check }: RecoveryStep, { verdict }: Verification): RecoveryMove {
  const { undone, undos, checked } = run.steps[id] ?? { undone: 'no', undos: 0, checked: null };
  if (undone === 'no') return { move: 'undo', step: id };
  if (check && checked === null) return { move: 'check', step: id };
  const again: RecoveryMove = undos < mostUndos ? { move: 'undo', step: id } : { move: 'leave', step: id };
  switch (checked) {
    case 'already-done':
      return again;
    case 'not-done':
      if (verdict === 'pending') return { move: 'verify' };
      return verdict === 'restored' || undos >= mostUndos ? { move: 'count-undone', step: id } : again;
    default:
      return { move: 'leave', step: id };
  }
}

function wasLeft(run: RunOnHost, step: string): boolean {
  return run.recovery.some(
    (one) => one.measure === 'rollback' && one.step === step && (one.outcome === 'unknown' || one.outcome === 'failed'),
  );
}

function rollbackOutcome(run: RunOnHost, course: RecoveryCourse): 'done' | 'failed' | 'not-done' {
  const left = touchedSinceCommit(run, course);
  if (left.length === 0) return 'done';
  return left.some(({ undo }) => undo) ? 'failed' : 'not-done';
}

/** Isolation before failover: it is the smaller change. Each is tried once. */
function nextMeasure(run: RunOnHost, course: RecoveryCourse, notUp: readonly string[]): RecoveryMeasure | undefined {
  const begun = (kind: string, id: string | null): boolean =>
    run.recovery.some(({ measure, step }) => measure === kind && step === id);
  const left = course.measures.filter(
    ({ kind, id, services }) => !begun(kind, id) && services.some((service) => notUp.includes(service)),
  );
  return left.find(({ kind }) => kind === 'module-isolation') ?? left[0];
}

/** `stopped`: nothing was done, or services are back by other means than undoing all of it. */
function close(run: RunOnHost, course: RecoveryCourse, { verdict }: Verification): RecoveryMove {
  const serviceRestored = verdict === 'restored' ? true : verdict === 'down' ? false : null;
  const touched = course.steps.filter(({ id }) => run.steps[id]?.did === 'yes' || run.steps[id]?.did === 'maybe');
  if (touched.every(({ test }) => test)) {
    const outcome = touched.length > 0 && serviceRestored === false ? 'failed' : 'stopped';
    return { move: 'close', outcome, serviceRestored };
  }
  const undone = rollbackOutcome(run, course) === 'done';
  if (undone) return { move: 'close', outcome: serviceRestored === false ? 'failed' : 'rolled-back', serviceRestored };
  return { move: 'close', outcome: serviceRestored === true ? 'stopped' : 'failed', serviceRestored };
}
