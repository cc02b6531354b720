import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseNote } from '@breakwater/rules/evidence';
import { parseRoots, verifyTimestamp } from '@breakwater/verify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inTransaction } from '#platform/db';
import { type TestAuthority, hasOpenssl, testAuthority } from '@breakwater/verify/testing';
import { type TestDatabase, testDatabase } from '../platform/db/testing.ts';
import { append } from './append.ts';
import { type Desk, desk, entry } from './evidence.testing.ts';
import { latestCheckpoint, timestamps } from './read.ts';
import { requestToken } from './timestamp-client.ts';

describe.skipIf(!hasOpenssl())('with a time-stamping authority over HTTP', () => {
  let authority: TestAuthority;
  let server: Server;
  let url: string;
  let database: TestDatabase;
  let at: Desk;
  let answerWith: (request: Buffer) => Uint8Array | null;
  beforeAll(async () => {
    authority = testAuthority();
    answerWith = (request) => authority.answer(request);
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const answer =
          request.headers['content-type'] === 'application/timestamp-query' ? answerWith(Buffer.concat(chunks)) : null;
        response
          .writeHead(answer === null ? 503 : 200, { 'content-type': 'application/timestamp-reply' })
          .end(answer ?? '');
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa`;
    database = await testDatabase();
    at = desk();
  });
  afterAll(async () => {
    await at.clear();
    await database.drop();
    server.close();
    authority.close();
  });

  test('a milestone is stamped over the text of its checkpoint, and what could not be stamped waits', async () => {
    const log = at.log(database.url, {
      milestones: new Set(['plan.approved']),
      authorities: ['http://127.0.0.1:9/', url],
    });
    await log.open();
    await inTransaction(database.db, (tx) => append(tx, entry(0)));
    await log.flush();
    expect(await log.stamp()).toBe(0);
    await inTransaction(database.db, (tx) => append(tx, entry(1, { type: 'plan.approved' })));
    await log.flush();
    answerWith = () => null;
    await expect(log.stamp()).rejects.toMatchObject({ code: 'timestamp.unreachable' });
    expect((await sql`select from evidence_timestamp_request`.execute(database.db)).rows).toHaveLength(1);
    answerWith = (request) => authority.answer(request);
    expect(await log.stamp()).toBe(1);
    expect(await log.stamp()).toBe(0);
    const [stamp] = await timestamps(database.db, 0, 2);
    expect(stamp).toMatchObject({ size: 2, authority: url.slice('http://'.length, -'/tsa'.length) });
    const text = Buffer.from(parseNote((await latestCheckpoint(database.db))?.note ?? '').text);
    const verdict = verifyTimestamp(stamp?.token ?? new Uint8Array(), text, parseRoots(authority.roots));
    expect(verdict).toMatchObject({ result: 'passed', time: stamp?.at });
  });

  test.each([
    ['a token over other data', () => authority.stamp(Buffer.from('other'))],
    ['no token at all', () => Buffer.from('hello')],
    ['a token that is cut off', () => authority.stamp(Buffer.from('data')).subarray(0, 500)],
  ])('%s is not kept', async (_name, make) => {
    answerWith = make;
    await expect(requestToken(url, Buffer.from('data'))).rejects.toMatchObject({ code: 'timestamp.refused' });
  });

  test('an answer that is too long is not read to its end', async () => {
    answerWith = () => Buffer.alloc(300_000);
    await expect(requestToken(url, Buffer.from('data'))).rejects.toMatchObject({ code: 'timestamp.unreachable' });
  });
});
