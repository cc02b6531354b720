import { formatVerifierKey, hashLeaf, parseBundle, parseCheckpoint, verifyInclusion } from '@breakwater/rules/evidence';
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
  evidenceRoutes(app, { db: database.db } as Platform);
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

test.each([
  '/log/tile/0/001',
  '/log/tile/0/001.p/45',
  '/log/tile/9/000',
  '/log/tile/0/1',
  '/log/tile/0/x000/001',
  '/log/tile/entries/002.p/1',
  '/log/proof/300',
  '/log/proof/-1',
  '/log/proof/99999999999999999999',
])('%s is not there', async (url) => {
  expect((await app.inject({ url })).statusCode).toBe(404);
});
