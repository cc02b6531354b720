/** Is a plan ready? Every rule, held against the plan and what is known of the world around it. */
import { checkApprovals } from './check-approval.ts';
import type { PlanCase, PlanCheck } from './case.ts';
import { checkQuorum, checkStandIns, checkUndoInTime } from './check-driver.ts';
import { checkPlannedNotice, checkSentNotices } from './check-notice.ts';
import { checkPointOfNoReturn, checkRehearsals } from './check-rehearsal.ts';
import {
  checkContinuity,
  checkIsolation,
  checkKillSwitch,
  checkLimits,
  checkPreTest,
  checkProbes,
  checkRelief,
  checkVendors,
  checkWaysBack,
} from './check-recovery.ts';
import { checkAi, checkAuthority, checkDissemination, checkPlaybook } from './check-scope.ts';
import { checkLoginProbe, checkScopeOfTest } from './check-test.ts';
import { checkConflicts, checkProtectedDays, checkWindowPast } from './check-window.ts';
import type { PlanFinding, Readiness } from './finding.ts';
import { planHash } from './hash.ts';
import { requirePlan, requirePlanContext } from './read.ts';
import { planRuleIds } from './rule.ts';

const checks: readonly PlanCheck[] = [
  checkDissemination,
  checkAi,
  checkPreTest,
  checkKillSwitch,
  checkIsolation,
  checkContinuity,
  checkPlannedNotice,
  checkSentNotices,
  checkRelief,
  checkLimits,
  checkPointOfNoReturn,
  checkApprovals,
  checkWindowPast,
  checkProtectedDays,
  checkConflicts,
  checkProbes,
  checkWaysBack,
  checkUndoInTime,
  checkQuorum,
  checkStandIns,
  checkRehearsals,
  checkVendors,
  checkAuthority,
  checkScopeOfTest,
  checkLoginProbe,
  checkPlaybook,
];

/**
 * Holds a plan against every rule of readiness.
 *
 * `plan` is the document as it was written, `context` a `breakwater.plan-context/1`, or nothing: a rule that lacks
 * facts is then a warning with `unknown: true` and does not change `ready`. The start gate supplies all facts and asks
 * {@link isStartable}. Findings come in the order of the rules, errors first within each.
 *
 * Throws BreakwaterError `plan.*` or `context.*` with the JSON Pointer of the fault for what is no plan or no context.
 */
export function checkPlan(plan: unknown, context?: unknown): Readiness {
  const read = requirePlan(plan);
  const known = requirePlanContext(context) ?? {};
  const given: PlanCase = {
    plan: read,
    hash: planHash(plan),
    context: known,
    start: Date.parse(read.window.start),
    end: Date.parse(read.window.end),
    now: known.now === undefined ? null : Date.parse(known.now),
  };
  const findings = checks
    .flatMap((check) => check(given))
    .map((finding) => waive(finding, given))
    .toSorted((a, b) => planRuleIds.indexOf(a.rule) - planRuleIds.indexOf(b.rule) || weight(a) - weight(b));
  return {
    schema: 'breakwater.readiness/1',
    ready: findings.every(({ severity }) => severity !== 'error'),
    planHash: given.hash,
    findings,
  };
}

/** True when a plan may start: ready, and no rule was left unjudged for want of facts unless somebody answers for it. */
export function isStartable(readiness: Readiness): boolean {
  return readiness.ready && readiness.findings.every(({ unknown, waived }) => !unknown || waived !== undefined);
}

const weight = ({ severity, unknown }: PlanFinding): number => (severity === 'error' ? 0 : unknown ? 2 : 1);

/**
 * A named person other than the author may take a waivable error upon themselves, or a waivable rule that could not be
 * judged; it then stays as a warning that names them.
 */
function waive(finding: PlanFinding, { plan, hash, context, now }: PlanCase): PlanFinding {
  if ((finding.severity !== 'error' && !finding.unknown) || finding.class === 'never') return finding;
  const waiver = context.waivers?.find(
    ({ planHash: waived, rule, path, person, expires }) =>
      waived === hash &&
      rule === finding.rule &&
      (path === undefined || path === finding.path) &&
      person !== plan.author &&
      (expires === undefined || now === null || Date.parse(expires) > now),
  );
  if (waiver === undefined) return finding;
  return { ...finding, severity: 'warning', waived: { person: waiver.person, reason: waiver.reason } };
}
