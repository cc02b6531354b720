/**
 * A sending from its list to its receipts on this machine: loading with encryption, the pipeline against a simulated SMS
 * centre by SMPP, and workers killed in the middle. Server, centre and database are processes of their own; the sender is
 * this one, so that its memory can be read.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { draftNotice } from '@breakwater/rules/notice';
import { openLedger } from '../packages/cli/src/notice/smsc-sim-ledger.ts';
import { startSmsc } from '../packages/cli/src/notice/smsc-sim-server.ts';
import { smppChannel } from '../packages/server/src/notice/channels/smpp/channel.ts';
import {
  createNotice,
  noticeQueues,
  openRecipientSecrets,
  type NoticeDoor,
} from '../packages/server/src/notice/index.ts';
import { systemClock } from '../packages/server/src/platform/clock/index.ts';
import { connect, migrate, startEmbeddedPostgres } from '../packages/server/src/platform/db/index.ts';
import { startJobs } from '../packages/server/src/platform/jobs/index.ts';
import { createLog } from '../packages/server/src/platform/telemetry/index.ts';
import type { BenchResult, BenchRow } from './result.ts';

const institution = 'bench-bank';
const lookMs = 250;
/** What a worker may have on its way without a commit: its jobs at once, each one batch of at most 100. */
const jobsAtOnce = 4;
const mostOnTheWay = jobsAtOnce * 100;

type Stand = { url: string; folder: string; port: number };

/** Opens the domain as a server has it. */
async function openNotice({ url, folder, port }: Stand): Promise<{ notice: NoticeDoor; end: () => Promise<void> }> {
  const log = createLog('error', { write: (line) => process.stderr.write(line) });
  const jobs = await startJobs({ url, queues: noticeQueues, log, concurrency: jobsAtOnce });
  const db = connect(url);
  const notice = createNotice({
    db,
    jobs,
    clock: systemClock,
    log,
    institution,
    secrets: () => openRecipientSecrets(join(folder, 'keys', 'recipients.json')),
    gateways: {
      sms: [
        smppChannel({
          host: '127.0.0.1',
          port,
          tls: false,
          systemId: 'bench',
          password: () => 'bench',
          systemType: '',
          window: 100,
          charset: 'ks-c-5601',
          long: 'payload',
          addresses: 'national',
          receiptIds: 'same',
          doubtMs: 2000,
        }),
      ],
      email: [],
    },
    site: { dir: join(folder, 'site'), url: 'https://notice.bench.example' },
    settleAfterMs: 60_000,
  });
  return {
    notice,
    async end() {
      await jobs.stop(5);
      await db.destroy();
    },
  };
}

/** A worker that is killed: it submits until somebody ends it. */
async function worker(stand: Stand): Promise<void> {
  const { notice } = await openNotice(stand);
  await notice.work();
  process.stdout.write('working\n');
}

let plans = 0;
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
  return notice.submit(document, { plan: `bench-${(plans += 1)}`, by: 'p-03' });
}

function* numbers(count: number): Generator<string> {
  for (let n = 0; n < count; n += 1) yield `010${String(n).padStart(8, '0')}`;
}

const stateOf = async (notice: NoticeDoor, id: string) => (await notice.sendingsOf(id))[0];

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(lookMs);
}

/** Loads and sends a list, and reads how much memory that took. */
async function measure(stand: Stand, count: number): Promise<{ load: number; send: number; rssMb: number }> {
  const { notice, end } = await openNotice(stand);
  let rss = 0;
  const looking = setInterval(() => (rss = Math.max(rss, process.memoryUsage().rss)), lookMs);
  const id = await written(notice);
  const began = performance.now();
  await notice.send(id, numbers(count), 'p-03');
  const loaded = performance.now();
  const stop = await notice.work();
  await until(async () => ((await stateOf(notice, id))?.arrived ?? 0) >= count);
  const arrived = performance.now();
  clearInterval(looking);
  await stop();
  await end();
  const perSecond = (from: number, to: number): number => count / ((to - from) / 1000);
  return { load: perSecond(began, loaded), send: perSecond(loaded, arrived), rssMb: rss / 2 ** 20 };
}

