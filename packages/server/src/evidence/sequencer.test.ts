import {
  formatVerifierKey,
  hashLeaf,
  hashNode,
  hashRange,
  parseCheckpoint,
  recordLeafHash,
  verifyConsistency,
  verifyInclusion,
} from '@breakwater/rules/evidence';
import { openNote, parseTlogProof } from '@breakwater/verify';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect, inTransaction } from '#platform/db';
import { createLog } from '#platform/telemetry';
import { type TestDatabase, testDatabase } from '../platform/db/testing.ts';
import { append } from './append.ts';
import { type Desk, appendEach, desk, entry } from './evidence.testing.ts';
import {
  consistencyProof,
  inclusionProof,
  lag,
  latestCheckpoint,
  records,
  recordsAbout,
  size,
  tlogProof,
} from './read.ts';

let database: TestDatabase;
let at: Desk;
beforeEach(async () => {
  database = await testDatabase();
  at = desk();
});
afterEach(async () => {
  await at.clear();
  await database.drop();
});

/** Holds the whole log against RFC 6962 computed the slow way. */
async function checkWhole(): Promise<number> {
  const total = await size(database.db);
  const hashes = (await records(database.db, 0, total)).map((record) => recordLeafHash(record) as Uint8Array);
  const rootOf = (end: number): Uint8Array => {
    const inner = (level: number, index: number): Uint8Array =>
      level === 0
        ? (hashes[index] as Uint8Array)
        : hashNode(inner(level - 1, index * 2), inner(level - 1, index * 2 + 1));
    return hashRange({ start: 0, end }, ({ level, index }) => inner(level, index));
  };
  const checkpoint = await latestCheckpoint(database.db);
  const { text } = openNote(checkpoint?.note ?? '', [formatVerifierKey(at.signer().key)]);
  const signed = parseCheckpoint(text);
  expect(signed.size).toBe(BigInt(total));
  expect(signed.root).toEqual(rootOf(total));
  const old = Math.max(1, Math.floor(total / 3));
  const claim = { oldSize: old, newSize: total, oldRoot: rootOf(old), newRoot: signed.root };
  expect(verifyConsistency({ ...claim, proof: await consistencyProof(database.db, old, total) })).toBe(true);
  for (const index of new Set([0, old, total - 1])) {
    const proof = await inclusionProof(database.db, index, total);
    expect(
      verifyInclusion({ leafHash: hashes[index] as Uint8Array, index, size: total, proof, root: signed.root }),
    ).toBe(true);
  }
  return total;
}

describe('a log that is run', () => {
  test('holds every entry once, in order, under a signed checkpoint that proves each', async () => {
    const log = at.log(database.url);
    await log.start();
    await appendEach(database.db, 0, 40);
    await log.flush();
    expect(await checkWhole()).toBe(40);
    const all = await records(database.db, 0, 40);
    expect(all.map((record) => ('payload' in record ? record.payload : null))).toEqual(
      Array.from({ length: 40 }, (_, n) => ({ n })),
    );
    expect((await recordsAbout(database.db, { run: 'run-1' })).map((record) => record.index % 3)).toEqual(
      Array(13).fill(1),
    );
  });

  test('integrates by itself and signs at a milestone without being asked', async () => {
    const log = at.log(database.url, { milestones: new Set(['plan.approved']) });
    await log.start();
    await inTransaction(database.db, (tx) => append(tx, [entry(0), entry(1, { type: 'plan.approved' })]));
    await expect.poll(() => latestCheckpoint(database.db), { timeout: 10_000 }).toMatchObject({ size: 2 });
    const { rows } = await sql`select size from evidence_timestamp_request`.execute(database.db);
    expect(rows).toEqual([{ size: 2 }]);
  });

  test('gives an offline proof of any record', async () => {
    const log = at.log(database.url);
    await log.open();
    await appendEach(database.db, 0, 7);
    await log.flush();
    const proof = parseTlogProof((await tlogProof(database.db, 5)) ?? '');
    const [record] = await records(database.db, 5, 6);
    const { root, size: leaves } = parseCheckpoint(
      openNote(proof.checkpoint, [formatVerifierKey(at.signer().key)]).text,
    );
    expect(
      verifyInclusion({
        leafHash: recordLeafHash(record as never) as Uint8Array,
        index: proof.index,
        size: leaves,
        proof: proof.proof,
        root,
      }),
    ).toBe(true);
    expect(await tlogProof(database.db, 7)).toBeNull();
  });

  test('signs nothing while it is empty, and nothing twice while it does not grow', async () => {
    const log = at.log(database.url);
    await log.open();
    expect(await log.flush()).toBeNull();
    await appendEach(database.db, 0, 1);
    const first = await log.flush();
    expect(await log.checkpoint()).toEqual(first);
  });
});

