import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { BreakwaterError } from '@breakwater/rules';
import { sql } from 'kysely';
import type { Db } from './connect.ts';
import { lockKey } from './session.ts';

type Migration = { name: string; checksum: string; text: string };

/** Folder of the migrations that belong to this program: `NNNN-<domain>.sql`, applied in the order of their names. */
export const migrationsFolder: URL = new URL('../../../migrations/', import.meta.url);

/**
 * Brings a database up to date: applies each migration file that it has not seen, one transaction each, and returns their
 * names. Forward only. An advisory lock lets several servers start at once: one applies, the others wait.
 * `db` must be connected with role `owner`.
 *
 * Throws BreakwaterError `migration.changed` when a file was edited after it was applied, and `migration.unknown` when the
 * database has one that this program does not know: the database is then newer than the program.
 */
export async function migrate(db: Db, folder: URL = migrationsFolder): Promise<string[]> {
  const files = await readMigrations(folder);
  const key = lockKey('migrate');
  return db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${key.toString()}::bigint)`.execute(connection);
    try {
      await sql`create table if not exists migration (
        name text primary key, checksum text not null, applied_at timestamptz not null default now())`.execute(
        connection,
      );
      const { rows } = await sql<{ name: string; checksum: string }>`select name, checksum from migration`.execute(
        connection,
      );
      const pending = pendingMigrations(files, rows);
      for (const file of pending) await apply(connection, file);
      return pending.map((file) => file.name);
    } finally {
      await sql`select pg_advisory_unlock(${key.toString()}::bigint)`.execute(connection);
    }
  });
}

async function apply(connection: Db, file: Migration): Promise<void> {
  try {
    await connection.transaction().execute(async (tx) => {
      await sql.raw(file.text).execute(tx);
      await sql`insert into migration (name, checksum) values (${file.name}, ${file.checksum})`.execute(tx);
    });
  } catch (error) {
    throw new Error(`migration ${file.name} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      if (!/^\d{4}-[a-z-]+\.sql$/.test(name)) {
        throw new BreakwaterError('migration.name', `${name} is not named NNNN-<domain>.sql`, name);
      }
      const text = await readFile(new URL(name, folder), 'utf8');
      return { name, text, checksum: `sha256:${createHash('sha256').update(text).digest('hex')}` };
    }),
  );
}

function pendingMigrations(
  files: readonly Migration[],
  applied: readonly { name: string; checksum: string }[],
): readonly Migration[] {
  const known = new Map(files.map((file) => [file.name, file]));
  for (const { name, checksum } of applied) {
    const file = known.get(name);
    if (file === undefined) {
      throw new BreakwaterError(
        'migration.unknown',
        `the database has had migration ${name}, which this program does not know: run the newer program`,
        name,
      );
    }
    if (file.checksum !== checksum) {
      throw new BreakwaterError(
        'migration.changed',
        `${name} was edited after it was applied: put it back and add a new migration instead`,
        name,
      );
    }
  }
  const seen = new Set(applied.map(({ name }) => name));
  return files.filter((file) => !seen.has(file.name));
}