/** Sends while workers are killed one after the other; what the centre and the sending say of it. */
async function measureKills(
  stand: Stand,
  count: number,
  kills: number,
): Promise<{ lost: number; resubmitted: number }> {
  const { notice, end } = await openNotice(stand);
  const id = await written(notice);
  await notice.send(id, numbers(count), 'p-03');
  for (let kill = 1; kill <= kills + 1; kill += 1) {
    const child: ChildProcess = spawn(process.execPath, [import.meta.filename, 'worker', JSON.stringify(stand)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child, 'spawn');
    const share = (count * kill) / (kills + 1);
    await until(async () => {
      const status = await stateOf(notice, id);
      return kill <= kills ? (status?.submitted ?? 0) >= share : (status?.arrived ?? 0) >= count;
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const status = await stateOf(notice, id);
  await end();
  return { lost: count - (status?.arrived ?? 0), resubmitted: status?.resubmitted ?? 0 };
}

export async function run(): Promise<BenchResult> {
  const count = Number(process.env['BREAKWATER_BENCH_SMS_RECIPIENTS'] ?? '1000000');
  const killed = Math.min(count, 100_000);
  const kills = 2;
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-sms-'));
  const database = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined });
  const owner = connect(database.url, { role: 'owner', max: 1 });
  await migrate(owner);
  await owner.destroy();
  const ledger = openLedger(null);
  const quiet = await startSmsc({ receiptWindow: 1000 });
  const counted = await startSmsc({ receiptWindow: 1000, ledger });
  const rows: BenchRow[] = [];
  try {
    const stand = { url: database.url, folder, port: quiet.port };
    const small = await measure(stand, Math.max(1000, count / 10));
    const large = await measure(stand, count);
    const after = await measureKills({ ...stand, port: counted.port }, killed, kills);
    const { repeated } = ledger.counts();
    const growth = large.rssMb / small.rssMb;
    const hours = 10_000_000 / large.send / 3600;
    rows.push(
      { what: `list of ${count}: read, checked, encrypted and stored`, value: large.load, unit: 'recipients/s' },
      { what: `${count} recipients from stored to delivered`, value: large.send, unit: 'messages/s' },
      { what: '10,000,000 recipients at that rate, extrapolated', value: hours, unit: 'h' },
      { what: `memory of the sender, ${count / 10} recipients`, value: small.rssMb, unit: 'MiB' },
      { what: `memory of the sender, ${count} recipients`, value: large.rssMb, unit: 'MiB' },
      { what: 'memory, ten times the recipients', value: growth, unit: 'x', bar: '<= 1.5 x', met: growth <= 1.5 },
      {
        what: `${killed} recipients, worker killed ${kills} times: lost`,
        value: after.lost,
        unit: '',
        bar: '= 0',
        met: after.lost === 0,
      },
      {
        what: 'taken twice by the centre',
        value: repeated,
        unit: '',
        bar: `<= ${kills * mostOnTheWay}`,
        met: repeated <= kills * mostOnTheWay,
      },
      {
        what: 'said by the sending to be perhaps double',
        value: after.resubmitted,
        unit: '',
        bar: '>= taken twice',
        met: after.resubmitted >= repeated,
      },
    );
  } finally {
    await Promise.all([quiet.stop(), counted.stop()]);
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return {
    name: 'Text messages: a sending as a whole',
    method: `Lists of 010 numbers, each encrypted (AES-256-GCM) and keyed by HMAC-SHA-256; sent by SMPP at a window of 100 and ${jobsAtOnce} batches at once to our simulated centre in the same process, a receipt for each, counted when the receipt is committed. The rate of a contract is lower than any of these.`,
    rows,
  };
}

if (import.meta.main) {
  if (process.argv[2] !== 'worker') throw new Error('usage: npm run bench -- sms-pipeline');
  await worker(JSON.parse(process.argv[3] ?? '{}') as Stand);
}
