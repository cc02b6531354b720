import {
  formatDigest,
  formatVerifierKey,
  hashLeaf,
  parseBundle,
  parseCheckpoint,
  recordLeafHash,
  verifyInclusion,
} from '@breakwater/rules/evidence';
import type { DisclosedRecord, Leaf } from '@breakwater/rules/evidence/record';
import { openNote, parseTlogProof } from '@breakwater/verify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Platform } from '#platform';
import { type Http, createHttp } from '#platform/http';
import { createLog, createMetrics } from '#platform/telemetry';
import { inTransaction } from '#platform/db';
import { type TestDatabase, testDatabase } from '../platform/db/testing.ts';
import { append } from './append.ts';
import { type Desk, desk, entry } from './evidence.testing.ts';
import { evidenceRoutes } from './routes.ts';

let database: TestDatabase;
let at: Desk;
let app: Http;
beforeAll(async () => {
  database = await testDatabase();
  at = desk();
  app = await createHttp({
    log: createLog('silent'),
    metrics: createMetrics(),
    access: 'public',
    bodyLimitBytes: 65_536,
    requestTimeoutSeconds: 10,
  });
  const config = { institution: 'hanbit-bank', evidence: { witnesses: [] } };
  evidenceRoutes(app, { db: database.db, config } as unknown as Platform);
});
afterAll(async () => {
  await app.close();
  await at.clear();
  await database.drop();
});

test('an empty log has no checkpoint, no tiles and no proofs', async () => {
  for (const url of ['/log/checkpoint', '/log/tile/0/000.p/1', '/log/tile/entries/000.p/1', '/log/proof/0']) {
    expect((await app.inject({ url })).statusCode).toBe(404);
  }
});

test('an outsider can check a record with nothing but the addresses of the log', async () => {
  const log = at.log(database.url);
  await log.open();
  await inTransaction(database.db, (tx) =>
    append(
      tx,
      Array.from({ length: 300 }, (_, n) => entry(n)),
    ),
  );
  await log.flush();
  const checkpoint = await app.inject({ url: '/log/checkpoint' });
  expect(checkpoint.headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-cache',
  });
  const { size, root } = parseCheckpoint(openNote(checkpoint.body, [formatVerifierKey(at.signer().key)]).text);
  expect(size).toBe(300n);
  const leaves = await app.inject({ url: '/log/tile/0/001.p/44' });
  const bundle = await app.inject({ url: '/log/tile/entries/001.p/44' });
  expect(leaves.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'cache-control': expect.stringContaining('immutable'),
  });
  expect(leaves.rawPayload).toHaveLength(44 * 32);
  const entries = parseBundle(new Uint8Array(bundle.rawPayload));
  expect(Buffer.concat(entries.map((bytes) => hashLeaf(bytes)))).toEqual(leaves.rawPayload);
  expect(bundle.rawPayload.includes('"payload"')).toBe(false);
  const { index, proof } = parseTlogProof((await app.inject({ url: '/log/proof/299' })).body);
  expect(verifyInclusion({ leafHash: hashLeaf(entries[43] as Uint8Array), index, size, proof, root })).toBe(true);
  expect((await app.inject({ url: '/log/tile/0/000' })).rawPayload).toHaveLength(8192);
  expect((await app.inject({ url: '/log/tile/1/000.p/1' })).rawPayload).toHaveLength(32);
});

test('records are listed newest first, narrowed by who wrote them and about what, and opened one by one', async () => {
  const list = async (query: string) =>
    (await app.inject({ url: `/log/records?${query}` })).json<{
      size: number;
      next: number | null;
      records: { index: number; leaf: Leaf }[];
    }>();
  const first = await list('');
  expect([first.size, first.records.length, first.records[0]?.index, first.next]).toEqual([300, 100, 299, 200]);
  expect((await list('before=150&run=run-1')).records.slice(0, 2).map(({ index }) => index)).toEqual([148, 145]);
  expect((await list('domain=plan')).records).toEqual([]);
  expect((await list('person=p-17')).records).toEqual([]);
  const opened = (await app.inject({ url: '/log/records/148' })).json<DisclosedRecord & { leafHash: string }>();
  expect(opened.payload).toEqual({ n: 148 });
  expect(formatDigest(recordLeafHash(opened) ?? new Uint8Array())).toBe(opened.leafHash);
  const { checkpoints } = (await app.inject({ url: '/log/checkpoints' })).json<{
    checkpoints: { size: number; cosigned: object[]; stampAsked: boolean }[];
  }>();
  expect(checkpoints).toMatchObject([{ size: 300, cosigned: [] }]);
});

test('the records of another institution are not opened', async () => {
  const log = at.log(database.url);
  await log.open();
  await inTransaction(database.db, (tx) => append(tx, entry(0, { institution: 'other-bank' })));
  await log.flush();
  expect((await app.inject({ url: '/log/records/300' })).statusCode).toBe(404);
  expect((await app.inject({ url: '/log/records' })).json()).toMatchObject({ size: 301, records: { length: 100 } });
});

test.each([
  '/log/records/301',
  '/log/tile/0/001',
  '/log/tile/0/001.p/46',
  '/log/tile/9/000',
  '/log/tile/0/1',
  '/log/tile/0/x000/001',
  '/log/tile/entries/002.p/1',
  '/log/proof/301',
  '/log/proof/-1',
  '/log/proof/99999999999999999999',
])('%s is not there', async (url) => {
  expect((await app.inject({ url })).statusCode).toBe(404);
});
