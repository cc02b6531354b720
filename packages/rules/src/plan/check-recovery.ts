/** Can the work be stopped, contained, undone and survived? */
import { durationMs } from '../duration.ts';
import { minorBounds } from './rule.ts';
import type { PlanCheck } from './case.ts';
import { error, unjudged, warning, type PlanFinding } from './finding.ts';
import { wayBackOf } from './policy.ts';
import type { Plan } from './schema.ts';
import { hasUndo } from './step.ts';

const kindsOf = (plan: Plan): Set<string> => new Set(plan.measures?.map(({ kind }) => kind));

export const checkPreTest: PlanCheck = ({ plan }) =>
  plan.rehearse === undefined ? [error('pre-test.missing', 'none', '/rehearse')] : [];

export const checkKillSwitch: PlanCheck = ({ plan, context }) => {
  const rule = 'kill-switch.missing';
  if (!kindsOf(plan).has('kill-switch')) return [error(rule, 'none', '/measures')];
  if (context.hosts === undefined) return [];
  const host = context.hosts.find((known) => known.host === plan.host);
  if (host === undefined) return [unjudged(rule, 'host-unknown', '/host', { host: plan.host })];
  const byKernel = /cgroup|pidns|kernel/.test(host.level);
  // The cage is the kill switch of a test; one that holds only tools which obey is none.
  if (plan.kind === 'security-test' && !byKernel && host.level.includes('cooperative'))
    return [error(rule, 'cooperative', '/host', { host: host.host })];
  return byKernel ? [] : [warning(rule, 'weak-level', '/host', { host: host.host, level: host.level })];
};

/** The measure asks for means against spreading and names two: with one of them the other is a warning, unless policy asks for it. */
export const checkIsolation: PlanCheck = ({ plan, context }) => {
  const kinds = kindsOf(plan);
  if (kinds.has('module-isolation')) return [];
  const asked = context.policy?.measures?.includes('module-isolation') === true;
  const find = kinds.has('kill-switch') && !asked ? warning : error;
  return [find('isolation.missing', 'none', '/measures')];
};

export const checkContinuity: PlanCheck = ({ plan, context }) => {
  const rule = 'continuity.missing';
  const kinds = kindsOf(plan);
  const findings: PlanFinding[] = [];
  const others = kinds.has('failover') || kinds.has('manual-processing');
  const steps = plan.steps ?? [];
  const undoable = steps.length === 0 || steps.some(hasUndo);
  if (!others && !kinds.has('rollback')) findings.push(error(rule, 'none', '/measures'));
  else if (kinds.has('rollback') && !undoable) {
    const path = `/measures/${plan.measures?.findIndex(({ kind }) => kind === 'rollback')}`;
    findings.push((others ? warning : error)(rule, 'rollback-empty', path));
  }
  for (const measure of context.policy?.measures ?? []) {
    if (measure !== 'kill-switch' && measure !== 'module-isolation' && !kinds.has(measure)) {
      findings.push(error(rule, 'policy', '/measures', { measure }));
    }
  }
  return findings;
};

export const checkRelief: PlanCheck = ({ plan }) =>
  plan.relief === undefined ? [error('relief.missing', 'none', '/relief')] : [];

export const checkProbes: PlanCheck = ({ plan }) => {
  const rule = 'probe.missing';
  const probed = new Set(plan.probes?.map(({ service }) => service));
  const blind = plan.services.flatMap((service, i) =>
    probed.has(service) ? [] : [error(rule, 'none', `/services/${i}`, { service })],
  );
  const unmetered = (['damage', 'records'] as const)
    .filter((meter) => plan.meters?.[meter] === undefined)
    .map((meter) => warning(rule, 'meter', `/meters/${meter}`, { meter }));
  return [...blind, ...unmetered];
};

export const checkLimits: PlanCheck = ({ plan, context }) => {
  const rule = 'limits.beyond-policy';
  const { limits } = plan;
  const policy = context.policy?.limits;
  const outage = durationMs(limits.outage);
  const credit = policy?.personalCredit ?? 0;
  const findings = [
    ...limitFaults(
      'outage',
      'minor.outage',
      outage,
      outage > minorBounds.outageMs,
      minorBounds.outageMs,
      policy?.outage,
    ),
    ...limitFaults(
      'damage',
      'minor.damage',
      limits.damage,
      limits.damage >= minorBounds.damageWon,
      minorBounds.damageWon,
      policy?.damage,
    ),
    ...limitFaults(
      'records',
      'minor.leak',
      limits.records,
      limits.records >= minorBounds.records,
      minorBounds.records,
      policy?.records,
    ),
  ];
  if (limits.personalCredit > credit) {
    const fault = error(rule, 'personal-credit', '/limits/personalCredit', {
      limit: limits.personalCredit,
      bound: credit,
    });
    findings.push({ ...fault, criterion: 'minor.leak' });
  }
  return context.policy === undefined ? [...findings, unjudged(rule, 'not-known', '/limits')] : findings;
};

/** One limit against the bound of a minor disruption, and if it keeps to that, against the policy's own. */
function limitFaults(
  name: 'outage' | 'damage' | 'records',
  criterion: string,
  limit: number,
  beyond: boolean,
  bound: number,
  policy: number | string | undefined,
): PlanFinding[] {
  const asked = typeof policy === 'string' ? durationMs(policy) : policy;
  const path = `/limits/${name}`;
  const rule = 'limits.beyond-policy';
  if (beyond) return [{ ...error(rule, `${name}-bound`, path, { limit, bound }), criterion }];
  if (asked === undefined || limit <= asked) return [];
  return [{ ...error(rule, `${name}-policy`, path, { limit, bound: asked }), criterion }];
}

export const checkWaysBack: PlanCheck = ({ plan, context }) => {
  const rule = 'step.no-way-back';
  const kinds = kindsOf(plan);
  const steps = plan.steps ?? [];
  return steps.flatMap((step, i): PlanFinding[] => {
    const wayBack = wayBackOf(step);
    const path = `/steps/${i}`;
    if (wayBack === 'none') return [warning(rule, 'commit-point', `${path}/wayBack`, { step: step.id })];
    if (wayBack === null || (wayBack === 'undo' && !hasUndo(step)))
      return [error(rule, 'nothing', path, { step: step.id })];
    if (wayBack === 'failover' && !kinds.has('failover')) {
      return [error(rule, 'failover-missing', `${path}/wayBack`, { step: step.id })];
    }
    if (context.rehearsals === undefined) return i === 0 ? [unjudged(rule, 'not-known', '/steps')] : [];
    return [];
  });
};

export const checkVendors: PlanCheck = ({ plan, context, start, end }) => {
  const rule = 'vendor.unconfirmed';
  if (plan.vendors === undefined && context.vendors === undefined) return [unjudged(rule, 'not-known', '/vendors')];
  const named = plan.vendors ?? [];
  const own = named.flatMap((vendor, i): PlanFinding[] => {
    const { name, onCall, confirmation } = vendor;
    if (confirmation === undefined) return [error(rule, 'unconfirmed', `/vendors/${i}`, { name })];
    const covered = onCall !== undefined && Date.parse(onCall.start) <= start && end <= Date.parse(onCall.end);
    return covered ? [] : [error(rule, 'not-on-call', `/vendors/${i}/onCall`, { name })];
  });
  const needed = (context.vendors ?? []).filter(
    ({ name, services }) =>
      (services === undefined || services.some((service) => plan.services.includes(service))) &&
      !named.some((vendor) => vendor.name === name),
  );
  return [...own, ...needed.map(({ name }) => error(rule, 'unnamed', '/vendors', { name }))];
};
