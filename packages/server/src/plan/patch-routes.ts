/** Patches, exceptions and the report of ages over HTTP. */
import { exceptionDecisionStatement, signature } from '@breakwater/rules';
import { decisions } from '@breakwater/rules/advisory';
import { exceptionStates, patchCan, patchStates } from '@breakwater/rules/plan';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { companyOf } from './compose.ts';
import { draftFor } from './drafts.ts';
import { askException, decideException, finishException, listExceptions, type Exception } from './exceptions.ts';
import { ageingReport } from './patch-report.ts';
import { findPatch, listPatches, openPatch, verifyPatch, withdrawPatch, type Patch } from './patches.ts';

const person = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const planId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/);
const exposureId = z.string().min(1).max(200).describe('`VULNERABILITY in COMPONENT-VERSION`, as exposures have it.');
const exposureIds = z.array(exposureId).min(1).max(500);
const instant = z.iso.datetime({ offset: true });
const why = z.string().min(1).max(2000).regex(/\S/, { error: 'say why' });
const at = z.string().nullable();

const patchAnswer = z
  .object({
    plan: z.string(),
    state: z.enum(patchStates),
    reached: z
      .object({
        planned: at,
        rehearsed: at,
        announced: at,
        executed: at,
        verified: at,
        closed: at,
        withdrawn: at,
      } satisfies Record<(typeof patchStates)[number], typeof at>)
      .describe('When each state was reached; null = it was not, or no longer holds.'),
    can: z.array(z.enum(['withdraw', 'verify'])).describe('What its state permits a person to do.'),
    exposures: z.array(
      z.object({
        exposure: z.string(),
        vulnerability: z.string(),
        component: z.string(),
        version: z.string(),
        decision: z.string(),
        since: z.string(),
        dueAt: z.string().nullable(),
        assets: z.array(z.string()),
      }),
    ),
    targets: z.array(
      z.object({
        exposure: z.string(),
        asset: z.string(),
        state: z
          .enum(['waiting', 'gone', 'still-exposed'])
          .describe('What an inventory newer than the work says; waiting = none does yet.'),
        at: z.string().nullable(),
      }),
    ),
    dueAt: z.string().nullable().describe('The earliest limit of its exposures; null = nothing sets one.'),
    advisory: z.string().nullable().describe('The dissemination that it answers.'),
    run: z.object({ id: z.string(), outcome: z.string().nullable() }).nullable(),
    openedBy: z.string(),
    openedAt: z.string(),
  })
  .meta({ id: 'Patch' });

const exceptionAnswer = z
  .object({
    id: z.string(),
    state: z.enum(exceptionStates),
    exposures: z.array(z.string()),
    reason: z.string(),
    meanwhile: z.string(),
    until: z.string(),
    digest: z.string().describe('What others sign.'),
    askedBy: z.string(),
    askedAt: z.string(),
    words: z.array(z.object({ person: z.string(), decision: z.enum(['approve', 'return']), at: z.string() })),
  })
  .meta({ id: 'PatchException' });

const decision = z.enum(decisions);
const reportAnswer = z
  .object({
    asOf: z.string(),
    rows: z.array(
      z.object({
        exposure: z.string(),
        vulnerability: z.string(),
        component: z.string(),
        version: z.string(),
        decision,
        since: z.string(),
        ageDays: z.int(),
        dueAt: z.string().nullable(),
        source: z
          .object({ document: z.string(), date: z.string(), clause: z.string().nullable() })
          .describe('Who sets the limit, or says that there is none.'),
        overdueDays: z.int().nullable(),
        patch: z.object({ plan: z.string(), state: z.enum(patchStates) }).nullable(),
        exception: z.object({ id: z.string(), until: z.string() }).nullable(),
        assets: z.array(z.string()),
        owners: z.array(z.string()),
      }),
    ),
    total: z.int(),
    totals: z.array(
      z.object({
        decision,
        open: z.int(),
        overdue: z.int(),
        excepted: z.int(),
        unplanned: z.int(),
        medianAgeDays: z.int().nullable(),
        mostAgeDays: z.int().nullable(),
      }),
    ),
    closed: z.object({
      patches: z.int(),
      inTime: z.int(),
      late: z.int(),
      unlimited: z.int(),
      medianDays: z.int().nullable(),
    }),
    cut: z.boolean(),
  })
  .meta({ id: 'AgeingReport' });

