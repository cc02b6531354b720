/** What is read of cases over HTTP. Everything that a member of a committee opens is kept as evidence. */
import { BreakwaterError } from '@breakwater/rules';
import { disclosureLevels, keysSchema } from '@breakwater/rules/review';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Platform } from '#platform';
import { actorOf, errorAnswers, type Http } from '#platform/http';
import { caseSections, letterOf, sectionsAnswer, versionBytes } from './case-sections.ts';
import { caseActorOf, caseAnswer, caseParams, openedCase, shownCase } from './case-shapes.ts';
import { type KnownCase, keepReading, listCases } from './cases.ts';
import { trustOf } from './workflow.ts';

/** Adds reading of cases to the API. */
export function caseReadingRoutes(app: Http, platform: Platform): void {
  const { clock } = platform;

  /** The case, once its opening is kept where a member opens it. */
  const opened = async (request: FastifyRequest, part: string): Promise<KnownCase> => {
    const known = await openedCase(request, platform, 'case.read');
    const actor = actorOf(request);
    if (actor.kind === 'person' && actor.roles.includes('committee-member'))
      await keepReading(platform, known.id, part, actor.person);
    return known;
  };

  app.get(
    '/cases',
    {
      config: { action: 'case.read' },
      schema: {
        summary: 'Cases that whoever asks may see, the newest first',
        querystring: z.object({
          after: z.uuid().optional().describe('`next` of the page before.'),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        response: { 200: z.object({ cases: z.array(caseAnswer), next: z.string().nullable() }), ...errorAnswers },
      },
    },
    async (request) => {
      const { after = null, limit } = request.query;
      const { cases, next } = await listCases(platform, { person: onlyOwn(request), before: after, limit });
      const now = clock.now().getTime();
      return { cases: cases.map((known) => shownCase(request, known, now)), next };
    },
  );

  app.get(
    '/cases/:case',
    {
      config: { action: 'case.read' },
      schema: {
        summary: 'A case at the level of whoever asks, or at a lower one',
        params: caseParams,
        querystring: z.object({ level: z.enum(disclosureLevels).default('member') }),
        response: { 200: caseAnswer, ...errorAnswers },
      },
    },
    async (request) => {
      const known = await opened(request, 'case');
      return shownCase(request, known, clock.now().getTime(), request.query.level);
    },
  );

  app.get(
    '/cases/:case/sections',
    {
      config: { action: 'case.read' },
      schema: {
        summary:
          'The open questions with the numbers under every reading and the applicant’s own, and the section on gross negligence',
        params: caseParams,
        response: { 200: sectionsAnswer, ...errorAnswers },
      },
    },
    async (request) => caseSections(platform, await opened(request, 'sections')),
  );

  app.get(
    '/cases/:case/letter',
    {
      config: { action: 'case.read' },
      schema: {
        summary: 'The letter of a case: the inquiry, or the notice of the result',
        params: caseParams,
        response: { 200: z.object({ ko: z.string(), en: z.string() }), ...errorAnswers },
      },
    },
    async (request) => letterOf(platform, await opened(request, 'letter')),
  );

  app.get(
    '/cases/:case/versions/:version/dossier',
    {
      config: { action: 'case.read' },
      schema: {
        summary: 'The file of a sealed version (application/zip)',
        params: caseParams.extend({ version: z.coerce.number().int().min(1) }),
        produces: ['application/zip'],
      },
    },
    async (request, reply) => {
      const { version } = request.params;
      const known = await opened(request, `version-${version}`);
      const bytes = await versionBytes(platform, known, version);
      return reply
        .type('application/zip')
        .header('content-disposition', `attachment; filename="dossier-${version}.zip"`)
        .send(Buffer.from(bytes));
    },
  );

  app.get(
    '/cases/:case/trust',
    {
      config: { action: 'case.read' },
      schema: {
        summary: 'What the versions of a case are verified with: the policy of the log, the keys of persons and hosts',
        params: caseParams,
        response: { 200: z.object({ policy: z.string(), keys: keysSchema }), ...errorAnswers },
      },
    },
    async (request) => {
      const { one } = await opened(request, 'trust');
      if (one.run === null)
        throw new BreakwaterError('case.no-run', 'the case is about no run: nothing is to be verified');
      return trustOf(platform, one.run);
    },
  );
}

/** Whose cases alone are listed; null: all. */
function onlyOwn(request: FastifyRequest): string | null {
  const actor = actorOf(request);
  if (actor.kind !== 'person' || actor.roles.includes('auditor')) return null;
  const { person, conducts } = caseActorOf(request);
  return conducts ? null : person;
}
