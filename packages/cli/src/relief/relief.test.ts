import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@breakwater/client';
import { statementBytes } from '@breakwater/rules';
import { testDatabase, type TestDatabase } from '@breakwater/server/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { end, run, up, type Server } from '../notice/process.testing.ts';
import { keyDigest } from '../plan/key.ts';

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

test('claims come from CSV, each line once, and a large decision waits for the signature of a second person', async () => {
  const failures = join(folder, 'failed.csv');
  const lines = [
    'id,at,subject,service,krw,feeKrw,reason',
    ...[21, 22].map((n) => `t-${n},2026-11-29T01:20:00+09:00,c-${n},transfer,10000,500,`),
  ];
  writeFileSync(failures, `\uFEFF${lines.join('\r\n')}\r\n`);
  expect(await answered('claim', 'import', failures, '--run', 'r-csv', '--by', 'p-07')).toEqual([
    0,
    { opened: 2, repeated: 0, outside: 0 },
  ]);
  const filed = join(folder, 'filed.csv');
  writeFileSync(
    filed,
    'subject,service,occurredAt,reference,amount\ncust-9,transfer,2026-11-29T01:25:00+09:00,,5000000\n',
  );
  const file = () => answered('claim', 'file', filed, '--run', 'r-csv', '--by', 'p-07');
  expect([await file(), await file()]).toEqual([
    [0, { filed: 1, merged: 0 }],
    [0, { filed: 0, merged: 1 }],
  ]);
  writeFileSync(filed, 'subject,service,occurredAt\n=cmd(),transfer,2026-11-29T01:25:00+09:00\n');
  expect(await file()).toMatchObject([2, { error: { path: 'line 2/subject' } }]);

  const [, listed] = await answered('claim', 'list', '--run', 'r-csv', '--state', 'open');
  const claims = (listed as unknown as { claims: { id: string; source: string }[] }).claims;
  const claim = claims.find(({ source }) => source === 'filed')?.id ?? '';
  const decide = [
    'claim',
    'decide',
    claim,
    'accept',
    '--amount',
    '2000000',
    '--code',
    'price-difference',
    '--by',
    'p-07',
  ];
  expect(await answered(...decide)).toEqual([0, { claim, state: 'waiting' }]);
  const people = await Promise.all(
    ['p-11', 'p-12'].map(async (person) => {
      const keys = generateKeyPairSync('ed25519');
      const path = join(folder, `${person}.pem`);
      writeFileSync(path, keys.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
      return { person, role: 'consumer-officer', path, keys };
    }),
  );
  const [first, second] = people;
  if (first === undefined || second === undefined) throw new Error('two people');
  const enrolment = (one: typeof first, other: typeof first) => {
    const statement = {
      schema: 'breakwater.enrolment/1' as const,
      institution: 'local',
      person: one.person,
      role: one.role,
      publicKey: String(one.keys.publicKey.export({ type: 'spki', format: 'pem' })),
      enrolledBy: other.person,
      from: '2026-01-01T00:00:00Z',
      to: '2099-01-01T00:00:00Z',
      nonce: one.person.slice(2).repeat(16),
    };
    const bytes = statementBytes(statement);
    return {
      statement,
      enroller: {
        key: keyDigest(other.keys.publicKey),
        signature: sign(null, bytes, other.keys.privateKey).toString('base64'),
      },
      possession: sign(null, bytes, one.keys.privateKey).toString('base64'),
    };
  };
  const client = createClient({ socket: join(folder, 'run', 'api.sock') });
  await client.POST('/keys/founding', { body: { founders: [enrolment(first, second), enrolment(second, first)] } });
  const approve = (...more: string[]) =>
    answered(
      'claim',
      'approve',
      claim,
      '--key',
      second.path,
      '--person',
      'p-12',
      '--role',
      'consumer-officer',
      ...more,
    );
  expect(await approve('--return')).toEqual([0, { claim }]);
  expect((await answered('claim', 'show', claim))[1]).toMatchObject({ state: 'open', proposal: null });
  await answered(...decide);
  expect(await approve()).toEqual([0, { claim }]);
  expect(await answered('claim', 'show', claim)).toMatchObject([
    0,
    { state: 'accepted', decided: { by: 'p-07', second: 'p-12', amount: 2_000_000, code: 'price-difference' } },
  ]);

  const out = join(folder, 'payments.csv');
  expect(await answered('claim', 'export', '--run', 'r-csv', '--out', out, '--by', 'p-07')).toEqual([0, { file: out }]);
  expect(readFileSync(out, 'utf8')).toContain(`"${claim}","r-csv","***-9","2000000"`);
  expect(await answered('claim', 'told', claim, '--channel', 'letter', '--reference', 'L-1', '--by', 'p-07')).toEqual([
    0,
    { told: 1 },
  ]);
  expect(
    await answered('claim', 'escalate', claim, 'fss', '--case', '2026-1', '--stage', 'filed', '--by', 'p-07'),
  ).toEqual([0, { claim }]);
  expect(await answered('claim', 'appeal', claim, '--amount', '0..3000000', '--by', 'p-07')).toEqual([0, { claim }]);
  expect((await run(['claim', 'show', claim], env)).stdout).toContain('fss 2026-1 filed');
  expect((await answered('claim', 'due', '--within', '30'))[1]).toMatchObject({ claims: expect.any(Array) as unknown });
});

test('damage and leaks are kept row by row, under a policy that can be set', async () => {
  const add = [
    'relief',
    'row',
    'r-l',
    '--type',
    'thirdParty',
    '--state',
    'claimed',
    '--amount',
    '0..85000000',
    '--by',
    'p-07',
  ];
  expect((await run([...add, '--evidence', `sha256:${'a'.repeat(64)}`], env)).code).toBe(0);
  expect((await run(['relief', 'ledger', 'r-l'], env)).stdout).toContain('step of the limit: 80 %');
  const leak = join(folder, 'leak.yaml');
  const at = '2026-11-29T01:30:00+09:00';
  writeFileSync(
    leak,
    `source: review\ndiscoveredAt: ${at}\nawareAt: ${at}\ncause: work\nkind: exfiltration\nillegalExternalAccess: false\nrecords: {low: 5, high: 5}\npersons: {low: 5, high: 5}\nfields: [name, account-number]\n`,
  );
  const [code, entered] = await answered('relief', 'leak', 'add', 'r-l', leak, '--by', 'p-07');
  expect([code, entered]).toMatchObject([0, { class: 'personalCredit' }]);
  const { id } = entered as unknown as { id: string };
  expect((await run(['relief', 'leak', 'list', 'r-l'], env)).stdout).toContain('account-number: personalCredit');
  expect((await run(['relief', 'leak', 'draft', id], env)).stdout).toContain('계좌번호');
  const done = ['relief', 'leak', 'done', id, 'subject-notice', '--reference', 'N-1', '--by', 'p-07', '--json'];
  expect([(await run(done, env)).code, (await run(done, env)).code]).toEqual([0, 2]);
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, (await run(['relief', 'policy', 'show'], env)).stdout);
  expect(await answered('relief', 'policy', 'set', policy, '--by', 'p-07')).toEqual([0, { version: 1 }]);
  const events = (await answered('relief', 'events', '--run', 'r-l'))[1] as unknown as { events: { kind: string }[] };
  expect(events.events.map(({ kind }) => kind)).toEqual(['damage-step-reached', 'damage-step-reached', 'leak-entered']);
  const extend = [
    'relief',
    'extend',
    'r-l',
    '--until',
    '2099-01-01T00:00:00Z',
    '--reason',
    'a court asks',
    '--by',
    'p-07',
  ];
  expect((await run(extend, env)).code).toBe(0);
  const channel = ['relief', 'channel', 'r-l', '--service', 'call-centre', '--start', at, '--end', at, '--by', 'p-07'];
  expect((await run(channel, env)).code).toBe(0);
  expect((await run(['relief', 'tell', 'r-l', '--by', 'p-07'], env)).stdout).toContain('No result waits');
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
