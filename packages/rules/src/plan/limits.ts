/** What guardd is told to guard a run by, from the plan, its rehearsals and the policy. */
import type { RunLimits } from '#guard';
import { durationMs } from '../duration.ts';
import type { PlanContext } from './context.ts';
import { defaultPolicy, planDefaults } from './policy.ts';
import { rehearsedTimes } from './rehearsed.ts';
import type { Plan } from './schema.ts';

/** Limits of a run of the plan: its own, narrowed by the policy's. Times are whole ms, rounded to the unsafe side. */
export function runLimitsOf(plan: Plan, context: PlanContext): RunLimits {
  const { limits } = plan;
  const policy = context.policy?.limits;
  const times = rehearsedTimes(plan, context);
  const whole = (values: Record<string, number[]>): Record<string, number[]> =>
    Object.fromEntries(Object.entries(values).map(([step, list]) => [step, list.map((value) => Math.ceil(value))]));
  return {
    outageMs: Math.min(durationMs(limits.outage), durationMs(policy?.outage ?? limits.outage)),
    damageWon: Math.min(limits.damage, policy?.damage ?? limits.damage),
    records: Math.min(limits.records, policy?.records ?? limits.records),
    personalCredit: Math.min(limits.personalCredit, policy?.personalCredit ?? limits.personalCredit),
    takeoverGraceMs: durationMs(limits.takeoverGrace ?? planDefaults.takeoverGrace),
    windowEndEpochMs: Date.parse(plan.window.end),
    serviceDownMs: Object.fromEntries(
      Object.entries(limits.serviceDown ?? {}).map(([service, down]) => [service, durationMs(down)]),
    ),
    ...(limits.slowerBy === undefined
      ? {}
      : {
          slowerBy: Object.fromEntries(
            Object.entries(limits.slowerBy).map(([service, { percent, over }]) => [
              service,
              { percent, overMs: durationMs(over) },
            ]),
          ),
        }),
    blindAfterMs: durationMs(context.policy?.blindAfter ?? defaultPolicy.blindAfter),
    rehearsed: {
      detectMs: Math.ceil(times.detectMs),
      decideMs: Math.ceil(times.decideMs),
      stopMs: Math.ceil(times.stopMs),
      verifyMs: Math.ceil(times.verifyMs),
      reserveMs: Math.ceil(times.reserveMs),
      rollbackMs: whole(times.rollbackMs),
      stepMs: whole(times.stepMs),
    },
  };
}
