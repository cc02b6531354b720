/** Notices over HTTP. The public site is the exported folder and nothing else. */
import { mkdirSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import { noticeSchema } from '@breakwater/rules/notice';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { noticeId as id, personName as person, publishedNotice } from './answers.ts';
import { noticeOf, siteFolder } from './compose.ts';
import { deskRoutes } from './desk-routes.ts';
import { sendingRoutes, sendingStatus } from './sending-routes.ts';

const params = z.object({ id });
const byPerson = z.strictObject({ by: person });

const standing = z.object({
  notice: z.string(),
  plan: z.string(),
  document: noticeSchema,
  submittedBy: z.string(),
  submittedAt: z.string(),
  website: z.object({ at: z.string(), url: z.string() }).nullable(),
});
const status = standing.extend({ sendings: z.array(sendingStatus) });
const listedNotice = standing
  .extend({ sendings: z.array(sendingStatus.pick({ channel: true, state: true, intended: true })) })
  .meta({ id: 'ListedNotice' });

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
    '/notices',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Notices, the newest first; the last 100',
        querystring: z.strictObject({ plan: id.optional() }),
        response: { 200: z.object({ notices: z.array(listedNotice) }), ...errorAnswers },
      },
    },
    async (request) => {
      return { notices: await notice.list(request.query.plan ?? null) };
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

  deskRoutes(app, notice);
  sendingRoutes(app, notice);
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
