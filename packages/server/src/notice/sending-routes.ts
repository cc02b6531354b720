/** Sendings over HTTP: lists are read as they come in, and a number stands in no address. */
import type { Readable } from 'node:stream';
import { deliveryProofSchema, proofLevels } from '@breakwater/rules/notice';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorAnswers, type Http } from '#platform/http';
import { keyedReport } from './channels/http-gateway.ts';
import { readList } from './list-file.ts';
import { noticeId as id, personName as person } from './answers.ts';
import type { Desk } from './desk.ts';
import type { Sendings } from './sendings.ts';
import { suppressionReasons } from './suppression.ts';

const channel = z.enum(['sms', 'email']).default('sms');
const column = z.string().min(1).max(128).optional();
const params = z.object({ id });
const steered = z.strictObject({ by: person, channel });

export const sendingStatus = z.object({
  notice: z.string(),
  channel: z.enum(['sms', 'email']),
  state: z.enum(['loading', 'sending', 'paused', 'settling', 'settled', 'stopped']),
  intended: z.int(),
  submitted: z.int(),
  accepted: z.int(),
  delivered: z.int().nullable(),
  failed: z.int().nullable(),
  unknown: z.int(),
  suppressed: z.int(),
  lines: z.int(),
  repeated: z.int(),
  resubmitted: z.int(),
  arrived: z.int(),
  viewed: z.int(),
  certified: z.int(),
  stalled: z.boolean(),
  gateway: z.string().nullable(),
  switchedAt: z.string().nullable(),
  halted: z.boolean(),
});
const sendings = z.object({ sendings: z.array(sendingStatus) });
const halt = z.object({ halted: z.object({ by: z.string(), reason: z.string(), at: z.string() }).nullable() });
const changed = z.object({ changed: z.int(), rejected: z.array(z.int()) });
const told = z.object({
  told: z
    .object({
      notice: z.string(),
      channel: z.string(),
      state: z.string(),
      level: z.enum(proofLevels).nullable(),
      submittedAt: z.string().nullable(),
      settledAt: z.string().nullable(),
      text: z.string(),
      proof: deliveryProofSchema.nullable(),
    })
    .nullable(),
});

/** A list is streamed: this bounds what one request may bring, not what is held. */
const listBytes = 64 * 1024 ** 3;
const mostReports = 1000;

