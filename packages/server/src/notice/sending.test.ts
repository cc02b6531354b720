import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { draftNotice, provesDelivery } from '@breakwater/rules/notice';
import { startSmsGateway, type SmsGateway } from '@breakwater/sample-bank';
import { manualClock, type Clock, type ManualClock } from '#platform/clock';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { startJobs } from '#platform/jobs';
import { createLog } from '#platform/telemetry';
import type { Channel } from './channels/channel.ts';
import { createNotice, httpGateway, noticeQueues, openRecipientSecrets, type NoticeDoor } from './index.ts';
import { commandKeyWrapper, fileKeyWrapper, type KeyWrapper } from './sending-keys.ts';

const now = new Date('2026-11-28T10:00:00+09:00');

let database: TestDatabase;
let folder: string;
let gateway: SmsGateway;
let institution: string;
let tests = 0;
const logged: string[] = [];
const ending: (() => Promise<unknown>)[] = [];
const log = createLog('debug', { write: (line) => logged.push(line) });

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'sending-'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  institution = `steered-${(tests += 1)}`;
  gateway = await startSmsGateway({ deliverAfterMs: 10 });
});
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
  await gateway.stop();
});

const secrets = () => openRecipientSecrets(join(folder, 'keys', 'recipients.json'));
const overHttp = (of: SmsGateway): Channel => httpGateway({ url: of.url, key: () => of.key, timeoutMs: 2000 });

async function door(
  options: { clock?: Clock; sms?: Channel[]; works?: boolean; wrapper?: KeyWrapper } = {},
): Promise<NoticeDoor> {
  const jobs = await startJobs({ url: database.url, queues: noticeQueues, log, concurrency: 2 });
  ending.push(() => jobs.stop(2));
  const notice = createNotice({
    db: database.db,
    jobs,
    clock: options.clock ?? manualClock(now),
    log,
    institution,
    secrets,
    gateways: { sms: options.sms ?? [overHttp(gateway)], email: [] },
    site: { dir: join(folder, institution), url: 'https://notice.hanbit.example' },
    ...(options.wrapper === undefined ? {} : { wrapper: options.wrapper }),
  });
  if (options.works !== false) ending.push(await notice.work());
  return notice;
}

let plans = 0;
async function written(notice: NoticeDoor): Promise<string> {
  const document = draftNotice(
    {
      kind: 'emergency-patch',
      window: { start: '2026-11-29T01:00:00+09:00', end: '2026-11-29T04:00:00+09:00' },
      services: ['transfer'],
      notice: { alternativeChannels: [{ name: '자동화기기(ATM)', service: 'atm', opens: '00:00', closes: '24:00' }] },
    },
    {
      company: { name: { ko: '한빛은행', en: 'Hanbit Bank' }, phone: '15881234' },
      sender: '15881234',
      serviceNames: { transfer: { ko: '이체', en: 'Transfers' } },
    },
  );
  return notice.submit(document, { plan: `steered-${(plans += 1)}`, by: 'p-03' });
}

const numbers = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, n) => `0100000${String(from + n).padStart(4, '0')}`);
const sendingOf = async (notice: NoticeDoor, id: string) => (await notice.status(id)).sendings[0];
const reached = (notice: NoticeDoor, id: string, state: string) =>
  expect.poll(async () => (await sendingOf(notice, id))?.state, { timeout: 20_000 }).toBe(state);
async function evidence(type: string): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<{ leaf: string; payload: string }>`
    select o.leaf, o.payload from evidence_outbox o order by o.id`.execute(database.db);
  return rows
    .map(({ leaf, payload }) => ({ leaf: JSON.parse(leaf) as Record<string, unknown>, payload: JSON.parse(payload) }))
    .filter(({ leaf }) => leaf['type'] === type && leaf['institution'] === institution)
    .map(({ payload }) => payload as Record<string, unknown>);
}

