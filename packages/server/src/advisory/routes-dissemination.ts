import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, evidenceActorOf, fileOf, takeFiles, type Http } from '#platform/http';
import { pinKey, readAuthorityKeys, revokeAuthorityKey } from './authority.ts';
import {
  channels,
  listDisseminations,
  mostDisseminationBytes,
  receiveDissemination,
  transcribe,
} from './dissemination.ts';

const person = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/);
const authority = z.string().min(1).max(64).describe('FSC, FSS, FSI, or another body.');
const fingerprint = z.string().regex(/^[0-9A-F]{40}(?:[0-9A-F]{24})?$/);
const instant = z.iso.datetime({ offset: true });
const vulnerability = z.string().min(1).max(64);

const judged = z
  .object({
    id: z.string(),
    proof: z.enum(['proven', 'attested', 'absent']),
    doubt: z.string().nullable().describe('Why a signature proves nothing.'),
    fingerprint: z.string().nullable(),
    sha512: z.string(),
    vulnerabilities: z.array(z.string()),
    transcriptsNeeded: z.int().describe('More persons who must read the same ids until it is attested.'),
  })
  .meta({ id: 'Dissemination' });

const kept = judged
  .extend({
    authority: z.string(),
    channel: z.enum(channels),
    sha256: z.string(),
    receivedAt: z.string(),
    recordedBy: z.string(),
    recordedAt: z.string(),
    remediation: z.string().nullable(),
    readers: z
      .array(z.object({ person: z.string(), at: z.string() }))
      .describe('Who read the ids in an unsigned document; with two of them it is attested.'),
  })
  .meta({ id: 'KeptDissemination' });

/** Adds the receipt of disseminations with their proof, and the registry of authorities. */
export function disseminationRoutes(app: Http, { db, config, clock }: Platform): void {
  const { institution } = config;

  void app.register(async (scope) => {
    takeFiles(scope);
    scope.withTypeProvider<ZodTypeProvider>().post(
      '/disseminations',
      {
        bodyLimit: mostDisseminationBytes,
        config: { action: 'advisory.record' },
        schema: {
          summary:
            'Keep what an authority sent, with the verdict on its signature at receipt; the body is the document or its scan',
          consumes: ['application/octet-stream'],
          body: z.unknown(),
          querystring: z.strictObject({
            by: person,
            id,
            authority,
            channel: z.enum(channels),
            receivedAt: instant,
            vulnerabilities: z
              .string()
              .max(8000)
              .default('')
              .describe('With commas. Of CSAF they are read from the document.'),
            signature: z
              .string()
              .max(12_000)
              .optional()
              .describe('Detached OpenPGP signature in base64url, armored or binary.'),
            remediation: z.string().max(2000).optional(),
          }),
          response: { 200: judged, ...errorAnswers },
        },
      },
      async (request) => {
        const { by, vulnerabilities, signature, remediation = null, ...rest } = request.query;
        const named = vulnerabilities.split(',').map((one) => one.trim());
        const result = await receiveDissemination(
          db,
          institution,
          {
            ...rest,
            remediation,
            document: await fileOf(request.body, mostDisseminationBytes),
            signature: signature === undefined ? null : Buffer.from(signature, 'base64url'),
            vulnerabilities: named.filter((one) => one !== '').map((one) => vulnerability.parse(one)),
          },
          { kind: 'person', id: by },
          clock.now(),
        );
        return { ...result, vulnerabilities: [...result.vulnerabilities] };
      },
    );
  });

  app.get(
    '/disseminations',
    {
      config: { action: 'read' },
      schema: {
        summary: 'What authorities sent, the newest first, each with its verdict and what that rests on',
        querystring: z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(200) }),
        response: { 200: z.object({ disseminations: z.array(kept) }), ...errorAnswers },
      },
    },
    async (request) => {
      const disseminations = await listDisseminations(db, institution, request.query.limit);
      return { disseminations: structuredClone(disseminations) as z.infer<typeof kept>[] };
    },
  );

  app.post(
    '/disseminations/transcripts',
    {
      config: { action: 'advisory.record' },
      schema: {
        summary: 'A second person reads an unsigned document: the same ids attest it',
        body: z.strictObject({ by: person, id, vulnerabilities: z.array(vulnerability).min(1).max(1000) }),
        response: { 200: judged, ...errorAnswers },
      },
    },
    async (request) => {
      const { by, ...read } = request.body;
      const result = await transcribe(db, institution, read, { kind: 'person', id: by }, clock.now());
      return { ...result, vulnerabilities: [...result.vulnerabilities] };
    },
  );

  app.get(
    '/authorities/keys',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Pinned keys of authorities, and when they count',
        response: {
          200: z.object({
            keys: z.array(
              z.object({
                authority: z.string(),
                fingerprint: z.string(),
                from: z.string(),
                until: z.string().nullable(),
                revokedAt: z.string().nullable(),
              }),
            ),
          }),
          ...errorAnswers,
        },
      },
    },
    async () => {
      const keys = await readAuthorityKeys(db, institution);
      return {
        keys: keys.map(({ authority: of, fingerprint: own, from, until, revokedAt }) => ({
          authority: of,
          fingerprint: own,
          from,
          until,
          revokedAt,
        })),
      };
    },
  );

  app.post(
    '/authorities/keys',
    {
      config: { action: 'authority.pin' },
      schema: {
        summary: 'Pin a public OpenPGP key to an authority, after its fingerprint was compared over another way',
        body: z.strictObject({
          authority,
          armored: z.string().max(200_000),
          fingerprint: z.string().min(40).max(100),
          from: instant,
          until: instant.nullable().default(null),
        }),
        response: { 200: z.object({ fingerprint: z.string() }), ...errorAnswers },
      },
    },
    async (request) => ({
      fingerprint: await pinKey(db, institution, request.body, evidenceActorOf(request), clock.now()),
    }),
  );

  app.post(
    '/authorities/keys/revocation',
    {
      config: { action: 'authority.pin' },
      schema: {
        summary: 'From now on a key proves nothing; what it proved before stays proven',
        body: z.strictObject({ authority, fingerprint }),
        response: { 200: z.object({ fingerprint: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      const { authority: of, fingerprint: key } = request.body;
      await revokeAuthorityKey(db, institution, of, key, evidenceActorOf(request), clock.now());
      return { fingerprint: key };
    },
  );
}
