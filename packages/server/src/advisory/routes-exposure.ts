import { decisions, matchDoubts, matchRules } from '@breakwater/rules/advisory';
import type { Actor } from '@breakwater/rules/authority';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Platform } from '#platform';
import { actorOf, errorAnswers, evidenceActorOf, fileOf, takeFiles, type Http } from '#platform/http';
import { countRestricted, listDocuments } from './document-store.ts';
import { exposuresOf } from './exposure.ts';
import { mostIntakeBytes, takeFile } from './intake.ts';
import { matchEverything } from './matching.ts';
import { readSignalSources } from './signal-store.ts';

const person = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const word = z.string().min(1).max(200);
const grade = z.enum(['critical', 'high', 'medium', 'low']).nullable();
const change = z.object({ matches: z.int(), added: z.int(), removed: z.int(), changed: z.int() });

const taken = z
  .object({
    kind: z.enum(['advisory', 'kev', 'epss', 'vex']),
    digest: z.string(),
    advisory: z
      .object({
        id: z.string(),
        change: z.enum(['added', 'changed', 'same', 'older']),
        vulnerabilities: z.array(z.string()),
        faults: z.int().describe('Mandatory rules of its format that it breaks; they stand in its notes.'),
        notes: z.array(z.string()),
        matches: change,
      })
      .nullable(),
    entries: z.int().nullable().describe('Of a list of signals, or statements of VEX.'),
    changed: z.int().nullable(),
  })
  .meta({ id: 'AdvisoryTaken' });

const listedDocument = z
  .object({
    id: z.int(),
    format: z.string(),
    publisher: z.string(),
    name: z.string(),
    revision: z.string(),
    modifiedAt: z.string().nullable(),
    withdrawnAt: z.string().nullable(),
    title: z.string(),
    vulnerabilities: z.array(z.string()),
    aliases: z.array(z.string()),
    tlp: z.string().nullable(),
    notes: z.array(z.string()).describe('What of it could not be judged, and rules that it breaks.'),
    digest: z.string(),
    source: z.string(),
    importedAt: z.string(),
    matches: z.int().describe('Component versions that are there and match.'),
  })
  .meta({ id: 'AdvisoryDocument' });

const ssvcInput = z.object({
  values: z.array(z.string()).describe('More than one: not known, and read in every way.'),
  source: z.enum(['kev', 'cisa', 'cvss', 'inventory']).nullable(),
});
const exposure = z
  .object({
    id: z.string(),
    vulnerability: z.string(),
    names: z.array(z.string()),
    title: z.string(),
    component: z.object({
      id: z.int(),
      type: z.string().describe('Type of its package URL.'),
      package: z.string(),
      version: z.string(),
      distro: z.string().nullable(),
    }),
    fixedIn: z.string().nullable().describe('The lowest version that every document that names one calls fixed.'),
    verdict: z.enum(['affected', 'undetermined']),
    since: z.string().describe('When it was first known to be there.'),
    priority: z.object({
      decision: z.enum(decisions).describe('The strictest that the known inputs allow (CISA SSVC).'),
      mildest: z.enum(decisions),
      inputs: z.object({
        exploitation: ssvcInput,
        automatable: ssvcInput,
        technicalImpact: ssvcInput,
        mission: ssvcInput,
      }),
      cvss: z.object({ kind: z.string(), vector: z.string(), score: z.number() }).nullable(),
      epss: z.number().nullable(),
      kevAdded: z.string().nullable(),
      kevDue: z.string().nullable().describe('The day by which CISA asks for it to be gone.'),
      internetFacing: z.boolean().nullable(),
      criticality: grade,
      disseminated: z.enum(['proven', 'attested', 'absent']),
      endOfLife: z.boolean().nullable(),
    }),
    dissemination: z
      .object({
        id: z.string(),
        by: z.string(),
        proof: z.enum(['proven', 'attested', 'absent']),
        receivedAt: z.string(),
      })
      .nullable(),
    vex: z
      .object({
        status: z.enum(['not-affected', 'affected', 'fixed', 'under-investigation']),
        author: z.string(),
        justification: z.string().nullable(),
        statement: z.string().nullable(),
        at: z.string().nullable(),
      })
      .nullable(),
    reasons: z.array(
      z.object({
        document: z.object({
          id: z.int(),
          name: z.string(),
          format: z.string(),
          publisher: z.string(),
          revision: z.string(),
        }),
        verdict: z.enum(['affected', 'undetermined']),
        doubt: z.enum(matchDoubts).nullable(),
        rule: z.enum(matchRules),
        interval: z.string(),
        path: z.string().describe('Where the document says so.'),
        matchedAt: z.string(),
      }),
    ),
    places: z.array(
      z.object({
        asset: z.string(),
        zone: z.string().nullable(),
        owner: z.string().nullable(),
        criticality: grade,
        internetFacing: z.boolean().nullable(),
        endOfLife: z.string().nullable(),
        modules: z.array(z.string()),
        services: z.array(z.object({ id: z.string(), criticality: grade })),
      }),
    ),
  })
  .meta({ id: 'Exposure' });

/** A person in a session: only who is known by name can be a named recipient. */
function readerOf(actor: Actor): string | null {
  return actor.kind === 'person' ? actor.person : null;
}

