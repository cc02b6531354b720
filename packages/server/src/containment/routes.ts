import { restrictedStatement, signature } from '@breakwater/rules';
import { findingRecord } from '@breakwater/rules/containment';
import { containmentSchema } from '@breakwater/rules/containment/record';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Platform } from '#platform';
import { inTransaction } from '#platform/db';
import { errorAnswers, fileOf, lastEventId, streamEvents, takeFiles, type Http } from '#platform/http';
import { containmentOf } from './compose.ts';
import type { ListedFinding } from './listing.ts';
import { followPages } from './page-feed.ts';
import { findingFormats, mostFindingBytes, readFindings } from './read-findings.ts';
import { readAttempts, readReports } from './store.ts';

const person = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const runId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/);
const fingerprint = z.string().regex(/^v1:[0-9a-f]{64}$/);
const limit = z.coerce.number().int().min(1).max(1000).default(100);

const { tool, rule, severity, seenAt, evidence } = findingRecord.shape;
const listedFinding = findingRecord
  .extend({
    seenBy: z.array(z.object({ tool, rule, severity, seenAt, evidence })),
    history: z.object({
      state: z.enum(['new', 'persistent', 'remediated', 'regressed']),
      firstRun: z.string(),
      lastRun: z.string(),
      coverage: z
        .enum(['tested', 'not-allowed', 'lost-to-cap', 'untouched'])
        .nullable()
        .describe('What the newest run says about its place; null: it was seen there, or no cage reported.'),
    }),
  })
  .meta({ id: 'Finding' });

/** A console takes a connection that is silent for 5 s for dead, and tests that obey are silent. */
const keepAliveMs = 2000;

const findingPage = z.object({ findings: z.array(listedFinding), next: z.string().nullable() });

/** Pulls the hold of a run, whoever executes it. */
export type Hold = (run: string) => Promise<void>;

