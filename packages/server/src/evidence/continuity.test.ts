import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ED25519, formatVerifierKey, openSuccession, parseCheckpoint, verifierKey } from '@breakwater/rules/evidence';
import { nodeVerifier, openNote } from '@breakwater/verify';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '#platform/db';
import { type TestDatabase, testDatabase } from '../platform/db/testing.ts';
import { type Desk, ORIGIN, appendEach, desk } from './evidence.testing.ts';
import { openNewOrigin, succeedKey } from './origin.ts';
import { checkpointFolder } from './outside.ts';
import { latestCheckpoint, logKeys, records, size } from './read.ts';

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

/** Puts the database back to what it was after the first `leaves`, as a restore of an older backup does. */
async function restore(leaves: number, keep: { leaf_index: number; xid: string; entry: number } | null): Promise<void> {
  const owner = connect(database.url, { role: 'owner', max: 1 });
  await owner.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    await sql`delete from evidence_leaf where leaf_index >= ${leaves}`.execute(tx);
    await sql`delete from evidence_outbox o where not exists (select from evidence_leaf l where l.entry = o.id)`.execute(
      tx,
    );
    await sql`delete from evidence_checkpoint where size > ${leaves}`.execute(tx);
    await sql`update evidence_tile set width = ${leaves}, data = substring(data from 1 for ${leaves * 32}) where level = 0`.execute(
      tx,
    );
    await sql`update evidence_tree_state set size = ${leaves}, xid = ${keep?.xid ?? '0'}::xid8, entry = ${keep?.entry ?? 0},
      root = coalesce((select root from evidence_checkpoint order by size desc limit 1), sha256(''))`.execute(tx);
  });
  await owner.destroy();
}

async function cursorAt(index: number): Promise<{ leaf_index: number; xid: string; entry: number }> {
  const { rows } = await sql<{ leaf_index: number; xid: string; entry: number }>`
    select leaf_index, xid::text as xid, entry from evidence_leaf where leaf_index = ${index}`.execute(database.db);
  return rows[0] as { leaf_index: number; xid: string; entry: number };
}

/** A log of five signed leaves, restored to the first three of them. */
async function rewind(): Promise<void> {
  const log = at.log(database.url);
  await log.open();
  await appendEach(database.db, 0, 3);
  await log.flush();
  const cursor = await cursorAt(2);
  await appendEach(database.db, 3, 5);
  await log.flush();
  await log.close();
  await restore(3, cursor);
}

describe('after a restore of an older backup', () => {
  test('nothing is integrated or signed, and the refusal says what to do', async () => {
    await rewind();
    const log = at.log(database.url);
    await expect(log.start()).rejects.toMatchObject({
      code: 'evidence.rewound',
      message: expect.stringContaining('3 leaves'),
    });
    await appendEach(database.db, 10, 20);
    await expect(log.integrate()).rejects.toMatchObject({ code: 'evidence.rewound' });
    await expect(log.checkpoint()).rejects.toMatchObject({ code: 'evidence.rewound' });
    expect(await size(database.db)).toBe(3);
  });

  test('a log that grew past the old size again is told from the one that was signed', async () => {
    await rewind();
    const other = at.log(database.url, { outside: checkpointFolder(join(at.folder, 'another-host')) });
    await expect(other.open()).rejects.toMatchObject({ code: 'evidence.no-outside-checkpoint' });
    const blind = at.log(database.url, {
      outside: { read: async () => (await latestCheckpoint(database.db))?.note ?? null, keep: async () => undefined },
    });
    await blind.open();
    await appendEach(database.db, 10, 20);
    await blind.flush();
    await expect(at.log(database.url).open()).rejects.toMatchObject({ code: 'evidence.diverged' });
  });

  test('a running log notices it before it signs', async () => {
    const log = at.log(database.url);
    await log.open();
    await appendEach(database.db, 0, 3);
    await log.flush();
    const cursor = await cursorAt(2);
    await appendEach(database.db, 3, 5);
    await log.flush();
    await restore(3, cursor);
    await appendEach(database.db, 10, 11);
    await expect(log.flush()).rejects.toMatchObject({ code: 'evidence.rewound' });
    expect(log.refusal).toMatchObject({ code: 'evidence.rewound' });
  });

  test('a new origin goes on under another key and names the old one with its last checkpoint', async () => {
    await rewind();
    const outside = checkpointFolder(join(at.folder, 'checkpoints'));
    const signer = at.signer('bank.example/log2');
    const act = {
      url: database.url,
      institution: 'hanbit-bank',
      by: 'p-3',
      at: new Date(),
      oldOrigin: ORIGIN,
      outside,
      reason: 'restored from the backup of Monday',
    };
    await expect(openNewOrigin({ ...act, signer: at.signer() })).rejects.toMatchObject({
      code: 'evidence.origin-exists',
    });
    const sameKey = { ...at.signer(), key: { ...at.signer().key, name: 'bank.example/log3' } };
    await expect(openNewOrigin({ ...act, signer: sameKey })).rejects.toMatchObject({ code: 'evidence.key-reused' });
    await openNewOrigin({ ...act, signer });
    const log = at.log(database.url, { signer });
    await log.open();
    const checkpoint = await log.flush();
    expect(parseCheckpoint(openNote(checkpoint?.note ?? '', [formatVerifierKey(signer.key)]).text)).toMatchObject({
      origin: 'bank.example/log2',
      size: 4n,
    });
    const [opened] = await records(database.db, 3, 4);
    expect(opened).toMatchObject({
      leaf: { type: 'evidence.origin-opened' },
      payload: { old: { origin: ORIGIN, foundSize: 3 }, by: 'p-3' },
    });
    const named =
      opened && 'payload' in opened ? (opened.payload as { old: { checkpoint: string } }).old.checkpoint : '';
    expect(parseCheckpoint(named).size).toBe(5n);
    await expect(at.log(database.url).open()).rejects.toMatchObject({ code: 'evidence.other-origin' });
  });
});

