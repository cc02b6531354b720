import { BreakwaterError } from '@breakwater/rules';
import {
  assetRecord,
  cmdbMappingSchema,
  inventoryFormats,
  moduleRecord,
  serviceRecord,
  type CmdbMapping,
} from '@breakwater/rules/inventory';
import { conform, readDocument } from '@breakwater/rules';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, fileOf, takeFiles, type Http } from '#platform/http';
import { mostInventoryBytes } from './read.ts';
import {
  listAssets,
  listComponents,
  listEndOfLife,
  listImports,
  listListeners,
  listNotSeenSince,
  listServices,
  listUnmatched,
  recordEndOfLife,
} from './report.ts';
import { importInventory, type MatchNew } from './workflow.ts';

const person = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const word = z.string().min(1).max(200);
const day = z.iso.date();
const instant = z.iso.datetime({ offset: true });
const limit = z.coerce.number().int().min(1).max(1000).default(100);

const compared = z.object({ name: z.string(), version: z.string().nullable() });
const recordDiff = z.object({
  added: z.array(z.string()),
  changed: z.array(z.object({ id: z.string(), fields: z.array(z.string()) })),
  gone: z.array(z.string()),
});
const outcome = z
  .object({
    source: z.string(),
    format: z.enum(inventoryFormats),
    asset: z.string().nullable(),
    digest: z.string(),
    base: z
      .int()
      .nullable()
      .describe('The import that the diff was made against; give it back to apply exactly this diff.'),
    applied: z.boolean(),
    diff: z.object({
      components: z.object({
        added: z.array(compared),
        changed: z.array(z.object({ name: z.string(), before: z.array(z.string()), after: z.array(z.string()) })),
        gone: z.array(compared),
        same: z.int(),
      }),
      services: recordDiff,
      modules: recordDiff,
      assets: recordDiff,
      listeners: z.object({ added: z.array(z.string()), gone: z.array(z.string()) }),
    }),
    notes: z.array(z.string()),
    unmatched: z.array(z.object({ name: z.string(), version: z.string().nullable(), why: z.string().nullable() })),
    matches: z
      .int()
      .nullable()
      .describe('Matches with advisories that new components brought; null until it is applied.'),
  })
  .meta({ id: 'InventoryImport' });
const seen = { firstSeen: z.string(), lastSeen: z.string(), source: z.string() };
const counts = z.object({ added: z.int(), changed: z.int(), gone: z.int() });

