/** The desk of notices over HTTP: drafts, estimates, approvals, the start gate, and announcing with one press. */
import { noticeDecisionStatement, signature } from '@breakwater/rules';
import { lintSchema, noticeSchema } from '@breakwater/rules/notice';
import { z } from 'zod';
import { errorAnswers, type Http } from '#platform/http';
import { noticeId as id, personName as person, publishedNotice } from './answers.ts';
import type { Approval } from './approvals.ts';
import type { Desk } from './desk.ts';
import { sendingStatus } from './sending-routes.ts';

const params = z.object({ id });
const words = z.object({ ko: z.string(), en: z.string() });
const why = z.string().min(1).max(500).regex(/\S/, { error: 'say why' });

const draft = z.object({
  draft: z.string(),
  plan: z.string(),
  run: z.string().nullable(),
  revision: z.int(),
  /** `trip`: prefilled when the guard stopped the work. */
  origin: z.enum(['person', 'plan', 'trip']),
  by: z.string(),
  draftedAt: z.string(),
  savedAt: z.string(),
  document: noticeSchema,
  lint: lintSchema,
});
const estimate = z.object({
  notice: z.string(),
  urgency: z.enum(['planned', 'emergency']),
  recipients: z.object({
    from: z.enum(['customers', 'before', 'none']),
    atMost: z.int().nullable(),
    unlisted: z.array(z.string()),
  }),
  message: z.object({ type: z.enum(['SMS', 'LMS']), bytes: z.int() }),
  /** Won. */
  price: z.int().nullable(),
  leadMs: z.number(),
  schedule: z
    .object({
      latestStart: z.string(),
      inTime: z.boolean(),
      reachedInTime: z.int(),
      reachedBeforeStart: z.int(),
      words,
    })
    .nullable(),
  quiet: z.array(z.object({ start: z.string(), end: z.string() })),
});
const approval = z.object({
  notice: z.string(),
  document: z.string(),
  needed: z.int(),
  approved: z.boolean(),
  persons: z.array(z.string()),
});
const gate = z.object({
  status: z.enum(['met', 'not-met', 'unknown']),
  findings: z.array(
    z.object({
      what: z.enum(['website', 'coverage', 'lead', 'progress']),
      status: z.enum(['met', 'not-met', 'unknown']),
      words,
    }),
  ),
});
const visibility = z.object({
  looks: z.int(),
  asPublished: z.int(),
  first: z.string().nullable(),
  last: z.string().nullable(),
  lastFault: z.string().nullable(),
});

/** Adds the desk to the API. */
export function deskRoutes(app: Http, notice: Desk): void {
  app.post(
    '/notices/drafts',
    {
      config: { action: 'notice.submit' },
      schema: {
        summary: 'Begin a draft of a notice',
        body: z.strictObject({ plan: id, by: person, document: noticeSchema }),
        response: { 200: draft, ...errorAnswers },
      },
    },
    async (request) => {
      const { document, ...of } = request.body;
      return notice.draft(document, of);
    },
  );

  app.get(
    '/notices/drafts',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Drafts that are neither announced nor discarded, with their lint; those of a trip lie here prefilled',
        querystring: z.strictObject({ plan: id.optional() }),
        response: { 200: z.object({ drafts: z.array(draft) }), ...errorAnswers },
      },
    },
    async (request) => {
      return { drafts: await notice.drafts(request.query.plan ?? null) };
    },
  );

  app.put(
    '/notices/drafts/:id',
    {
      config: { action: 'notice.submit' },
      schema: {
        summary: 'Save a draft; refused when somebody saved it since this revision',
        params,
        body: z.strictObject({ by: person, revision: z.int().min(1), document: noticeSchema }),
        response: { 200: draft, ...errorAnswers },
      },
    },
    async (request) => {
      const { by, revision, document } = request.body;
      return notice.save(request.params.id, revision, document, by);
    },
  );

  app.delete(
    '/notices/drafts/:id',
    {
      config: { action: 'notice.submit' },
      schema: {
        summary: 'Give up a draft',
        params,
        querystring: z.strictObject({ by: person }),
        response: { 200: z.object({ discarded: z.literal(true) }), ...errorAnswers },
      },
    },
    async (request) => {
      await notice.discard(request.params.id, request.query.by);
      return { discarded: true as const };
    },
  );

  app.post(
    '/notices/:id/announce',
    {
      config: { action: 'notice.send' },
      schema: {
        summary:
          'Publish a draft or a notice and, where it must be told again, send it by text message: to those who were told before, or else to the customers of its services',
        params,
        body: z.strictObject({ by: person, wake: why.optional() }),
        response: {
          200: z.object({ notice: z.string(), website: publishedNotice, sms: sendingStatus.nullable() }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      return notice.announce(request.params.id, request.body.by, request.body.wake ?? null);
    },
  );

  app.get(
    '/notices/:id/estimate',
    {
      config: { action: 'read' },
      schema: {
        summary:
          'How many a draft or a notice would tell, at which price, and whether in time: before anybody approves',
        params,
        response: { 200: estimate, ...errorAnswers },
      },
    },
    async (request) => {
      const { schedule, ...rest } = await notice.estimate(request.params.id);
      return {
        ...rest,
        schedule: schedule === null ? null : { ...schedule, latestStart: new Date(schedule.latestStart).toISOString() },
      };
    },
  );

  app.post(
    '/notices/decisions',
    {
      config: { action: 'notice.decide', signed: true },
      schema: {
        summary: 'Hand in a signed decision about a notice',
        body: noticeDecisionStatement.extend(signature.shape),
        response: { 200: approval, ...errorAnswers },
      },
    },
    async (request) => {
      const { key, signature: signed, webauthn, ...statement } = request.body;
      return approvalBody(await notice.decide(statement, { key, signature: signed, webauthn }));
    },
  );

  app.get(
    '/notices/:id/approval',
    {
      config: { action: 'read' },
      schema: {
        summary: 'How far a notice is approved',
        params,
        response: { 200: approval, ...errorAnswers },
      },
    },
    async (request) => {
      return approvalBody(await notice.approval(request.params.id));
    },
  );

  app.get(
    '/notices/gate',
    {
      config: { action: 'read' },
      schema: {
        summary:
          'Whether a work may start as far as its notices go: by receipts, met, not met or unknown, with numbers',
        querystring: z.strictObject({ plan: id }),
        response: { 200: gate, ...errorAnswers },
      },
    },
    async (request) => {
      const { status, findings } = await notice.gate(request.query.plan);
      return { status, findings: findings.map((finding) => ({ ...finding })) };
    },
  );

  app.get(
    '/notices/:id/visibility',
    {
      config: { action: 'read' },
      schema: {
        summary: 'How often the public page was looked at, and whether it could be read as it was published',
        params,
        response: { 200: visibility, ...errorAnswers },
      },
    },
    async (request) => {
      return notice.visibility(request.params.id);
    },
  );
}

function approvalBody({ notice, document, needed, verdict }: Approval): z.infer<typeof approval> {
  const persons = verdict.approved || verdict.reason === 'too-few' ? [...verdict.persons] : [];
  return { notice, document, needed, approved: verdict.approved, persons };
}
