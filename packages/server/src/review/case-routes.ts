/** Cases over HTTP: opening one, and every act on it. What is read of them stands in `case-reading.ts`. */
import { caseAuthorities, caseBodies, caseKinds } from '@breakwater/rules/review';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Platform } from '#platform';
import { Denied, errorAnswers, type Http } from '#platform/http';
import { type CaseDeed, actOnCase, ballotNonce, openCase, sealVersion } from './cases.ts';
import { caseActorOf, caseAnswer, caseParams, openedCase, person, shownCase } from './case-shapes.ts';

const by = person.describe('Who does it: a pseudonym.');
const answers = { 200: caseAnswer, ...errorAnswers };
const { opened: _, 'ballot-cast': ballot, 'version-sealed': __, ...others } = caseBodies;

/** Path, action and summary of every act that a body alone says. */
const acts = {
  'window-set': ['windows', 'case.conduct', 'Record a window of the case, as a letter names it'],
  filed: ['filing', 'case.answer', 'Record that the case was handed to the authority'],
  'member-seated': ['members', 'case.conduct', 'Seat a member of the committee; they see this case from then on'],
  recused: [
    'recusals',
    'case.deliberate',
    'Recuse oneself; the chair recuses others. Whoever is recused sees the case no more',
  ],
  'question-asked': ['questions', 'case.deliberate', 'Ask the applicant a question'],
  'question-answered': ['answers', 'case.answer', 'Answer a question, with the numbers of the records that show it'],
  'position-stated': ['positions', 'case.answer', 'State the reading of an open question, or on gross negligence'],
  'ballots-opened': ['ballots/opening', 'case.deliberate', 'Open the ballots, by the chair'],
  'result-told': ['result', 'case.conduct', 'Record the result that the committee told; it is not binding'],
  'reply-told': ['reply', 'case.conduct', 'Record the reply to an inquiry; it is not binding'],
  withdrawn: ['withdrawal', 'case.answer', 'Withdraw an application or an inquiry'],
} as const satisfies Record<keyof typeof others, readonly [string, string, string]>;

/** Adds cases to the API. */
export function caseRoutes(app: Http, platform: Platform): void {
  const { clock } = platform;

  app.post(
    '/cases',
    {
      config: { action: 'case.answer' },
      schema: {
        summary: 'Open a case: an application, one that the inspectors refer, or an inquiry in advance',
        body: z.strictObject({
          kind: z.enum(caseKinds),
          authority: z.enum(caseAuthorities),
          title: caseBodies.opened.shape.title,
          run: z.string().min(1).max(128).nullable().default(null),
          plan: z.string().min(1).max(128).nullable().default(null),
          individual: person
            .nullable()
            .default(null)
            .describe('Pseudonym of an individual who applies; null: the institution.'),
          left: z.boolean().default(false).describe('The individual works for the company no more.'),
          by,
        }),
        response: answers,
      },
    },
    async (request) => {
      const { individual, left, by: who, ...body } = request.body;
      requireOwnApplication(request, individual);
      const known = await openCase(platform, { ...body, applicant: { person: individual, left } }, who);
      return shownCase(request, known, clock.now().getTime());
    },
  );

  for (const act of Object.keys(acts) as (keyof typeof acts)[]) {
    const [path, action, summary] = acts[act];
    const body = caseBodies[act].extend({ by }) as z.ZodType<{ by: string }>;
    app.post(
      `/cases/:case/${path}`,
      { config: { action }, schema: { summary, params: caseParams, body, response: answers } },
      async (request) => {
        const { by: who, ...said } = request.body;
        const known = await openedCase(request, platform, action);
        const doer = { ...caseActorOf(request), by: who };
        const now = await actOnCase(platform, known.id, { act, body: said } as CaseDeed, doer);
        return shownCase(request, now, clock.now().getTime());
      },
    );
  }

  app.post(
    '/cases/:case/versions',
    {
      config: { action: 'case.conduct' },
      schema: {
        summary: 'Seal the dossier of the case’s run as its next version, with what changed since the one before',
        params: caseParams,
        body: z.strictObject({ pack: z.string().min(1).max(128).nullable().default(null), by }),
        response: answers,
      },
    },
    async (request) => {
      const known = await openedCase(request, platform, 'case.conduct');
      const { pack, by: who } = request.body;
      const now = await sealVersion(platform, known.id, { ...caseActorOf(request), by: who }, { pack });
      return shownCase(request, now, clock.now().getTime());
    },
  );

  app.post(
    '/cases/:case/ballots',
    {
      config: { action: 'case.deliberate', secret: true },
      schema: {
        summary: 'Cast a ballot; until the chair opens them all nobody else sees it, and the newest of a member counts',
        params: caseParams,
        body: ballot.omit({ nonce: true }).extend({ by }),
        response: answers,
      },
    },
    async (request) => {
      const known = await openedCase(request, platform, 'case.deliberate');
      const { by: who, ...said } = request.body;
      const deed = { act: 'ballot-cast', body: { ...said, nonce: ballotNonce() } } as const;
      const now = await actOnCase(platform, known.id, deed, { ...caseActorOf(request), by: who });
      return shownCase(request, now, clock.now().getTime());
    },
  );
}

/** Whoever does not conduct cases applies for themselves alone. */
function requireOwnApplication(request: FastifyRequest, individual: string | null): void {
  const { person: who, conducts } = caseActorOf(request);
  if (conducts || (individual !== null && individual === who)) return;
  const denial = { reason: 'other-person', action: 'case.answer', person: who } as const;
  throw new Denied(denial, {
    ko: '회사를 위한 안건은 안건 담당자만 열 수 있습니다. 개인 자격으로는 본인의 안건만 신청할 수 있습니다.',
    en: 'only whoever conducts cases opens one for the company; an individual applies for themselves',
  });
}
