import { durationMs, resumeStatement, signature, waiverStatement } from '@breakwater/rules';
import { runLimits, runState, stopAnswer } from '@breakwater/rules/guard';
import { lever } from '@breakwater/rules/guard/record';
import { readinessSchema, stepDigests, type Plan } from '@breakwater/rules/plan';
import { brokenRunLogAt, startsReasons, type RunView } from '@breakwater/rules/runner';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, evidenceActorOf, lastEventId, streamEvents, type Http } from '#platform/http';
import type { Runner, RunStatus } from './runner.ts';
import { startsRoutes } from './starts-routes.ts';
import type { RunRow } from './store.ts';

const person = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const runParams = z.object({ run: z.string().min(1).max(64) });

const stepAnswer = z.object({
  id: z.string(),
  title: z.object({ ko: z.string(), en: z.string() }).nullable(),
  state: z.enum(['pending', 'begun', 'done', 'failed', 'cut', 'unresolved', 'undone']),
  attempts: z.int(),
  beganAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});

const runRow = z
  .object({
    run: z.string(),
    plan: z.string(),
    planHash: z.string(),
    mode: z.enum(['live', 'rehearsal']),
    host: z.string(),
    requestedBy: z.string(),
    requestedAt: z.string(),
    outcome: z.string().nullable(),
  })
  .meta({ id: 'RunSummary' });

const runAnswer = runRow
  .extend({
    phase: z.enum(['requested', 'ready', 'starting', 'working', 'held', 'tripped', 'recovering', 'closed', 'ended']),
    owner: z.string().nullable().describe('The worker that owns it.'),
    epoch: z.int(),
    startedAt: z.string().nullable(),
    closedAt: z.string().nullable(),
    steps: z.array(stepAnswer),
    trip: z.looseObject({ reason: z.string() }).nullable().describe('Why the guard stopped it, with the numbers.'),
    pnr: z
      .object({ step: z.string().nullable(), at: z.string().nullable(), remainingMs: z.int().nullable() })
      .nullable(),
    disruptions: z.array(z.object({ id: z.string(), service: z.string(), start: z.string(), over: z.boolean() })),
    hold: z
      .int()
      .nullable()
      .describe('Journal entry that began the present hold; approvals to go on are signed for it.'),
    resumeApprovals: z.array(z.string()),
    refusal: z.looseObject({ reason: z.string() }).nullable(),
    alarms: z.array(z.object({ kind: z.string(), detail: z.string(), at: z.string() })),
    serviceRestored: z.boolean().nullable(),
    outageMs: z.int().nullable(),
    seq: z.int().describe('Last event of the run’s log.'),
    limits: z
      .object({ outageMs: z.int(), damageWon: z.int(), records: z.int() })
      .describe('Of the plan; the policy may narrow them.'),
    hostState: runState
      .nullable()
      .describe('What the execution host says now; null: it does not answer, or the run has ended.'),
  })
  .meta({ id: 'Run' });

const gateFindings = z.array(
  z.object({ rule: z.string(), severity: z.enum(['error', 'warning']), unknown: z.boolean() }),
);

const judgedAnswer = z
  .object({ startable: z.boolean(), readiness: readinessSchema, findings: gateFindings })
  .meta({ id: 'RunJudged' });

const requestedAnswer = z
  .object({
    run: z.string(),
    outcome: z.enum(['requested', 'attached', 'refused']),
    readiness: readinessSchema,
    findings: gateFindings,
  })
  .meta({ id: 'RunRequested' });

const signedWaiver = z
  .strictObject({ statement: waiverStatement, signature })
  .describe('An accountable person takes a waivable finding upon themselves.')
  .meta({ id: 'SignedWaiver' });

const stoppedAnswer = z
  .object({ answers: z.array(stopAnswer), unreachable: z.array(z.string()), recorded: z.boolean() })
  .meta({ id: 'Stopped' });

const listed = 200;

