import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { connectionUrlOf } from './embedded.ts';
import { connect, migrate, type Db } from './index.ts';
import { migrationsFolder } from './migrate.ts';
import { testDatabase } from './testing.ts';

/** Up to here went the first schema that held somebody's data. */
const firstRelease = '0015-relief-form.sql';
const name = `upgrade_${randomBytes(6).toString('hex')}`;
const folder = mkdtempSync(join(tmpdir(), 'breakwater-upgrade-'));
let server: pg.Client;
let db: Db;

beforeAll(async () => {
  const url = inject('databaseServer');
  server = new pg.Client({ connectionString: url });
  await server.connect();
  await server.query(`create database ${name} template template0`);
  db = connect(connectionUrlOf(url, name), { role: 'owner', max: 2 });
  const all = fileURLToPath(migrationsFolder);
  for (const file of readdirSync(all).filter((one) => one <= firstRelease))
    copyFileSync(join(all, file), join(folder, file));
});
afterAll(async () => {
  await db?.destroy();
  await server?.query(`drop database if exists ${name} with (force)`);
  await server?.end();
  rmSync(folder, { recursive: true });
});

const columnsOf = async (of: Db): Promise<unknown[]> =>
  (
    await sql`select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
      where table_schema = 'public' order by table_name, column_name`.execute(of)
  ).rows;

test('a database of the first schema, with data in it, becomes what a new one is, and keeps its data', async () => {
  expect((await migrate(db, pathToFileURL(`${folder}/`))).at(-1)).toBe(firstRelease);
  const digest = `sha256:${'ab'.repeat(32)}`;
  await sql`
    insert into plan_revision (institution, plan, revision, plan_hash, author, document, submitted_by, submitted_at)
    values ('hanbit-bank', 'transfer-openssl', 1, ${digest}, 'p-03', '{"a":1}', 'p-03', '2026-07-01T00:00:00Z')`.execute(
    db,
  );
  await sql`
    insert into notice (institution, id, plan, document, submitted_by, submitted_at)
    values ('hanbit-bank', 'n-1', 'transfer-openssl', '{"kind":"advance"}', 'p-03', '2026-07-01T00:00:00Z')`.execute(
    db,
  );
  await sql`
    insert into notice_publication (institution, notice, published_at, phase, content, url)
    values ('hanbit-bank', 'n-1', '2026-07-02T00:00:00Z', 'scheduled', ${digest}, 'https://notice.example/n-1')`.execute(
    db,
  );
  await sql`
    insert into run (id, institution, plan, plan_hash, mode, host, requested_by, requested_at, ended_at, outcome)
    values ('r-1', 'hanbit-bank', 'transfer-openssl', ${digest}, 'live', 'local', 'p-03', now(), now(), 'completed')`.execute(
    db,
  );
  await sql`
    insert into execution_host (institution, host, public_key, enrolled_by, enrolled_at)
    values ('hanbit-bank', 'local', 'pem', 'p-17', '2026-06-01T00:00:00Z')`.execute(db);

  const applied = await migrate(db);
  expect(applied.length).toBeGreaterThan(10);
  expect(await migrate(db)).toEqual([]);

  const kept = async (table: string): Promise<number> =>
    Number((await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(db)).rows[0]?.n);
  for (const table of ['plan_revision', 'notice', 'notice_publication', 'run', 'execution_host'])
    expect([table, await kept(table)]).toEqual([table, 1]);
  const { rows } = await sql`select document, plan_hash from plan_revision`.execute(db);
  expect(rows).toEqual([{ document: { a: 1 }, plan_hash: digest }]);

  const fresh = await testDatabase();
  const owner = connect(fresh.url, { role: 'owner', max: 1 });
  const [upgraded, made] = [await columnsOf(db), await columnsOf(owner)];
  await owner.destroy();
  await fresh.drop();
  expect(upgraded).toEqual(made);
});
