/** The levers of a run: what each is, and when it can be pulled. The only copy, for the page and for the plain forms. */
import { runCan, type RunPhase } from '@breakwater/rules/runner';
import type { IconName } from '#parts';

export const leverIds = ['stop', 'hold', 'rollback', 'isolate'] as const;
export type LeverId = (typeof leverIds)[number];

export interface Lever {
  readonly id: LeverId;
  readonly icon: IconName;
  /** With Shift. */
  readonly key: string;
  /** Phases in which it does something; null: it is never refused. */
  readonly phases: readonly RunPhase[] | null;
}

export const levers: readonly Lever[] = [
  { id: 'stop', icon: 'stop', key: 'S', phases: null },
  { id: 'rollback', icon: 'undo', key: 'R', phases: runCan.rollback.phases },
  { id: 'hold', icon: 'hold', key: 'H', phases: ['ready', 'starting', 'working'] },
];

/** Whether the phase lets the lever do something. Unknown phases do: a lever is offered rather than withheld. */
export function canPull(lever: Lever, phase: RunPhase | null): boolean {
  return phase === null || lever.phases === null || lever.phases.includes(phase);
}
