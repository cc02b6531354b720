/** Is the work one that the measure covers, and does somebody answer for it? */
import { isShown, type Authority } from '#containment';
import type { PlanCase, PlanCheck } from './case.ts';
import type { PlanContext } from './context.ts';
import { error, unjudged, type PlanFinding } from './finding.ts';
import { stepDigests } from './hash.ts';
import type { Plan } from './schema.ts';

const activitiesOf: Record<Plan['kind'], readonly Plan['activity'][]> = {
  'emergency-patch': ['os-patch', 'software-patch', 'equipment-change'],
  'security-test': ['vulnerability-scan', 'port-scan', 'automated-pentest'],
};
const authorities = ['FSC', 'FSS', 'FSI'];

export const checkDissemination: PlanCheck = ({ plan, context, start }) => {
  if (plan.kind !== 'emergency-patch') return [];
  const rule = 'scope.undisseminated';
  const findings: PlanFinding[] = [];
  if (!activitiesOf[plan.kind].includes(plan.activity)) {
    findings.push(error(rule, 'outside-activity', '/activity', { activity: plan.activity }));
  }
  const named = plan.advisories ?? [];
  if (named.length === 0) findings.push(error(rule, 'none', '/advisories'));
  else if (context.advisories === undefined) findings.push(unjudged(rule, 'not-known', '/advisories'));
  else findings.push(...unlessOneHolds(named.map((id, i) => judgeAdvisory(id, `/advisories/${i}`, context, start))));
  if (plan.otherChanges === true) findings.push(error(rule, 'other-changes', '/otherChanges'));
  else if (plan.otherChanges !== false) findings.push(unjudged(rule, 'other-changes-unknown', '/otherChanges'));
  return findings;
};

/** One advisory that holds suffices; with one that may hold, the others' faults do not decide. */
function unlessOneHolds(judged: (PlanFinding | null)[]): PlanFinding[] {
  const faults = judged.filter((finding) => finding !== null);
  if (faults.length < judged.length) return [];
  const open = faults.filter(({ unknown }) => unknown);
  return open.length > 0 ? open : faults;
}

function judgeAdvisory(id: string, path: string, { advisories }: PlanContext, start: number): PlanFinding | null {
  const rule = 'scope.undisseminated';
  const received = advisories?.find((advisory) => advisory.id === id);
  if (received === undefined) return error(rule, 'not-received', path, { id });
  const { disseminatedBy: by, receivedAt, proof, covers } = received;
  const at = receivedAt === undefined ? null : Date.parse(receivedAt);
  if (by !== undefined && !authorities.includes(by)) return error(rule, 'other-sender', path, { id, by });
  if (at !== null && at >= start) return error(rule, 'late', path, { id, received: at, start });
  if (proof === 'absent') return error(rule, 'no-proof', path, { id });
  if (covers === 'part' || covers === 'none') return error(rule, 'covers-part', path, { id });
  const isSettled = by !== undefined && at !== null && proof !== undefined && covers === 'all';
  return isSettled ? null : unjudged(rule, 'partly-known', path, { id });
}

export const checkAi: PlanCheck = ({ plan }) => {
  if (plan.kind !== 'security-test') return [];
  const findings: PlanFinding[] = [];
  if (!activitiesOf[plan.kind].includes(plan.activity)) {
    findings.push(error('scope.no-ai', 'outside-activity', '/activity', { activity: plan.activity }));
  }
  if (plan.tester.usesAi === false) findings.push(error('scope.no-ai', 'no-ai', '/tester/usesAi'));
  if (plan.tester.usesAi === null || plan.tester.usesAi === undefined)
    findings.push(unjudged('scope.no-ai', 'ai-unknown', '/tester/usesAi'));
  return findings;
};

/** A test may touch nothing without authority (Art. 21-4); a patch whose document nobody has shown yet is not judged, and does not start. */
export const checkAuthority: PlanCheck = ({ plan, end }) => {
  const rule = 'authority.missing';
  const judge = (authority: Authority, path: string): PlanFinding[] => {
    const until = Date.parse(authority.validUntil);
    const find = plan.kind === 'security-test' ? error : unjudged;
    return [
      ...(isShown(authority) ? [] : [find(rule, 'placeholder', `${path}/document`)]),
      ...(until < end ? [error(rule, 'expired', `${path}/validUntil`, { until, end })] : []),
    ];
  };
  const findings =
    plan.authority === undefined ? [error(rule, 'none', '/authority')] : judge(plan.authority, '/authority');
  for (const [path, authority] of authoritiesOf(plan)) {
    if (authority.signer === plan.author)
      findings.push(error('approval.self', 'signer', `${path}/signer`, { person: plan.author }));
  }
  if (plan.kind !== 'security-test') return findings;
  const signed = plan.scope.authority;
  if (signed === undefined) return [...findings, error(rule, 'scope-none', '/scope/authority')];
  return [...findings, ...judge(signed, '/scope/authority')];
};

/** Every authority that a plan names, by its place. */
function authoritiesOf(plan: Plan): [path: string, authority: Authority][] {
  const places: [path: string, authority: Authority | undefined][] = [['/authority', plan.authority]];
  if (plan.kind === 'security-test') {
    places.push(['/scope/authority', plan.scope.authority]);
    plan.scope.targets.forEach(({ authority }, i) => places.push([`/scope/targets/${i}/authority`, authority]));
  }
  return places.flatMap(([path, authority]) => (authority === undefined ? [] : [[path, authority]]));
}

/** An emergency is approved ahead, as a playbook: what it does must be what was approved. */
export const checkPlaybook: PlanCheck = ({ plan, context, start }: PlanCase) => {
  const rule = 'playbook.changed';
  if (plan.urgency !== 'emergency') return [];
  if (context.playbooks === undefined) return [unjudged(rule, 'not-known', '/playbook')];
  const digests = Object.entries(stepDigests(plan));
  const named = plan.playbook;
  const approved =
    named === undefined
      ? context.playbooks.find((playbook) => digests.every(([id, digest]) => playbook.stepDigests[id] === digest))
      : context.playbooks.find(({ id }) => id === named.id);
  if (approved === undefined) {
    return [
      named === undefined ? error(rule, 'none', '/playbook') : error(rule, 'gone', '/playbook/id', { id: named.id }),
    ];
  }
  const { id, validUntil } = approved;
  const findings: PlanFinding[] = [];
  if (named !== undefined && named.hash !== approved.hash) findings.push(error(rule, 'hash', '/playbook/hash', { id }));
  if (validUntil !== undefined && Date.parse(validUntil) < start) {
    findings.push(error(rule, 'expired', '/playbook', { id, until: Date.parse(validUntil) }));
  }
  digests.forEach(([step, digest], i) => {
    const path = i < (plan.steps ?? []).length ? `/steps/${i}` : '/tester';
    if (approved.stepDigests[step] !== digest) findings.push(error(rule, 'step', path, { id, step }));
  });
  return findings;
};
