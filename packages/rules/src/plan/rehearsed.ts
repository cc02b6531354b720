/** What rehearsals say about a plan: which of them were rehearsals of it, and how long things took. */
import { upperTolerance } from '#guard';
import { durationMs } from '../duration.ts';
import type { PlanContext, Rehearsal } from './context.ts';
import { planHash, stepDigests } from './hash.ts';
import { defaultPolicy } from './policy.ts';
import type { Plan } from './schema.ts';

/** How a rehearsal differs from what the plan asks for. Nothing set: it counts. */
export interface Unlikeness {
  readonly rehearsal: Rehearsal;
  readonly index: number;
  readonly changedSteps: readonly string[];
  readonly otherHost: boolean;
  /** Age in ms when it is beyond the greatest that is allowed. */
  readonly tooOldMs: number | null;
  /** True when something of this, or whether it passed, is not said: it may count, and does not yet. */
  readonly isOpen: boolean;
}

/** The rehearsals that did not fail, each with how it differs from the plan. Ones dated after `now` did not happen yet. */
export function compareRehearsals(plan: Plan, context: PlanContext): Unlikeness[] {
  const digests = Object.entries(stepDigests(plan));
  const maxAge = durationMs(context.policy?.rehearsals?.maxAge ?? defaultPolicy.rehearsals.maxAge);
  const now = context.now === undefined ? null : Date.parse(context.now);
  const rehearsals = context.rehearsals ?? [];
  const isHashAsked = rehearsals.some(({ planHash: of, stepDigests: done }) => of !== undefined && done === undefined);
  const hash = isHashAsked ? planHash(plan) : null;
  return rehearsals.flatMap((rehearsal, index): Unlikeness[] => {
    const { at, host, passed, planHash: rehearsed, stepDigests: done } = rehearsal;
    const age = now === null || at === undefined ? null : now - Date.parse(at);
    if (passed === false || (age !== null && age < 0)) return [];
    const isStepwise = done !== undefined;
    const isPlaced = plan.rehearse === undefined || host !== undefined;
    const isDated = now === null || at !== undefined;
    return [
      {
        rehearsal,
        index,
        changedSteps: isStepwise ? digests.filter(([id, digest]) => done[id] !== digest).map(([id]) => id) : [],
        otherHost: plan.rehearse !== undefined && host !== undefined && host !== plan.rehearse.host,
        tooOldMs: age !== null && age > maxAge ? age : null,
        isOpen: passed === undefined || !isPlaced || !isDated || (!isStepwise && rehearsed !== hash),
      },
    ];
  });
}

/** True for a rehearsal in which nothing is unlike the plan. */
export function isLike({ changedSteps, otherHost, tooOldMs }: Unlikeness): boolean {
  return changedSteps.length === 0 && !otherHost && tooOldMs === null;
}

/** True for what is shown to be a rehearsal of this very plan. */
export function counts(one: Unlikeness): boolean {
  return isLike(one) && !one.isOpen;
}

/** Rehearsed times of a plan, as guardd takes them (`runLimits.rehearsed`), ms. */
export interface RehearsedTimes {
  readonly detectMs: number;
  readonly decideMs: number;
  readonly stopMs: number;
  readonly verifyMs: number;
  readonly reserveMs: number;
  /** Rollback of everything up to and including a step, one value a rehearsal. */
  readonly rollbackMs: Record<string, number[]>;
  readonly stepMs: Record<string, number[]>;
}

/**
 * The times that passed rehearsals measured. A rehearsal speaks for a step when that step and all before it had the
 * digests they have now; what comes after may have changed. Times that nobody measured are taken from the plan's
 * probes (detection, verification: the slowest service) and the policy (decision, stop, reserve).
 *
 * `open`: also the times of rehearsals that may be of this plan and are not shown to be. Nothing runs on them.
 */
export function rehearsedTimes(plan: Plan, context: PlanContext, which: 'shown' | 'open' = 'shown'): RehearsedTimes {
  const compared = compareRehearsals(plan, context).filter(
    ({ otherHost, tooOldMs, isOpen }) => !otherHost && tooOldMs === null && (which === 'open' || !isOpen),
  );
  const allowances = { ...defaultPolicy.pnr, ...context.policy?.pnr };
  const rollbackMs: Record<string, number[]> = {};
  const stepMs: Record<string, number[]> = {};
  const ids = Object.keys(stepDigests(plan));
  ids.forEach((id, k) => {
    const prefix = new Set(ids.slice(0, k + 1));
    const speaking = compared.filter(({ changedSteps }) => !changedSteps.some((step) => prefix.has(step)));
    rollbackMs[id] = speaking.flatMap(({ rehearsal }) => rollbackOf(rehearsal, id));
    stepMs[id] = speaking.flatMap(({ rehearsal }) => rehearsal.stepMs?.[id] ?? []);
  });
  const longest = (pick: (rehearsal: Rehearsal) => number | undefined): number | null =>
    upperTolerance(compared.flatMap(({ rehearsal }) => pick(rehearsal) ?? []));
  return {
    detectMs: Math.max(slowestService(plan, 'down'), longest(({ detectMs }) => detectMs) ?? 0),
    decideMs: durationMs(allowances.decide),
    stopMs: longest(({ stopMs }) => stopMs) ?? durationMs(allowances.stop),
    verifyMs: longest(({ verifyMs }) => verifyMs) ?? slowestService(plan, 'up'),
    reserveMs: durationMs(allowances.reserve),
    rollbackMs,
    stepMs,
  };
}

function rollbackOf({ rollbackMs }: Rehearsal, step: string): number[] {
  const isOfAll = typeof rollbackMs === 'number' || Array.isArray(rollbackMs);
  return [(isOfAll ? rollbackMs : rollbackMs?.[step]) ?? []].flat();
}

/** How long the plan's probes take to see a service change, the fastest probe of the slowest service, ms; 0 without probes. */
export function slowestService(plan: Plan, change: 'down' | 'up'): number {
  return Math.max(0, ...plan.services.map((service) => probeTime(plan, service, change) ?? 0));
}

/** How long it takes to see that a service went down or came up, by its fastest probe, ms; null when nothing probes it. */
export function probeTime(plan: Plan, service: string, change: 'down' | 'up'): number | null {
  const times = (plan.probes ?? [])
    .filter((probe) => probe.service === service)
    .map((probe) => {
      const samples = (change === 'down' ? probe.downAfter : probe.upAfter) ?? 3;
      const answers = 'requests' in probe ? (probe.requests?.map(({ expect }) => expect.within) ?? []) : [];
      const within = [...answers, ...(probe.expect === undefined ? [] : [probe.expect.within])].map((text) =>
        durationMs(text),
      );
      const answerMs = change === 'down' ? within.reduce((sum, time) => sum + time, 0) : 0;
      return samples * durationMs(probe.every) + answerMs;
    });
  return times.length === 0 ? null : Math.min(...times);
}