describe('at the start', () => {
  test('tiles that do not give the root of the tree are found', async () => {
    const log = at.log(database.url);
    await log.open();
    await appendEach(database.db, 0, 3);
    await log.flush();
    const owner = connect(database.url, { role: 'owner', max: 1 });
    await owner.transaction().execute(async (tx) => {
      await sql`set local session_replication_role = replica`.execute(tx);
      await sql`update evidence_tile set data = overlay(data placing sha256('x') from 33)`.execute(tx);
    });
    await owner.destroy();
    await expect(at.log(database.url).open()).rejects.toMatchObject({ code: 'evidence.tree-broken' });
  });

  test('a lost checkpoint folder is not passed over', async () => {
    const log = at.log(database.url);
    await log.open();
    await appendEach(database.db, 0, 1);
    await log.flush();
    rmSync(join(at.folder, 'checkpoints'), { recursive: true });
    await expect(at.log(database.url).open()).rejects.toMatchObject({ code: 'evidence.no-outside-checkpoint' });
  });

  test('an empty database behind a checkpoint that was kept is refused', async () => {
    const first = at.log(database.url);
    await first.open();
    await appendEach(database.db, 0, 1);
    await first.flush();
    const empty = await testDatabase();
    await expect(at.log(empty.url).open()).rejects.toMatchObject({ code: 'evidence.rewound' });
    await empty.drop();
  });

  test('another key for the same origin is refused until the present key named it', async () => {
    const log = at.log(database.url);
    await log.open();
    await appendEach(database.db, 0, 2);
    await log.flush();
    const [oldSigner, made] = [at.signer(), at.signer('bank.example/other')];
    const successor = { ...made, key: verifierKey(ORIGIN, ED25519, made.key.publicKey) };
    await expect(at.log(database.url, { signer: successor }).open()).rejects.toMatchObject({
      code: 'evidence.unknown-key',
    });
    const act = { url: database.url, institution: 'hanbit-bank', by: 'p-3', at: new Date() };
    await succeedKey({ ...act, oldSigner, newSigner: successor });
    const next = at.log(database.url, { signer: successor });
    await next.open();
    const checkpoint = await next.flush();
    expect(openNote(checkpoint?.note ?? '', [formatVerifierKey(successor.key)]).text).toContain(`${ORIGIN}\n3\n`);
    const [, succession] = await logKeys(database.db);
    expect(openSuccession(succession?.succession ?? '', oldSigner.key, nodeVerifier)).toEqual(successor.key);
    await expect(at.log(database.url).open()).rejects.toMatchObject({ code: 'evidence.unknown-key' });
    await expect(succeedKey({ ...act, oldSigner, newSigner: successor })).rejects.toMatchObject({
      code: 'evidence.unknown-key',
    });
  });

  test('data that was moved to another PostgreSQL goes on, with what was not yet integrated', async () => {
    const log = at.log(database.url);
    await log.open();
    await appendEach(database.db, 0, 3);
    await log.flush();
    await appendEach(database.db, 3, 5);
    // Transaction ids of the other server were far beyond those of this one.
    const owner = connect(database.url, { role: 'owner', max: 1 });
    await owner.transaction().execute(async (tx) => {
      await sql`set local session_replication_role = replica`.execute(tx);
      const far = sql`(xid::text::bigint + 4000000000)::text::xid8`;
      await sql`update evidence_outbox set xid = ${far}`.execute(tx);
      await sql`update evidence_leaf set xid = ${far}`.execute(tx);
      await sql`update evidence_tree_state set xid = ${far}`.execute(tx);
    });
    await owner.destroy();
    await log.close();
    const here = at.log(database.url);
    await here.open();
    await appendEach(database.db, 5, 7);
    expect((await here.flush())?.size).toBe(7);
    const payloads = (await records(database.db, 0, 7)).map((record) => ('payload' in record ? record.payload : null));
    expect(payloads).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => ({ n })));
    await at.log(database.url).open();
  });
});
