/** Copies for individuals over HTTP: each asks for and fetches their own; whoever conducts cases answers, also for those who left. */
import { denialText } from '@breakwater/rules/authority';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Platform } from '#platform';
import { Denied, errorAnswers, type Http } from '#platform/http';
import { caseActorOf, person } from './case-shapes.ts';
import { type CopyRow, answerCopy, copyBytes, findCopy, listCopies, requestCopy } from './copies.ts';

const params = z.object({ copy: z.uuid() });
const copyBody = z
  .object({
    copy: z.string(),
    run: z.string(),
    person: z.string(),
    received: z.string(),
    requestedBy: z.string(),
    requestedAt: z.string(),
    manifest: z.string().nullable(),
    refusal: z.string().nullable(),
    answeredBy: z.string().nullable(),
    answeredAt: z.string().nullable(),
  })
  .meta({ id: 'PersonalCopy' });
const answers = { 200: copyBody, ...errorAnswers };

function shown({
  id,
  file: _file,
  zipSha256: _zip,
  requestedAt,
  answeredAt,
  ...row
}: CopyRow): z.infer<typeof copyBody> {
  return { copy: id, ...row, requestedAt: requestedAt.toISOString(), answeredAt: answeredAt?.toISOString() ?? null };
}

/** Of others only whoever conducts cases asks and sees. */
function requireOwn(request: FastifyRequest, of: string): void {
  const { person: who, conducts } = caseActorOf(request);
  if (conducts || who === of) return;
  const denial = { reason: 'other-person', action: 'case.answer', person: who ?? '' } as const;
  throw new Denied(denial, denialText(denial));
}

/** Adds copies for individuals. */
export function copyRoutes(app: Http, platform: Platform): void {
  app.post(
    '/copies',
    {
      config: { action: 'case.answer' },
      schema: {
        summary: 'Ask for a sealed copy of what concerns an individual’s own acts in a run',
        body: z.strictObject({
          run: z.string().min(1).max(128),
          person: person.describe('Whom it is for; of others only whoever conducts cases asks, on their letter.'),
          received: z
            .string()
            .trim()
            .min(1)
            .max(200)
            .describe('Where the request itself is kept, such as a letter’s number.'),
          by: person,
        }),
        response: answers,
      },
    },
    async (request) => {
      requireOwn(request, request.body.person);
      return shown(await requestCopy(platform, request.body));
    },
  );

  app.get(
    '/copies',
    {
      config: { action: 'case.answer' },
      schema: {
        summary: 'Requests for copies: one’s own, or all for whoever conducts cases',
        response: { 200: z.object({ copies: z.array(copyBody) }), ...errorAnswers },
      },
    },
    async (request) => {
      const { person: who, conducts } = caseActorOf(request);
      return { copies: (await listCopies(platform, conducts ? null : who)).map(shown) };
    },
  );

  app.post(
    '/copies/:copy/answer',
    {
      config: { action: 'case.conduct' },
      schema: {
        summary: 'Seal the copy, or say why there is none',
        params,
        body: z.strictObject({ refusal: z.string().trim().min(3).max(2000).nullable().default(null), by: person }),
        response: answers,
      },
    },
    async (request) => shown(await answerCopy(platform, request.params.copy, request.body)),
  );

  app.get(
    '/copies/:copy/file',
    {
      config: { action: 'case.answer' },
      schema: { summary: 'The file of a copy (application/zip)', params, produces: ['application/zip'] },
    },
    async (request, reply) => {
      const { copy } = request.params;
      requireOwn(request, (await findCopy(platform, copy)).person);
      return reply
        .type('application/zip')
        .header('content-disposition', 'attachment; filename="copy.zip"')
        .send(Buffer.from(await copyBytes(platform, copy)));
    },
  );
}
