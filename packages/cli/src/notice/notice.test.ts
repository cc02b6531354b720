import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { draftNotice, type Notice } from '@breakwater/rules/notice';
import { startSmsGateway, type SmsGateway } from '@breakwater/sample-bank';
import { testDatabase, type TestDatabase } from '@breakwater/server/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { end, run, up, type Server } from './process.testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'notice-cli-'));
let database: TestDatabase;
let gateway: SmsGateway;
let server: Server;
let env: Record<string, string>;

beforeAll(async () => {
  database = await testDatabase();
  gateway = await startSmsGateway({ deliverAfterMs: 20 });
  mkdirSync(join(folder, 'keys'));
  writeFileSync(join(folder, 'keys', 'gateway.key'), `${gateway.key}\n`);
  env = {
    BREAKWATER_DATA_DIR: folder,
    BREAKWATER_NOTICE_GATEWAY_URL: gateway.url,
    BREAKWATER_NOTICE_SITE_URL: 'https://notice.hanbit.example',
    BREAKWATER_NOTICE_APPROVALS_NEEDED: '0',
    BREAKWATER_NOTICE_QUIET_HOURS: 'no',
    BREAKWATER_LOG_LEVEL: 'debug',
    DATABASE_URL: database.url,
  };
  server = await up(env);
});
afterAll(async () => {
  await end(server.child, 'SIGTERM');
  await gateway.stop();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** A notice whose work begins an hour from now. */
function noticeFile(name: string, change: Partial<Notice> = {}): string {
  const at = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
  const notice = draftNotice(
    {
      kind: 'emergency-patch',
      window: { start: at(1), end: at(2) },
      services: ['transfer'],
      notice: { alternativeChannels: [{ name: '자동화기기(ATM)', service: 'atm', opens: '00:00', closes: '24:00' }] },
    },
    {
      company: { name: { ko: '한빛은행', en: 'Hanbit Bank' }, phone: '15881234' },
      sender: '15881234',
      serviceNames: { transfer: { ko: '이체', en: 'Transfers' } },
    },
  );
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ ...notice, ...change }));
  return path;
}

const list = (count: number): string =>
  Array.from({ length: count }, (_, n) => `0100000${String(n).padStart(4, '0')},x`).join('\r\n');

type Sent = { notice: string; website: { url: string }; sms: { intended: number } | null };
type Status = { sendings: { state: string; delivered: number | null; intended: number }[] };

async function status(id: string): Promise<Status> {
  return JSON.parse((await run(['notice', 'status', id, '--json'], env)).stdout) as Status;
}

describe('notice lint', () => {
  test('exits 0 for a fit notice, 1 for an unfit one, 2 for none, and prints one document', async () => {
    const fit = await run(['notice', 'lint', noticeFile('fit.json'), '--json'], {});
    expect([fit.code, JSON.parse(fit.stdout)]).toMatchObject([
      0,
      { schema: 'breakwater.lint/1', ok: true, sms: { type: 'LMS' }, findings: [] },
    ]);
    const unfit = await run(
      ['notice', 'lint', noticeFile('unfit.json', { sender: '1', registeredSenders: [] }), '--json'],
      {},
    );
    expect([unfit.code, JSON.parse(unfit.stdout)]).toMatchObject([
      1,
      { ok: false, findings: [{ rule: 'sender.unregistered' }] },
    ]);
    const none = await run(['notice', 'lint', noticeFile('none.json', { kind: 'rumour' as never }), '--json'], {});
    expect([none.code, JSON.parse(none.stdout)]).toMatchObject([
      2,
      { error: { code: 'notice.not-allowed', path: '/kind' } },
    ]);
    const late = await run(['notice', 'lint', noticeFile('late.json'), '--as-of', '2099-01-01T00:00:00Z'], {});
    expect(late.code).toBe(1);
    expect(late.stdout).toContain('window.past');
    expect((await run(['notice', 'lint', join(folder, 'absent.json')], {})).code).toBe(2);
    expect((await run(['notice', 'lint', noticeFile('odd.json'), '--as-of', 'soon'], {})).code).toBe(2);
  });

  test('names line and column of what is wrong in YAML', async () => {
    const broken = await run(
      ['notice', 'lint', '-', '--json'],
      {},
      'schema: breakwater.notice/1\nkind: advance\nkind: end\n',
    );
    expect([broken.code, JSON.parse(broken.stdout)]).toMatchObject([
      2,
      { error: { code: 'document.duplicate-key', path: '3:1' } },
    ]);
  });
});

