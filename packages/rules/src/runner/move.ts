import type { Lever } from '#guard/record';
import type { Refusal } from '#guard';
import type { RunView } from './view.ts';

/** What the owner of a run needs to know of its plan to decide. */
export interface RunCourse {
  /** Step ids in the order of the plan. */
  readonly steps: readonly string[];
  /** How long services are watched after the last step, ms. */
  readonly observeMs: number;
}

/** What the owner of a run does next. `wait` = nothing, until something is ingested or asked. */
export type RunMove =
  | { readonly move: 'start' }
  | { readonly move: 'prepare' }
  | { readonly move: 'begin'; readonly step: string; readonly attempt: number }
  | { readonly move: 'stop'; readonly lever: Lever; readonly by: string }
  | { readonly move: 'rollback'; readonly by: string }
  | { readonly move: 'resume'; readonly approvedBy: readonly string[] }
  | { readonly move: 'observe'; readonly untilMs: number }
  | { readonly move: 'close' }
  | { readonly move: 'end'; readonly outcome: NonNullable<RunView['outcome']> }
  | { readonly move: 'wait'; readonly for: 'gate' | 'step' | 'recovery' | 'approvals' | 'host' }
  | { readonly move: 'none' };

/** A step whose end nobody saw is begun again so often (its `check` decides what is left to do), then rolled back. */
export const mostAttempts = 3;
/** A host that has not confirmed for so long is not waited for, ms. */
export const prepareWithinMs = 30_000;
/** Distinct persons whose approval ends a hold. */
export const resumeApprovals = 2;

/**
 * The next move of a run's owner at `nowMs` (epoch ms). Pure: two workers that read the same events decide the same.
 *
 * A step begun under an older epoch and not ended is begun again under the present one; guardd resolves it by its
 * `check` and never repeats it blindly.
 */
export function nextMove(view: RunView, course: RunCourse, nowMs: number): RunMove {
  const asked = view.leversAsked[0];
  switch (view.phase) {
    case 'requested':
      return { move: 'wait', for: 'gate' };
    case 'ready':
      return asked === undefined ? { move: 'start' } : { move: 'end', outcome: 'stopped' };
    case 'starting':
      return startingMove(view, nowMs);
    case 'working':
    case 'held':
      if (asked !== undefined) return { move: 'stop', ...asked };
      if (view.rollbackAskedBy !== null) return { move: 'rollback', by: view.rollbackAskedBy };
      if (view.phase === 'held') return heldMove(view);
      return workMove(view, course, nowMs);
    case 'tripped':
    case 'recovering':
      return asked === undefined ? { move: 'wait', for: 'recovery' } : { move: 'stop', ...asked };
    case 'closed':
      return closedMove(view, course, nowMs);
    case 'ended':
      return { move: 'none' };
  }
}

/** Until the host has confirmed, no step was begun: the run may simply end. A host that is left prepared closes by itself. */
function startingMove(view: RunView, nowMs: number): RunMove {
  if (view.leversAsked.length > 0) return { move: 'end', outcome: 'stopped' };
  const refused = view.lastRefusal !== null && refusalMeans[view.lastRefusal.refusal.reason] === 'give-up';
  const silent = nowMs - Date.parse(view.startedAt ?? view.requestedAt) > prepareWithinMs;
  return refused || silent ? { move: 'end', outcome: 'refused' } : { move: 'prepare' };
}

function heldMove(view: RunView): RunMove {
  return view.resumeApprovals.length >= resumeApprovals
    ? { move: 'resume', approvedBy: view.resumeApprovals }
    : { move: 'wait', for: 'approvals' };
}

function workMove(view: RunView, course: RunCourse, nowMs: number): RunMove {
  const step = course.steps.find((id) => view.steps[id]?.state !== 'done');
  if (step === undefined) return finishMove(view, course, nowMs);
  const { state, attempts, epoch } = view.steps[step] ?? { state: 'pending', attempts: 0, epoch: 0 };
  const refused = view.lastRefusal?.step === step ? refusalMeans[view.lastRefusal.refusal.reason] : null;
  if (refused === 'give-up') return { move: 'rollback', by: orchestrator };
  switch (state) {
    case 'begun':
      // A new owner asks again however often owners change: guardd resolves it by the step's check.
      return epoch === view.epoch ? { move: 'wait', for: 'step' } : { move: 'begin', step, attempt: attempts + 1 };
    case 'unresolved':
      return attempts >= mostAttempts
        ? { move: 'rollback', by: orchestrator }
        : { move: 'begin', step, attempt: attempts + 1 };
    case 'pending':
    case 'done':
      return { move: 'begin', step, attempt: attempts + 1 };
    case 'failed':
    case 'cut':
    case 'undone':
      return { move: 'rollback', by: orchestrator };
  }
}

function finishMove(view: RunView, course: RunCourse, nowMs: number): RunMove {
  if (view.mode === 'rehearsal') return { move: 'rollback', by: orchestrator };
  const untilMs = observedUntil(view, course);
  return nowMs < untilMs ? { move: 'observe', untilMs } : { move: 'close' };
}

/** A closed run is watched on while a service is down, for as long as services are observed, to tell when it came back. */
function closedMove(view: RunView, course: RunCourse, nowMs: number): RunMove {
  const untilMs = Date.parse(view.closedAt ?? view.at) + course.observeMs;
  const isDown = view.host?.disruptions.some(({ endAge }) => endAge === null) === true;
  if (isDown && nowMs < untilMs) return { move: 'observe', untilMs };
  return { move: 'end', outcome: view.host?.closed?.outcome ?? 'failed' };
}

/** Epoch ms until which services are watched after the last step; the start of the run when no step has ended. */
export function observedUntil(view: RunView, course: RunCourse): number {
  const ends = course.steps.map((id) => Date.parse(view.steps[id]?.endedAt ?? view.startedAt ?? view.requestedAt));
  return Math.max(...ends) + course.observeMs;
}

/** Who asks for a rollback that no person asked for. */
export const orchestrator = 'orchestrator';

/** Codes of `host-unfit` that pass: the supervisor of a run died and the next one is on its way. */
const passing: ReadonlySet<string> = new Set(['supervisor-gone', 'no-supervisor']);

/** True for a refusal that says nothing about the run: the host did not hear, and is asked again. */
export function isUnheard(refusal: Refusal): boolean {
  return refusal.reason === 'host-unfit' && passing.has(refusal.code);
}

/**
 * What each refusal of guardd means for the owner. `retry`: ask again in a moment. `wait`: the journal will tell.
 * `lost`: another worker owns the run. `give-up`: asking again cannot help; what was done is rolled back.
 */
export const refusalMeans = {
  'epoch-stale': 'lost',
  'run-unknown': 'retry',
  'run-exists': 'wait',
  'run-closed': 'wait',
  'plan-hash': 'give-up',
  'step-unknown': 'give-up',
  'step-order': 'wait',
  'step-busy': 'wait',
  held: 'wait',
  tripped: 'wait',
  'lease-lost': 'retry',
  unrehearsed: 'give-up',
  'would-cross-pnr': 'retry',
  'window-over': 'give-up',
  'starts-forbidden': 'give-up',
  role: 'give-up',
  malformed: 'give-up',
  protocol: 'give-up',
  'steps-left': 'wait',
  'baseline-unknown': 'retry',
  'host-unfit': 'give-up',
} as const satisfies Record<Refusal['reason'], 'retry' | 'wait' | 'lost' | 'give-up'>;
