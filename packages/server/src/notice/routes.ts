/** Notices over HTTP. The public site is the exported folder and nothing else. */
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import fastifyStatic from '@fastify/static';
import { noticeSchema } from '@breakwater/rules/notice';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { noticeOf, siteFolder } from './compose.ts';

const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$/);
const person = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._:@/-]{0,127}$/u);
const params = z.object({ id });
const byPerson = z.strictObject({ by: person });

const sending = z.object({
  notice: z.string(),
  channel: z.literal('sms'),
  state: z.enum(['loading', 'sending', 'settling', 'settled', 'stopped']),
  intended: z.int(),
  submitted: z.int(),
  delivered: z.int().nullable(),
  failed: z.int().nullable(),
  unknown: z.int(),
  repeated: z.int(),
  resubmitted: z.int(),
  arrived: z.int(),
  stalled: z.boolean(),
});
const status = z.object({
  notice: z.string(),
  plan: z.string(),
  website: z.object({ at: z.string(), url: z.string() }).nullable(),
  sendings: z.array(sending),
});

const publishedNotice = z.object({
  at: z.string(),
  /** Of this version, and of the work: that one always shows the newest. */
  url: z.string(),
  page: z.string(),
  content: z.string(),
  version: z.int(),
  hash: z.string(),
});

const numbersBytes = 512 * 1024 * 1024;
const longestLine = 64;

/** Adds notices to the API. */
export function noticeRoutes(app: Http, platform: Platform): void {
  const notice = noticeOf(platform);

  app.post(
    '/notices',
    {
      config: { action: 'notice.submit' },
      schema: {
        summary: 'Write a notice down; the same document for the same plan is the same notice',
        body: z.strictObject({ plan: id, by: person, document: noticeSchema }),
        response: { 200: z.object({ notice: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      const { plan, by, document } = request.body;
      return { notice: await notice.submit(document, { plan, by }) };
    },
  );

  app.post(
    '/notices/:id/publish',
    {
      config: { action: 'notice.publish' },
      schema: {
        summary: 'Put a notice on the public site',
        params,
        body: byPerson,
        response: { 200: publishedNotice, ...errorAnswers },
      },
    },
    async (request) => {
      return notice.publish(request.params.id, request.body.by);
    },
  );

  app.get(
    '/notices/:id',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Where a notice stands and what became of it',
        params,
        response: { 200: status, ...errorAnswers },
      },
    },
    async (request) => {
      return notice.status(request.params.id);
    },
  );

  app.post(
    '/notices/:id/stop',
    {
      config: { action: 'notice.send' },
      schema: {
        summary: 'Stop a sending: what was not submitted never is',
        params,
        body: byPerson,
        response: { 200: status, ...errorAnswers },
      },
    },
    async (request) => {
      await notice.stop(request.params.id, request.body.by);
      return notice.status(request.params.id);
    },
  );

  app.post(
    '/notices/:id/erase',
    {
      config: { action: 'notice.erase' },
      schema: {
        summary: 'Make the telephone numbers of an ended sending unreadable for ever',
        params,
        body: byPerson,
        response: { 200: z.object({ erased: z.int() }), ...errorAnswers },
      },
    },
    async (request) => {
      return { erased: await notice.erase(request.params.id, request.body.by) };
    },
  );

  void app.register(async (scope) => {
    // The list is read as it comes in, line by line: its size does not matter to the server.
    scope.addContentTypeParser('text/csv', async (_request: unknown, body: Readable) => body);
    scope.withTypeProvider<ZodTypeProvider>().post(
      '/notices/:id/sendings',
      {
        bodyLimit: numbersBytes,
        config: { action: 'notice.send' },
        schema: {
          summary:
            'Send a notice by text message; the body (text/csv) has one mobile number a line, in its first column',
          consumes: ['text/csv'],
          body: z.unknown(),
          params,
          querystring: byPerson,
          response: { 200: sending, ...errorAnswers },
        },
      },
      async (request) => {
        return notice.send(request.params.id, firstColumn(request.body as Readable), request.query.by);
      },
    );
  });
}

/** What other sites may load: feeds, the calendar, and what a page of the bank embeds. */
const openFiles = /\.(?:ics|js|json|xml)$/;

/** Adds the public site: the exported pages. */
export function noticeSite(app: Http, platform: Platform): void {
  const root = siteFolder(platform);
  mkdirSync(root, { recursive: true });
  void app.register(fastifyStatic, {
    root,
    index: 'index.html',
    redirect: true,
    cacheControl: true,
    maxAge: 0,
    dotfiles: 'deny',
    setHeaders: (reply, path) => {
      if (!openFiles.test(path)) return;
      void reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin');
    },
  });
}

/** The first column of each line that has one, without the header. Longer lines are cut: no number is as long. */
async function* firstColumn(body: Readable): AsyncGenerator<string> {
  for await (const line of createInterface({ input: body, crlfDelay: Infinity })) {
    const column =
      line
        .slice(0, longestLine)
        .split(',')[0]
        ?.replace(/^\uFEFF|["\s]/g, '') ?? '';
    if (/\d/.test(column)) yield column;
  }
}
