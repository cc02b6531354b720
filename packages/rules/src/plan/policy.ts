/** What is asked of a plan where neither it nor the company's policy says anything. */
import { durationMs } from '../duration.ts';
import type { PlanContext } from './context.ts';
import { defaultProtectedDays } from './calendar.ts';
import type { Plan } from './schema.ts';
import { hasUndo } from './step.ts';

/** Used where a policy is silent. */
export const defaultPolicy = {
  approvals: { needed: 2 },
  leadTime: 'PT24H',
  /** Before the start, however shortly. */
  emergencyLeadTime: 'PT0S',
  channels: ['website'],
  coverage: 0.95,
  rehearsals: { atLeast: 3, maxAge: 'P30D' },
  protectedDays: defaultProtectedDays,
  /** A trip is decided by the guard, not by a person. */
  pnr: { decide: 'PT0S', reserve: 'PT1S', stop: 'PT0.5S' },
  blindAfter: 'PT10S',
} as const;

/** Used where a plan is silent. */
export const planDefaults = {
  urgency: 'planned',
  observe: 'PT24H',
  takeoverGrace: 'PT5S',
  downAfter: 3,
  upAfter: 3,
  onStop: 'finish',
} as const;

/** How a step is brought back: as it says, else by its undo; null when it says nothing and has none. */
export function wayBackOf(step: NonNullable<Plan['steps']>[number]): NonNullable<typeof step.wayBack> | null {
  return step.wayBack ?? (hasUndo(step) ? 'undo' : null);
}

/** A scope is opened by two persons, whatever a plan or a policy says; stopping a test needs nobody. */
const approvalsOfScope = 2;

/** Approvals that this plan needs: the larger of its own number and the policy's, and of a test that of its scope. */
export function approvalsNeeded(plan: Plan, context: PlanContext): number {
  const asked = context.policy?.approvals?.needed;
  return Math.max(
    plan.kind === 'security-test' ? approvalsOfScope : 0,
    plan.approvals?.needed ?? 0,
    asked ?? (plan.approvals === undefined ? defaultPolicy.approvals.needed : 0),
  );
}

/** Passing rehearsals that this plan needs: the larger of its own number and the policy's. */
export function rehearsalsNeeded(plan: Plan, context: PlanContext): number {
  const asked = context.policy?.rehearsals?.atLeast;
  const own = plan.rehearse?.atLeast;
  return Math.max(own ?? 0, asked ?? (own === undefined ? defaultPolicy.rehearsals.atLeast : 0));
}

/** Lead time that its notices need, ms: the longer of its own and the policy's for its urgency. */
export function leadTimeNeeded(plan: Plan, context: PlanContext): number {
  const emergency = plan.urgency === 'emergency';
  const asked = emergency ? context.policy?.emergencyLeadTime : context.policy?.leadTime;
  const own = plan.notice?.leadTime;
  const fallback = emergency ? defaultPolicy.emergencyLeadTime : defaultPolicy.leadTime;
  return Math.max(durationMs(own ?? 'PT0S'), durationMs(asked ?? (own === undefined ? fallback : 'PT0S')));
}
