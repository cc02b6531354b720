/** Was this very plan rehearsed often enough, and does the way back fit into the outage that it allows? */
import { pointOfNoReturn, upperTolerance } from '#guard';
import { durationMs } from '../duration.ts';
import type { PlanCase, PlanCheck } from './case.ts';
import { error, unjudged, warning, type PlanFinding } from './finding.ts';
import { defaultPolicy, rehearsalsNeeded, wayBackOf } from './policy.ts';
import { compareRehearsals, counts, isLike, probeTime, rehearsedTimes, type RehearsedTimes } from './rehearsed.ts';

export const checkRehearsals: PlanCheck = ({ plan, context }) => {
  const findings: PlanFinding[] = [];
  if (plan.rehearse?.host === plan.host) {
    findings.push(warning('rehearsal.unlike', 'same-host', '/rehearse/host', { host: plan.host }));
  }
  const asked = context.policy?.rehearsals?.atLeast;
  const own = plan.rehearse?.atLeast;
  if (asked !== undefined && own !== undefined && own < asked) {
    findings.push(error('rehearsal.missing', 'below-policy', '/rehearse/atLeast', { given: own, needed: asked }));
  }
  if (context.rehearsals === undefined) {
    return [
      ...findings,
      unjudged('rehearsal.missing', 'not-known', '/rehearse'),
      unjudged('rehearsal.unlike', 'not-known', '/rehearse'),
    ];
  }
  const compared = compareRehearsals(plan, context);
  const passed = compared.filter(counts).length;
  const needed = rehearsalsNeeded(plan, context);
  if (passed >= needed) return findings;
  const perhaps = compared.filter(isLike).length;
  if (perhaps >= needed) {
    const numbers = { passed, perhaps, needed };
    findings.push(unjudged('rehearsal.missing', 'not-shown', '/rehearse', numbers));
    return [...findings, unjudged('rehearsal.unlike', 'not-shown', '/rehearse', numbers)];
  }
  findings.push(error('rehearsal.missing', 'too-few', '/rehearse', { passed, needed }));
  const maxAge = durationMs(context.policy?.rehearsals?.maxAge ?? defaultPolicy.rehearsals.maxAge);
  for (const { rehearsal, index, changedSteps, otherHost, tooOldMs } of compared) {
    const run = rehearsal.run ?? `#${index + 1}`;
    if (changedSteps.length > 0) {
      findings.push(error('rehearsal.unlike', 'changed-steps', '/steps', { run, steps: changedSteps.join(', ') }));
    }
    if (otherHost) {
      findings.push(
        error('rehearsal.unlike', 'other-host', '/rehearse/host', {
          run,
          host: rehearsal.host ?? '',
          wanted: plan.rehearse?.host ?? '',
        }),
      );
    }
    if (tooOldMs !== null)
      findings.push(error('rehearsal.unlike', 'too-old', '/rehearse', { run, age: tooOldMs, maxAge }));
  }
  return findings;
};

export const checkPointOfNoReturn: PlanCheck = (given) => {
  const { plan, context } = given;
  const outage = durationMs(plan.limits.outage);
  const undetected = plan.services.flatMap((service) => {
    const detect = probeTime(plan, service, 'down');
    return detect === null || detect < outage
      ? []
      : [error('pnr.impossible', 'detection', '/limits/outage', { service, detect, outage })];
  });
  if (undetected.length > 0) return undetected;
  if (context.rehearsals === undefined) return [unjudged('pnr.impossible', 'not-known', '/limits/outage')];
  return stepsAgainst(given, outage, rehearsedTimes(plan, context), rehearsedTimes(plan, context, 'open'));
};

/** `shown` are the times of this plan; where a step has none, `open` ones can still show that it is impossible. */
function stepsAgainst(
  { plan, start, end }: PlanCase,
  outage: number,
  shown: RehearsedTimes,
  open: RehearsedTimes,
): PlanFinding[] {
  const findings: PlanFinding[] = [];
  let workMs = 0;
  let backMs = 0;
  const steps = plan.steps ?? [];
  for (const [i, step] of steps.entries()) {
    const path = `/steps/${i}`;
    const wayBack = wayBackOf(step);
    const isShown = (shown.rollbackMs[step.id] ?? []).length > 0;
    const times = isShown ? shown : open;
    const rollbackMs = times.rollbackMs[step.id] ?? [];
    const stepMs = upperTolerance(times.stepMs[step.id] ?? []);
    workMs += stepMs ?? 0;
    if (wayBack === 'none' || wayBack === null) continue;
    const { atMs } = pointOfNoReturn({ ...times, outageStartMs: 0, budgetMs: outage, rollbackMs });
    if (atMs === null) {
      findings.push(error('pnr.impossible', 'unrehearsed', path, { step: step.id }));
      findings.push(error('step.no-way-back', 'unrehearsed', path, { step: step.id, wayBack }));
    } else if (atMs <= 0) {
      findings.push(error('pnr.impossible', 'too-long', path, { step: step.id, needed: outage - atMs, outage }));
    } else if (stepMs !== null && stepMs > atMs) {
      findings.push(error('pnr.impossible', 'step-crosses', path, { step: step.id, stepMs, left: atMs }));
    } else if (!isShown) {
      findings.push(unjudged('pnr.impossible', 'not-shown', path, { step: step.id }));
      findings.push(unjudged('step.no-way-back', 'not-shown', path, { step: step.id }));
    }
    backMs = Math.max(backMs, upperTolerance(rollbackMs) ?? 0);
  }
  const needed = workMs + shown.detectMs + shown.decideMs + shown.stopMs + backMs + shown.verifyMs;
  if (findings.length === 0 && needed > end - start) {
    findings.push(error('pnr.impossible', 'window-too-short', '/window/end', { needed, window: end - start }));
  }
  return findings;
}