/** Adds findings, what cages reported, and the stream of pages. */
export function containmentRoutes(app: Http, platform: Platform, hold: Hold): void {
  const { db, config, clock, log } = platform;
  const { institution } = config;
  const containment = containmentOf(platform);

  void app.register(async (scope) => {
    takeFiles(scope);
    scope.withTypeProvider<ZodTypeProvider>().post(
      '/findings/import',
      {
        bodyLimit: mostFindingBytes,
        config: { action: 'finding.import' },
        schema: {
          summary: 'Keep the findings of a tool’s file, all of them or none; the body is the file',
          consumes: ['application/octet-stream'],
          body: z.unknown(),
          querystring: z.strictObject({
            run: runId,
            format: z.enum(findingFormats),
            by: person,
            asset: z.string().max(255).optional().describe('Whose findings these are when they name a file.'),
          }),
          response: {
            200: z.object({
              run: z.string(),
              findings: z.int().describe('In the file.'),
              added: z.int().describe('Fingerprints that the run had not been seen with.'),
              ignored: z.int().describe('Rows of the file that tell of no weakness.'),
              held: z.boolean().describe('The policy holds the run.'),
            }),
            ...errorAnswers,
          },
        },
      },
      async (request) => {
        const { run, format, by, asset } = request.query;
        const bytes = await fileOf(request.body, mostFindingBytes);
        const options = { seenAt: clock.now().toISOString(), ...(asset === undefined ? {} : { asset }) };
        const { findings, ignored, digest } = await readFindings(bytes, format, options);
        const kept = await inTransaction(db, (tx) =>
          containment.recordFindings(tx, { run, findings, source: digest, by: { kind: 'person', id: by } }),
        );
        // The findings are kept whether or not a host takes the lever.
        if (kept.hold) await hold(run).catch((error: unknown) => log.error({ run, error }, 'holding a run failed'));
        return { run, findings: findings.length, added: kept.added, ignored, held: kept.hold };
      },
    );
  });

  app.get(
    '/findings',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Findings that everybody may read, by fingerprint; those of the restricted group are not among them',
        querystring: z.strictObject({ run: runId.optional(), after: fingerprint.optional(), limit }),
        response: { 200: findingPage, ...errorAnswers },
      },
    },
    async (request) => {
      const { run = null, after = '', limit: most } = request.query;
      return answerOf(await containment.findings({ run }, { after, limit: most }));
    },
  );

  app.post(
    '/findings/restricted',
    {
      config: { action: 'finding.restricted', signed: true, secret: true },
      schema: {
        summary: 'Critical findings, for a person of the restricted group who signs for reading them',
        body: z.strictObject({
          statement: restrictedStatement,
          signature,
          after: fingerprint.nullable().default(null),
          limit: z.int().min(1).max(1000).default(100),
        }),
        response: { 200: findingPage, ...errorAnswers },
      },
    },
    async (request) => {
      const { statement, signature: signed, after, limit: most } = request.body;
      return answerOf(
        await containment.readRestricted({ statement, signature: signed }, { after: after ?? '', limit: most }),
      );
    },
  );

  app.post(
    '/findings/restricted/drafts',
    {
      config: { action: 'finding.restricted', signed: true, secret: true },
      schema: {
        summary:
          'Draft what may be done about a critical finding, for a person of the restricted group who signs for it',
        body: z.strictObject({
          statement: restrictedStatement,
          signature,
          plan: z
            .string()
            .min(1)
            .max(128)
            .nullable()
            .default(null)
            .describe('A submitted plan of the same services: a draft plan takes over what is not about its work.'),
        }),
        response: {
          200: z.object({ mediaType: z.enum(['text/plain', 'application/yaml']), text: z.string() }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const { statement, signature: signed, plan } = request.body;
      return containment.draftAct({ statement, signature: signed }, plan);
    },
  );

  app.get(
    '/containment/runs/:run',
    {
      config: { action: 'read' },
      schema: {
        summary: 'What the cages of a run reported, and what its tests tried outside their scope',
        params: z.object({ run: runId }),
        querystring: z.strictObject({ after: z.coerce.number().int().min(0).default(0), limit }),
        response: {
          200: z.object({
            reports: z.array(z.object({ step: z.string(), tools: z.array(z.string()), report: containmentSchema })),
            attempts: z.array(
              z.object({
                id: z.int(),
                address: z.string(),
                port: z.int().nullable(),
                protocol: z.enum(['tcp', 'udp', 'icmp', 'other']),
                packets: z.int(),
                at: z.string(),
              }),
            ),
            next: z.int().nullable(),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const { run } = request.params;
      const { after, limit: most } = request.query;
      const reports = await readReports(db, institution, run);
      const attempts = await readAttempts(db, institution, run, after, most);
      return {
        reports: reports.map(({ step, tools, report }) => ({ step, tools: [...tools], report })),
        attempts,
        next: attempts.length < most ? null : (attempts.at(-1)?.id ?? null),
      };
    },
  );

  app.get(
    '/containment/events',
    {
      config: { action: 'read' },
      schema: { summary: 'Attempts to leave a scope as they are seen (server-sent events)', response: errorAnswers },
    },
    async (request, reply) => {
      const last = lastEventId(request);
      const after = last !== null && /^\d{1,15}$/.test(last) ? Number(last) : null;
      const told = async function* (signal: AbortSignal) {
        for await (const { id, kind, at, body } of followPages(platform, after, signal)) {
          yield { id: String(id), event: kind, data: { page: id, at, ...body } };
        }
      };
      await streamEvents(request, reply, told, { keepAliveMs });
    },
  );
}

function answerOf({ findings, next }: { findings: ListedFinding[]; next: string | null }): z.input<typeof findingPage> {
  return {
    findings: findings.map(({ finding, seenBy, history }) => ({ ...finding, seenBy: [...seenBy], history })),
    next,
  };
}
