import type { PlanState } from '#plan';
import type { RunPhase } from '#runner';
import { actionNames, actions, type Action, type ActionRule } from './action.ts';
import type { Denial } from './denial.ts';
import type { Role } from './role.ts';

/** Who acts. */
export type Actor =
  | { readonly kind: 'machine' }
  /** `scope`: what the token was issued for; `all` = that of the server's own run folder. */
  | { readonly kind: 'token'; readonly id: string; readonly scope: 'all' | readonly Action[] }
  | {
      readonly kind: 'person';
      /** Pseudonym. */
      readonly person: string;
      readonly institution: string;
      readonly roles: readonly Role[];
      /** When they last showed who they are, epoch ms. */
      readonly authenticatedAt: number;
    };

/** What is acted on, as far as it is known. What is left out is not judged: the console asks before it has opened a thing. */
export interface Resource {
  readonly institution?: string;
  readonly author?: string;
  /** The person whom an administrative action is about. */
  readonly subject?: string;
  /** Members of a case. */
  readonly members?: readonly string[];
  readonly plan?: { readonly state: PlanState };
  readonly run?: { readonly phase: RunPhase };
}

export interface Circumstances {
  /** Epoch ms. */
  readonly now: number;
  /** Whether a signed statement is handed in; whoever judges it refuses a bad one. */
  readonly signed: boolean;
}

export type Permission = { readonly allowed: true } | { readonly allowed: false; readonly denial: Denial };

const allowed: Permission = { allowed: true };
const denied = (denial: Denial): Permission => ({ allowed: false, denial });

/**
 * Whether `actor` may do `action` to `resource` in these circumstances. Denies by default: an action that is not in the
 * table, a role that the action does not name, and a machine that it does not name are refused. What stops asks for
 * nothing but a role, and is refused in no state.
 */
export function can(actor: Actor, action: string, resource: Resource, circumstances: Circumstances): Permission {
  if (!Object.hasOwn(actions, action)) return denied({ reason: 'action-unknown', action });
  const name = action as Action;
  const rule = actions[name];
  const denial =
    whoDenies(actor, name, rule) ??
    (rule.stops === true ? null : whatDenies(actor, name, rule, resource, circumstances)) ??
    stateDenies(name, rule, resource);
  return denial === null ? allowed : denied(denial);
}

function whoDenies(actor: Actor, action: Action, rule: ActionRule): Denial | null {
  if (actor.kind === 'person') {
    return rule.roles.some((role) => actor.roles.includes(role))
      ? null
      : { reason: 'role-missing', action, needed: rule.roles };
  }
  if (!rule.machines.includes(actor.kind)) {
    return rule.machines.length > 0 ? { reason: 'socket-needed', action } : { reason: 'person-needed', action };
  }
  if (actor.kind === 'machine' || actor.scope === 'all' || actor.scope.includes(action)) return null;
  return { reason: 'scope-missing', action, scope: actor.scope };
}

function whatDenies(
  actor: Actor,
  action: Action,
  rule: ActionRule,
  { institution, author, subject, members }: Resource,
  { now, signed }: Circumstances,
): Denial | null {
  if (actor.kind === 'person') {
    if (institution !== undefined && institution !== actor.institution) return { reason: 'other-institution', action };
    if (rule.notByAuthor === true && author === actor.person) return { reason: 'author', action, person: author };
    if (rule.notToSelf === true && subject === actor.person) return { reason: 'self', action };
    const { membersOnly = [], freshSeconds } = rule;
    const seesAll = rule.roles.some((role) => actor.roles.includes(role) && !membersOnly.includes(role));
    if (!seesAll && members?.includes(actor.person) === false) return { reason: 'not-member', action };
    if (freshSeconds !== undefined && now - actor.authenticatedAt > freshSeconds * 1000)
      return { reason: 'stale-sign-in', action, withinSeconds: freshSeconds };
  }
  return rule.signed === true && !signed ? { reason: 'signature-needed', action } : null;
}

function stateDenies(action: Action, { states }: ActionRule, { plan, run }: Resource): Denial | null {
  const state = states?.of === 'plan' ? plan?.state : run?.phase;
  if (states === undefined || state === undefined) return null;
  const permitted: readonly string[] = states.in;
  return permitted.includes(state) ? null : { reason: 'state', action, of: states.of, state, permitted };
}

/** Every action with whether `actor` may do it to `resource`: what buttons and menus are drawn from. */
export function permissionsOf(
  actor: Actor,
  resource: Resource,
  circumstances: Circumstances,
): Readonly<Record<Action, Permission>> {
  return Object.fromEntries(
    actionNames.map((action) => [action, can(actor, action, resource, circumstances)]),
  ) as Record<Action, Permission>;
}
