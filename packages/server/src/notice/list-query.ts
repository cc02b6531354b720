/** Recipients from a query of the company's own database, read by a cursor: nothing is held but a part of the answer. */
import mysql from 'mysql2';
import pg from 'pg';
import { BreakwaterError } from '@breakwater/rules';
import { isMysql } from './channels/table/database.ts';

const partSize = 5000;
const connectMs = 10_000;

/**
 * The first column of what a query answers, as lines of CSV. It runs in a read-only transaction, which is left when the
 * reader stops. Throws BreakwaterError `list.query` without the words of the database, which may quote data.
 */
export async function* queryLines(url: string, query: string): AsyncGenerator<string> {
  const rows = isMysql(url) ? mysqlRows(url, query) : postgresRows(url, query);
  try {
    for await (const value of rows) yield `${asField(value)}\n`;
  } catch (error) {
    if (error instanceof BreakwaterError) throw error;
    const { code } = error as { code?: unknown };
    throw new BreakwaterError(
      'list.query',
      `the query for recipients failed (${typeof code === 'string' ? code : 'no connection'}): try it in the database's own client`,
      'recipients',
    );
  }
}

function asField(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function* postgresRows(url: string, query: string): AsyncGenerator {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectMs });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('begin transaction read only');
    await client.query(`declare recipients no scroll cursor for ${query.trim().replace(/;$/, '')}`);
    for (;;) {
      const { rows } = await client.query<unknown[]>({ text: `fetch ${partSize} from recipients`, rowMode: 'array' });
      for (const row of rows) yield row[0];
      if (rows.length < partSize) return;
    }
  } finally {
    await client.end();
  }
}

async function* mysqlRows(url: string, query: string): AsyncGenerator {
  const connection = mysql.createConnection({
    uri: url.replace(/^mariadb:/, 'mysql:'),
    connectTimeout: connectMs,
    rowsAsArray: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
  });
  connection.on('error', () => undefined);
  try {
    await connection.promise().query('start transaction read only');
    for await (const row of connection.query(query).stream({ highWaterMark: partSize })) yield (row as unknown[])[0];
  } finally {
    connection.destroy();
  }
}
