/** Do drivers keep what they promise: an undo that comes in time, and enough machines that stay up? */
import { durationMs } from '../duration.ts';
import type { PlanCheck } from './case.ts';
import { error, warning, type PlanFinding } from './finding.ts';
import { wayBackOf } from './policy.ts';
import { outDuring } from './rings.ts';
import { targetsOf } from './target.ts';

export const checkQuorum: PlanCheck = ({ plan: { groups = [], steps = [] } }) =>
  groups.flatMap((group, g): PlanFinding[] => {
    const findings: PlanFinding[] = [];
    const most = group.members.length - group.keep;
    const out = outDuring(steps, group);
    steps.forEach(({ id }, i) => {
      const members = out[i] ?? new Set();
      if (members.size > most)
        findings.push(
          error('continuity.missing', 'too-many-out', `/steps/${i}`, {
            step: id,
            group: group.id,
            out: members.size,
            most,
          }),
        );
    });
    const first = out.findIndex((members) => members.size > 0);
    if (first === -1)
      return [...findings, warning('continuity.missing', 'group-unused', `/groups/${g}`, { group: group.id })];
    const alone = [...(out[first] ?? [])];
    const { canary } = group;
    if (canary !== undefined && (alone.length > 1 || alone[0] !== canary))
      findings.push(
        error('continuity.missing', 'canary-late', `/steps/${first}`, { step: steps[first]?.id ?? '', canary }),
      );
    return findings;
  });

export const checkUndoInTime: PlanCheck = ({ plan: { steps = [], limits } }) => {
  const outage = durationMs(limits.outage);
  let switched: string | null = null;
  return steps.flatMap((step, i): PlanFinding[] => {
    const path = `/steps/${i}`;
    const findings: PlanFinding[] = [];
    if (step.driver === 'network-device' && durationMs(step.do.revertAfter) > outage)
      findings.push(
        error('pnr.impossible', 'reverts-late', `${path}/do/revertAfter`, {
          step: step.id,
          after: durationMs(step.do.revertAfter),
          outage,
        }),
      );
    if (step.driver === 'haproxy' && step.do.drainFor !== undefined) {
      const [drain, timeout] = [durationMs(step.do.drainFor), durationMs(step.timeout)];
      if (drain >= timeout)
        findings.push(
          warning('step.no-way-back', 'drains-late', `${path}/do/drainFor`, { step: step.id, drain, timeout }),
        );
    }
    if (step.driver === 'systemd' && step.do.state === 'restarted' && switched !== null && wayBackOf(step) === 'undo')
      findings.push(warning('step.no-way-back', 'restarts-too-early', path, { step: step.id, switched }));
    if (step.driver === 'symlink' || step.driver === 'files') switched = step.id;
    return findings;
  });
};

export const checkStandIns: PlanCheck = ({ plan: { targets = [], steps = [], measures = [], rehearse } }) => {
  if (rehearse === undefined) return [];
  const used = new Set([...steps, ...measures].flatMap(targetsOf));
  return targets.flatMap(({ id, standIn }, i) =>
    used.has(id) && standIn === undefined
      ? [error('rehearsal.missing', 'no-stand-in', `/targets/${i}/standIn`, { target: id })]
      : [],
  );
};
