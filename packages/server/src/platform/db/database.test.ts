import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, inTransaction, listen, lockKey, migrate, sqlState, tryHoldLock, type Db } from './index.ts';
import { testDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
let owner: Db;

beforeAll(async () => {
  database = await testDatabase();
  owner = connect(database.url, { role: 'owner', max: 3 });
});
afterAll(async () => {
  await owner.destroy();
  await database.drop();
});

async function value<T>(db: Db, text: string): Promise<T | undefined> {
  const { rows } = await sql.raw<Record<string, T>>(text).execute(db);
  return rows[0] === undefined ? undefined : Object.values(rows[0])[0];
}

describe('roles', () => {
  test('the server works as breakwater_app and may do only what a migration granted', async () => {
    expect(await value(database.db, 'select current_user')).toBe('breakwater_app');
    await sql`create table ledger (n int)`.execute(owner);
    const error = await sql`select * from ledger`.execute(database.db).catch((e: unknown) => e);
    expect(sqlState(error)).toBe('42501');
    await sql`grant insert, select on ledger to breakwater_app`.execute(owner);
    await sql`insert into ledger values (1)`.execute(database.db);
    const change = await sql`update ledger set n = 2`.execute(database.db).catch((e: unknown) => e);
    expect(sqlState(change)).toBe('42501');
  });

  test('nobody may make tables in the public schema but the owner', async () => {
    const error = await sql`create table sneaked (n int)`.execute(database.db).catch((e: unknown) => e);
    expect(sqlState(error)).toBe('42501');
  });
});

describe('values', () => {
  test('a bigint arrives as a number, and one beyond 2^53 is an error rather than a rounded number', async () => {
    expect(await value(database.db, 'select 9007199254740991::bigint')).toBe(Number.MAX_SAFE_INTEGER);
    await expect(value(database.db, 'select 9007199254740993::bigint')).rejects.toThrow(/2\^53/);
  });

  test('times are read in UTC whatever the machine says', async () => {
    expect(await value(database.db, 'show timezone')).toBe('UTC');
    expect(await value(database.db, `select '2026-07-10T01:00:00+09:00'::timestamptz`)).toEqual(
      new Date('2026-07-09T16:00:00Z'),
    );
  });
});

describe('transactions', () => {
  test('work that fails leaves nothing', async () => {
    await sql`create table attempt (n int)`.execute(owner);
    await sql`grant all on attempt to breakwater_app`.execute(owner);
    const failing = inTransaction(database.db, async (tx) => {
      await sql`insert into attempt values (1)`.execute(tx);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await value(database.db, 'select count(*) from attempt')).toBe(0);
  });

  test('a serialization conflict is tried again, so that no increment is lost', async () => {
    await sql`create table counter as select 0 as n`.execute(owner);
    await sql`grant all on counter to breakwater_app`.execute(owner);
    const increment = (): Promise<void> =>
      inTransaction(
        database.db,
        async (tx) => {
          const { rows } = await sql<{ n: number }>`select n from counter`.execute(tx);
          await sql`update counter set n = ${(rows[0]?.n ?? 0) + 1}`.execute(tx);
        },
        { isolation: 'serializable' },
      );
    await Promise.all([increment(), increment(), increment()]);
    expect(await value(database.db, 'select n from counter')).toBe(3);
  });
});

describe('migrations', () => {
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  function migrations(files: Record<string, string>): URL {
    const folder = mkdtempSync(join(tmpdir(), 'breakwater-migrations-'));
    folders.push(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return pathToFileURL(`${folder}/`);
  }

  async function emptyDatabase(): Promise<{ open: () => Db; drop: () => Promise<void> }> {
    const fresh = await testDatabase();
    const opened: Db[] = [];
    const open = (): Db => {
      const db = connect(fresh.url, { role: 'owner', max: 2 });
      opened.push(db);
      return db;
    };
    await sql`delete from migration`.execute(open());
    return {
      open,
      async drop() {
        for (const db of opened) await db.destroy();
        await fresh.drop();
      },
    };
  }

  test('are applied once, in order, and only the new ones later', async () => {
    const { open, drop } = await emptyDatabase();
    const first = {
      '0002-b.sql': 'insert into a values (2);',
      '0001-a.sql': 'create table a (n int); insert into a values (1);',
    };
    expect(await migrate(open(), migrations(first))).toEqual(['0001-a.sql', '0002-b.sql']);
    expect(await migrate(open(), migrations({ ...first, '0003-c.sql': 'insert into a values (3);' }))).toEqual([
      '0003-c.sql',
    ]);
    expect(await value(open(), 'select array_agg(n order by n) from a')).toEqual([1, 2, 3]);
    await drop();
  });

  test('are applied once when several servers start together', async () => {
    const { open, drop } = await emptyDatabase();
    const folder = migrations({ '0001-a.sql': 'create table a (n int); select pg_sleep(0.2);' });
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(open(), folder)));
    expect(applied.flat()).toEqual(['0001-a.sql']);
    await drop();
  });

  test('that fail leave nothing of themselves', async () => {
    const { open, drop } = await emptyDatabase();
    const db = open();
    await expect(migrate(db, migrations({ '0001-a.sql': 'create table a (n int); select 1/0;' }))).rejects.toThrow(
      /0001-a.sql/,
    );
    expect(await value(db, `select to_regclass('a')`)).toBe(null);
    await drop();
  });

  test('that were edited, or that only the database knows, are refused by name', async () => {
    const { open, drop } = await emptyDatabase();
    const db = open();
    await migrate(db, migrations({ '0001-a.sql': 'select 1;' }));
    await expect(migrate(db, migrations({ '0001-a.sql': 'select 2;' }))).rejects.toMatchObject({
      code: 'migration.changed',
      path: '0001-a.sql',
    });
    await expect(migrate(db, migrations({ '0001-z.sql': 'select 1;' }))).rejects.toMatchObject({
      code: 'migration.unknown',
    });
    await expect(migrate(db, migrations({ 'one.sql': 'select 1;' }))).rejects.toMatchObject({ code: 'migration.name' });
    await drop();
  });
});

describe('sessions', () => {
  test('a lock has one holder, and is free after release', async () => {
    const held = await tryHoldLock(database.url, 'leader');
    expect(held).not.toBe(null);
    expect(await tryHoldLock(database.url, 'leader')).toBe(null);
    expect(await tryHoldLock(database.url, 'other')).not.toBe(null);
    await held?.release();
    await expect.poll(() => tryHoldLock(database.url, 'leader')).not.toBe(null);
  });

  test('a connection that is cut between two statements of a transaction fails the transaction, not the process', async () => {
    const lost: Error[] = [];
    const db = connect(database.url, { name: 'to be cut in a transaction', onLost: (error) => lost.push(error) });
    const cut = inTransaction(db, async (tx) => {
      await sql`select 1`.execute(tx);
      const other = connect(database.url, { role: 'owner' });
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'to be cut in a transaction'`.execute(
        other,
      );
      await other.destroy();
      await new Promise((resolve) => setTimeout(resolve, 100));
      await sql`select 2`.execute(tx);
    });
    await expect(cut).rejects.toThrow();
    expect(lost.length).toBeGreaterThan(0);
    expect((await sql<{ n: number }>`select 3 as n`.execute(db)).rows).toEqual([{ n: 3 }]);
    await db.destroy();
  });

  test('whoever holds a lock learns that the connection, and with it the lock, is gone', async () => {
    const held = await tryHoldLock(database.url, 'lost', { name: 'to be cut' });
    await value(owner, `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'to be cut'`);
    await expect.poll(() => held?.lost.aborted).toBe(true);
  });

  test('lock numbers differ by name and are the same in every process', () => {
    expect(lockKey('migrate')).toBe(lockKey('migrate'));
    expect(lockKey('migrate')).not.toBe(lockKey('migrated'));
  });

  test('a listener hears notifications, reconnects when cut, and says each time that it connected', async () => {
    const heard: string[] = [];
    let connections = 0;
    const listener = listen(database.url, ['Run.changed'], {
      name: 'listener',
      onNotify: (channel, payload) => heard.push(`${channel} ${payload}`),
      onConnect: () => (connections += 1),
    });
    const notify = (payload: string): Promise<unknown> =>
      sql`select pg_notify('Run.changed', ${payload})`.execute(database.db);
    await expect.poll(() => connections).toBe(1);
    await notify('one');
    await expect.poll(() => heard).toEqual(['Run.changed one']);
    await value(owner, `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'listener'`);
    await expect.poll(() => connections, { timeout: 30_000 }).toBe(2);
    await notify('two');
    await expect.poll(() => heard).toEqual(['Run.changed one', 'Run.changed two']);
    await listener.close();
  });
});
