import { durationMs } from '@breakwater/rules';
import {
  planDefaults,
  requirePlan,
  slowestService,
  stepDigests,
  testerStep,
  wayBackOf,
  type Plan,
} from '@breakwater/rules/plan';
import type { RunLimits } from '@breakwater/rules/guard';
import type { RehearsalCourse, RunCourse, RunEventBody } from '@breakwater/rules/runner';
import { judgePlan, limitsFor, type CompanyPolicy, type Judged, type PlanRevision, type Surroundings } from '#plan';
import type { Db } from '#platform/db';
import { readBan } from './starts-store.ts';

/** The start gate's answer: what is judged, and the event that records it. */
export interface Gate {
  readonly judged: Judged;
  readonly passes: boolean;
  readonly event: Extract<RunEventBody, { type: 'run.gated' }>;
}

export interface GateInput {
  readonly run: string;
  readonly mode: 'live' | 'rehearsal';
  readonly revision: PlanRevision;
  readonly waivers: Surroundings['waivers'];
  readonly now: Date;
}

/** What the gate asks besides plans: notices and hosts, of domains that the runner composes. */
export interface GateSources {
  readonly db: Db;
  readonly institution: string;
  readonly company: CompanyPolicy;
  noticesOf(plan: string): Promise<Surroundings['notices']>;
  hosts(): Promise<Surroundings['hosts']>;
}

/**
 * Judges whether a run may start now. A live run needs a ready plan with nothing left unjudged, inside its window; a
 * waived rule is an override with its reason. A rehearsal needs a stand-in only: it is what makes a plan ready.
 */
export async function judgeStart(sources: GateSources, input: GateInput): Promise<Gate> {
  const { run, mode, revision, waivers, now } = input;
  const surroundings = { notices: await sources.noticesOf(revision.plan), hosts: await sources.hosts(), waivers };
  const judged = await judgePlan(sources.db, sources.institution, sources.company, revision, surroundings, now);
  const { plan, readiness } = judged;
  const early = mode === 'live' && now.getTime() < Date.parse(plan.window.start);
  const forbidden = (await readBan(sources.db, sources.institution)) !== null;
  const findings = [
    ...readiness.findings.map(({ rule, severity, unknown }) => ({ rule: rule as string, severity, unknown })),
    ...(early ? [{ rule: windowNotOpen, severity: 'error' as const, unknown: false }] : []),
    ...(forbidden ? [startsAreForbidden] : []),
  ];
  const waived = new Set(
    readiness.findings.filter((finding) => finding.waived !== undefined).map(({ rule }) => rule as string),
  );
  const passes = !forbidden && (mode === 'rehearsal' ? plan.rehearse !== undefined : judged.startable && !early);
  return {
    judged,
    passes,
    event: {
      type: 'run.gated',
      data: {
        run,
        planHash: revision.planHash,
        ready: passes,
        findings: mode === 'live' ? findings : forbidden ? [startsAreForbidden] : [],
        overrides: waivers
          .filter(({ rule }) => waived.has(rule))
          .map(({ rule, person: by, reason }) => ({ rule, by, reason })),
      },
    },
  };
}

/** The gate's own rules beside those of plans: nothing starts while starts are forbidden, and a run does not start before its announced window. */
const windowNotOpen = 'window.not-open';
const startsAreForbidden = { rule: 'starts.forbidden', severity: 'error', unknown: false } as const;

/** What the host guards a run by. A rehearsal happens at another time: it gets a window of the same length, from now on. */
export async function limitsOf(
  sources: GateSources,
  revision: PlanRevision,
  mode: 'live' | 'rehearsal',
  now: Date,
): Promise<RunLimits> {
  const limits = await limitsFor(sources.db, sources.institution, sources.company, revision, now);
  if (mode === 'live') return limits;
  const { window } = requirePlan(revision.document);
  return { ...limits, windowEndEpochMs: now.getTime() + Date.parse(window.end) - Date.parse(window.start) };
}

/** What the owner of a run needs to know of its plan. */
export function courseOf(plan: Plan): RunCourse {
  return { steps: Object.keys(stepDigests(plan)), observeMs: durationMs(plan.window.observe ?? planDefaults.observe) };
}

/** What a rehearsal of a plan is measured against. */
export function rehearsalCourseOf(plan: Plan): RehearsalCourse {
  const undone = new Set((plan.steps ?? []).filter((step) => wayBackOf(step) === 'undo').map(({ id }) => id));
  return {
    steps: Object.entries(stepDigests(plan)).map(([id, digest]) => ({
      id,
      digest,
      undone: undone.has(id),
      test: plan.kind === 'security-test' && id === testerStep,
    })),
    detectMs: slowestService(plan, 'down'),
    verifyMs: slowestService(plan, 'up'),
  };
}
