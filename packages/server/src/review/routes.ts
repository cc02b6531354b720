import { assessmentSchema } from '@breakwater/rules/criteria';
import { keysSchema } from '@breakwater/rules/review';
import { z } from 'zod';
import type { Platform } from '#platform';
import { requirePermission } from '#platform/auth';
import { errorAnswers, type Http } from '#platform/http';
import { classifyCause, declareFault } from './declare.ts';
import type { SealedDossier } from './store.ts';
import { dossierBytes, dossiersOf, exportDossier, trustOf } from './workflow.ts';

const id = z.string().min(1).max(128);
const time = z.iso.datetime({ offset: true });
const known = z.boolean().nullable();

const dossierBody = z
  .object({
    manifest: z.string(),
    run: z.string(),
    firstIndex: z.int(),
    endIndex: z.int(),
    zipSha256: z.string(),
    sealedAt: z.string(),
  })
  .meta({ id: 'SealedDossier' });

/** Adds declarations, dossiers, and what outsiders verify them with. */
export function reviewRoutes(app: Http, platform: Platform): void {
  const { db, config, clock } = platform;
  const { institution } = config;
  const params = z.object({ run: id });

  app.post(
    '/runs/:run/declarations',
    {
      schema: {
        summary: 'Record what the applicant states about fault and consumer loss',
        params,
        body: z.strictObject({
          subject: id.describe('The institution, or the pseudonym of a person.'),
          intent: known,
          grossNegligence: known,
          privateInterest: known,
          proceduralDefect: known,
          consumerLossSerious: known,
          consumerDamage: known,
          by: id,
        }),
        response: { 200: z.object({ run: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      requirePermission(request, 'review.declare');
      const { subject, by, ...declared } = request.body;
      await declareFault(db, institution, { run: request.params.run, subject, declared, by }, clock.now());
      return { run: request.params.run };
    },
  );

  app.post(
    '/runs/:run/causes',
    {
      schema: {
        summary: 'Record how the cause of a disruption was classified, and on what evidence',
        params,
        body: z.strictObject({
          disruption: id,
          cause: z.enum(['work', 'mixed', 'other']),
          evidence: z.array(z.string().min(1).max(256)).max(100),
          by: id,
        }),
        response: { 200: z.object({ run: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      requirePermission(request, 'review.declare');
      await classifyCause(db, institution, { run: request.params.run, ...request.body }, clock.now());
      return { run: request.params.run };
    },
  );

  app.post(
    '/runs/:run/dossiers',
    {
      schema: {
        summary: 'Export and seal the dossier of a run',
        params,
        body: z.strictObject({ pack: id.nullable().default(null), asOf: time.nullable().default(null) }),
        response: { 200: z.object({ dossier: dossierBody, assessment: assessmentSchema }), ...errorAnswers },
      },
    },
    async (request) => {
      requirePermission(request, 'dossier.export');
      const { row, assessment } = await exportDossier(platform, { run: request.params.run, ...request.body });
      return { dossier: body(row), assessment };
    },
  );

  app.get(
    '/runs/:run/dossiers',
    {
      schema: {
        summary: 'The sealed dossiers of a run, oldest first',
        params,
        response: { 200: z.object({ dossiers: z.array(dossierBody) }), ...errorAnswers },
      },
    },
    async (request) => {
      requirePermission(request, 'read');
      return { dossiers: (await dossiersOf(platform, request.params.run)).map(body) };
    },
  );

  app.get(
    '/dossiers/:manifest',
    {
      schema: {
        summary: 'The file of a sealed dossier (application/zip)',
        params: z.object({ manifest: z.string().regex(/^sha256:[0-9a-f]{64}$/) }),
        produces: ['application/zip'],
      },
    },
    async (request, reply) => {
      requirePermission(request, 'read');
      const bytes = await dossierBytes(platform, request.params.manifest);
      return reply
        .type('application/zip')
        .header('content-disposition', 'attachment; filename="dossier.zip"')
        .send(Buffer.from(bytes));
    },
  );

  app.get(
    '/runs/:run/trust',
    {
      schema: {
        summary:
          'What outsiders verify the dossiers of a run with: the policy of the log, the keys of persons and hosts',
        params,
        response: { 200: z.object({ policy: z.string(), keys: keysSchema }), ...errorAnswers },
      },
    },
    async (request) => {
      requirePermission(request, 'read');
      return trustOf(platform, request.params.run);
    },
  );
}

function body({
  manifest,
  run,
  firstIndex,
  endIndex,
  zipSha256,
  sealedAt,
}: SealedDossier): z.infer<typeof dossierBody> {
  return { manifest, run, firstIndex, endIndex, zipSha256, sealedAt: sealedAt.toISOString() };
}
