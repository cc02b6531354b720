import { recordLeafHash, verifyInclusion } from '@breakwater/rules/evidence';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inTransaction } from '#platform/db';
import { type TestDatabase, testDatabase } from '../platform/db/testing.ts';
import { append } from './append.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test('smoke', async () => {
  const ids = await inTransaction(database.db, (tx) =>
    append(tx, { type: 'run.started', institution: 'b', subjects: { run: 'r' }, actor: { kind: 'system', id: 's' }, at: '2026-11-29T01:00:00+09:00', payload: { a: 1 } }),
  );
  expect(ids).toHaveLength(1);
});
