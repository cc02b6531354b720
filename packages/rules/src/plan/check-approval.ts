/** Did enough persons other than the author approve this very plan? */
import { tallyDecisions } from './approval.ts';
import type { PlanCheck } from './case.ts';
import { error, unjudged, warning, type PlanFinding } from './finding.ts';
import { approvalsNeeded } from './policy.ts';

export const checkApprovals: PlanCheck = ({ plan, hash, context, now }) => {
  const needed = approvalsNeeded(plan, context);
  const own = plan.approvals?.needed;
  const findings: PlanFinding[] =
    own !== undefined && own < needed
      ? [error('approval.missing', 'below-policy', '/approvals/needed', { given: own, needed })]
      : [];
  if (context.approvals === undefined) return [...findings, unjudged('approval.missing', 'not-known', '/approvals')];
  const tally = tallyDecisions(context.approvals, { hash, author: plan.author }, now);
  const roles = new Set(tally.approvedBy.map(({ role }) => role));
  const enough = tally.approvedBy.length >= needed;
  if (!enough)
    findings.push(error('approval.missing', 'too-few', '/approvals', { counted: tally.approvedBy.length, needed }));
  for (const role of context.policy?.approvals?.roles ?? []) {
    if (!roles.has(role)) findings.push(error('approval.missing', 'role', '/approvals', { role }));
  }
  for (const person of tally.returnedBy) findings.push(error('approval.missing', 'returned', '/approvals', { person }));
  const self = context.approvals.some(
    ({ planHash, person, decision }) => planHash === hash && person === plan.author && decision !== 'return',
  );
  // The author's signature beside enough others does no harm; it shows, and counts for nothing.
  if (self) findings.push((enough ? warning : error)('approval.self', 'author', '/approvals', { person: plan.author }));
  return findings;
};