/** Adds runs: asking for them, watching them, stopping them. */
export function runnerRoutes(app: Http, platform: Platform, runner: Runner): void {
  startsRoutes(app, runner);
  app.post(
    '/runs',
    {
      config: { action: 'run.request' },
      schema: {
        summary: 'Ask for a run or a rehearsal of a submitted plan; the start gate answers at once',
        body: z.strictObject({
          plan: z.string().min(1).max(128),
          mode: z.enum(['live', 'rehearsal']),
          by: person,
          waivers: z.array(signedWaiver).max(50).default([]),
        }),
        response: { 200: requestedAnswer, ...errorAnswers },
      },
    },
    async (request) => {
      const { plan, mode, by, waivers } = request.body;
      const requested = await runner.request({ plan, mode, waivers, by: { kind: 'person', id: by } });
      return { ...requested, findings: [...requested.findings] };
    },
  );

  app.get(
    '/plans/:plan/readiness',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Whether a plan could start now, judged with everything that is known',
        params: z.object({ plan: z.string().min(1).max(128) }),
        response: { 200: judgedAnswer, ...errorAnswers },
      },
    },
    async (request) => {
      const { passes, judged, event } = await runner.judge(request.params.plan);
      return { startable: passes, readiness: judged.readiness, findings: event.data.findings };
    },
  );

  app.get(
    '/runs',
    {
      config: { action: 'read' },
      schema: { summary: 'The newest runs', response: { 200: z.object({ runs: z.array(runRow) }), ...errorAnswers } },
    },
    async () => ({ runs: (await runner.list(listed)).map(rowBody) }),
  );

  app.get(
    '/runs/:run',
    {
      config: { action: 'read' },
      schema: { summary: 'A run as it stands', params: runParams, response: { 200: runAnswer, ...errorAnswers } },
    },
    async (request) => {
      return statusBody(await runner.status(request.params.run));
    },
  );

  app.get(
    '/runs/:run/watch',
    {
      config: { action: 'read' },
      schema: { summary: 'A run as it stands, again at each change (server-sent events `run`)', params: runParams },
    },
    async (request, reply) => {
      const { run } = request.params;
      await runner.status(run);
      await streamEvents(request, reply, async function* (signal) {
        for await (const status of runner.watch(run, signal)) {
          yield { id: String(status.view.seq), event: 'run', data: statusBody(status) };
        }
      });
    },
  );

  app.get(
    '/runs/:run/feed',
    {
      config: { action: 'read' },
      schema: {
        summary: 'The events of a run as they are written, and what its host says twice a second (server-sent events)',
        description:
          'Events `log`: an array of run events. Events `now`: the host’s state or null, and when it was asked. `end`: the run has ended. `Last-Event-ID` takes the stream up again.',
        params: runParams,
      },
    },
    async (request, reply) => {
      const { run } = request.params;
      await runner.status(run);
      const last = lastEventId(request);
      const after = last !== null && /^\d{1,9}$/.test(last) ? Number(last) : -1;
      await streamEvents(request, reply, async function* (signal) {
        for await (const { events, host, at, seq, ended } of runner.feed(run, after, signal)) {
          const id = String(seq);
          if (events.length > 0) yield { id, event: 'log', data: events };
          yield { id, event: 'now', data: { host, at } };
          if (ended) yield { id, event: 'end', data: null };
        }
      });
    },
  );

  app.get(
    '/runs/:run/limits',
    {
      config: { action: 'read' },
      schema: {
        summary: 'What the host guards a run by: limits, and rehearsed times',
        params: runParams,
        response: { 200: runLimits.meta({ id: 'RunLimits' }), ...errorAnswers },
      },
    },
    async (request) => {
      return runner.limits(request.params.run);
    },
  );

  app.get(
    '/runs/:run/log',
    {
      config: { action: 'read' },
      schema: {
        summary: 'The hash-chained log of a run',
        params: runParams,
        response: {
          200: z.object({
            brokenAt: z.int().nullable().describe('First row that does not follow from the one before it.'),
            rows: z.array(
              z.object({
                seq: z.int(),
                epoch: z.int(),
                type: z.string(),
                at: z.string(),
                data: z.string(),
                prevHash: z.string().nullable(),
                hash: z.string(),
              }),
            ),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const rows = await runner.log(request.params.run);
      return { brokenAt: brokenRunLogAt(rows), rows };
    },
  );

  app.post(
    '/runs/:run/stop',
    {
      config: { action: 'run.stop' },
      schema: {
        summary: 'Pull a lever; never refused',
        params: runParams,
        body: z.strictObject({ lever, by: person.optional() }),
        response: {
          200: stoppedAnswer,
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const { answers, unreachable, recorded } = await runner.stop(
        request.params.run,
        request.body.lever,
        byOf(request, request.body.by),
      );
      return { answers: [...answers], unreachable: [...unreachable], recorded };
    },
  );

  app.post(
    '/stop',
    {
      config: { action: 'run.stop' },
      schema: {
        summary: 'Pull a lever of every run of every host, which then refuse new runs; never refused',
        body: z.strictObject({
          lever,
          reason: z.enum(startsReasons).nullable().default(null).describe('Why; it may be said later.'),
          note: z.string().max(500).nullable().default(null).describe('Names no person.'),
        }),
        response: { 200: stoppedAnswer, ...errorAnswers },
      },
    },
    async (request) => {
      const { lever: pulled, ...why } = request.body;
      const { answers, unreachable, recorded } = await runner.stopAll(pulled, byOf(request, undefined), why);
      return { answers: [...answers], unreachable: [...unreachable], recorded };
    },
  );

  app.post(
    '/runs/:run/rollback',
    {
      config: { action: 'run.rollback' },
      schema: {
        summary: 'Roll a run back',
        params: runParams,
        body: z.strictObject({ by: person.optional() }),
        response: { 200: z.object({ run: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      await runner.rollback(request.params.run, byOf(request, request.body.by));
      return { run: request.params.run };
    },
  );

  app.post(
    '/runs/:run/resume',
    {
      config: { action: 'run.resume', signed: true },
      schema: {
        summary: 'Hand in one person’s signed approval to go on after a hold; two persons’ are needed',
        params: runParams,
        body: z.strictObject({ statement: resumeStatement, signature }),
        response: { 200: z.object({ approvedBy: z.array(z.string()) }), ...errorAnswers },
      },
    },
    async (request) => {
      const { statement, signature: by } = request.body;
      return { approvedBy: [...(await runner.resume(request.params.run, statement, by))] };
    },
  );
}

function byOf(request: FastifyRequest, by: string | undefined): { kind: 'person' | 'system'; id: string } {
  const actor = evidenceActorOf(request);
  if (actor.kind === 'person') return { kind: 'person', id: actor.id };
  return by === undefined ? { kind: 'system', id: actor.id } : { kind: 'person', id: by };
}

function rowBody({
  id: run,
  plan,
  planHash,
  mode,
  host,
  requestedBy,
  requestedAt,
  outcome,
}: RunRow): z.infer<typeof runRow> {
  return { run, plan, planHash, mode, host, requestedBy, requestedAt, outcome };
}

function statusBody({ row, plan, view, host: hostState }: RunStatus): z.infer<typeof runAnswer> {
  const { phase, owner, epoch, startedAt, closedAt, hold, resumeApprovals, alarms, seq } = view;
  return {
    ...rowBody(row),
    phase,
    owner,
    epoch,
    startedAt,
    closedAt,
    hold,
    seq,
    hostState,
    outcome: view.outcome,
    steps: stepsBody(plan, view),
    limits: {
      outageMs: durationMs(plan.limits.outage),
      damageWon: plan.limits.damage,
      records: plan.limits.records,
    },
    trip: view.host?.trip ?? null,
    pnr: view.pnr,
    disruptions: (view.host?.disruptions ?? []).map(({ id, service, start, endAge }) => ({
      id,
      service,
      start,
      over: endAge !== null,
    })),
    resumeApprovals: [...resumeApprovals],
    refusal: view.lastRefusal?.refusal ?? null,
    alarms: alarms.map(({ kind, detail, at }) => ({
      kind,
      detail,
      at,
    })),
    serviceRestored: view.host?.closed?.serviceRestored ?? null,
    outageMs: view.host?.closed?.outageMs ?? hostState?.outageMs ?? null,
  };
}

function stepsBody(plan: Plan, view: RunView): z.infer<typeof stepAnswer>[] {
  const titles = new Map((plan.steps ?? []).map(({ id, title }) => [id, title]));
  return Object.keys(stepDigests(plan)).map((id) => {
    const { state, attempts, beganAt, endedAt } = view.steps[id] ?? {
      state: 'pending',
      attempts: 0,
      beganAt: null,
      endedAt: null,
    };
    return { id, title: titles.get(id) ?? null, state, attempts, beganAt, endedAt };
  });
}