test('an entry whose transaction commits late is not lost', async () => {
  const log = at.log(database.url);
  await log.open();
  const owner = connect(database.url, { role: 'breakwater_app', max: 1 });
  const late = await owner.startTransaction().execute();
  await append(late, entry(100));
  await appendEach(database.db, 0, 3);
  expect(await log.integrate()).toBe(0);
  expect(await lag(database.db)).toMatchObject({ pending: 3, heldBackSince: expect.any(Date) });
  await expect(log.flush(300)).rejects.toMatchObject({ code: 'evidence.held-back' });
  await late.commit().execute();
  await owner.destroy();
  expect((await log.flush())?.size).toBe(4);
  expect(await checkWhole()).toBe(4);
});

test('entries that wait too long raise one alarm, with the time since when they are held back', async () => {
  const lines: string[] = [];
  const alarms = (): string[] => lines.filter((line) => line.includes('evidence waits too long'));
  const log = at.log(database.url, {
    alarmAfterMs: 1,
    log: createLog('error', { write: (line) => void lines.push(line) }),
  });
  const app = connect(database.url, { max: 1 });
  const late = await app.startTransaction().execute();
  await append(late, entry(100));
  await appendEach(database.db, 0, 3);
  await log.start();
  await expect.poll(alarms, { timeout: 10_000 }).toHaveLength(1);
  expect(JSON.parse(alarms()[0] ?? '')).toMatchObject({ pending: 3, heldBackSince: expect.any(String) });
  await late.commit().execute();
  await app.destroy();
  expect((await log.flush())?.size).toBe(4);
  expect(alarms()).toHaveLength(1);
});

test('many sequencers on one database integrate each entry once and do not fork the log', async () => {
  const logs = [
    at.log(database.url, { batch: 7 }),
    at.log(database.url, { batch: 5 }),
    at.log(database.url, { batch: 3 }),
  ];
  for (const log of logs) await log.start();
  await Promise.all(
    Array.from({ length: 8 }, (_, writer) =>
      appendEach(database.db, writer * 25, (writer + 1) * 25).then(() => logs[writer % 3]?.flush()),
    ),
  );
  await Promise.all(logs.map((log) => log.flush()));
  expect(await checkWhole()).toBe(200);
  const payloads = (await records(database.db, 0, 200)).map((record) =>
    'payload' in record ? (record.payload as { n: number }).n : -1,
  );
  expect(new Set(payloads).size).toBe(200);
});

test('entries are taken in the order of their transactions as numbers, across batches', async () => {
  const log = at.log(database.url, { batch: 2 });
  await log.open();
  const owner = connect(database.url, { role: 'owner', max: 1 });
  await inTransaction(database.db, (tx) =>
    append(
      tx,
      [0, 1, 2, 3].map((n) => entry(n)),
    ),
  );
  const { rows } = await sql<{
    leaf: string;
    salt: Buffer;
    payload: string;
  }>`select leaf, salt, payload from evidence_outbox order by id`.execute(database.db);
  for (const [i, xid] of ['100', '99', '10', '9'].entries()) {
    const { leaf, salt, payload } = rows[i] as (typeof rows)[0];
    await sql`insert into evidence_outbox (xid, institution, leaf, salt, payload)
      values (${xid}::xid8, 'hanbit-bank', ${leaf}, ${salt}, ${payload})`.execute(owner);
  }
  await owner.destroy();
  await log.flush();
  expect(await checkWhole()).toBe(8);
  const order = (await records(database.db, 0, 4)).map((record) => ('payload' in record ? record.payload : null));
  expect(order).toEqual([{ n: 3 }, { n: 2 }, { n: 1 }, { n: 0 }]);
});

test('a bulk import in one transaction is integrated in batches', async () => {
  const log = at.log(database.url, { batch: 512 });
  await log.open();
  await inTransaction(database.db, (tx) =>
    append(
      tx,
      Array.from({ length: 3_000 }, (_, n) => entry(n)),
    ),
  );
  await expect.poll(() => log.integrate(), { timeout: 10_000 }).toBe(512);
  expect((await log.flush())?.size).toBe(3_000);
  expect(await checkWhole()).toBe(3_000);
}, 60_000);

test('an entry is hashed as RFC 6962 says of its stored bytes', async () => {
  const log = at.log(database.url);
  await log.open();
  await appendEach(database.db, 0, 1);
  const checkpoint = await log.flush();
  const { rows } = await sql<{ leaf: string }>`select leaf from evidence_outbox`.execute(database.db);
  expect(parseCheckpoint(checkpoint?.note ?? '').root).toEqual(hashLeaf(Buffer.from(rows[0]?.leaf ?? '')));
});
