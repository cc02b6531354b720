/** The log as people look through it: records with their payloads, for whoever may read, and what was signed about it. */
import { BreakwaterError } from '@breakwater/rules';
import { encodeBase64, formatDigest, hashLeaf } from '@breakwater/rules/evidence';
import { leaf } from '@breakwater/rules/evidence/record';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { listCheckpoints, listLeaves, openedLeaf } from './explore-store.ts';
import { size } from './read.ts';
import { witnessesOf } from './worker.ts';

const listed = 100;
/** Leaves that one call looks through when a filter passes over most of them. */
const lookedThrough = 50_000;

const leafRow = z.object({ index: z.int(), leaf, erased: z.boolean() });

const recordAnswer = z
  .object({
    index: z.int(),
    leaf,
    leafHash: z.string().describe('RFC 6962 hash of the leaf.'),
    salt: z.string().nullable().describe('Null: erased.'),
    payload: z.json().nullable().describe('Null: erased.'),
  })
  .meta({ id: 'LogRecord' });

const checkpointRow = z.object({
  origin: z.string(),
  size: z.int(),
  note: z.string(),
  signedAt: z.string(),
  cosigned: z.array(z.object({ witness: z.string(), at: z.string() })),
  stamped: z.array(z.object({ authority: z.string(), at: z.string() })),
  stampAsked: z.boolean(),
});

/** Adds the list of records, one record, and the list of checkpoints. */
export function exploreRoutes(app: Http, platform: Platform): void {
  const { db, config } = platform;
  const { institution } = config;

  app.get(
    '/log/records',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Records of the log, newest first',
        querystring: z.strictObject({
          before: z.coerce.number().int().min(0).optional().describe('Only records with a smaller index.'),
          domain: z
            .string()
            .regex(/^[a-z-]{1,32}$/)
            .optional(),
          run: z.string().max(128).optional(),
          person: z.string().max(64).optional().describe('Pseudonym of who acted.'),
        }),
        response: {
          200: z.object({
            size: z.int().describe('Leaves in the log.'),
            records: z.array(leafRow),
            next: z.int().nullable().describe('`before` of the next call; null: that was all.'),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const { before: asked, ...filter } = request.query;
      const leaves = await size(db);
      const before = Math.min(asked ?? leaves, leaves);
      const from = Math.max(0, before - lookedThrough);
      const rows = await listLeaves(db, institution, { from, before }, filter, listed);
      const lowest = rows.length === listed ? (rows.at(-1)?.index ?? from) : from;
      return {
        size: leaves,
        records: rows.map(({ index, leaf: text, erased }) => ({ index, leaf: leaf.parse(JSON.parse(text)), erased })),
        next: lowest > 0 ? lowest : null,
      };
    },
  );

  app.get(
    '/log/records/:index',
    {
      config: { action: 'read' },
      schema: {
        summary: 'One record, with what opens its commitment',
        params: z.object({ index: z.coerce.number().int().min(0) }),
        response: { 200: recordAnswer, ...errorAnswers },
      },
    },
    async (request) => {
      const { index } = request.params;
      const found = await openedLeaf(db, institution, index);
      if (found === null) throw new BreakwaterError('evidence.not-found', `the log holds no record ${index}`, '/index');
      const { salt, payload } = found;
      return {
        index,
        leaf: leaf.parse(JSON.parse(found.leaf)),
        leafHash: formatDigest(hashLeaf(Buffer.from(found.leaf))),
        salt: salt === null ? null : encodeBase64(salt),
        payload: payload === null ? null : (JSON.parse(payload) as z.infer<ReturnType<typeof z.json>>),
      };
    },
  );

  app.get(
    '/log/checkpoints',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Signed checkpoints, newest first, with their witnesses and time stamps',
        querystring: z.strictObject({ before: z.coerce.number().int().min(0).optional() }),
        response: {
          200: z.object({
            checkpoints: z.array(checkpointRow),
            witnesses: z.array(z.string()).describe('Those that this log asks.'),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const rows = await listCheckpoints(db, request.query.before ?? Number.MAX_SAFE_INTEGER, listed);
      return {
        witnesses: witnessesOf(config).map(({ key }) => key.name),
        checkpoints: rows.map(({ signedAt, cosigned, stamped, ...row }) => ({
          ...row,
          signedAt: signedAt.toISOString(),
          cosigned: [...cosigned],
          stamped: [...stamped],
        })),
      };
    },
  );
}