describe('a list', () => {
  test('is loaded with the lines that reach nobody, and suppressed numbers count', async () => {
    const notice = await door();
    expect(
      await notice.suppress(['010-0000-0003', '01000000004', 'x'], { by: 'p-03', reason: 'wrong-number' }),
    ).toEqual({
      changed: 2,
      rejected: [3],
    });
    expect(await notice.unsuppress(['01000000004'], 'p-03')).toEqual({ changed: 1, rejected: [] });
    expect(await notice.suppressions()).toEqual([{ reason: 'wrong-number', count: 1 }]);
    const id = await written(notice);
    const list = [...numbers(6), '0110000000', '', '01000000001', '+14155552671'];
    const started = await notice.send(id, list, 'p-03');
    expect(started).toMatchObject({ intended: 9, lines: 10, repeated: 1, suppressed: 1 });
    expect(await notice.rejected(id, { channel: 'sms', after: 0, limit: 100 })).toEqual([
      { line: 4, reason: 'suppressed' },
      { line: 7, reason: 'retired-number' },
      { line: 8, reason: 'empty' },
      { line: 9, reason: 'repeated' },
    ]);
    await reached(notice, id, 'settled');
    // The simulator refuses foreign numbers, as Korean relays do.
    expect(await sendingOf(notice, id)).toMatchObject({ delivered: 5, failed: 3, suppressed: 1 });
    expect(await evidence('notice.suppression-changed')).toMatchObject([
      { act: 'add', reason: 'wrong-number', count: 2 },
      { act: 'remove', count: 1 },
    ]);
    // Whoever is told again is held against the list of today; nobody falls out of the count.
    const next = await written(notice);
    expect(await notice.send(next, notice.recipientsOf(id), 'p-03')).toMatchObject({ intended: 7, suppressed: 1 });
    await reached(notice, next, 'settled');
  });

  test('that broke off goes on where it was, counts nobody twice, and must be the same list', async () => {
    const notice = await door({ works: false });
    const id = await written(notice);
    async function* broken(): AsyncGenerator<string> {
      yield* numbers(1200);
      throw new Error('the pipe broke');
    }
    await expect(notice.send(id, broken(), 'p-03')).rejects.toThrow('the pipe broke');
    const changed = numbers(1200).with(500, '01099990000');
    await expect(notice.send(id, changed, 'p-03')).rejects.toMatchObject({
      refusal: { reason: 'notice-list-changed', lines: 1000 },
    });
    await expect(notice.send(id, numbers(999), 'p-03')).rejects.toMatchObject({
      refusal: { reason: 'notice-list-changed' },
    });
    expect(await notice.send(id, numbers(1200), 'p-03')).toMatchObject({ intended: 1200, repeated: 0, lines: 1200 });
    await notice.stop(id, 'p-03');
  });
});

describe('a sending', () => {
  test('is held within a moment, and goes on where it was', async () => {
    gateway.fault({ delayMs: 150 });
    const notice = await door();
    const id = await written(notice);
    await notice.send(id, numbers(1500), 'p-03');
    await expect.poll(() => gateway.sent().length, { timeout: 10_000 }).toBeGreaterThan(0);
    await notice.pause(id, 'p-03');
    const sent = gateway.sent().length;
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(gateway.sent().length).toBeLessThanOrEqual(sent + 200);
    expect(await sendingOf(notice, id)).toMatchObject({ state: 'paused', stalled: false });
    await expect(notice.pause(id, 'p-03')).rejects.toMatchObject({ refusal: { reason: 'notice-not-sending' } });
    gateway.fault({ delayMs: 0 });
    await notice.resume(id, 'p-03');
    await reached(notice, id, 'settled');
    expect(gateway.sent()).toHaveLength(1500);
    expect((await evidence('notice.steered')).map(({ act }) => act)).toEqual(['pause', 'resume']);
  });

  test('waits while all are held, also one that is begun then', async () => {
    const notice = await door();
    expect(await notice.halt('p-03', '문안 오류')).toBe(true);
    expect(await notice.halt('p-03', '다시')).toBe(false);
    const id = await written(notice);
    await notice.send(id, numbers(30), 'p-03');
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(gateway.sent()).toEqual([]);
    expect(await sendingOf(notice, id)).toMatchObject({ state: 'sending', halted: true });
    expect(await notice.release('p-03')).toBe(true);
    await reached(notice, id, 'settled');
    expect(gateway.sent()).toHaveLength(30);
    expect(await evidence('notice.steered')).toMatchObject([{ act: 'halt', reason: '문안 오류' }, { act: 'release' }]);
  });

  test('whose gateway takes nothing for a minute is given to the next one, and nobody gets it twice', async () => {
    const second = await startSmsGateway({ deliverAfterMs: 10 });
    ending.push(() => second.stop());
    const clock: ManualClock = manualClock(now);
    const notice = await door({ clock, sms: [overHttp(gateway), overHttp(second)] });
    gateway.fault({ unavailableFor: 1_000_000 });
    const id = await written(notice);
    await notice.send(id, numbers(120), 'p-03');
    await new Promise((resolve) => setTimeout(resolve, 400));
    clock.jump(new Date(now.getTime() + 61_000));
    await reached(notice, id, 'settled');
    expect([gateway.sent().length, second.sent().length]).toEqual([0, 120]);
    expect(await sendingOf(notice, id)).toMatchObject({ delivered: 120, switchedAt: clock.now().toISOString() });
    expect(await evidence('notice.gateway-switched')).toMatchObject([
      { from: new URL(gateway.url).host, to: new URL(second.url).host },
    ]);
  });
});

