import { packDecisionStatement, signature } from '@breakwater/rules';
import { assessmentSchema } from '@breakwater/rules/criteria';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { sealedRun } from './sealed.ts';
import { readAssessments } from './store.ts';
import { type KnownPack, assessRun, decidePack, importPack, knownPacks } from './workflow.ts';

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
}

function packBody({ pack, digest, origin, verdict }: KnownPack): z.infer<typeof knownPack> {
  const { id: name, version, title, basis } = pack;
  const approvedBy = 'persons' in verdict ? [...verdict.persons] : [];
  return { id: name, version, digest, origin, title, basis, approved: verdict.approved, approvedBy };
}
