/** States of a plan and what may be done in each: the only copy, for server, command line and console alike. */

export const planStates = [
  'draft',
  'rehearsed',
  'submitted',
  'approved',
  'announced',
  'running',
  'observing',
  'closed',
  'returned',
  'withdrawn',
] as const;
export type PlanState = (typeof planStates)[number];

export interface PlanAction {
  readonly states: readonly PlanState[];
  /** State afterwards; null = unchanged, or decided by what follows. */
  readonly leadsTo: PlanState | null;
  /** Persons other than the author whose signed approval it takes; null = as many as the plan needs. */
  readonly approvals: 0 | null;
}

const written: readonly PlanState[] = ['draft', 'rehearsed', 'submitted', 'approved', 'announced', 'returned'];

const actions = {
  /** Another document is another plan hash: approvals are void, and rehearsals of changed steps. */
  edit: { states: written, leadsTo: 'draft', approvals: 0 },
  rehearse: { states: written, leadsTo: null, approvals: 0 },
  submit: { states: ['draft', 'rehearsed'], leadsTo: 'submitted', approvals: 0 },
  approve: { states: ['submitted', 'approved'], leadsTo: null, approvals: 0 },
  /** An approval may be taken back until the start. */
  return: { states: ['submitted', 'approved', 'announced'], leadsTo: 'returned', approvals: 0 },
  announce: { states: ['approved', 'announced'], leadsTo: 'announced', approvals: 0 },
  start: { states: ['approved', 'announced'], leadsTo: 'running', approvals: null },
  /** Stopping waits for nothing and is refused in no state. */
  stop: { states: planStates, leadsTo: null, approvals: 0 },
  withdraw: { states: written, leadsTo: 'withdrawn', approvals: 0 },
  close: { states: ['observing'], leadsTo: 'closed', approvals: 0 },
} as const satisfies Record<string, PlanAction>;

export type PlanActionName = keyof typeof actions;

type PlanCan = { readonly [Name in PlanActionName]: ((plan: { readonly state: PlanState }) => boolean) & PlanAction };

/** `planCan.start(plan)` tells whether the state permits it; `.states`, `.leadsTo` and `.approvals` say when, whither and by whom. */
export const planCan: PlanCan = Object.fromEntries(
  Object.entries(actions).map(([name, action]: [string, PlanAction]) => [
    name,
    Object.assign((plan: { readonly state: PlanState }) => action.states.includes(plan.state), action),
  ]),
) as PlanCan;

/** What is known of a plan's life, from which its state follows. */
export interface PlanLife {
  readonly withdrawn: boolean;
  readonly submitted: boolean;
  /** A person's standing decision to return it. */
  readonly returned: boolean;
  readonly approvals: number;
  readonly approvalsNeeded: number;
  readonly rehearsals: number;
  readonly rehearsalsNeeded: number;
  /** Whether its notices went out. */
  readonly announced: boolean;
  readonly run: 'none' | 'running' | 'observing' | 'ended';
}

/** The state of a plan: folded from what happened, never stored beside it. */
export function planState(life: PlanLife): PlanState {
  if (life.run === 'running' || life.run === 'observing') return life.run;
  if (life.run === 'ended') return 'closed';
  if (life.withdrawn) return 'withdrawn';
  if (life.returned) return 'returned';
  if (life.submitted && life.approvals >= life.approvalsNeeded) return life.announced ? 'announced' : 'approved';
  if (life.submitted) return 'submitted';
  return life.rehearsals >= life.rehearsalsNeeded ? 'rehearsed' : 'draft';
}
