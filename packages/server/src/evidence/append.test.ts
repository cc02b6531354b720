import { recordLeafHash, hashLeaf, leafBytes, type DisclosedRecord } from '@breakwater/rules/evidence';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inTransaction } from '#platform/db';
import { type TestDatabase, testDatabase } from '../platform/db/testing.ts';
import { append, appendAccepted, erase } from './append.ts';
import { type Desk, desk, entry } from './evidence.testing.ts';
import { records, recordsAbout, size } from './read.ts';

let database: TestDatabase;
let at: Desk;
beforeAll(async () => {
  database = await testDatabase();
  at = desk();
});
afterAll(async () => {
  await at.clear();
  await database.drop();
});

describe('append', () => {
  test('a record is in the log if and only if the transaction commits', async () => {
    const log = at.log(database.url);
    await log.open();
    await inTransaction(database.db, (tx) => append(tx, entry(1)));
    await expect(
      inTransaction(database.db, async (tx) => {
        await append(tx, entry(2));
        throw new Error('the business change failed');
      }),
    ).rejects.toThrow('the business change failed');
    await log.flush();
    expect((await records(database.db, 0, await size(database.db))).map((r) => (r as DisclosedRecord).payload)).toEqual(
      [{ n: 1 }],
    );
  });

  test('a record opens its leaf, and the stored bytes are the canonical form of the leaf', async () => {
    const log = at.log(database.url);
    await log.open();
    const before = await size(database.db);
    const odd = entry(3, {
      subjects: { 계획: '이체-2026', 'a"b\\': 'é\u2028', path: 'C:\\u0000' },
      payload: { 금액: 1e21, list: [null, -0, 'x\u0000'] },
    });
    await inTransaction(database.db, (tx) => append(tx, [odd, entry(4)]));
    await log.flush();
    const [record] = (await records(database.db, before, before + 2)) as [DisclosedRecord];
    const { rows } = await sql<{
      leaf: string;
    }>`select leaf from evidence_outbox order by id desc offset 1 limit 1`.execute(database.db);
    expect(Buffer.from(leafBytes(record.leaf)).toString()).toBe(rows[0]?.leaf);
    expect(recordLeafHash(record)).toEqual(hashLeaf(Buffer.from(rows[0]?.leaf ?? '')));
    expect(record.payload).toEqual({ 금액: 1e21, list: [null, 0, 'x\u0000'] });
    expect(Math.abs(Date.parse(record.leaf.receivedAt) - Date.now())).toBeLessThan(60_000);
  });

  test.each([
    ['a time without offset', { at: '2026-11-29T01:00:00' }, 'evidence.bad-entry', '/at'],
    ['a type that is no record type', { type: 'Nonsense' }, 'evidence.bad-entry', '/type'],
    ['a NUL in a subject', { subjects: { run: 'a\u0000' } }, 'evidence.bad-entry', '/subjects'],
    ['a lone surrogate in the payload', { payload: '\ud800' }, 'evidence.not-json', ''],
    ['a leaf beyond 65,535 bytes', { subjects: { run: 'x'.repeat(65_536) } }, 'evidence.leaf-too-long', '/subjects'],
  ])('%s is refused before anything is written', async (_name, overrides, code, path) => {
    const refused = inTransaction(database.db, (tx) => append(tx, [entry(5), entry(6, overrides)]));
    await expect(refused).rejects.toMatchObject({ code, path });
    const { rows } = await sql<{
      n: number;
    }>`select count(*) as n from evidence_outbox where payload = '{"n":5}'`.execute(database.db);
    expect(rows[0]?.n).toBe(0);
  });

  test('a leaf of exactly 65,535 bytes is kept', async () => {
    const log = at.log(database.url);
    await log.open();
    const probe = await inTransaction(database.db, async (tx) => {
      await append(tx, entry(7, { subjects: { run: 'x' } }));
      const { rows } = await sql<{
        bytes: number;
      }>`select octet_length(leaf) as bytes from evidence_outbox order by id desc limit 1`.execute(tx);
      return rows[0]?.bytes ?? 0;
    });
    const full = { subjects: { run: 'x'.repeat(1 + 65_535 - probe) } };
    await inTransaction(database.db, (tx) => append(tx, entry(7, full)));
    await expect(
      inTransaction(database.db, (tx) => append(tx, entry(7, { subjects: { run: `${full.subjects.run}x` } }))),
    ).rejects.toMatchObject({ code: 'evidence.leaf-too-long' });
    await log.flush();
    expect(await recordsAbout(database.db, full.subjects)).toHaveLength(1);
  });
});

test('a statement of the caller appends those entries that it accepts', async () => {
  const log = at.log(database.url);
  await log.open();
  const before = await size(database.db);
  const three = [20, 21, 22].map((n) => entry(n));
  const { rows } = await sql`select ${appendAccepted(three, sql`array[1, null, 5]`)} as appended`.execute(database.db);
  expect(rows).toEqual([{ appended: 2 }]);
  await log.flush();
  expect((await records(database.db, before, before + 2)).map((r) => (r as DisclosedRecord).payload)).toEqual([
    { n: 20 },
    { n: 22 },
  ]);
});

describe('erase', () => {
  test('an erased payload is gone, its leaf stays, and the erasure is itself a record', async () => {
    const log = at.log(database.url);
    await log.open();
    const index = await size(database.db);
    await inTransaction(database.db, (tx) => append(tx, entry(8, { payload: { customer: '홍길동' } })));
    const before = await log.flush();
    const [opened] = (await records(database.db, index, index + 1)) as [DisclosedRecord];
    const erasure = {
      institution: 'hanbit-bank',
      index,
      reason: 'request of the person',
      actor: { kind: 'person', id: 'p-3' },
      at: entry(0).at,
    } as const;
    await inTransaction(database.db, (tx) => erase(tx, erasure));
    await log.flush();
    const [left, said] = await records(database.db, index, index + 2);
    expect(left).toEqual({ schema: 'breakwater.record/1', index, leafHash: expect.any(String) });
    expect(recordLeafHash(left as typeof opened)).toEqual(recordLeafHash(opened));
    expect(said).toMatchObject({
      leaf: { type: 'evidence.payload-erased', subjects: { record: String(index) } },
      payload: { index, by: 'p-3' },
    });
    expect(before?.size).toBe(index + 1);
    const { rows } = await sql`select from evidence_outbox where payload like '%홍길동%'`.execute(database.db);
    expect(rows).toHaveLength(0);
    await expect(inTransaction(database.db, (tx) => erase(tx, erasure))).rejects.toMatchObject({
      code: 'evidence.nothing-to-erase',
    });
  });

  test('an institution cannot erase what belongs to another', async () => {
    const erasure = {
      institution: 'other-bank',
      index: 0,
      reason: 'x',
      actor: { kind: 'person', id: 'p-3' },
      at: entry(0).at,
    } as const;
    await expect(inTransaction(database.db, (tx) => erase(tx, erasure))).rejects.toMatchObject({
      code: 'evidence.nothing-to-erase',
    });
  });
});
