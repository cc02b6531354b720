/** What is asked of a security test alone: a scope that a careful person would sign, and a watch on what it logs in to. */
import { checkScope } from '#containment';
import type { PlanCheck } from './case.ts';
import { error, warning, type PlanFinding } from './finding.ts';

/**
 * Errors of the scope by itself, under the rules of plans. Its warnings are said by `breakwater cage scope check`: they
 * make no plan unready. The scope's own authority is judged with the plan's, by {@link checkAuthority}.
 */
export const checkScopeOfTest: PlanCheck = ({ plan, now }) => {
  if (plan.kind !== 'security-test') return [];
  const at = now === null ? null : new Date(now).toISOString();
  return checkScope(plan.scope, { now: at }).flatMap(({ rule, severity, path, message }): PlanFinding[] => {
    const place = `/scope${path}`;
    const isOfTarget = path.startsWith('/targets/');
    if (rule === 'authority.placeholder' && isOfTarget) return [error('authority.missing', 'placeholder', place)];
    if (severity !== 'error') return [];
    if (rule.startsWith('authority.')) return isOfTarget ? [error('authority.missing', 'target', place, message)] : [];
    if (rule === 'window.past') return [error('window.past', 'scope', place, message)];
    return [error('limits.beyond-policy', 'scope', place, message)];
  });
};

/**
 * A test that logs in may lock accounts while every page still answers, so a probe has to log in too: a journey of several
 * requests, not one page.
 */
export const checkLoginProbe: PlanCheck = ({ plan }) => {
  if (plan.kind !== 'security-test' || (plan.scope.http?.logins ?? []).length === 0) return [];
  const hasJourney = plan.probes?.some((probe) => probe.kind === 'http' && (probe.requests?.length ?? 0) > 1) === true;
  return hasJourney ? [] : [warning('probe.missing', 'no-login-journey', '/probes')];
};