describe('what is kept of a sending', () => {
  test('answers whether a number was told, with a proof under a root in the log, also when more is reported later', async () => {
    const notice = await door();
    const id = await written(notice);
    await notice.send(id, numbers(40), 'p-03');
    await reached(notice, id, 'settled');
    await expect.poll(async () => (await notice.told(id, '010-0000-0007'))?.proof ?? null).not.toBe(null);
    const told = await notice.told(id, '01000000007');
    expect(told).toMatchObject({ state: 'delivered', level: 'delivered', text: expect.stringContaining('이체') });
    expect(told?.proof !== null && told !== null && provesDelivery(told.proof)).toBe(true);
    const roots = async () => (await evidence('notice.batch-sealed')).map(({ root }) => root);
    expect(await roots()).toEqual([told?.proof?.root]);
    const key = told?.proof?.delivery.recipient ?? '';
    const report = { key, state: 'viewed' as const, code: 'read', at: '2026-11-28T02:00:00.000Z' };
    await notice.report([report]);
    await notice.report([report]);
    await expect.poll(async () => (await roots()).length, { timeout: 5000 }).toBe(2);
    const seen = await notice.told(id, '01000000007');
    expect(seen).toMatchObject({
      level: 'viewed',
      proof: { delivery: { viewedAt: report.at }, root: (await roots())[1] },
    });
    await notice.report([{ ...report, state: 'certified', code: 'cert-1' }]);
    expect(await notice.told(id, '01000000007')).toMatchObject({ level: 'certificate' });
    expect(await sendingOf(notice, id)).toMatchObject({ viewed: 1, certified: 1, delivered: 40 });
    expect(await notice.told(id, '01000009999')).toBe(null);
  });

  test('loses its addresses after the work, and its list at the end of the evidence', async () => {
    const clock: ManualClock = manualClock(now);
    const wrapped: string[] = [];
    const file = fileKeyWrapper(secrets);
    const wrapper: KeyWrapper = {
      wrap: (context, key) => (wrapped.push(context), file.wrap(context, key)),
      unwrap: (context, key) => file.unwrap(context, key),
    };
    const notice = await door({ clock, wrapper });
    const id = await written(notice);
    await notice.send(id, numbers(20), 'p-03');
    await reached(notice, id, 'settled');
    expect(wrapped).toHaveLength(2);
    const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000);
    const lifetimes = async (): Promise<void> => {
      for (const { what, round } of notice.rounds(new AbortController().signal))
        if (what.includes('lifetimes')) await round();
    };
    const left = async () =>
      (
        await sql<{ numbers: number; keys: number }>`
          select count(r.number) as numbers, count(s.lookup_key) as keys from notice_recipient r
          join notice_sending s using (institution, notice, channel) where institution = ${institution}`.execute(
          database.db,
        )
      ).rows[0];
    clock.jump(days(29));
    await lifetimes();
    expect(await left()).toEqual({ numbers: 20, keys: 20 });
    clock.jump(days(32));
    await lifetimes();
    expect(await left()).toEqual({ numbers: 0, keys: 20 });
    expect(await notice.told(id, '01000000003')).toMatchObject({ state: 'delivered' });
    clock.jump(days(366 * 5 + 3));
    await lifetimes();
    expect(await left()).toEqual({ numbers: 0, keys: 0 });
    expect(await notice.told(id, '01000000003')).toBe(null);
    expect(await evidence('notice.list-forgotten')).toHaveLength(1);
    expect(await evidence('notice.recipients-erased')).toMatchObject([{ count: 20, by: 'notice' }]);
  });
});

test('keys are wrapped by a program of the company, which is told what they belong to', async () => {
  const program = join(folder, 'key-program.mjs');
  await writeFile(
    program,
    `import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
    let text = '';
    for await (const chunk of process.stdin) text += chunk;
    const { context, data } = JSON.parse(text);
    const [key, given] = [Buffer.alloc(32, 9), Buffer.from(data, 'base64')];
    if (process.argv[2] === 'wrap') {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(given), cipher.final()]);
      process.stdout.write(Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64'));
    } else {
      const cipher = createDecipheriv('aes-256-gcm', key, given.subarray(0, 12)).setAAD(Buffer.from(context));
      cipher.setAuthTag(given.subarray(12, 28));
      process.stdout.write(Buffer.concat([cipher.update(given.subarray(28)), cipher.final()]).toString('base64'));
    }`,
  );
  const wrapper = commandKeyWrapper([process.execPath, program]);
  const notice = await door({ wrapper });
  const id = await written(notice);
  await notice.send(id, numbers(3), 'p-03');
  await reached(notice, id, 'settled');
  expect(await sendingOf(notice, id)).toMatchObject({ delivered: 3 });
  const wrapped = await wrapper.wrap('a', Buffer.from('key'));
  expect(await wrapper.unwrap('a', wrapped)).toEqual(Buffer.from('key'));
  await expect(wrapper.unwrap('b', wrapped)).rejects.toMatchObject({ code: 'notice.key-command' });
  const silent = commandKeyWrapper([process.execPath, '-e', '']);
  await expect(silent.wrap('a', wrapped)).rejects.toThrow('printed no base64');
  await expect(commandKeyWrapper([join(folder, 'none')]).wrap('a', wrapped)).rejects.toThrow('could not be started');
});

test('nothing that is printed holds a number', () => {
  expect(logged.length).toBeGreaterThan(0);
  expect(logged.join('\n')).not.toMatch(/\b0?10-?0000-?0\d{3}\b|4155552671/);
});
