import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { draftNotice, type Notice } from '@breakwater/rules/notice';
import { startSmsGateway, type SmsGateway } from '@breakwater/sample-bank';
import { manualClock, systemClock, type Clock } from '#platform/clock';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { startJobs, type Jobs } from '#platform/jobs';
import { createLog } from '#platform/telemetry';
import {
  createNotice,
  httpGateway,
  noticeQueues,
  openRecipientSecrets,
  type NoticeDoor,
  type RecipientSecrets,
} from './index.ts';

const now = new Date('2026-11-28T10:00:00+09:00');

let database: TestDatabase;
let folder: string;
let secrets: RecipientSecrets;
let gateway: SmsGateway;
let institution: string;
let tests = 0;
const logged: string[] = [];
const ending: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'notice-'));
  secrets = openRecipientSecrets(join(folder, 'keys', 'recipients.json'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  institution = `bank-${(tests += 1)}`;
  gateway = await startSmsGateway({ deliverAfterMs: 20 });
});
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
  await gateway.stop();
});

async function jobs(): Promise<Jobs> {
  const log = createLog('debug', { write: (line) => logged.push(line) });
  const started = await startJobs({ url: database.url, queues: noticeQueues, log, concurrency: 2 });
  ending.push(() => started.stop(2));
  return started;
}

async function door(options: { clock?: Clock; settleAfterMs?: number; works?: boolean } = {}): Promise<NoticeDoor> {
  const notice = createNotice({
    db: database.db,
    jobs: await jobs(),
    clock: options.clock ?? manualClock(now),
    log: createLog('debug', { write: (line) => logged.push(line) }),
    institution,
    secrets: () => secrets,
    gateways: { sms: [httpGateway({ url: gateway.url, key: () => gateway.key, timeoutMs: 2000 })], email: [] },
    site: { dir: join(folder, institution), url: 'https://notice.hanbit.example' },
    ...(options.settleAfterMs === undefined ? {} : { settleAfterMs: options.settleAfterMs }),
  });
  if (options.works !== false) ending.push(await notice.work());
  return notice;
}

function document(changes: Partial<Notice> = {}): Notice {
  const work = {
    kind: 'emergency-patch' as const,
    window: { start: '2026-11-29T01:00:00+09:00', end: '2026-11-29T04:00:00+09:00' },
    services: ['transfer'],
    notice: { alternativeChannels: [{ name: '자동화기기(ATM)', service: 'atm', opens: '00:00', closes: '24:00' }] },
  };
  const announcer = {
    company: { name: { ko: '한빛은행', en: 'Hanbit Bank' }, phone: '15881234' },
    sender: '15881234',
    serviceNames: { transfer: { ko: '이체', en: 'Transfers' } },
  };
  return { ...draftNotice(work, announcer), ...changes };
}

/** The page of the only work that was published here. */
async function pageOf(language: 'ko' | 'en'): Promise<string> {
  return readFile(join(folder, institution, language, 'notices', '2026-1', 'index.html'), 'utf8');
}

let plans = 0;
const newPlan = (): string => `plan-${(plans += 1)}`;
const number = (n: number): string => `0100000${String(n).padStart(4, '0')}`;
const numbers = (count: number): string[] => Array.from({ length: count }, (_, n) => number(n));

type Payload = Record<string, unknown>;
async function evidence(type: string, notice: string): Promise<Payload[]> {
  const { rows } = await sql<{ leaf: string; payload: string }>`
    select o.leaf, o.payload from evidence_outbox o order by o.id`.execute(database.db);
  return rows
    .map(({ leaf, payload }) => ({
      leaf: JSON.parse(leaf) as { type: string; institution: string },
      payload: JSON.parse(payload) as Payload,
    }))
    .filter(
      ({ leaf, payload }) => leaf.type === type && leaf.institution === institution && payload['notice'] === notice,
    )
    .map(({ payload }) => payload);
}