/** Adds sendings to the API. */
export function sendingRoutes(app: Http, notice: Sendings & Pick<Desk, 'requireAwake'>): void {
  for (const [act, summary] of [
    ['pause', 'Hold a sending: what was not handed over waits'],
    ['resume', 'Go on with a sending that is held'],
    ['stop', 'Stop a sending: what was not submitted never is'],
  ] as const) {
    app.post(
      `/notices/:id/${act}`,
      {
        config: { action: 'notice.send' },
        schema: { summary, params, body: steered, response: { 200: sendings, ...errorAnswers } },
      },
      async (request) => {
        await notice[act](request.params.id, request.body.by, request.body.channel);
        return { sendings: await notice.sendingsOf(request.params.id) };
      },
    );
  }

  app.post(
    '/notices/:id/erase',
    {
      config: { action: 'notice.erase' },
      schema: {
        summary: 'Make the addresses of an ended sending unreadable for ever',
        params,
        body: steered,
        response: { 200: z.object({ erased: z.int() }), ...errorAnswers },
      },
    },
    async (request) => {
      return { erased: await notice.erase(request.params.id, request.body.by, request.body.channel) };
    },
  );

  app.get(
    '/notices/:id/rejected',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Lines of a list that reach nobody, and why; the first 10,000',
        params,
        querystring: z.object({ channel, after: z.coerce.number().int().min(0).default(0) }),
        response: {
          200: z.object({ lines: z.array(z.object({ line: z.int(), reason: z.string() })) }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      return { lines: await notice.rejected(request.params.id, { ...request.query, limit: 1000 }) };
    },
  );

  app.post(
    '/notices/:id/told',
    {
      config: { action: 'notice.told' },
      schema: {
        summary: 'Whether a number was told, when, with which text, and the proof',
        params,
        body: z.strictObject({ number: z.string().min(1).max(256), channel }),
        response: { 200: told, ...errorAnswers },
      },
    },
    async (request) => {
      return { told: await notice.told(request.params.id, request.body.number, request.body.channel) };
    },
  );

  haltRoutes(app, notice);

  app.post(
    '/notices/reports',
    {
      config: { action: 'notice.report' },
      schema: {
        summary: 'Take what became of messages from a gateway that brings it; the same report again changes nothing',
        body: z.strictObject({ reports: z.array(keyedReport).max(mostReports) }),
        response: { 200: z.object({ taken: z.int() }), ...errorAnswers },
      },
    },
    async (request) => {
      await notice.report(request.body.reports);
      return { taken: request.body.reports.length };
    },
  );

  void app.register(async (scope) => {
    // The list is read as it comes in, line by line: its size does not matter to the server.
    scope.addContentTypeParser('text/csv', async (_request: unknown, body: Readable) => body);
    listRoutes(scope.withTypeProvider<ZodTypeProvider>(), notice);
  });
}

function haltRoutes(app: Http, notice: Sendings): void {
  const answer = async () => {
    const thrown = await notice.halted();
    return { halted: thrown === null ? null : { ...thrown, at: thrown.at.toISOString() } };
  };
  app.get(
    '/notices/halt',
    {
      config: { action: 'read' },
      schema: { summary: 'Whether all sendings are held', response: { 200: halt, ...errorAnswers } },
    },
    () => answer(),
  );
  app.post(
    '/notices/halt',
    {
      config: { action: 'notice.halt' },
      schema: {
        summary: 'Hold all sendings, also those that are begun later',
        body: z.strictObject({ by: person, reason: z.string().min(1).max(2000) }),
        response: { 200: halt, ...errorAnswers },
      },
    },
    async (request) => {
      await notice.halt(request.body.by, request.body.reason);
      return answer();
    },
  );
  app.post(
    '/notices/release',
    {
      config: { action: 'notice.halt' },
      schema: {
        summary: 'Let sendings go on',
        body: z.strictObject({ by: person }),
        response: { 200: halt, ...errorAnswers },
      },
    },
    async (request) => {
      await notice.release(request.body.by);
      return answer();
    },
  );
}

/** Routes whose body is a list: one address a line, in its first column or the one that is named. */
function listRoutes(app: Http, notice: Sendings & Pick<Desk, 'requireAwake'>): void {
  const body = z.unknown();
  const list = (request: { body: unknown; query: { column?: string | undefined } }) =>
    readList(request.body as Readable, request.query.column ?? null);
  const common = { consumes: ['text/csv'], body };

  app.post(
    '/notices/:id/sendings',
    {
      bodyLimit: listBytes,
      config: { action: 'notice.send' },
      schema: {
        summary:
          'Send a notice by message; the body (text/csv) has one address a line. Sent again, it goes on where it broke off',
        ...common,
        params,
        querystring: z.strictObject({ by: person, channel, column, wake: z.string().min(1).max(500).optional() }),
        response: { 200: sendingStatus, ...errorAnswers },
      },
    },
    async (request) => {
      const { by, channel: on, wake } = request.query;
      if (on === 'sms') await notice.requireAwake(request.params.id, by, wake ?? null);
      return notice.send(request.params.id, list(request), by, on);
    },
  );

  app.get(
    '/suppressions',
    {
      config: { action: 'read' },
      schema: {
        summary: 'How many get no notices, by reason',
        response: {
          200: z.object({ reasons: z.array(z.object({ reason: z.string(), count: z.int() })) }),
          ...errorAnswers,
        },
      },
    },
    async () => {
      return { reasons: await notice.suppressions() };
    },
  );

  app.post(
    '/suppressions',
    {
      bodyLimit: listBytes,
      config: { action: 'notice.suppress' },
      schema: {
        summary: 'Add the addresses of a list to those who get no notices',
        ...common,
        querystring: z.strictObject({ by: person, reason: z.enum(suppressionReasons), column }),
        response: { 200: changed, ...errorAnswers },
      },
    },
    async (request) => {
      return notice.suppress(list(request), request.query);
    },
  );

  app.post(
    '/suppressions/remove',
    {
      bodyLimit: listBytes,
      config: { action: 'notice.suppress' },
      schema: {
        summary: 'Take the addresses of a list out of those who get no notices',
        ...common,
        querystring: z.strictObject({ by: person, column }),
        response: { 200: changed, ...errorAnswers },
      },
    },
    async (request) => {
      return notice.unsuppress(list(request), request.query.by);
    },
  );
}
