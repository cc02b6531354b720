import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { connect, type Db } from './connect.ts';
import { connectionUrlOf } from './embedded.ts';
import { templateDatabase } from './testing-server.ts';

export type TestDatabase = {
  /** Connected as `breakwater_app`, as the product is: a missing grant fails here. */
  db: Db;
  /** URL of the database with its owner, for `connect(url, { role })`, `listen` and processes of their own. */
  url: string;
  /** Closes `db` and removes the database. */
  drop(): Promise<void>;
};

/** A fresh, migrated database on the one PostgreSQL of this test run. Call it in `beforeAll`, and `drop` in `afterAll`. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject('databaseServer');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(server, `create database ${name} template ${templateDatabase}`);
  const url = connectionUrlOf(server, name);
  const db = connect(url, { max: 5 });
  return {
    db,
    url,
    async drop() {
      await db.destroy();
      await onServer(server, `drop database ${name} with (force)`);
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
