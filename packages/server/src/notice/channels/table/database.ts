/** Databases that a messaging agent's tables are in: our own, another PostgreSQL, MySQL or MariaDB. */
import { CompiledQuery } from 'kysely';
import mysql from 'mysql2/promise';
import pg from 'pg';
import type { Db, Tx } from '#platform/db';
import type { TableLayout } from './layout.ts';

type Value = string | number;

/** What an adapter asks of a database. Names in statements were checked to be names; every value is a parameter. */
export interface AgentDatabase {
  /** Where it is, without a password. */
  readonly name: string;
  /** Adds rows; those whose key is there already are left as they are. `tx`: in the same commit, in our own database. */
  insert(into: TableLayout, rows: readonly (readonly Value[])[], tx: Tx | null): Promise<void>;
  /** What is done since `after`, `YYYY-MM-DD hh:mm:ss`, oldest first, and the next rows of the same second after `key`. */
  done(from: TableLayout, table: string, after: { at: string; key: string }, most: number): Promise<DoneRow[]>;
  /** Whether the key column has a unique index of its own; null when there is no such table. */
  hasUniqueKey(layout: TableLayout): Promise<boolean | null>;
  close(): Promise<void>;
}

export type DoneRow = { key: string; status: string; result: string; at: string };

const connections = 4;
const connectMs = 10_000;

/** Columns, their order, and groups of placeholders for rows. */
function insertion({ table, columns }: TableLayout, count: number, placeholder: (at: number) => string): string {
  const names = Object.keys(columns);
  const row = (n: number): string =>
    `(${names.map((_, column) => placeholder(n * names.length + column + 1)).join(', ')})`;
  return `insert into ${table} (${names.join(', ')}) values ${Array.from({ length: count }, (_, n) => row(n)).join(', ')}`;
}

function doneQuery(of: TableLayout, table: string, asText: string, p: (at: number) => string): string {
  const done = of.done.map((_, index) => p(index + 5)).join(', ');
  return `select ${of.key} as k, ${of.status} as s, ${of.result} as r, ${asText} as t from ${table}
    where ${of.status} in (${done}) and ${of.key} is not null
      and (${asText} > ${p(1)} or (${asText} = ${p(2)} and ${of.key} > ${p(3)}))
    order by ${asText}, ${of.key} limit ${p(4)}`;
}

type RawDone = { k: unknown; s: unknown; r: unknown; t: unknown };
const plain = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const doneRow = ({ k, s, r, t }: RawDone): DoneRow => ({
  key: plain(k),
  status: plain(s),
  result: plain(r),
  at: plain(t),
});

type Query = <T>(text: string, values: readonly Value[], tx: Tx | null) => Promise<T[]>;

function postgres(name: string, query: Query, close: () => Promise<void>): AgentDatabase {
  const p = (at: number): string => `$${at}`;
  return {
    name,
    async insert(into, rows, tx) {
      const text = `${insertion(into, rows.length, p)} on conflict (${into.key}) do nothing`;
      await query(text, rows.flat(), tx);
    },
    async done(from, table, after, most) {
      const asText = `left(regexp_replace(${from.doneAt}::text, '[^0-9]', '', 'g'), 14)`;
      const at = after.at.replace(/\D/g, '');
      const rows = await query<RawDone>(
        doneQuery(from, table, asText, p),
        [at, at, after.key, most, ...from.done],
        null,
      );
      return rows.map(doneRow);
    },
    async hasUniqueKey({ table, key }) {
      const rows = await query<{ found: boolean; unique: boolean }>(
        `select to_regclass($1) is not null as found, exists (
           select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
           where i.indrelid = to_regclass($1) and i.indisunique and i.indnkeyatts = 1 and a.attname = lower($2)) as unique`,
        [table, key],
        null,
      );
      return rows[0]?.found === true ? rows[0].unique : null;
    },
    close,
  };
}

/** Our own database: what is handed over is so exactly when we say so. */
export function ownDatabase(db: Db): AgentDatabase {
  const query: Query = async <T>(text: string, values: readonly Value[], tx: Tx | null) =>
    (await (tx ?? db).executeQuery<T>(CompiledQuery.raw(text, [...values]))).rows;
  return postgres('own', query, () => Promise.resolve());
}

/** A PostgreSQL or MySQL by its URL, which holds a password and is never printed. */
export function databaseAt(url: () => string): AgentDatabase {
  const at = url();
  const name = at.replace(/\/\/[^@/]*@/, '//').replace(/\?.*$/s, '');
  return isMysql(at) ? mysqlAt(name, at) : postgresAt(name, at);
}

export function isMysql(url: string): boolean {
  return /^(?:mysql|mariadb):/.test(url);
}

function postgresAt(name: string, url: string): AgentDatabase {
  const pool = new pg.Pool({ connectionString: url, max: connections, connectionTimeoutMillis: connectMs });
  // A connection that breaks while it is idle is opened again when it is needed.
  pool.on('error', () => undefined);
  const query: Query = async <T>(text: string, values: readonly Value[]) =>
    (await pool.query(text, [...values])).rows as T[];
  return postgres(name, query, () => pool.end());
}

function mysqlAt(name: string, url: string): AgentDatabase {
  const pool = mysql.createPool({
    uri: url.replace(/^mariadb:/, 'mysql:'),
    connectionLimit: connections,
    connectTimeout: connectMs,
    dateStrings: true,
    charset: 'utf8mb4',
    // Only one statement a query, and no file of ours is ever sent.
    multipleStatements: false,
  });
  const query = async <T>(text: string, values: readonly Value[]): Promise<T[]> => {
    const [rows] = await pool.query(text, [...values]);
    return rows as T[];
  };
  const p = (): string => '?';
  return {
    name,
    async insert(into, rows) {
      // Not `insert ignore`: that would also pass over texts that are cut off.
      await query(`${insertion(into, rows.length, p)} on duplicate key update ${into.key} = ${into.key}`, rows.flat());
    },
    async done(from, table, after, most) {
      const asText = `left(regexp_replace(cast(${from.doneAt} as char), '[^0-9]', ''), 14)`;
      const at = after.at.replace(/\D/g, '');
      const text = doneQuery(from, table, asText, p);
      // Placeholders of MySQL have no numbers: their values stand in the order of the text.
      const rows = await query<RawDone>(text, [...from.done, at, at, after.key, most]);
      return rows.map(doneRow);
    },
    async hasUniqueKey({ table, key }) {
      const rows = await query<{ found: number; uniquely: number }>(
        `select (select count(*) from information_schema.tables t
             where t.table_schema = database() and lower(t.table_name) = lower(?)) as found,
           (select count(*) from information_schema.statistics s
             where s.table_schema = database() and lower(s.table_name) = lower(?) and lower(s.column_name) = lower(?)
               and s.non_unique = 0 and s.seq_in_index = 1 and not exists (select 1 from information_schema.statistics o
                 where o.table_schema = s.table_schema and o.table_name = s.table_name and o.index_name = s.index_name
                   and o.seq_in_index > 1)) as uniquely`,
        [table, table, key],
      );
      return Number(rows[0]?.found) > 0 ? Number(rows[0]?.uniquely) > 0 : null;
    },
    close: () => pool.end(),
  };
}
