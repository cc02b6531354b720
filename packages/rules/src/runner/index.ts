export { runEvent, runEventBody } from './event.ts';
export type { RunEvent, RunEventBody, RunEventType } from './event.ts';
export { brokenRunLogAt, runLogHash } from './hash.ts';
export type { RunLogRow } from './hash.ts';
export { runCan } from './lifecycle.ts';
export type { RunAction, RunActionName } from './lifecycle.ts';
export {
  isUnheard,
  mostAttempts,
  nextMove,
  observedUntil,
  orchestrator,
  refusalMeans,
  resumeApprovals,
} from './move.ts';
export type { RunCourse, RunMove } from './move.ts';
export { rehearsalTimes } from './rehearsal.ts';
export type { RehearsalCourse, RehearsalTimes } from './rehearsal.ts';
export { applyRunEvent, foldRun, stepEndOf } from './view.ts';
export type { RunPhase, RunView, StepState, StepView } from './view.ts';
export { startsReasons, type StartsReason } from './starts.ts';