describe('publishing', () => {
  test('writes pages in both languages that need no server, and the record of their bytes', async () => {
    const notice = await door();
    const plan = newPlan();
    const id = await notice.submit(document(), { plan, by: 'p-03' });
    const published = await notice.publish(id, 'p-03');
    const ko = await pageOf('ko');
    const en = await pageOf('en');
    expect(published).toMatchObject({
      url: 'https://notice.hanbit.example/ko/notices/2026-1/v/1/',
      page: 'https://notice.hanbit.example/ko/notices/2026-1/',
      version: 1,
    });
    expect(await evidence('notice.published', id)).toEqual([
      {
        notice: id,
        plan,
        kind: 'advance',
        channel: 'website',
        at: now.toISOString(),
        fields: ['timing', 'scope', 'details', 'alternative-channels'],
        announced: { start: '2026-11-29T01:00:00+09:00', end: '2026-11-29T04:00:00+09:00', services: ['transfer'] },
        content: published.content,
        url: published.url,
        document: expect.stringMatching(/^sha256:/),
        previous: null,
        version: 1,
        hash: published.hash,
      },
    ]);
    const text = ko;
    for (const expected of [
      '2026년 11월 29일(일) 01:00\u00a0~\u00a004:00',
      '이체',
      '긴급 시스템 점검',
      '자동화기기(ATM)',
      '1588-1234',
      '2026년 11월 28일(토) 10:00',
      'lang="ko"',
    ]) {
      expect(text).toContain(expected);
    }
    for (const expected of [
      'Sunday 29 November 2026, 01:00\u00a0-\u00a004:00 KST',
      'Transfers',
      'Hanbit Bank',
      'lang="en"',
    ])
      expect(en).toContain(expected);
    expect(text).not.toMatch(/<script|onclick|CVE-/);
    expect((await readFile(join(folder, institution, 'ko', 'index.html'))).toString()).toContain('notices/2026-1/');
    expect(await notice.noticesForPlan(plan)).toMatchObject([
      { channel: 'website', at: now.toISOString(), status: 'sent' },
    ]);
  });

  test('shows hostile text as text', async () => {
    const notice = await door();
    const hostile = '<img src=x onerror=alert(1)>"\'&';
    const id = await notice.submit(document({ fields: { ...document().fields, details: `점검 ${hostile}` } }), {
      plan: newPlan(),
      by: 'p-03',
    });
    await notice.publish(id, 'p-03');
    const text = await pageOf('ko');
    expect(text).not.toContain('<img');
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;');
  });

  test('refuses a notice that does not pass its lint, and says by which rules', async () => {
    const notice = await door();
    const id = await notice.submit(document({ fields: { ...document().fields, scope: '' } }), {
      plan: newPlan(),
      by: 'p-03',
    });
    await expect(notice.publish(id, 'p-03')).rejects.toMatchObject({
      refusal: { reason: 'notice-lint', findings: [{ rule: 'field.missing', path: '/fields/scope' }] },
    });
    await expect(notice.send(id, numbers(1), 'p-03')).rejects.toMatchObject({ refusal: { reason: 'notice-lint' } });
    await expect(notice.publish('nothing', 'p-03')).rejects.toMatchObject({ code: 'notice.not-found' });
  });

  test('says on the page when the time of the work has come, and records that', async () => {
    const clock = manualClock(now);
    const notice = await door({ clock, works: false });
    const plan = newPlan();
    const id = await notice.submit(document(), { plan, by: 'p-03' });
    await notice.publish(id, 'p-03');
    const page = (): Promise<string> => pageOf('ko');
    expect(await page()).toContain('작업 예정입니다');
    clock.jump(new Date('2026-11-29T01:00:00+09:00'));
    await notice.refresh();
    expect(await page()).toContain('지금 작업 중입니다');
    expect(await evidence('notice.published', id)).toHaveLength(2);
    await notice.refresh();
    expect(await evidence('notice.published', id)).toHaveLength(2);
  });

  test('that cannot follow on the last one of its work is refused, with the kinds that can', async () => {
    const notice = await door({ works: false });
    const plan = newPlan();
    const result = await notice.submit(document({ kind: 'result' }), { plan, by: 'p-03' });
    await expect(notice.publish(result, 'p-03')).rejects.toMatchObject({
      refusal: { reason: 'notice-succession', last: null, kind: 'result', may: ['advance', 'start', 'disruption'] },
    });
    const first = await notice.submit(document(), { plan, by: 'p-03' });
    await notice.publish(first, 'p-03');
    await notice.publish(first, 'p-03');
    await expect(notice.publish(result, 'p-03')).rejects.toMatchObject({
      refusal: { reason: 'notice-succession', last: 'advance', kind: 'result' },
    });
  });

  test('names a work to the public by a number: its plan may tell what is patched', async () => {
    const notice = await door({ works: false });
    const plans = ['openssl-cve-2026-1234', 'other-work'];
    for (const plan of plans) await notice.publish(await notice.submit(document(), { plan, by: 'p-03' }), 'p-03');
    const files = await readdir(join(folder, institution), { recursive: true });
    expect(files.filter((file) => file.includes('2026-2/')).length).toBeGreaterThan(0);
    for (const file of files) {
      expect(file).not.toContain('openssl');
      if (/[.](?:html|xml|json|ics)$/.test(file))
        expect(await readFile(join(folder, institution, file), 'utf8')).not.toContain('openssl');
    }
  });

  test('a second notice of the same plan links the first, and the same document is submitted once', async () => {
    const notice = await door();
    const plan = newPlan();
    const first = await notice.submit(document(), { plan, by: 'p-03' });
    expect(await notice.submit(document(), { plan, by: 'p-04' })).toBe(first);
    await notice.publish(first, 'p-03');
    const second = await notice.submit(document({ kind: 'change' }), { plan, by: 'p-03' });
    await notice.publish(second, 'p-03');
    const text = await pageOf('ko');
    expect(text).toContain('2판');
    expect(text).toContain('href="v/1/"');
    const [of] = await evidence('notice.published', first);
    expect(await evidence('notice.published', second)).toMatchObject([{ previous: of?.['document'] }]);
    expect(await evidence('notice.submitted', first)).toHaveLength(1);
  });
});

