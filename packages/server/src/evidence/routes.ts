/**
 * The log over HTTP: the read interface of C2SP tlog-tiles under `/log`, offline proofs, and for a witness
 * `add-checkpoint` of C2SP tlog-witness. Leaves hold no personal data; payloads are in `explore-routes.ts` alone.
 */
import { BreakwaterError } from '@breakwater/rules';
import { parseSize, parseTilePath } from '@breakwater/rules/evidence';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { exploreRoutes } from './explore-routes.ts';
import { bundle, latestCheckpoint, logKeys, size, tile, tlogProof } from './read.ts';
import { runningLogStatus } from './upkeep.ts';
import type { Witness } from './witness.ts';

const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';
const IMMUTABLE = 'public, max-age=31536000, immutable';
const MUTABLE = 'no-cache';
const WITNESS_BODY_BYTES = 65_536;

/** Adds the read interface of the log. */
export function evidenceRoutes(app: Http, platform: Platform): void {
  const { db } = platform;
  exploreRoutes(app, platform);

  app.get(
    '/log/checkpoint',
    { config: { action: 'read' }, schema: { summary: 'The newest signed checkpoint (C2SP tlog-checkpoint)' } },
    async (_request, reply) => {
      const checkpoint = await latestCheckpoint(db);
      if (checkpoint === null) throw notFound('nothing was signed yet');
      return send(reply, TEXT, MUTABLE, checkpoint.note);
    },
  );

  app.get(
    '/log/tile/*',
    {
      config: { action: 'read' },
      schema: {
        summary: 'A tile of hashes or a bundle of entries (C2SP tlog-tiles)',
        params: z.object({ '*': z.string().max(128) }),
      },
    },
    async (request, reply) => {
      const name = parseTilePath(`tile/${request.params['*']}`);
      if (name === null) throw notFound('this is not the path of a tile');
      const { level, ...rest } = name;
      const data = level === 'entries' ? await bundle(db, rest) : await tile(db, { level, ...rest });
      if (data === null) throw notFound('the tree has no such tile yet');
      return send(reply, BYTES, IMMUTABLE, Buffer.from(data));
    },
  );

  app.get(
    '/log/proof/:index',
    {
      config: { action: 'read' },
      schema: {
        summary: 'The offline proof of one record (C2SP tlog-proof)',
        params: z.object({ index: z.string().max(20) }),
      },
    },
    async (request, reply) => {
      const index = parseSize(request.params.index);
      const proof =
        index === null || index > BigInt(Number.MAX_SAFE_INTEGER) ? null : await tlogProof(db, Number(index));
      if (proof === null) throw notFound('no signed checkpoint holds a record with this index');
      return send(reply, TEXT, MUTABLE, proof);
    },
  );

  app.get(
    '/log/keys',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Leaves in the log, and its keys with their successions',
        response: {
          200: z.object({
            size: z.int(),
            keys: z.array(z.object({ vkey: z.string(), succession: z.string().nullable() })),
          }),
          ...errorAnswers,
        },
      },
    },
    async () => ({ size: await size(db), keys: await logKeys(db) }),
  );

  app.get(
    '/log/status',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Whether the log continues what was signed, its size and keys',
        response: {
          200: z.object({
            origin: z.string(),
            vkey: z.string(),
            size: z.int(),
            pending: z.int(),
            signedSize: z.int(),
            keptSize: z.int().nullable(),
            keys: z.array(z.object({ vkey: z.string(), succession: z.string().nullable() })),
            refusal: z.object({ code: z.string(), message: z.string() }).nullable(),
          }),
          ...errorAnswers,
        },
      },
    },
    async () => {
      const status = await runningLogStatus(platform);
      return { ...status, keys: [...status.keys] };
    },
  );
}

/** Adds `POST /add-checkpoint` of a witness. */
export function witnessRoutes(app: Http, witness: Witness): void {
  void app.register(async (scope) => {
    scope.addContentTypeParser('*', { parseAs: 'string' }, async (_request: unknown, body: string) => body);
    scope.post(
      '/add-checkpoint',
      {
        bodyLimit: WITNESS_BODY_BYTES,
        config: { open: true },
        schema: { summary: 'Cosign a checkpoint (C2SP tlog-witness)' },
      },
      async (request, reply) => {
        const answer = await witness.addCheckpoint(typeof request.body === 'string' ? request.body : '');
        return reply.code(answer.status).header('content-type', answer.type).send(answer.body);
      },
    );
  });
}

function send(reply: FastifyReply, type: string, caching: string, body: string | Buffer): FastifyReply {
  return reply.header('content-type', type).header('cache-control', caching).send(body);
}

function notFound(why: string): BreakwaterError {
  return new BreakwaterError('evidence.not-found', why);
}
