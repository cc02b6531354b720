import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { draftNotice } from '@breakwater/rules/notice';
import { contactRead } from '@breakwater/rules/relief/record';
import { noticeOf } from '#notice';
import { noticeSite } from '#notice/routes';
import type { Platform } from '#platform';
import { manualClock, type ManualClock } from '#platform/clock';
import { loadConfig } from '#platform/config';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { createHttp, type Http } from '#platform/http';
import { createLog, createMetrics } from '#platform/telemetry';
import { noJobs } from '#platform/jobs';
import { reliefOf } from '../compose.ts';
import { formDesk } from './desk.ts';
import { readForm } from './filled-form.ts';
import { claimForm } from './routes.ts';

const start = new Date('2026-11-29T10:00:00+09:00');
const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let database: TestDatabase;
let folder: string;
let clock: ManualClock;
let platform: Platform;
let app: Http;
let url: string;
const logged: string[] = [];
const perMinute = 10;

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'claim-form-'));
  clock = manualClock(new Date('2026-11-28T10:00:00+09:00'));
  platform = {
    config: loadConfig({
      root: folder,
      env: {},
      overrides: { institution: 'hanbit-bank', 'site.claimsPerMinute': perMinute, 'notice.approvals.needed': 0 },
    }),
    db: database.db,
    databaseUrl: database.url,
    clock,
    log: createLog('debug', { write: (line) => logged.push(line) }),
    metrics: createMetrics(),
    jobs: noJobs,
  };
  const { http } = platform.config;
  app = await createHttp({ log: platform.log, metrics: platform.metrics, access: 'public', ...http });
  for (const add of [noticeSite, claimForm]) add(app, platform);
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

const filled = {
  service: 'transfer',
  date: '2026-11-29',
  time: '01:20',
  reference: '',
  amount: '12,500원',
  basis: 'fee',
  alternative: 'failed',
  phone: '010-0000-0042',
};

async function token(): Promise<string> {
  const page = await (await fetch(`${url}/ko/claim/`)).text();
  const found = /name="token" value="([^"]+)"/.exec(page)?.[1] ?? '';
  clock.advance(5000);
  return found;
}

