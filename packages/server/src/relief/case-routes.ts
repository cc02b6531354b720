/** Work on claims over HTTP: appeals, complaints elsewhere, results, exports, the policy, clocks and events. */
import { Readable } from 'node:stream';
import { escalationStages, reliefPolicySchema } from '@breakwater/rules/relief';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { reliefOf } from './compose.ts';
import { id, instant, person, range } from './shapes.ts';

const authority = z.enum(['fss', 'court']);

/** Adds the work on claims to the API. */
export function caseRoutes(app: Http, platform: Platform): void {
  const relief = reliefOf(platform);

  app.get(
    '/claims/:id/case',
    {
      config: { action: 'read' },
      schema: {
        summary:
          'What a claim is about: its disruption, what its customer was told, how alternatives stood, complaints',
        params: z.object({ id }),
        response: {
          200: z.object({
            dueBy: z.string().nullable().describe('Until when the result must be told; null once it was.'),
            link: z
              .object({
                run: z.string(),
                disruption: z
                  .object({ id: z.string(), service: z.string(), start: z.string(), end: z.string().nullable() })
                  .nullable(),
                distanceMs: z.int().nullable().describe('How far the claimed time lies outside the disruption.'),
                notices: z.array(
                  z.object({ notice: z.string(), channel: z.string(), told: z.string(), at: z.string().nullable() }),
                ),
                alternatives: z.array(
                  z.object({ service: z.string(), watched: z.string(), downMs: z.int().nullable() }),
                ),
                linkedAt: z.string(),
              })
              .nullable(),
            escalations: z.array(
              z.object({ authority, case: z.string(), stage: z.string(), by: z.string(), at: z.string() }),
            ),
            statements: z.array(
              z.object({
                basis: z.string(),
                alternative: z.string(),
                evidence: z.array(
                  z.object({ source: z.string(), digest: z.string().nullable(), obtainedAt: z.string() }),
                ),
                filedAt: z.string(),
                hasContact: z.boolean(),
              }),
            ),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const { escalations, statements, ...rest } = await relief.casework(request.params.id);
      return {
        ...rest,
        escalations: escalations.map(({ at, ...one }) => ({ ...one, at: at.toISOString() })),
        statements: statements.map(({ filedAt, ...one }) => ({ ...one, filedAt: filedAt.toISOString() })),
      };
    },
  );

  app.post(
    '/claims/:id/run',
    {
      config: { action: 'claim.open' },
      schema: {
        summary: 'Give a claim that no disruption matched its run',
        params: z.object({ id }),
        body: z.strictObject({ run: id, by: person }),
        response: { 200: z.object({ claim: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      await relief.assign({ claim: request.params.id, ...request.body });
      return { claim: request.params.id };
    },
  );

  app.post(
    '/claims/:id/appeal',
    {
      config: { action: 'claim.open' },
      schema: {
        summary: 'Open a decided claim again: whoever claimed does not accept the decision',
        params: z.object({ id }),
        body: z.strictObject({ amount: range.nullable(), by: person }),
        response: { 200: z.object({ claim: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      await relief.appeal({ claim: request.params.id, ...request.body });
      return { claim: request.params.id };
    },
  );

  app.post(
    '/claims/:id/escalations',
    {
      config: { action: 'claim.decide' },
      schema: {
        summary: 'Record a stage of a complaint at the Financial Supervisory Service or a court',
        params: z.object({ id }),
        body: z.strictObject({ authority, case: id, stage: z.enum(escalationStages), by: person }),
        response: { 200: z.object({ claim: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      await relief.escalate({ claim: request.params.id, ...request.body });
      return { claim: request.params.id };
    },
  );

  app.post(
    '/claims/told',
    {
      config: { action: 'claim.decide' },
      schema: {
        summary: "Record that the results of decided claims were told by the company's own means",
        body: z.strictObject({
          claims: z.array(id).min(1).max(1000),
          channel: z.string().min(1).max(40),
          reference: z.string().min(1).max(200),
          by: person,
        }),
        response: { 200: z.object({ told: z.int() }), ...errorAnswers },
      },
    },
    async (request) => {
      return { told: await relief.told(request.body) };
    },
  );

  app.get(
    '/claims/due',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Claims whose result must be told before a time, the soonest first',
        querystring: z.object({ before: instant, limit: z.coerce.number().int().min(1).max(1000).default(100) }),
        response: {
          200: z.object({
            claims: z.array(
              z.object({ claim: z.string(), run: z.string().nullable(), state: z.string(), dueBy: z.string() }),
            ),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      return { claims: await relief.due(request.query.before, request.query.limit) };
    },
  );

  app.post(
    '/relief/runs/:run/results',
    {
      config: { action: 'notice.send' },
      schema: {
        summary:
          'Tell the result, by one text message, to whoever filed a claim of the run that is decided and not told',
        params: z.object({ run: id }),
        body: z.strictObject({ by: person }),
        response: { 200: z.object({ notice: z.string().nullable(), claims: z.int() }), ...errorAnswers },
      },
    },
    async (request) => {
      return relief.tellResults({ run: request.params.run, by: request.body.by });
    },
  );

  const file = z.strictObject({ run: id.nullable().describe('null: of all runs.'), by: person });
  const sendFile = (reply: FastifyReply, of: Parameters<typeof relief.exportPayments>[0]) =>
    reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="payments.csv"')
      .send(Readable.from(relief.exportPayments(of)));

  app.post(
    '/relief/payment-files',
    {
      config: { action: 'claim.payee', secret: true },
      schema: {
        summary: 'What is owed on accepted claims as CSV for the payment system; that it was made is evidence',
        body: file,
        produces: ['text/csv'],
      },
    },
    async (request, reply) => sendFile(reply, { ...request.body, masked: false }),
  );

  app.post(
    '/relief/payment-files/masked',
    {
      config: { action: 'claim.decide', secret: true },
      schema: {
        summary: 'The same with only the last two characters of pseudonyms, for who checks it',
        body: file,
        produces: ['text/csv'],
      },
    },
    async (request, reply) => sendFile(reply, { ...request.body, masked: true }),
  );

  app.get(
    '/relief/policy',
    {
      config: { action: 'read' },
      schema: {
        summary: 'What the company set for its relief, and where its defaults come from',
        response: {
          200: z.object({
            version: z.int().describe('0: the defaults.'),
            policy: reliefPolicySchema,
            sources: z.record(
              z.string(),
              z.object({ document: z.string(), date: z.string(), clause: z.string().nullable() }),
            ),
          }),
          ...errorAnswers,
        },
      },
    },
    async () => {
      const { sources, ...rest } = await relief.policy();
      return { ...rest, sources: { ...sources } };
    },
  );

  app.post(
    '/relief/policy',
    {
      config: { action: 'relief.policy' },
      schema: {
        summary: 'Set the relief policy; leaks are classified again under its table of fields',
        body: z.strictObject({ policy: z.json(), by: person }),
        response: { 200: z.object({ version: z.int() }), ...errorAnswers },
      },
    },
    async (request) => {
      return { version: await relief.setPolicy(request.body.policy, request.body.by) };
    },
  );

  app.get(
    '/relief/events',
    {
      config: { action: 'read' },
      schema: {
        summary: 'What people are to know: steps of damage, ends of time, leaks, assessments that were opened again',
        querystring: z.object({
          run: id.optional(),
          after: z.coerce.number().int().min(0).default(0),
          limit: z.coerce.number().int().min(1).max(1000).default(100),
        }),
        response: {
          200: z.object({
            events: z.array(
              z.object({
                id: z.int(),
                kind: z.string(),
                run: z.string().nullable(),
                subject: z.string().nullable(),
                detail: z.record(z.string(), z.json()),
                at: z.string(),
              }),
            ),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const events = await relief.events(request.query);
      return {
        events: events.map(({ at, detail, ...event }) => ({ ...event, detail: detail as never, at: at.toISOString() })),
      };
    },
  );
}
