import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Db, type DatabaseRole, connect, inTransaction, sqlState } from '#platform/db';
import { type TestDatabase, testDatabase } from '../platform/db/testing.ts';
import { append } from './append.ts';
import { type Desk, appendEach, desk, entry } from './evidence.testing.ts';

let database: TestDatabase;
let at: Desk;
const as = new Map<DatabaseRole, Db>();
beforeAll(async () => {
  database = await testDatabase();
  at = desk();
  for (const role of ['breakwater_app', 'breakwater_sequencer', 'owner'] as const)
    as.set(role, connect(database.url, { role, max: 2 }));
  await appendEach(database.db, 0, 5);
  const log = at.log(database.url);
  await log.open();
  await log.flush();
});
afterAll(async () => {
  await Promise.all([...as.values()].map((db) => db.destroy()));
  await at.clear();
  await database.drop();
});

const TABLES = [
  'evidence_outbox',
  'evidence_leaf',
  'evidence_tile',
  'evidence_tree_state',
  'evidence_origin',
  'evidence_log_key',
  'evidence_checkpoint',
  'evidence_cosignature',
  'evidence_timestamp_request',
  'evidence_timestamp',
];
const REFUSED = ['EV001', '42501'];

async function stateOf(role: DatabaseRole, statement: string): Promise<string | null> {
  try {
    await sql.raw(statement).execute(as.get(role) as Db);
    return null;
  } catch (error) {
    return sqlState(error);
  }
}

describe.each(['breakwater_app', 'breakwater_sequencer', 'owner'] as const)('%s', (role) => {
  test.each(TABLES)('cannot delete from %s', async (table) => {
    expect(REFUSED).toContain(await stateOf(role, `delete from ${table}`));
  });

  test.each(TABLES)('cannot truncate %s', async (table) => {
    expect(REFUSED).toContain(await stateOf(role, `truncate ${table} cascade`));
  });

  test.each([
    `update evidence_outbox set leaf = leaf || ' '`,
    `update evidence_outbox set xid = '1'`,
    `update evidence_outbox set payload = '{"n":6}'`,
    `update evidence_outbox set salt = null, payload = null, erased_at = now(), leaf = leaf || ' '`,
    `update evidence_leaf set subjects = '{}'`,
    `update evidence_tile set data = sha256(data), width = 1`,
    `update evidence_tile set data = data || sha256(data), width = width + 1, tile_index = 7`,
    `update evidence_tree_state set size = size - 1`,
    `update evidence_tree_state set root = sha256(root)`,
    `update evidence_checkpoint set note = ''`,
    `update evidence_origin set origin = 'other'`,
    `update evidence_log_key set vkey = 'other'`,
  ])('cannot do: %s', async (statement) => {
    expect(REFUSED).toContain(await stateOf(role, statement));
  });
});

test('the application can neither choose the order of entries nor write leaves, tiles or checkpoints', async () => {
  const app = 'breakwater_app';
  expect(await stateOf(app, `insert into evidence_outbox (xid, institution, leaf) values ('1', 'x', '{}')`)).toBe(
    '42501',
  );
  expect(await stateOf(app, `insert into evidence_leaf values (99, '1', 99, 'x', 'x', '{}')`)).toBe('42501');
  expect(await stateOf(app, `insert into evidence_tile values (0, 9, 1, sha256(''))`)).toBe('42501');
  expect(await stateOf(app, `insert into evidence_checkpoint values ('x', 1, sha256(''), 'x')`)).toBe('42501');
  expect(await stateOf(app, `update evidence_tree_state set size = size + 1`)).toBe('42501');
});

test('the sequencer cannot erase a payload', async () => {
  const statement = `select evidence_erase(0, 'hanbit-bank', '', '', sha256(''), '')`;
  expect(await stateOf('breakwater_sequencer', statement)).toBe('42501');
});

test('a refused statement leaves the transaction of the caller without its change', async () => {
  const [entries] = (await sql<{ n: number }>`select count(*) as n from evidence_outbox`.execute(database.db)).rows;
  await expect(
    inTransaction(database.db, async (tx) => {
      await append(tx, entry(9));
      await sql`delete from evidence_outbox`.execute(tx);
    }),
  ).rejects.toThrow();
  expect((await sql<{ n: number }>`select count(*) as n from evidence_outbox`.execute(database.db)).rows).toEqual([
    entries,
  ]);
});
