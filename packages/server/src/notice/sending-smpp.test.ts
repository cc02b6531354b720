import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { draftNotice } from '@breakwater/rules/notice';
import { systemClock } from '#platform/clock';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { startJobs } from '#platform/jobs';
import { createLog } from '#platform/telemetry';
import { openLedger } from '../../../cli/src/notice/smsc-sim-ledger.ts';
import { startSmsc, type Smsc, type SmscOptions } from '../../../cli/src/notice/smsc-sim-server.ts';
import { smppChannel, type SmppChannelOptions } from './channels/smpp/channel.ts';
import { createNotice, noticeQueues, openRecipientSecrets, type NoticeDoor, type RecipientSecrets } from './index.ts';

let database: TestDatabase;
let folder: string;
let secrets: RecipientSecrets;
let institution: string;
let tests = 0;
const logged: string[] = [];
const ending: (() => Promise<unknown>)[] = [];
const log = createLog('debug', { write: (line) => logged.push(line) });

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'notice-smpp-'));
  secrets = openRecipientSecrets(join(folder, 'keys', 'recipients.json'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  institution = `smpp-${(tests += 1)}`;
});
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});

async function smsc(options: SmscOptions = {}): Promise<Smsc> {
  const started = await startSmsc({ ledger: openLedger(null), ...options });
  ending.push(() => started.stop());
  return started;
}

/** A server's worker that sends by SMPP. */
async function worker(
  port: number,
  options: Partial<SmppChannelOptions> = {},
  settleAfterMs = 60_000,
): Promise<NoticeDoor> {
  const jobs = await startJobs({ url: database.url, queues: noticeQueues, log, concurrency: 2 });
  const channel = smppChannel({
    host: '127.0.0.1',
    port,
    tls: false,
    systemId: 'bank',
    password: () => 'secret',
    systemType: '',
    window: 10,
    charset: 'ks-c-5601',
    long: 'payload',
    addresses: 'national',
    receiptIds: 'same',
    doubtMs: 1000,
    answerMs: 1000,
    ...options,
  });
  const notice = createNotice({
    db: database.db,
    jobs,
    clock: systemClock,
    log,
    institution,
    secrets: () => secrets,
    gateways: { sms: [channel], email: [] },
    site: { dir: join(folder, institution), url: 'https://notice.hanbit.example' },
    settleAfterMs,
  });
  const stop = await notice.work();
  ending.push(async () => {
    await jobs.stop(2);
    await stop();
  });
  return notice;
}

async function written(notice: NoticeDoor): Promise<string> {
  const at = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
  const document = draftNotice(
    {
      kind: 'emergency-patch',
      window: { start: at(30), end: at(32) },
      services: ['transfer'],
      notice: { alternativeChannels: [{ name: '자동화기기(ATM)', service: 'atm', opens: '00:00', closes: '24:00' }] },
    },
    {
      company: { name: { ko: '한빛은행', en: 'Hanbit Bank' }, phone: '15881234' },
      sender: '15881234',
      serviceNames: { transfer: { ko: '이체', en: 'Transfers' } },
    },
  );
  return notice.submit(document, { plan: `plan-${institution}`, by: 'p-03' });
}

const numbers = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `0100000${String(n).padStart(4, '0')}`);
const settled = async (notice: NoticeDoor, id: string) => {
  await expect.poll(async () => (await notice.status(id)).sendings[0]?.state, { timeout: 40_000 }).toBe('settled');
  return (await notice.status(id)).sendings[0];
};

