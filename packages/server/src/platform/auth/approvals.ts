/** One person's verified decision about one thing: a plan, a scope, a pack, a claim, a hold. */
export interface Decision {
  readonly person: string;
  readonly role: string;
  readonly decision: 'approve' | 'return';
  readonly at: string;
  /** null: does not end. */
  readonly expires: string | null;
}

export interface ApprovalRule {
  /** Distinct persons that must approve. */
  readonly needed: number;
  /** Persons who do not count: the author of what is approved. */
  readonly excluded: readonly string[];
  /** Roles of which one must be among the approvers; empty: any will do. */
  readonly roles?: readonly string[];
}

export type ApprovalVerdict =
  | { readonly approved: true; readonly persons: readonly string[] }
  | { readonly approved: false; readonly reason: 'returned'; readonly by: string }
  | {
      readonly approved: false;
      readonly reason: 'too-few';
      readonly needed: number;
      readonly persons: readonly string[];
    }
  | { readonly approved: false; readonly reason: 'role-missing'; readonly roles: readonly string[] };

/**
 * Whether decisions are enough at `now`. A person counts once, by their newest decision that is not over, whatever the
 * number of keys; who is excluded never counts; one person's return stands against all approvals.
 */
export function judgeApprovals(decisions: readonly Decision[], rule: ApprovalRule, now: Date): ApprovalVerdict {
  const newest = new Map<string, Decision>();
  for (const decision of decisions) {
    if (Date.parse(decision.at) > now.getTime()) continue;
    if (decision.expires !== null && Date.parse(decision.expires) <= now.getTime()) continue;
    if (rule.excluded.includes(decision.person)) continue;
    const before = newest.get(decision.person);
    if (before === undefined || Date.parse(before.at) <= Date.parse(decision.at)) newest.set(decision.person, decision);
  }
  const standing = [...newest.values()];
  const returned = standing.find(({ decision }) => decision === 'return');
  if (returned !== undefined) return { approved: false, reason: 'returned', by: returned.person };
  const persons = standing.map(({ person }) => person).toSorted();
  if (persons.length < rule.needed) return { approved: false, reason: 'too-few', needed: rule.needed, persons };
  const { roles = [] } = rule;
  if (roles.length > 0 && !standing.some(({ role }) => roles.includes(role)))
    return { approved: false, reason: 'role-missing', roles };
  return { approved: true, persons };
}