const text = z.object({ ko: z.string(), en: z.string() });
const draftAnswer = z
  .object({
    plan: z.json().describe('In the shape of `breakwater.plan/1`; not ready while gaps are open.'),
    rings: z.array(z.object({ ring: z.int(), assets: z.array(z.string()) })).describe('Canary first.'),
    owners: z.array(z.string()),
    modules: z.array(z.string()),
    eligibility: text.extend({ covered: z.enum(['all', 'part', 'none']), by: z.array(z.string()) }),
    earlier: z
      .object({ plan: z.string(), rehearsals: z.int(), rollbackMs: z.int().nullable() })
      .nullable()
      .describe('The plan of the same services whose surroundings were taken over, and its rehearsed way back.'),
    notice: z.json().describe('A draft in the shape of `breakwater.notice/1`.'),
    gaps: z.array(text.extend({ path: z.string() })).describe('What a person must fill in or decide.'),
  })
  .meta({ id: 'PlanDraft' });

/** Adds drafts, patches and exceptions to the API. */
export function patchRoutes(app: Http, platform: Platform): void {
  const { db, clock, config } = platform;
  const { institution } = config;
  const { remediation } = companyOf(platform);
  const params = z.object({ plan: planId });

  app.post(
    '/plans/drafts',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Draft a work plan for exposures: steps in rings, owners, dissemination, notice; nothing is kept',
        body: z.strictObject({
          exposures: exposureIds,
          assets: z.array(z.string().min(1).max(200)).min(1).max(1000).nullable().default(null),
          id: planId.nullable().default(null),
          start: instant.nullable().default(null).describe('Start of the window; left out = the next quiet night.'),
          by: person.describe('The author of the plan.'),
        }),
        response: { 200: draftAnswer, ...errorAnswers },
      },
    },
    async (request) =>
      structuredClone(await draftFor(db, institution, request.body, clock.now())) as unknown as z.infer<
        typeof draftAnswer
      >,
  );

  app.post(
    '/patches',
    {
      config: { action: 'patch.track' },
      schema: {
        summary: 'Open the patch of a plan: the exposures that it is to remove; the plan need not be submitted yet',
        body: z.strictObject({
          plan: planId,
          exposures: exposureIds,
          assets: z.array(z.string().min(1).max(200)).min(1).max(1000).nullable().default(null),
          by: person,
        }),
        response: { 200: patchAnswer, ...errorAnswers },
      },
    },
    async (request) => patchBody(await openPatch(db, institution, remediation, request.body, clock.now())),
  );

  app.get(
    '/patches',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Patches with how far each is, the newest first',
        querystring: z.strictObject({
          open: z.enum(['yes', 'no']).default('no').describe('Only those that are neither closed nor withdrawn.'),
        }),
        response: { 200: z.object({ patches: z.array(patchAnswer) }), ...errorAnswers },
      },
    },
    async (request) => ({
      patches: (await listPatches(db, institution, request.query.open === 'yes')).map(patchBody),
    }),
  );

  app.get(
    '/patches/ageing',
    {
      config: { action: 'read' },
      schema: {
        summary: 'How old every exposure is, when it is due and what is done about it; the most overdue first',
        querystring: z.strictObject({
          offset: z.coerce.number().int().min(0).default(0),
          limit: z.coerce.number().int().min(1).max(1000).default(200),
        }),
        response: { 200: reportAnswer, ...errorAnswers },
      },
    },
    async (request) => {
      const { offset, limit } = request.query;
      const report = await ageingReport(db, institution, remediation, clock.now());
      const rows = report.rows.slice(offset, offset + limit);
      return { ...structuredClone({ ...report, rows }), total: report.rows.length } as z.infer<typeof reportAnswer>;
    },
  );

  app.get(
    '/patches/:plan',
    {
      config: { action: 'read' },
      schema: {
        summary: 'The patch of a plan, each of its exposures on each asset',
        params,
        response: { 200: patchAnswer, ...errorAnswers },
      },
    },
    async (request) => patchBody(await findPatch(db, institution, request.params.plan)),
  );

  app.post(
    '/patches/:plan/withdrawal',
    {
      config: { action: 'patch.track' },
      schema: {
        summary: 'Give a patch up before it is executed',
        params,
        body: z.strictObject({ reason: why, by: person }),
        response: { 200: patchAnswer, ...errorAnswers },
      },
    },
    async (request) =>
      patchBody(await withdrawPatch(db, institution, { ...request.params, ...request.body }, clock.now())),
  );

  app.post(
    '/patches/:plan/verification',
    {
      config: { action: 'patch.track' },
      schema: {
        summary: 'Ask the inventory as it is matched now about an executed patch; imports do so by themselves',
        params,
        response: { 200: patchAnswer, ...errorAnswers },
      },
    },
    async (request) => patchBody(await verifyPatch(db, institution, request.params.plan, clock.now())),
  );

  app.post(
    '/patch-exceptions',
    {
      config: { action: 'exception.ask' },
      schema: {
        summary: 'Ask that exposures be left as they are until a day; two others have to agree',
        body: z.strictObject({
          exposures: exposureIds,
          reason: why,
          meanwhile: why.describe('What is done against the danger until then.'),
          until: instant,
          by: person,
        }),
        response: { 200: exceptionAnswer, ...errorAnswers },
      },
    },
    async (request) => exceptionBody(await askException(db, institution, request.body, clock.now())),
  );

  app.get(
    '/patch-exceptions',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Exceptions as they stand, the newest first',
        response: { 200: z.object({ exceptions: z.array(exceptionAnswer) }), ...errorAnswers },
      },
    },
    async () => ({ exceptions: (await listExceptions(db, institution, clock.now())).map(exceptionBody) }),
  );

  app.post(
    '/patch-exceptions/decisions',
    {
      config: { action: 'exception.decide', signed: true },
      schema: {
        summary: 'Hand in a signed word on an exception',
        description: 'The signature is the permission: who hands it in does not matter.',
        body: z.strictObject({ statement: exceptionDecisionStatement, signature }),
        response: { 200: exceptionAnswer, ...errorAnswers },
      },
    },
    async (request) => {
      const { statement, signature: signed } = request.body;
      return exceptionBody(await decideException(db, institution, statement, signed, clock.now()));
    },
  );

  app.post(
    '/patch-exceptions/:id/end',
    {
      config: { action: 'exception.ask' },
      schema: {
        summary: 'End an exception before its day',
        params: z.object({ id: z.uuid() }),
        body: z.strictObject({ reason: why, by: person }),
        response: { 200: exceptionAnswer, ...errorAnswers },
      },
    },
    async (request) =>
      exceptionBody(await finishException(db, institution, { ...request.params, ...request.body }, clock.now())),
  );
}

function patchBody({ view, exposures, ...patch }: Patch): z.infer<typeof patchAnswer> {
  const { state, reached, run, targets } = view;
  const can = (['withdraw', 'verify'] as const).filter((act) => patchCan[act](view));
  return {
    ...patch,
    state,
    reached: { ...reached },
    can,
    run,
    targets: [...targets],
    exposures: exposures.map(
      ({ exposure, vulnerability, component, version, decision: urgency, since, dueAt, assets }) => ({
        exposure,
        vulnerability,
        component,
        version,
        decision: urgency,
        since,
        dueAt,
        assets: [...assets],
      }),
    ),
  };
}

function exceptionBody(exception: Exception): z.infer<typeof exceptionAnswer> {
  const { id, state, exposures, reason, meanwhile, until, digest, askedBy, askedAt, words } = exception;
  return {
    id,
    state,
    exposures: [...exposures],
    reason,
    meanwhile,
    until,
    digest,
    askedBy,
    askedAt,
    words: [...words],
  };
}