/** Adds the inventory. `matchNew` is the advisories' part of an import. */
export function inventoryRoutes(app: Http, { db, config, clock }: Platform, matchNew: MatchNew): void {
  const { institution } = config;

  void app.register(async (scope) => {
    takeFiles(scope);
    scope.withTypeProvider<ZodTypeProvider>().post(
      '/inventory/imports',
      {
        bodyLimit: mostInventoryBytes,
        config: { action: 'inventory.import' },
        schema: {
          summary: 'Say what a file changes in the inventory, and change it with apply=yes; the body is the file',
          consumes: ['application/octet-stream'],
          body: z.unknown(),
          querystring: z.strictObject({
            by: person,
            format: z.enum(inventoryFormats).optional().describe('Default: by how the file begins.'),
            source: word
              .optional()
              .describe('The next import of the same source replaces this one. Default: by format and subject.'),
            asset: word.optional().describe('The asset that the components are on.'),
            distro: z
              .string()
              .max(64)
              .optional()
              .describe('Release of the machine, such as debian-12, for lists of packages.'),
            mapping: z
              .string()
              .max(12_000)
              .optional()
              .describe('For a table: breakwater.cmdb-mapping/1 as YAML or JSON, in base64url.'),
            apply: z.enum(['yes', 'no']).default('no'),
            base: z.coerce
              .number()
              .int()
              .min(0)
              .optional()
              .describe('Apply only if this is still the last import; 0 = there was none.'),
          }),
          response: { 200: outcome, ...errorAnswers },
        },
      },
      async (request) => {
        const { by, format = null, source = null, asset = null, distro = null, mapping, apply, base } = request.query;
        const bytes = await fileOf(request.body, mostInventoryBytes);
        const result = await importInventory(
          db,
          institution,
          {
            bytes,
            format,
            source,
            asset,
            distro,
            by,
            mapping: mapping === undefined ? null : readMapping(mapping),
            apply: apply === 'yes',
            base: base === 0 ? null : base,
          },
          clock.now(),
          matchNew,
        );
        // Copies: the schema's lists are mutable.
        return structuredClone(result) as z.infer<typeof outcome>;
      },
    );
  });

  app.get(
    '/inventory/imports',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Imports, newest first',
        querystring: z.strictObject({ limit }),
        response: {
          200: z.object({
            imports: z.array(
              z.object({
                id: z.int(),
                source: z.string(),
                format: z.string(),
                digest: z.string(),
                counts: z.record(z.string(), counts),
                by: z.string(),
                at: z.string(),
              }),
            ),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      return { imports: await listImports(db, institution, request.query.limit) };
    },
  );

  app.get(
    '/inventory/services',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Services, their modules, and the assets of each module',
        response: {
          200: z.object({
            services: z.array(
              serviceRecord
                .extend({ modules: z.array(moduleRecord.extend({ assets: z.array(z.string()) })) })
                .meta({ id: 'InventoryService' }),
            ),
          }),
          ...errorAnswers,
        },
      },
    },
    async () => {
      return { services: await listServices(db, institution) };
    },
  );

  app.get(
    '/inventory/assets',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Assets that are present, by id',
        querystring: z.strictObject({ after: z.string().max(128).default(''), limit }),
        response: {
          200: z.object({
            assets: z.array(assetRecord.extend({ ...seen, components: z.int() }).meta({ id: 'InventoryAsset' })),
            next: z.string().nullable(),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const assets = await listAssets(db, institution, request.query);
      return { assets, next: nextOf(assets, request.query.limit) };
    },
  );

  app.get(
    '/inventory/components',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Components that are present: of an asset, of a package, or all',
        querystring: z.strictObject({
          asset: word.optional(),
          package: word.optional().describe('As deb/debian/openssl.'),
          after: z
            .string()
            .regex(/^\d{1,18}$/)
            .or(z.literal(''))
            .default(''),
          limit,
        }),
        response: {
          200: z.object({
            components: z.array(
              z
                .object({
                  id: z.string(),
                  package: z.string(),
                  version: z.string(),
                  distro: z.string().nullable(),
                  asset: z.string(),
                  role: z.string().describe('itself, source (what it was built from) or cpe.'),
                  ...seen,
                })
                .meta({ id: 'InventoryComponent' }),
            ),
            next: z.string().nullable(),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const { asset = null, package: named = null, after, limit: most } = request.query;
      const components = await listComponents(db, institution, { asset, package: named }, { after, limit: most });
      return { components, next: nextOf(components, most) };
    },
  );

  app.get(
    '/inventory/unmatched',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Components that cannot be matched, with why',
        response: {
          200: z.object({
            components: z.array(
              z.object({
                asset: z.string(),
                source: z.string(),
                name: z.string(),
                version: z.string().nullable(),
                why: z.string(),
              }),
            ),
          }),
          ...errorAnswers,
        },
      },
    },
    async () => {
      return { components: await listUnmatched(db, institution) };
    },
  );

  app.get(
    '/inventory/listeners',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Ports that listen',
        querystring: z.strictObject({ asset: word.optional() }),
        response: {
          200: z.object({
            listeners: z.array(
              z.object({
                asset: z.string().nullable(),
                address: z.string(),
                protocol: z.enum(['tcp', 'udp', 'sctp']),
                port: z.int(),
                service: z.string().nullable(),
                product: z.string().nullable(),
                version: z.string().nullable(),
                ...seen,
              }),
            ),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      return { listeners: await listListeners(db, institution, request.query.asset ?? null) };
    },
  );

  app.get(
    '/inventory/end-of-life',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Assets and components without support on a day, the earliest end first',
        querystring: z.strictObject({ on: day.optional().describe('Default: today.') }),
        response: {
          200: z.object({
            on: z.string(),
            items: z.array(
              z.object({
                kind: z.enum(['asset', 'component']),
                asset: z.string(),
                component: z.string().nullable(),
                endsOn: z.string(),
              }),
            ),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const on = request.query.on ?? clock.now().toISOString().slice(0, 10);
      return { on, items: await listEndOfLife(db, institution, on) };
    },
  );

  app.post(
    '/inventory/end-of-life',
    {
      config: { action: 'inventory.import' },
      schema: {
        summary: 'Keep days at which the support of packages ends, in the place of those kept for the same packages',
        body: z.strictObject({
          by: person,
          document: z
            .string()
            .regex(/^sha256:[0-9a-f]{64}$/)
            .describe('The document that states them.'),
          entries: z
            .array(
              z.strictObject({
                package: word,
                prefix: z.string().max(64).describe('3.8 means 3.8 and 3.8.x.'),
                endsOn: day,
              }),
            )
            .max(10_000),
        }),
        response: { 200: z.object({ entries: z.int() }), ...errorAnswers },
      },
    },
    async (request) => {
      await recordEndOfLife(db, institution, request.body, clock.now());
      return { entries: request.body.entries.length };
    },
  );

  app.get(
    '/inventory/not-seen',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Assets and sources that nothing has been seen of since an instant',
        querystring: z.strictObject({ since: instant }),
        response: {
          200: z.object({
            items: z.array(z.object({ kind: z.enum(['asset', 'source']), id: z.string(), lastSeen: z.string() })),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      return { items: await listNotSeenSince(db, institution, request.query.since) };
    },
  );
}

function nextOf(rows: readonly { readonly id: string }[], most: number): string | null {
  return rows.length === most ? (rows.at(-1)?.id ?? null) : null;
}

function readMapping(encoded: string): CmdbMapping {
  if (!/^[A-Za-z0-9_-]*=*$/.test(encoded)) {
    throw new BreakwaterError('cmdb.mapping', 'the mapping is not base64url', 'mapping');
  }
  const document = readDocument(Buffer.from(encoded, 'base64url').toString('utf8'));
  return conform(cmdbMappingSchema, document.value, { name: 'mapping', place: (pointer) => document.place(pointer) });
}
