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
  const decisions = context.approvals.map((one) => ({ ...one, person: 'by' in one ? one.by : one.person }));
  const isOwn = ({ person, author }: { person: string; author?: boolean | undefined }): boolean =>
    person === plan.author || author === true;
  const others = decisions.filter((one) => !isOwn(one) || one.decision === 'return');
  const plain = { hash, author: plan.author };
  const shown = others.flatMap(({ planHash, at, ...one }) =>
    planHash === undefined || at === undefined ? [] : [{ ...one, planHash, at }],
  );
  // What does not say of which plan or when it is may be of this one; it opens the question, and settles nothing.
  const open = others.map((one) => ({ ...one, planHash: one.planHash ?? hash, at: one.at ?? longAgo }));
  const tally = tallyDecisions(shown, plain, now);
  const perhaps = tallyDecisions(open, plain, now).approvedBy;
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
    findings.push(find('approval.self', 'author', '/approvals', { person: own.person }));
  }
  return findings;
};

const longAgo = '1970-01-01T00:00:00Z';
