import { assessmentSchema } from '@breakwater/rules/criteria';
import { keysSchema } from '@breakwater/rules/review';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { auditRoutes } from './audit-routes.ts';
import { caseReadingRoutes } from './case-reading.ts';
import { caseRoutes } from './case-routes.ts';
import { classifyCause, declareFault } from './declare.ts';
import { copyRoutes } from './copy-routes.ts';
import { filingRoutes } from './filing-routes.ts';
import type { SealedDossier } from './store.ts';
import { dossierBytes, dossiersOf, exportDossier, trustOf } from './workflow.ts';

const id = z.string().min(1).max(128);
const time = z.iso.datetime({ offset: true });
const known = z.boolean().nullable();

const dossierBody = z
  .object({
    manifest: z.string(),
    run: z.string(),
    edition: z
      .enum(['en'])
      .nullable()
      .describe('en: the English edition for transfer abroad; null: the dossier itself.'),
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
  caseReadingRoutes(app, platform);
  caseRoutes(app, platform);
  filingRoutes(app, platform);
  copyRoutes(app, platform);
  auditRoutes(app, platform);

  app.post(
    '/runs/:run/declarations',
    {
      config: { action: 'review.declare' },
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
      const { subject, by, ...declared } = request.body;
      await declareFault(db, institution, { run: request.params.run, subject, declared, by }, clock.now());
      return { run: request.params.run };
    },
  );

  app.post(
    '/runs/:run/causes',
    {
      config: { action: 'review.declare' },
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
      await classifyCause(db, institution, { run: request.params.run, ...request.body }, clock.now());
      return { run: request.params.run };
    },
  );

  app.post(
    '/runs/:run/dossiers',
    {
      config: { action: 'dossier.export' },
      schema: {
        summary: 'Export and seal the dossier of a run',
        params,
        body: z.strictObject({
          pack: id.nullable().default(null),
          asOf: time.nullable().default(null),
          edition: z.enum(['en']).optional().describe('Also seal the English edition, without persons, and answer it.'),
        }),
        response: { 200: z.object({ dossier: dossierBody, assessment: assessmentSchema }), ...errorAnswers },
      },
    },
    async (request) => {
      const { row, assessment } = await exportDossier(platform, { run: request.params.run, ...request.body });
      return { dossier: body(row), assessment };
    },
  );

  app.get(
    '/runs/:run/dossiers',
    {
      config: { action: 'read' },
      schema: {
        summary: 'The sealed dossiers of a run, oldest first',
        params,
        response: { 200: z.object({ dossiers: z.array(dossierBody) }), ...errorAnswers },
      },
    },
    async (request) => {
      return { dossiers: (await dossiersOf(platform, request.params.run)).map(body) };
    },
  );

  app.get(
    '/dossiers/:manifest',
    {
      config: { action: 'read' },
      schema: {
        summary: 'The file of a sealed dossier (application/zip)',
        params: z.object({ manifest: z.string().regex(/^sha256:[0-9a-f]{64}$/) }),
        produces: ['application/zip'],
      },
    },
    async (request, reply) => {
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
      config: { action: 'read' },
      schema: {
        summary:
          'What outsiders verify the dossiers of a run with: the policy of the log, the keys of persons and hosts',
        params,
        response: { 200: z.object({ policy: z.string(), keys: keysSchema }), ...errorAnswers },
      },
    },
    async (request) => {
      return trustOf(platform, request.params.run);
    },
  );
}

function body({
  manifest,
  run,
  edition,
  firstIndex,
  endIndex,
  zipSha256,
  sealedAt,
}: SealedDossier): z.infer<typeof dossierBody> {
  return { manifest, run, edition, firstIndex, endIndex, zipSha256, sealedAt: sealedAt.toISOString() };
}
