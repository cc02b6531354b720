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

const answered = async (...argv: string[]) => {
  const { code, stdout } = await run([...argv, '--json'], env);
  return [code, JSON.parse(stdout)] as [number, Record<string, never>];
};

test('relief of a run is prepared, accepted, paid and kept in its ledgers', async () => {
  const until = '2099-12-29T09:00:00.000Z';
  expect(
    await answered('relief', 'prepare', 'p-1', '--claims-until', until, '--contact', '15881234', '--by', 'p-07'),
  ).toMatchObject([0, { plan: 'p-1', claimsUntil: until }]);
  const file = join(folder, 'more.json');
  writeFileSync(file, JSON.stringify({ transactions: [failed(11), failed(12)], next: null }));
  await run(['claim', 'import', file, '--run', 'r-9', '--by', 'p-07', '--complete'], env);
  expect(await answered('relief', 'accept', 'r-9', '--by', 'p-07')).toEqual([0, { accepted: 2, amount: 1000 }]);
  expect(await answered('relief', 'pay', 'r-9', '--payment', 'B-1', '--by', 'p-07')).toEqual([
    0,
    { paid: 2, amount: 1000 },
  ]);
  expect(
    await answered(
      'relief',
      'damage',
      'r-9',
      '--company',
      '1,200,000..3,000,000',
      '--third-party',
      '0',
      '--goodwill',
      'unknown',
      '--recourse',
      '5..',
      '--by',
      'p-07',
    ),
  ).toMatchObject([
    0,
    {
      company: { low: 1_200_000, high: 3_000_000 },
      thirdParty: { low: 0, high: 0 },
      goodwill: null,
      recourse: { low: 5, high: null },
    },
  ]);
  expect(await answered('relief', 'leaks', 'r-9', '--personal-credit', '0', '--attested-by', 'p-17')).toEqual([
    0,
    { run: 'r-9' },
  ]);
  expect(await answered('relief', 'show', 'r-9')).toMatchObject([
    0,
    { figures: { count: 2, paid: 2, paidAmount: 1000 } },
  ]);
  const shown = await run(['relief', 'show', 'r-9'], env);
  expect(shown.stdout).toContain('회사 · company: 1,200,000원 ~ 3,000,000원');
  expect(shown.stdout).toContain('알 수 없음 · unknown');
});

test.each(['12.5', '', '5..3', '..5', '1 000', '-1', 'none', '9007199254740993'])('%j is no quantity', async (text) => {
  const ended = await run(['relief', 'damage', 'r-9', `--company=${text}`, '--by', 'p-07', '--json'], env);
  expect([ended.code, JSON.parse(ended.stdout)]).toMatchObject([
    2,
    { error: { code: 'usage.quantity', path: '--company' } },
  ]);
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