describe('a sending by SMPP', () => {
  test('reaches each number once, and its receipts are acknowledged', async () => {
    const centre = await smsc();
    const notice = await worker(centre.port);
    const id = await written(notice);
    await notice.send(id, numbers(450), 'p-03');
    expect(await settled(notice, id)).toMatchObject({
      intended: 450,
      delivered: 450,
      failed: 0,
      unknown: 0,
      resubmitted: 0,
    });
    await expect.poll(() => centre.counters().receipts.acknowledged).toBe(450);
    expect(centre.counters()).toMatchObject({ taken: 450, distinct: 450, repeated: 0 });
    expect(logged.join('\n')).not.toMatch(/\b0?10-?0000-?0\d{3}\b/);
  });

  test('counts what is refused, fails and is never reported; receipts may come before answers', async () => {
    const centre = await smsc({ receiptsFirst: true, faults: { refuseEvery: 10, failEvery: 7, silentEvery: 9 } });
    const notice = await worker(centre.port, {}, 1500);
    const id = await written(notice);
    await notice.send(id, numbers(100), 'p-03');
    const nth = Array.from({ length: 100 }, (_, n) => n + 1).filter((n) => n % 10 !== 0);
    const silent = nth.filter((n) => n % 9 === 0).length;
    const failed = nth.filter((n) => n % 9 !== 0 && n % 7 === 0).length;
    expect(await settled(notice, id)).toMatchObject({
      unknown: silent,
      failed: failed + 10,
      delivered: 90 - silent - failed,
    });
  });

  test('sends nothing twice when receipts say what lost answers did not', async () => {
    const centre = await smsc({ faults: { cutEvery: 60 } });
    const notice = await worker(centre.port, { doubtMs: 4000 });
    const id = await written(notice);
    await notice.send(id, numbers(300), 'p-03');
    const status = await settled(notice, id);
    expect(status).toMatchObject({ delivered: 300, failed: 0 });
    // What was still unread on a cut connection was never taken: it is submitted again, and arrives once.
    expect(centre.counters()).toMatchObject({ distinct: 300, repeated: 0 });
    expect(centre.counters().binds).toBeGreaterThan(3);
  });

  test('sends again what nobody answers or reports, and says how many may have got it twice', async () => {
    const centre = await smsc({ receipts: false, faults: { dropEvery: 25 } });
    const notice = await worker(centre.port, {}, 500);
    const id = await written(notice);
    await notice.send(id, numbers(100), 'p-03');
    const status = await settled(notice, id);
    const { distinct, repeated } = centre.counters();
    expect([distinct, status?.submitted]).toEqual([100, 100]);
    expect(repeated).toBeGreaterThan(0);
    expect(status?.resubmitted).toBeGreaterThanOrEqual(repeated ?? 0);
    expect(status?.resubmitted).toBeLessThanOrEqual(100);
  });

  test('counts a receipt that comes when the sending is over', async () => {
    const centre = await smsc({ receiptDelayMs: 2500 });
    const notice = await worker(centre.port, {}, 500);
    const id = await written(notice);
    await notice.send(id, numbers(10), 'p-03');
    expect(await settled(notice, id)).toMatchObject({ unknown: 10, arrived: 0 });
    await expect.poll(async () => (await notice.status(id)).sendings[0]?.arrived, { timeout: 15_000 }).toBe(10);
    await expect.poll(() => centre.counters().receipts.acknowledged).toBe(10);
  });

  test('goes on through throttling, malformed PDUs and a centre without parameters in its receipts', async () => {
    const centre = await smsc({
      receiptTlvs: false,
      receiptWindow: 3,
      hexAnswers: true,
      faults: { queueFullEvery: 20, malformedEvery: 15, perSecond: 400 },
    });
    const notice = await worker(centre.port, { receiptIds: 'answers-hex', long: 'udh' });
    const id = await written(notice);
    await notice.send(id, numbers(200), 'p-03');
    expect(await settled(notice, id)).toMatchObject({ delivered: 200, resubmitted: 0 });
    const parts = centre.counters().taken / 200;
    expect(parts).toBeGreaterThan(1);
    expect(Number.isInteger(parts)).toBe(true);
  });

  test('keeps to the contract with two workers at once', async () => {
    const centre = await smsc();
    const notice = await worker(centre.port, { perSecond: 100, window: 100 });
    await worker(centre.port, { perSecond: 100, window: 100 });
    const id = await written(notice);
    const began = performance.now();
    await notice.send(id, numbers(400), 'p-03');
    expect(await settled(notice, id)).toMatchObject({ delivered: 400 });
    // The first hundred have their place at once; the other three wait a second each.
    expect(performance.now() - began).toBeGreaterThan(2900);
  });
});