describe('sending', () => {
  test('reaches each number once, and the proof holds counts only', async () => {
    const notice = await door();
    const plan = newPlan();
    const id = await notice.submit(document(), { plan, by: 'p-03' });
    const list = [...numbers(250), number(3), '+82 10-0000-0007', '02-123-4567', 'nonsense'];
    const started = await notice.send(id, list, 'p-03');
    expect(started).toMatchObject({ intended: 252, repeated: 2, delivered: null });
    await expect.poll(async () => (await notice.status(id)).sendings[0]?.state, { timeout: 15_000 }).toBe('settled');
    expect((await notice.status(id)).sendings).toMatchObject([
      { intended: 252, submitted: 250, delivered: 250, failed: 2, unknown: 0, stalled: false },
    ]);
    expect(gateway.sent()).toHaveLength(250);
    expect(new Set(gateway.sent().map(({ to }) => to)).size).toBe(250);
    expect(gateway.sent()[0]).toMatchObject({ type: 'LMS', from: '15881234', text: document().texts.sms });
    const proofs = await evidence('notice.delivered', id);
    const figures = proofs.map(({ submitted, delivered }) => [submitted, delivered]);
    expect(figures).toHaveLength(3);
    expect(figures[0]).toEqual([0, null]);
    // When every report was faster than the end of the submission, nothing is unknown any more.
    expect([null, 250]).toContain(figures[1]?.[1]);
    expect(proofs.at(-1)).toMatchObject({
      plan,
      channel: 'sms',
      intended: 252,
      submitted: 250,
      delivered: 250,
      failed: 2,
    });
    expect(await notice.noticesForPlan(plan)).toMatchObject([
      { channel: 'sms', intended: 252, delivered: 250, status: 'sent' },
    ]);
  });

  test('counts what the gateway refuses, fails and never reports', async () => {
    gateway.fault({ refuseEvery: 10, failEvery: 9, silentEvery: 8 });
    const notice = await door({ clock: systemClock, settleAfterMs: 400 });
    const id = await notice.submit(
      document({
        window: { start: '2036-11-29T01:00:00+09:00', end: '2036-11-29T04:00:00+09:00' },
        texts: { website: { ko: '이체가 중단됩니다.', en: 'Transfers stop.' }, sms: '이체 중단 1588-1234' },
        fields: { ...document().fields, timing: '2036년 11월 29일' },
      }),
      { plan: newPlan(), by: 'p-03' },
    );
    await notice.send(id, numbers(100), 'p-03');
    await expect.poll(async () => (await notice.status(id)).sendings[0]?.state, { timeout: 15_000 }).toBe('settled');
    const [sending] = (await notice.status(id)).sendings;
    const silent = Array.from({ length: 100 }, (_, n) => n + 1).filter((n) => n % 10 !== 0 && n % 8 === 0).length;
    const failed = Array.from({ length: 100 }, (_, n) => n + 1).filter(
      (n) => n % 10 !== 0 && n % 8 !== 0 && n % 9 === 0,
    ).length;
    expect(sending).toMatchObject({
      intended: 100,
      submitted: 100,
      failed: failed + 10,
      unknown: silent,
      delivered: 90 - silent - failed,
    });
  });

  test('goes on through a gateway that is away, too busy, or cuts its answers, and sends nothing twice', async () => {
    gateway.fault({ unavailableFor: 2, cutAnswers: 2, perSecond: 150 });
    const notice = await door();
    const id = await notice.submit(document(), { plan: newPlan(), by: 'p-03' });
    await notice.send(id, numbers(300), 'p-03');
    await expect.poll(async () => (await notice.status(id)).sendings[0]?.state, { timeout: 25_000 }).toBe('settled');
    expect((await notice.status(id)).sendings).toMatchObject([{ accepted: 300, delivered: 300, failed: 0 }]);
    expect(gateway.sent()).toHaveLength(300);
  });

  test('takes up what another worker left in the middle of a batch', async () => {
    const notice = await door({ works: false });
    const id = await notice.submit(document(), { plan: newPlan(), by: 'p-03' });
    await notice.send(id, numbers(50), 'p-03');
    await sql`update notice_recipient set state = 'submitting' where institution = ${institution} and notice = ${id} and key in (select key from notice_recipient where institution = ${institution} and notice = ${id} limit 20)`.execute(
      database.db,
    );
    ending.push(await notice.work());
    await expect.poll(async () => (await notice.status(id)).sendings[0]?.delivered, { timeout: 15_000 }).toBe(50);
    expect(gateway.sent()).toHaveLength(50);
  });

  test('goes on loading where a broken list left it', async () => {
    const notice = await door();
    const id = await notice.submit(document(), { plan: newPlan(), by: 'p-03' });
    async function* broken(): AsyncGenerator<string> {
      yield* numbers(1500);
      throw new Error('the pipe broke');
    }
    await expect(notice.send(id, broken(), 'p-03')).rejects.toThrow('the pipe broke');
    expect((await notice.status(id)).sendings).toMatchObject([{ state: 'loading', intended: 1000 }]);
    await notice.send(id, numbers(1500), 'p-03');
    await expect.poll(async () => (await notice.status(id)).sendings[0]?.delivered, { timeout: 25_000 }).toBe(1500);
    expect(gateway.sent()).toHaveLength(1500);
  });

  test('is done once for a notice, and not to nobody', async () => {
    const notice = await door();
    const id = await notice.submit(document(), { plan: newPlan(), by: 'p-03' });
    await expect(notice.send(id, [], 'p-03')).rejects.toMatchObject({ refusal: { reason: 'notice-no-recipients' } });
    await notice.send(id, numbers(2), 'p-03');
    await expect(notice.send(id, numbers(5), 'p-03')).rejects.toMatchObject({
      refusal: { reason: 'notice-sent-already', intended: 2 },
    });
  });

  test('stops, and what was not submitted never is', async () => {
    gateway.fault({ delayMs: 300 });
    const notice = await door();
    const id = await notice.submit(document(), { plan: newPlan(), by: 'p-03' });
    await notice.send(id, numbers(1000), 'p-03');
    await expect.poll(() => gateway.sent().length, { timeout: 10_000 }).toBeGreaterThan(0);
    await notice.stop(id, 'p-03');
    const sent = gateway.sent().length;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(gateway.sent().length).toBeLessThanOrEqual(sent + 200);
    expect((await notice.status(id)).sendings).toMatchObject([{ state: 'stopped' }]);
  });
});

