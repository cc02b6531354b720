import { approvalSchema, planStates, type ApprovalTally } from '@breakwater/rules/plan';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { companyOf } from './compose.ts';
import { patchRoutes } from './patch-routes.ts';
import { latestRevisions, rehearsalsOf, type PlanRevision } from './store.ts';
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
        response: { 200: z.object({ plans: z.array(revisionAnswer) }), ...errorAnswers },
      },
    },
    async () => ({ plans: (await latestRevisions(db, institution, listed)).map(withoutDocument) }),
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
      return {
        ...withoutDocument(revision),
        document: revision.document as z.infer<ReturnType<typeof z.json>>,
        state: await stateOf(db, institution, company, revision, clock.now()),
        approvals: tallyBody(await tallyOf(db, institution, revision, clock.now())),
        rehearsals: rehearsals.map(({ at, host, passed, run, rollbackMs }) => ({ at, host, passed, run, rollbackMs })),
      };
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

function tallyBody({ approvedBy, returnedBy, faults }: ApprovalTally): z.infer<typeof tallyAnswer> {
  return { approvedBy: [...approvedBy], returnedBy: [...returnedBy], faults: [...faults] };
}