/** Adds the intake of advisories and lists, their listing, matching, and what is exposed. */
export function exposureRoutes(app: Http, { db, config, clock }: Platform): void {
  const { institution } = config;

  void app.register(async (scope) => {
    takeFiles(scope);
    scope.withTypeProvider<ZodTypeProvider>().post(
      '/advisories/intake',
      {
        bodyLimit: mostIntakeBytes,
        config: { action: 'advisory.import' },
        schema: {
          summary: 'Take in a file: an advisory in CSAF, OSV or CVE JSON, KEV, EPSS, or VEX; the body is the file',
          consumes: ['application/octet-stream'],
          body: z.unknown(),
          querystring: z.strictObject({
            by: person,
            source: z.string().min(1).max(1000).default('upload').describe('Where it came from: a name or an address.'),
            readers: z
              .string()
              .max(4000)
              .optional()
              .describe('Pseudonyms with commas: only they may read it. Needed for TLP:RED.'),
          }),
          response: { 200: taken, ...errorAnswers },
        },
      },
      async (request) => {
        const { by, source, readers } = request.query;
        const bytes = await fileOf(request.body, mostIntakeBytes);
        const named = readers?.split(',').map((one) => person.parse(one.trim())) ?? null;
        const actor = { kind: 'person', id: by } as const;
        const result = await takeFile(db, institution, bytes, { source, by: actor, at: clock.now(), readers: named });
        if (result.kind !== 'advisory') {
          const entries = result.kind === 'vex' ? result.statements : result.entries;
          return {
            kind: result.kind,
            digest: result.digest,
            advisory: null,
            entries,
            changed: result.kind === 'vex' ? null : result.changed,
          };
        }
        const { imported, document, faults, digest } = result;
        const { name: id, change: what, matches } = imported;
        const advisory = {
          id,
          change: what,
          vulnerabilities: [...document.vulnerabilities],
          faults,
          notes: [...document.notes],
          matches,
        };
        return { kind: 'advisory' as const, digest, advisory, entries: null, changed: null };
      },
    );
  });

  app.get(
    '/advisories/documents',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Advisories that were taken in, the newest first; those for named persons only are counted, not shown',
        querystring: z.strictObject({
          named: word.optional().describe('A name of an advisory or a vulnerability.'),
          before: z.coerce.number().int().min(1).optional(),
          limit: z.coerce.number().int().min(1).max(1000).default(100),
        }),
        response: {
          200: z.object({ documents: z.array(listedDocument), restricted: z.int(), next: z.int().nullable() }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const { named = null, before = null, limit } = request.query;
      const documents = await listDocuments(db, institution, {
        named,
        before,
        limit,
        reader: readerOf(actorOf(request)),
      });
      const next = documents.length === limit ? (documents.at(-1)?.id ?? null) : null;
      return {
        documents: structuredClone(documents) as z.infer<typeof listedDocument>[],
        restricted: await countRestricted(db, institution),
        next,
      };
    },
  );

  app.get(
    '/advisories/signals',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Which lists of exploited vulnerabilities and odds are kept, and how old they are',
        response: {
          200: z.object({
            signals: z.array(
              z.object({
                kind: z.enum(['kev', 'epss']),
                release: z.string(),
                digest: z.string(),
                entries: z.int(),
                takenAt: z.string(),
              }),
            ),
          }),
          ...errorAnswers,
        },
      },
    },
    async () => {
      return { signals: await readSignalSources(db) };
    },
  );

  app.post(
    '/advisories/matching',
    {
      config: { action: 'advisory.match' },
      schema: {
        summary: 'Match everything anew and put right what differs; there should be no differences',
        response: { 200: change.extend({ differences: z.int() }), ...errorAnswers },
      },
    },
    async (request) => {
      return matchEverything(db, institution, 'manual', evidenceActorOf(request), clock.now());
    },
  );

  app.get(
    '/exposures',
    {
      config: { action: 'read' },
      schema: {
        summary:
          'What of the inventory is exposed to which vulnerability, the most urgent first, each with its reasons',
        querystring: z.strictObject({
          vulnerability: word.optional().describe('By any of its names.'),
          asset: word.optional(),
          component: z.coerce.number().int().min(1).optional(),
          document: z.coerce.number().int().min(1).optional(),
          decision: z.enum(decisions).optional().describe('At least this urgent.'),
          filtered: z
            .enum(['yes', 'no'])
            .default('no')
            .describe('Also what an author says is not affected or fixed (VEX).'),
          offset: z.coerce.number().int().min(0).default(0),
          limit: z.coerce.number().int().min(1).max(1000).default(100),
        }),
        response: {
          200: z.object({
            exposures: z.array(exposure),
            total: z.int(),
            filtered: z.int().describe('Hidden by VEX.'),
            cut: z.boolean().describe('There are more matches than are weighed at once: narrow the question.'),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const { vulnerability, asset, component, document, decision, filtered, offset, limit } = request.query;
      const filter = {
        ...(asset === undefined ? {} : { asset }),
        ...(component === undefined ? {} : { componentVersion: component }),
        ...(document === undefined ? {} : { document }),
        withFiltered: filtered === 'yes',
      };
      const found = await exposuresOf(db, institution, filter, clock.now().toISOString().slice(0, 10));
      const least = decision === undefined ? 0 : decisions.indexOf(decision);
      const wanted = found.exposures.filter(
        (one) =>
          decisions.indexOf(one.priority.decision) >= least &&
          (vulnerability === undefined || one.names.includes(vulnerability)),
      );
      const page = wanted.slice(offset, offset + limit);
      return {
        exposures: structuredClone(page) as unknown as z.infer<typeof exposure>[],
        total: wanted.length,
        filtered: found.filtered,
        cut: found.isCut,
      };
    },
  );
}
