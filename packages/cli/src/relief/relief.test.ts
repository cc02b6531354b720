import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase, type TestDatabase } from '@breakwater/server/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { end, run, up, type Server } from '../notice/process.testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'claim-cli-'));
let database: TestDatabase;
let server: Server;
let env: Record<string, string>;

beforeAll(async () => {
  database = await testDatabase();
  env = { BREAKWATER_DATA_DIR: folder, BREAKWATER_LOG_LEVEL: 'silent', DATABASE_URL: database.url };
  server = await up(env);
});
afterAll(async () => {
  await end(server.child, 'SIGTERM');
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const failed = (n: number, subject = `c-${n}`) => ({
  id: `t-${n}`,
  at: '2026-11-29T01:20:00+09:00',
  subject,
  service: 'transfer',
  krw: 10_000,
  feeKrw: 500,
});

test('claims are imported, listed, decided and paid, each once', async () => {
  const file = join(folder, 'failed.json');
  writeFileSync(file, JSON.stringify({ transactions: [failed(1), failed(2), failed(3)], next: null }));
  const imported = await run(['claim', 'import', file, '--run', 'r-1', '--by', 'p-07', '--complete', '--json'], env);
  expect([imported.code, JSON.parse(imported.stdout)]).toEqual([0, { opened: 3, repeated: 0, outside: 0 }]);
  const again = await run(['claim', 'import', file, '--run', 'r-1', '--by', 'p-07'], env);
  expect(again.stdout).toContain('there already 3');

  const listed = JSON.parse(
    (await run(['claim', 'list', '--run', 'r-1', '--state', 'open', '--json'], env)).stdout,
  ) as { claims: { id: string }[] };
  const [first, second] = listed.claims.map(({ id }) => id);
  expect(listed.claims).toMatchObject([{ amount: { low: 500, high: 10_500 } }, {}, {}]);
  expect((await run(['claim', 'decide', first ?? '', 'accept', '--amount', '1,500', '--by', 'p-07'], env)).code).toBe(
    0,
  );
  expect(
    (await run(['claim', 'decide', second ?? '', 'refuse', '--reason', 'booked after all', '--by', 'p-07'], env)).code,
  ).toBe(0);
  const twice = await run(['claim', 'decide', first ?? '', 'refuse', '--reason', 'x', '--by', 'p-07', '--json'], env);
  expect([twice.code, JSON.parse(twice.stdout)]).toMatchObject([
    1,
    { error: { code: 'refused.claim-decided-already' } },
  ]);
  const overpaid = await run(
    ['claim', 'pay', first ?? '', '--amount', '1501', '--payment', 'x', '--by', 'p-07', '--json'],
    env,
  );
  expect([overpaid.code, JSON.parse(overpaid.stdout)]).toMatchObject([
    1,
    { error: { code: 'refused.claim-overpaid' } },
  ]);
  expect(
    (await run(['claim', 'pay', first ?? '', '--amount', '1500', '--payment', 'x', '--by', 'p-07'], env)).code,
  ).toBe(0);
  const all = await run(['claim', 'list', '--run', 'r-1'], env);
  expect(all.stdout).toMatch(/지급 완료 paid[\s\S]*기각 refused|기각 refused[\s\S]*지급 완료 paid/);
  expect(all.stdout).not.toContain('c-1 ');
});

test('bad input is refused with exit 2 and its place', async () => {
  const refused = async (value: unknown) => {
    const ended = await run(
      ['claim', 'import', '-', '--run', 'r-2', '--by', 'p-07', '--json'],
      env,
      typeof value === 'string' ? value : JSON.stringify(value),
    );
    return [ended.code, (JSON.parse(ended.stdout) as { error: { code: string; path: string } }).error];
  };
  expect(await refused({ transactions: [failed(1, '01012345678')] })).toMatchObject([
    2,
    { code: 'failed-transactions.personal-data', path: '/transactions/0/subject' },
  ]);
  expect(await refused({ transactions: [{ ...failed(1), krw: -5 }] })).toMatchObject([
    2,
    { path: '/transactions/0/krw' },
  ]);
  expect(await refused('{"transactions": [')).toMatchObject([2, { code: 'document.syntax' }]);
  expect((await run(['claim', 'decide', 'c-x', 'accept', '--amount', '1.5', '--by', 'p-07'], env)).code).toBe(2);
  expect((await run(['claim', 'decide', 'c-x', 'accept', '--by', 'p-07'], env)).code).toBe(2);
  expect((await run(['claim', 'decide', 'c-x', 'perhaps', '--by', 'p-07'], env)).code).toBe(2);
  expect((await run(['claim', 'decide', 'c-x', 'accept', '--amount', '5', '--by', 'p-07'], env)).code).toBe(2);
});
