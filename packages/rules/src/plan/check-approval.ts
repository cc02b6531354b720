/** Did enough persons other than the author approve this very plan? */
import { tallyDecisions } from './approval.ts';
import type { PlanCheck } from './case.ts';
import { error, unjudged, warning, type PlanFinding } from './finding.ts';
import { approvalsNeeded } from './policy.ts';

export const checkApprovals: PlanCheck = ({ plan, hash, context, now }) => {
  const needed = approvalsNeeded(plan, context);
  const planned = plan.approvals?.needed;
  const findings: PlanFinding[] =
    planned !== undefined && planned < needed
      ? [error('approval.missing', 'below-policy', '/approvals/needed', { given: planned, needed })]
      : [];
  if (context.approvals === undefined) return [...findings, unjudged('approval.missing', 'not-known', '/approvals')];
  const decisions = context.approvals.map((one) => ({ ...one, person: one.person ?? one.by }));
  const isOwn = ({ person, author }: (typeof decisions)[number]): boolean => person === plan.author || author === true;
  const plain = { hash, author: plan.author };
  const others = decisions.filter((one) => !isOwn(one) || one.decision === 'return');
  // A row that does not say by whom, of which plan or when may be an approval of this one: it opens the question and
  // settles nothing. A return is taken to be of this plan.
  const open = others.map(({ person, planHash, at, ...one }, i) => ({
    ...one,
    person: person ?? `#${i + 1}`,
    planHash: planHash ?? hash,
    at: at ?? longAgo,
    isShown: one.decision === 'return' || (person !== undefined && planHash !== undefined && at !== undefined),
  }));
  const perhaps = tallyDecisions(open, plain, now).approvedBy;
  const tally = tallyDecisions(
    open.filter(({ isShown }) => isShown),
    plain,
    now,
  );
  if (tally.approvedBy.length < needed) {
    const find = perhaps.length < needed ? error : unjudged;
    const reason = perhaps.length < needed ? 'too-few' : 'not-shown';
    findings.push(find('approval.missing', reason, '/approvals', { counted: tally.approvedBy.length, needed }));
  }
  for (const role of context.policy?.approvals?.roles ?? []) {
    if (!perhaps.some((one) => one.role === role))
      findings.push(error('approval.missing', 'role', '/approvals', { role }));
  }
  for (const person of tally.returnedBy) findings.push(error('approval.missing', 'returned', '/approvals', { person }));
  const own = decisions.find((one) => isOwn(one) && one.decision !== 'return' && (one.planHash ?? hash) === hash);
  // The author's signature beside enough others does no harm; it shows, and counts for nothing.
  if (own !== undefined) {
    const find = perhaps.length < needed ? error : warning;
    findings.push(find('approval.self', 'author', '/approvals', { person: own.person ?? plan.author }));
  }
  return findings;
};

const longAgo = '1970-01-01T00:00:00Z';
