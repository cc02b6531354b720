import type { RunPhase, RunView } from './view.ts';

/** Who must agree before an action: nobody in particular, or two persons with signed approvals. */
export interface RunAction {
  readonly phases: readonly RunPhase[];
  /** Distinct persons whose signed approval it takes. For `start` they approve the plan's hash. */
  readonly approvals: 0 | 2;
}

const live: readonly RunPhase[] = ['starting', 'working', 'held', 'tripped', 'recovering'];

/** Permitted actions by phase: the only copy, read by the server, the command line and the console alike. */
const actions = {
  start: { phases: ['requested', 'ready'], approvals: 2 },
  /** Stopping is never refused: also a run that has ended may be told to stop. */
  stop: {
    phases: ['requested', 'ready', 'starting', 'working', 'held', 'tripped', 'recovering', 'closed', 'ended'],
    approvals: 0,
  },
  rollback: { phases: ['working', 'held'], approvals: 0 },
  resume: { phases: ['held'], approvals: 2 },
  watch: { phases: live, approvals: 0 },
} as const satisfies Record<string, RunAction>;

export type RunActionName = keyof typeof actions;

type RunCan = { readonly [Name in RunActionName]: ((view: Pick<RunView, 'phase'>) => boolean) & RunAction };

/** `runCan.resume(view)` tells whether a run may be resumed now; `.phases` and `.approvals` say when and by how many. */
export const runCan: RunCan = Object.fromEntries(
  Object.entries(actions).map(([name, action]: [string, RunAction]) => [
    name,
    Object.assign((view: Pick<RunView, 'phase'>) => action.phases.includes(view.phase), action),
  ]),
) as RunCan;