describe('notice send', () => {
  test('publishes, sends, and tells what arrived; the page is served and no number is printed', async () => {
    const sent = await run(
      ['notice', 'send', noticeFile('send.json'), '--plan', 'p-1', '--by', 'p-03', '--recipients', '-', '--json'],
      env,
      list(120),
    );
    expect(sent.stderr).toBe('');
    const { notice, website, sms } = JSON.parse(sent.stdout) as Sent;
    expect([sent.code, sms?.intended]).toEqual([0, 120]);
    expect(website.url).toMatch(/^https:\/\/notice[.]hanbit[.]example\/ko\/notices\/\d{4}-1\/v\/1\/$/);
    await expect
      .poll(async () => (await status(notice)).sendings, { timeout: 20_000 })
      .toMatchObject([{ state: 'settled', delivered: 120 }]);
    const page = await fetch(website.url.replace('https://notice.hanbit.example/ko', `${server.siteUrl}/en`));
    expect([page.status, page.headers.get('content-security-policy')]).toEqual([
      200,
      expect.stringContaining("default-src 'none'"),
    ]);
    expect(await page.text()).toContain('Transfers');
    expect((await fetch(`${server.siteUrl}/style.css`)).headers.get('content-type')).toContain('text/css');
    const embedded = await fetch(`${server.siteUrl}/notices.json`);
    expect(embedded.headers.get('access-control-allow-origin')).toBe('*');
    expect(embedded.headers.get('set-cookie')).toBe(null);
    const shown = await run(['notice', 'status', notice], env);
    expect(shown.stdout).toContain('delivered 120');
    const all = [sent.stdout, sent.stderr, shown.stdout, server.log()].join('\n');
    expect(all).not.toMatch(/\b0?10-?0000-?0\d{3}\b/);
  });

  test('refuses an unfit notice with exit 1 and its rules, wrong use with 2, and no server with 3', async () => {
    const unfit = noticeFile('unfit.json', { sender: '1', registeredSenders: [] });
    const refused = await run(['notice', 'send', unfit, '--plan', 'p-2', '--by', 'p-03', '--json'], env);
    expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([1, { error: { code: 'refused.notice-lint' } }]);
    expect((await run(['notice', 'send', '-', '--plan', 'p', '--by', 'p-03', '--recipients', '-'], env)).code).toBe(2);
    expect((await run(['notice', 'status', 'unknown-notice'], env)).code).toBe(2);
    const away = await run(['notice', 'status', 'x', '--json'], { BREAKWATER_DATA_DIR: join(folder, 'nowhere') });
    expect([away.code, JSON.parse(away.stdout)]).toMatchObject([3, { error: { code: 'server.away' } }]);
  });

  test('a server that is killed in mid-sending goes on where it was: none lost, none sent twice', async () => {
    gateway.fault({ delayMs: 120 });
    const before = gateway.sent().length;
    const sent = await run(
      ['notice', 'send', noticeFile('killed.json'), '--plan', 'p-3', '--by', 'p-03', '--recipients', '-', '--json'],
      env,
      list(2500),
    );
    const { notice } = JSON.parse(sent.stdout) as Sent;
    await expect.poll(() => gateway.sent().length - before, { timeout: 20_000 }).toBeGreaterThan(300);
    await end(server.child, 'SIGKILL');
    gateway.fault({ delayMs: 0 });
    server = await up(env);
    await expect
      .poll(async () => (await status(notice)).sendings[0]?.state, { timeout: 60_000, interval: 500 })
      .toBe('settled');
    expect((await status(notice)).sendings).toMatchObject([{ intended: 2500, delivered: 2500 }]);
    expect(gateway.sent().length - before).toBe(2500);
  }, 120_000);
});
