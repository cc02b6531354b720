import { BreakwaterError, packDecisionStatement, signature } from '@breakwater/rules';
import { assessmentSchema } from '@breakwater/rules/criteria';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { sealedRun } from './sealed.ts';
import { latestAssessments, readAssessment, readAssessments, type StoredAssessment } from './store.ts';
import { type KnownPack, assessRun, decidePack, importPack, knownPacks } from './workflow.ts';

const listed = 200;

const id = z.string().min(1).max(128);
const time = z.iso.datetime({ offset: true });
const packBytes = 4 * 1024 * 1024;

const knownPack = z
  .object({
    id: z.string(),
    version: z.string(),
    digest: z.string(),
    origin: z.enum(['built-in', 'imported']),
    title: z.object({ ko: z.string(), en: z.string() }),
    basis: z.string(),
    approved: z.boolean(),
    approvedBy: z.array(z.string()),
  })
  .meta({ id: 'KnownPack' });

const madeAssessment = z
  .object({ digest: z.string(), madeAt: z.string(), assessment: assessmentSchema })
  .meta({ id: 'MadeAssessment' });

const listedAssessment = z
  .object({
    digest: z.string(),
    run: z.string(),
    madeAt: z.string(),
    pack: z.object({ id: z.string(), version: z.string() }),
    statuses: z.record(z.string(), z.int()).describe('How many criteria have each status.'),
    open: z.array(z.string()),
    contradicted: z.array(z.string()),
  })
  .meta({ id: 'ListedAssessment' });

/** Adds policy packs and assessments. */
export function criteriaRoutes(app: Http, { db, config, clock }: Platform): void {
  const { institution } = config;

  app.get(
    '/packs',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Every policy pack with its approvals',
        response: { 200: z.object({ packs: z.array(knownPack) }), ...errorAnswers },
      },
    },
    async () => ({ packs: (await knownPacks(db, institution, clock.now())).map(packBody) }),
  );

  app.post(
    '/packs',
    {
      bodyLimit: packBytes,
      config: { action: 'pack.import' },
      schema: {
        summary: 'Load a policy pack; it is used once two other persons approved it',
        body: z.strictObject({ document: z.json(), by: id }),
        response: { 200: knownPack, ...errorAnswers },
      },
    },
    async (request) => {
      return packBody(await importPack(db, institution, request.body, clock.now()));
    },
  );

  app.post(
    '/packs/decisions',
    {
      config: { action: 'pack.decide', signed: true },
      schema: {
        summary: 'Hand in a signed decision about a loaded pack',
        description: 'The signature is the permission: who hands it in does not matter.',
        body: packDecisionStatement.extend(signature.shape),
        response: { 200: knownPack, ...errorAnswers },
      },
    },
    async (request) => {
      const { key, signature: signed, webauthn, ...statement } = request.body;
      return packBody(await decidePack(db, institution, statement, { key, signature: signed, webauthn }, clock.now()));
    },
  );

  app.post(
    '/runs/:run/assessments',
    {
      config: { action: 'run.assess' },
      schema: {
        summary: 'Assess what the sealed records of a run say; earlier assessments stay',
        params: z.object({ run: id }),
        body: z.strictObject({ pack: id.nullable().default(null), asOf: time.nullable().default(null) }),
        response: { 200: madeAssessment, ...errorAnswers },
      },
    },
    async (request) => {
      const now = clock.now();
      const { pack, asOf } = request.body;
      const sealed = await sealedRun(db, institution, request.params.run);
      const made = await assessRun(db, sealed, { pack, asOf: asOf ?? now.toISOString() }, now);
      return { digest: made.digest, madeAt: now.toISOString(), assessment: made.assessment };
    },
  );

  app.get(
    '/runs/:run/assessments',
    {
      config: { action: 'read' },
      schema: {
        summary: 'All assessments of a run, oldest first',
        params: z.object({ run: id }),
        response: { 200: z.object({ assessments: z.array(madeAssessment) }), ...errorAnswers },
      },
    },
    async (request) => {
      const made = await readAssessments(db, institution, request.params.run);
      return {
        assessments: made.map(({ digest, madeAt, assessment }) => ({
          digest,
          madeAt: madeAt.toISOString(),
          assessment,
        })),
      };
    },
  );

  app.get(
    '/assessments',
    {
      config: { action: 'read' },
      schema: {
        summary: 'The newest assessment of each run',
        response: { 200: z.object({ assessments: z.array(listedAssessment) }), ...errorAnswers },
      },
    },
    async () => ({ assessments: (await latestAssessments(db, institution, listed)).map(listedBody) }),
  );

  app.get(
    '/assessments/:digest',
    {
      config: { action: 'read' },
      schema: {
        summary: 'One assessment with the facts and the pack that it was made from',
        params: z.object({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) }),
        response: {
          200: madeAssessment
            .extend({
              run: z.string(),
              facts: z.json().describe('`breakwater.facts/1`'),
              pack: z.json().describe('`breakwater.pack/1`'),
            })
            .meta({ id: 'OpenedAssessment' }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const found = await readAssessment(db, institution, request.params.digest);
      if (found === null) throw new BreakwaterError('assessment.not-found', 'there is no assessment of this digest');
      const packs = await knownPacks(db, institution, clock.now());
      const known = packs.find(({ digest }) => digest === found.assessment.pack.digest);
      if (known === undefined) {
        throw new BreakwaterError('pack.not-found', 'the pack of this assessment is no longer here', '/pack');
      }
      const { digest, run, madeAt, assessment, facts } = found;
      return { digest, run, madeAt: madeAt.toISOString(), assessment, facts: json(facts), pack: json(known.pack) };
    },
  );
}

type Json = z.infer<ReturnType<typeof z.json>>;
/** Facts and packs are plain JSON by their schemas. */
const json = (value: object): Json => value as Json;

function listedBody({ digest, run, madeAt, assessment }: StoredAssessment): z.infer<typeof listedAssessment> {
  const { pack, findings, open, contradicted } = assessment;
  const statuses: Record<string, number> = {};
  for (const { status } of findings) statuses[status] = (statuses[status] ?? 0) + 1;
  return {
    digest,
    run,
    madeAt: madeAt.toISOString(),
    pack: { id: pack.id, version: pack.version },
    statuses,
    open,
    contradicted,
  };
}

function packBody({ pack, digest, origin, verdict }: KnownPack): z.infer<typeof knownPack> {
  const { id: name, version, title, basis } = pack;
  const approvedBy = 'persons' in verdict ? [...verdict.persons] : [];
  return { id: name, version, digest, origin, title, basis, approved: verdict.approved, approvedBy };
}