let senders = 1;
/** Posts a form from an address of its own, as far as the limit can tell. */
async function post(path: string, fields: Record<string, string>): Promise<{ status: number; text: string }> {
  senders += 1;
  const answer = await app.inject({
    method: 'POST',
    url: path,
    remoteAddress: `127.0.${senders >> 8}.${senders & 255}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(fields).toString(),
  });
  return { status: answer.statusCode, text: answer.body };
}

const keptOf = (text: string): { claim: string; code: string } => ({
  claim: /<b>(c-[0-9a-f-]+)<\/b>/.exec(text)?.[1] ?? '',
  code: /<b>([0-9A-F]{10})<\/b>/.exec(text)?.[1] ?? '',
});

describe('a filled form', () => {
  const around = { services: ['transfer', 'cards'], now: start.getTime() };
  test.each<[Partial<typeof filled>, string, string]>([
    [{ service: '' }, 'service', 'missing'],
    [{ service: 'atm' }, 'service', 'unknown'],
    [{ date: '' }, 'date', 'missing'],
    [{ date: '2026-02-30' }, 'date', 'malformed'],
    [{ date: '2026-12-01' }, 'date', 'future'],
    [{ date: '2020-01-01' }, 'date', 'too-old'],
    [{ time: '25:00' }, 'time', 'malformed'],
    [{ amount: '-5' }, 'amount', 'malformed'],
    [{ amount: '9999999999999' }, 'amount', 'too-much'],
    [{ reference: '<script>' }, 'reference', 'malformed'],
    [{ phone: '02-123-4567' }, 'phone', 'malformed'],
    [{ basis: 'wrath' }, 'basis', 'unknown'],
  ])('%j is refused at %s: %s', (change, field, fault) => {
    expect(readForm(new URLSearchParams({ ...filled, ...change }), around)).toEqual({ faults: { [field]: fault } });
  });

  test('is read in Korean time, with won as people write it', () => {
    expect(readForm(new URLSearchParams({ ...filled, amount: '１２,５００원' }), around)).toMatchObject({
      form: { at: Date.parse('2026-11-29T01:20:00+09:00'), amount: 12_500, phone: '01000000042', reference: null },
    });
  });

  test('is read or refused field by field, whatever is entered', () => {
    const entry = fc.string({ unit: 'binary', maxLength: 30 });
    fc.assert(
      fc.property(fc.record(Object.fromEntries(Object.keys(filled).map((name) => [name, entry]))), (fields) => {
        const read = readForm(new URLSearchParams(fields as Record<string, string>), around);
        expect('faults' in read ? Object.keys(read.faults).length : 1).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the claim form', () => {
  test('says that nothing is taken while nothing was announced', async () => {
    expect(await (await fetch(`${url}/ko/claim/`)).text()).toContain('신고를 받는 작업이 없습니다');
    const notice = noticeOf(platform);
    const document = draftNotice(
      {
        kind: 'emergency-patch',
        window: { start: '2026-11-29T01:00:00+09:00', end: '2026-11-29T04:00:00+09:00' },
        services: ['transfer', 'cards'],
        notice: { alternativeChannels: [{ name: 'ATM', service: 'atm', opens: '00:00', closes: '24:00' }] },
      },
      {
        company: { name: { ko: '한빛은행', en: 'Hanbit Bank' }, phone: '15881234' },
        sender: '15881234',
        serviceNames: { transfer: { ko: '이체', en: 'Transfers' }, cards: { ko: '카드', en: 'Cards' } },
      },
    );
    await notice.publish(await notice.submit(document, { plan: 'patch-1', by: 'p-03' }), 'p-03');
    clock.advance(86_400_000);
    expect(await (await fetch(`${url}/ko/claim/?service=cards`)).text()).toMatch(/value="cards" selected/);
  });

  test('files a claim once, however often it is sent, and shows how it stands to who has the code', async () => {
    const name = await token();
    const first = await post('/ko/claim/', { ...filled, token: name });
    expect([first.status, (await post('/ko/claim/', { ...filled, token: name })).status]).toEqual([200, 200]);
    const { claim, code } = keptOf(first.text);
    expect(first.text).toContain('2026년 12월 14일(월)');
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from relief_claim`.execute(database.db);
    expect(rows[0]?.count).toBe(1);
    expect((await post('/ko/claim/status', { number: claim, code: code.toLowerCase() })).text).toContain(
      '확인하고 있습니다',
    );
    expect((await post('/ko/claim/status', { number: claim, code: '0000000000' })).status).toBe(404);
  });

  test('adds a report of the same transaction to the claim that is there', async () => {
    const [a, b] = [await token(), await token()];
    const first = keptOf((await post('/ko/claim/', { ...filled, reference: 'T-77', token: a })).text);
    const second = await post('/en/claim/', { ...filled, reference: 'T-77', phone: '010-0000-0043', token: b });
    expect(keptOf(second.text).claim).toBe(first.claim);
    expect(second.text).toContain('was added to it');
  });

  test('keeps what was entered when something is wrong, and names the field', async () => {
    const answer = await post('/ko/claim/', { ...filled, phone: '1234', amount: '"><b>', token: await token() });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('href="#phone"');
    expect(answer.text).toContain('value="&quot;&gt;&lt;b&gt;"');
    expect(answer.text).not.toContain('value=""><b>');
  });

  test.each<[string, () => Promise<Record<string, string>>]>([
    ['without our token', async () => ({})],
    ['with a forged token', async () => ({ token: `${(await token()).slice(0, -4)}0000` })],
    [
      'faster than a person fills it in',
      async () => {
        const page = await (await fetch(`${url}/ko/claim/`)).text();
        return { token: /name="token" value="([^"]+)"/.exec(page)?.[1] ?? '' };
      },
    ],
    ['with the trap filled in', async () => ({ token: await token(), website: 'https://spam.example' })],
  ])('asks again %s, and files nothing', async (_what, extra) => {
    const count = async (): Promise<number | undefined> =>
      (await sql<{ n: number }>`select count(*)::int as n from relief_claim`.execute(database.db)).rows[0]?.n;
    const before = await count();
    const answer = await post('/ko/claim/', { ...filled, ...(await extra()) });
    expect([answer.status, await count()]).toEqual([422, before]);
  });

  test('takes so many forms a minute from one address, and gives back what was entered', async () => {
    const send = (path: string, fields: Record<string, string>) =>
      app.inject({
        method: 'POST',
        url: path,
        remoteAddress: '127.9.9.9',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams(fields).toString(),
      });
    const statuses: number[] = [];
    for (let i = 0; i < perMinute + 2; i += 1)
      statuses.push((await send('/ko/claim/status', { number: 'c-1', code: 'x' })).statusCode);
    expect(statuses.slice(0, perMinute).every((status) => status === 404)).toBe(true);
    expect(statuses.slice(perMinute)).toEqual([429, 429]);
    const over = await send('/ko/claim/', { ...filled, reference: 'T-kept' });
    expect([over.statusCode, Number(over.headers['retry-after'])]).toEqual([429, expect.closeTo(30, -2)]);
    expect(over.body).toMatch(/1분 뒤에[\s\S]*value="T-kept"/);
  });

  test('keeps telephone numbers out of the log and readable to who says why', async () => {
    const own = { ...filled, time: '03:33', token: await token() };
    const { claim } = keptOf((await post('/ko/claim/', own)).text);
    expect(await formDesk(platform).contacts(claim, { by: 'p-07', reason: '결과 통지' })).toEqual(['01000000042']);
    const { rows } = await sql<{ leaf: string; payload: string }>`
      select leaf, payload from evidence_outbox order by id desc limit 1`.execute(database.db);
    expect(contactRead.payload.parse(JSON.parse(rows[0]?.payload ?? '{}'))).toMatchObject({
      claim,
      count: 1,
      by: 'p-07',
    });
    const { rows: stored } = await sql<{ row: string }>`
      select to_jsonb(f)::text as row from relief_claim_form f
      union all select to_jsonb(c)::text from relief_claim c union all select payload from evidence_outbox`.execute(
      database.db,
    );
    for (const text of [...logged, ...stored.map(({ row }) => row)])
      expect(text).not.toMatch(/0100000004|010-0000-004/);
  });

  test('shows what was decided and why, and takes an appeal from whoever has the code', async () => {
    const own = { ...filled, time: '04:44', token: await token() };
    const { claim, code } = keptOf((await post('/ko/claim/', own)).text);
    const appeal = (amount: string, with_ = code) => post('/ko/claim/appeal', { number: claim, code: with_, amount });
    expect((await appeal('')).status).toBe(404);
    const decision = { claim, decision: 'accepted', amount: 5000, by: 'p-07', code: 'in-part', reason: null } as const;
    await reliefOf(platform).decide(decision);
    const shown = await post('/ko/claim/status', { number: claim, code });
    for (const said of ['5,000원', '청구액 중 일부 인정', '이의 신청하기']) expect(shown.text).toContain(said);
    expect((await appeal('천원')).status).toBe(422);
    expect((await appeal('9000', '0000000000')).status).toBe(404);
    const again = await appeal('９,000원');
    expect([again.status, again.text.includes('확인하고 있습니다')]).toEqual([200, true]);
    expect((await reliefOf(platform).claim(claim)).amount).toEqual({ low: 0, high: 9000 });
  });

  test('takes twenty reports a day of one number: a person who lost more calls', async () => {
    let last = { status: 0, text: '' };
    for (let minute = 0; minute < 21; minute += 1) {
      const time = `05:${String(minute + 10)}`;
      last = await post('/ko/claim/', { ...filled, time, phone: '010-0000-0077', token: await token() });
    }
    expect([last.status, last.text.includes('오늘 접수할 수 있는 건수')]).toEqual([422, true]);
  });

  test('refuses a body that is too large or of another kind', async () => {
    const large = await post('/ko/claim/', { ...filled, reference: 'x'.repeat(10_000) });
    expect(large.status).toBe(413);
    const other = await app.inject({
      method: 'POST',
      url: '/ko/claim/',
      headers: { 'content-type': 'text/xml' },
      payload: '<a/>',
    });
    expect(other.statusCode).toBe(415);
  });
});