describe('privacy', () => {
  test('numbers are encrypted, erasable, and still answered for by their hash; nothing prints them', async () => {
    const notice = await door();
    const plan = newPlan();
    const id = await notice.submit(document(), { plan, by: 'p-03' });
    await notice.send(id, numbers(20), 'p-03');
    await expect(notice.erase(id, 'p-03')).rejects.toMatchObject({ refusal: { reason: 'notice-still-sending' } });
    await expect.poll(async () => (await notice.status(id)).sendings[0]?.state, { timeout: 15_000 }).toBe('settled');
    const dump = async (): Promise<string> => {
      const { rows } = await sql<{ text: string }>`
        select r::text as text from notice_recipient r union all select s::text from notice_sending s
        union all select o.leaf || o.payload from evidence_outbox o
        union all select j::text from pgboss.job j`.execute(database.db);
      return rows.map(({ text }) => text).join('\n');
    };
    const plain = /\b0?10-?0000-?0\d{3}\b/;
    const hex = Buffer.from(number(1)).toString('hex');
    expect(await dump()).not.toMatch(plain);
    expect(await dump()).not.toContain(hex);
    expect(await notice.erase(id, 'p-03')).toBe(20);
    expect(await notice.told(id, '010-0000-0005')).toMatchObject({ state: 'delivered' });
    expect(await notice.told(id, '010-0000-9999')).toBe(null);
    const { rows } = await sql<{
      left: number;
    }>`select count(*) as left from notice_recipient where institution = ${institution} and notice = ${id} and number is not null`.execute(
      database.db,
    );
    expect(rows).toEqual([{ left: 0 }]);
    expect(await evidence('notice.recipients-erased', id)).toMatchObject([{ count: 20, by: 'p-03', plan }]);
    expect(logged.join('\n')).not.toMatch(plain);
  });
});
