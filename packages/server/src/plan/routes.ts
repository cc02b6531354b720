import {
  approvalSchema,
  approvalsNeeded,
  planStates,
  rehearsalsNeeded,
  requirePlan,
  type ApprovalTally,
  type PlanContext,
} from '@breakwater/rules/plan';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { companyOf } from './compose.ts';
import { patchRoutes } from './patch-routes.ts';
import { decisionsOn, latestRevisions, rehearsalsOf, revisionsOf, type PlanRevision } from './store.ts';
import { decidePlan, findPlan, stateOf, submitPlan, tallyOf } from './workflow.ts';

const reference = z.string().min(1).max(128).describe('A plan’s id (its newest revision) or its hash.');

const revisionAnswer = z
  .object({
    plan: z.string(),
    revision: z.int(),
    planHash: z.string(),
    author: z.string(),
    submittedBy: z.string(),
    submittedAt: z.string(),
  })
  .meta({ id: 'PlanRevision' });

/** What a list shows of a document without opening it. */
const listedPlan = revisionAnswer
  .extend({
    title: z.object({ ko: z.string(), en: z.string() }),
    kind: z.enum(['emergency-patch', 'security-test']),
    host: z.string(),
    services: z.array(z.string()),
    window: z.object({ start: z.string(), end: z.string() }),
  })
  .meta({ id: 'ListedPlan' });

const tallyAnswer = z
  .object({
    approvedBy: z.array(z.object({ person: z.string(), role: z.string() })),
    returnedBy: z.array(z.string()),
    faults: z.array(z.object({ index: z.int(), fault: z.string() })),
  })
  .meta({ id: 'ApprovalTally' });

const planAnswer = revisionAnswer
  .extend({
    document: z.json(),
    state: z.enum(planStates),
    approvals: tallyAnswer,
    approvalsNeeded: z.int(),
    rehearsalsNeeded: z.int(),
    decisions: z
      .array(
        z.object({
          person: z.string(),
          role: z.string(),
          decision: z.enum(['approve', 'return']),
          at: z.string(),
          expires: z.string(),
          key: z.string(),
          passkey: z.boolean(),
          fault: z.string().nullable().describe('Why it does not count; null: it counts.'),
        }),
      )
      .describe('Signed decisions about this revision, in the order in which they were made.'),
    rehearsals: z.array(
      z.object({
        at: z.string(),
        host: z.string(),
        passed: z.boolean(),
        run: z.string(),
        rollbackMs: z.record(z.string(), z.int()).describe('Rollback of everything up to and including a step, ms.'),
      }),
    ),
  })
  .meta({ id: 'Plan' });

const listed = 200;

/** Adds plans: submitting, deciding, reading. */
export function planRoutes(app: Http, platform: Platform): void {
  const { db, clock } = platform;
  const { institution } = platform.config;
  const company = companyOf(platform);
  patchRoutes(app, platform);

  app.post(
    '/plans',
    {
      config: { action: 'plan.submit' },
      schema: {
        summary: 'Submit a plan; another document is another revision, without approvals',
        body: z.strictObject({ document: z.json(), by: z.string().min(1).max(64) }),
        response: { 200: revisionAnswer, ...errorAnswers },
      },
    },
    async (request) => {
      return withoutDocument(await submitPlan(db, institution, request.body, clock.now()));
    },
  );

  app.get(
    '/plans',
    {
      config: { action: 'read' },
      schema: {
        summary: 'The newest revision of each plan',
        response: { 200: z.object({ plans: z.array(listedPlan) }), ...errorAnswers },
      },
    },
    async () => ({ plans: (await latestRevisions(db, institution, listed)).map(listedBody) }),
  );

  app.get(
    '/plans/:plan',
    {
      config: { action: 'read' },
      schema: {
        summary: 'A plan with its approvals and rehearsals',
        params: z.object({ plan: reference }),
        response: { 200: planAnswer, ...errorAnswers },
      },
    },
    async (request) => {
      const revision = await findPlan(db, institution, request.params.plan);
      const rehearsals = await rehearsalsOf(db, institution, revision.plan);
      const tally = await tallyOf(db, institution, revision, clock.now());
      const plan = requirePlan(revision.document);
      const context: PlanContext = { now: clock.now().toISOString(), policy: company.policy };
      const faults = new Map(tally.faults.map(({ index, fault }) => [index, fault]));
      return {
        ...withoutDocument(revision),
        document: revision.document as z.infer<ReturnType<typeof z.json>>,
        state: await stateOf(db, institution, company, revision, clock.now()),
        approvals: tallyBody(tally),
        approvalsNeeded: approvalsNeeded(plan, context),
        rehearsalsNeeded: rehearsalsNeeded(plan, context),
        decisions: (await decisionsOn(db, institution, revision.planHash)).map(
          ({ person, role, decision, at, expires, key, webauthn }, index) => ({
            person,
            role,
            decision,
            at,
            expires,
            key,
            passkey: webauthn !== undefined,
            fault: faults.get(index) ?? null,
          }),
        ),
        rehearsals: rehearsals.map(({ at, host, passed, run, rollbackMs }) => ({ at, host, passed, run, rollbackMs })),
      };
    },
  );

  app.get(
    '/plans/:plan/revisions',
    {
      config: { action: 'read' },
      schema: {
        summary: 'All revisions of a plan, oldest first',
        params: z.object({ plan: z.string().min(1).max(128) }),
        response: { 200: z.object({ revisions: z.array(revisionAnswer) }), ...errorAnswers },
      },
    },
    async (request) => {
      const revisions = await revisionsOf(db, institution, request.params.plan);
      return { revisions: revisions.map(withoutDocument) };
    },
  );

  app.post(
    '/plans/decisions',
    {
      config: { action: 'plan.decide', signed: true },
      schema: {
        summary: 'Hand in a signed decision about a plan',
        description: 'The signature is the permission: who hands it in does not matter.',
        body: approvalSchema.meta({ id: 'Approval' }),
        response: { 200: tallyAnswer, ...errorAnswers },
      },
    },
    async (request) => tallyBody(await decidePlan(db, institution, request.body, clock.now())),
  );
}

function withoutDocument(revision: PlanRevision): Omit<PlanRevision, 'document'> {
  const { plan, revision: number, planHash, author, submittedBy, submittedAt } = revision;
  return { plan, revision: number, planHash, author, submittedBy, submittedAt };
}

function listedBody(revision: PlanRevision): z.infer<typeof listedPlan> {
  const { title, kind, host, services, window } = requirePlan(revision.document);
  return {
    ...withoutDocument(revision),
    title,
    kind,
    host,
    services: [...services],
    window: { start: window.start, end: window.end },
  };
}

function tallyBody({ approvedBy, returnedBy, faults }: ApprovalTally): z.infer<typeof tallyAnswer> {
  return { approvedBy: [...approvedBy], returnedBy: [...returnedBy], faults: [...faults] };
}