describe.skipIf(executablePath === undefined)('the claim form in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());

  test('is filled in and sent without a script, and breaks no rule of WCAG 2.2 AA on the way', async () => {
    const check = await (await browser.newContext()).newPage();
    const violations = async (): Promise<unknown> => {
      await check.addScriptTag({ path: axe });
      return check.evaluate(
        "axe.run({ runOnly: { type: 'tag', values: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice'] } }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))",
      );
    };
    await check.route('**/*', async (route) => {
      const response = await route.fetch();
      const { 'content-security-policy': _policy, ...headers } = response.headers();
      await route.fulfill({ response, headers });
    });
    await check.goto(`${url}/ko/claim/`);
    expect(await violations()).toEqual([]);
    await check.getByRole('button', { name: '신고하기' }).click();
    expect(await check.getByRole('alert').textContent()).toContain('휴대전화번호');
    expect(await violations()).toEqual([]);

    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await page.goto(`${url}/ko/claim/`);
    await page.getByLabel('이용하지 못한 서비스').selectOption('transfer');
    await page.getByLabel('발생 날짜').fill('2026-11-29');
    await page.getByLabel('발생 시각').fill('01:20');
    await page.getByLabel('손해의 종류').selectOption('interest');
    await page.getByLabel('다른 방법을').selectOption('not-tried');
    await page.getByLabel('휴대전화번호').fill('010-0000-0044');
    clock.advance(5000);
    await page.getByRole('button', { name: '신고하기' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('신고가 접수되었습니다');
  });
});
