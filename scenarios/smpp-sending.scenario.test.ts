/**
 * A sending by SMPP while its worker is killed, its SMS centre is killed or stops, connections are cut and PDUs are broken.
 * Real processes, a real database, real sockets. After each: nobody is lost, who may have got it twice is counted and
 * bounded, and no number stands anywhere in the clear.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '@breakwater/client';
import { draftNotice } from '@breakwater/rules/notice';
import { end, up, type Server } from '../packages/cli/src/notice/process.testing.ts';
import { testDatabase, type TestDatabase } from '../packages/server/src/platform/db/testing.ts';
import { casesToRun, notePassed, type FaultCase } from './cases.ts';

const scenario = 'smpp-sending';
const recipients = 600;
/** Messages that a worker may have on their way without a commit: its jobs at once, each one batch of at most 100. */
const mostInDoubt = 4 * 100;

interface Case extends FaultCase {
  /** Messages that the centre has taken when the fault strikes. */
  readonly at: number;
  readonly strike: 'kill worker' | 'kill centre' | 'stop centre' | 'none';
  readonly centre: readonly string[];
}

const slow = ['--delay', '20'];
const places = [1, 100, 333, 550];
const cases: readonly Case[] = [
  ...places.map((at): Case => ({
    kind: 'kill -9 worker',
    boundary: `after ${at}`,
    at,
    strike: 'kill worker',
    centre: slow,
  })),
  ...places.map((at): Case => ({
    kind: 'kill -9 centre',
    boundary: `after ${at}`,
    at,
    strike: 'kill centre',
    centre: slow,
  })),
  ...places.map((at): Case => ({
    kind: 'SIGSTOP centre',
    boundary: `after ${at}`,
    at,
    strike: 'stop centre',
    centre: slow,
  })),
  ...[
    ['--cut-every', '100'],
    ['--malformed-every', '50'],
    ['--garbage-every', '150'],
    ['--drop-every', '250', '--no-receipt-tlvs'],
    ['--receipts-first', '--queue-full-every', '40'],
  ].map((centre): Case => ({ kind: 'hostile centre', boundary: centre.join(' '), at: 0, strike: 'none', centre })),
];

const folder = mkdtempSync(join(tmpdir(), 'smpp-scenario-'));
const entry = fileURLToPath(new URL('../packages/cli/src/start.ts', import.meta.url));
let database: TestDatabase;
let env: Record<string, string>;
let server: Server;
let port: number;
let centre: ChildProcess | null = null;
let plans = 0;
const printed: string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  port = await freePort();
  mkdirSync(join(folder, 'keys'));
  writeFileSync(join(folder, 'keys', 'smpp.password'), 'secret\n', { mode: 0o600 });
  env = {
    BREAKWATER_DATA_DIR: folder,
    BREAKWATER_NOTICE_SMPP_HOST: '127.0.0.1',
    BREAKWATER_NOTICE_SMPP_PORT: String(port),
    BREAKWATER_NOTICE_SMPP_IN_DOUBT_SECONDS: '3',
    BREAKWATER_NOTICE_SETTLE_SECONDS: '4',
    BREAKWATER_NOTICE_SITE_URL: 'https://notice.hanbit.example',
    BREAKWATER_LOG_LEVEL: 'debug',
    BREAKWATER_NOTICE_APPROVALS_NEEDED: '0',
    BREAKWATER_NOTICE_QUIET_HOURS: 'no',
    DATABASE_URL: database.url,
  };
  server = await up(env);
});
afterEach(() => {
  centre?.kill('SIGKILL');
  centre = null;
});
afterAll(async () => {
  if (server !== undefined) await end(server.child, 'SIGKILL');
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a sending by SMPP', () => {
  test.each(casesToRun(scenario, cases))('$kind, $boundary', { timeout: 180_000 }, async (each) => {
    plans += 1;
    const journal = join(folder, `centre-${plans}.journal`);
    const options = [...each.centre, '--journal', journal];
    let counters = await startCentre(options);
    const notice = await send(`smpp-${plans}`);
    if (each.strike !== 'none') {
      await expect.poll(() => takenIn(journal), { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(each.at);
      if (each.strike === 'kill worker') {
        await end(server.child, 'SIGKILL');
        printed.push(server.log());
        server = await up(env);
      } else if (each.strike === 'kill centre') {
        if (centre !== null) await end(centre, 'SIGKILL');
        counters = await startCentre(options);
      } else {
        centre?.kill('SIGSTOP');
        await new Promise((resolve) => setTimeout(resolve, 11_000));
        centre?.kill('SIGCONT');
      }
    }
    await expect.poll(async () => (await status(notice)).state, { timeout: 120_000, interval: 100 }).toBe('settled');
    const sending = (await status(notice)) as Status;
    centre?.kill('SIGTERM');
    const { distinct, repeated } = await counters();

    // Everybody's message was taken by the centre at least once, and is accounted for.
    expect(distinct).toBe(recipients);
    expect(sending).toMatchObject({ intended: recipients, submitted: recipients });
    expect(sending.arrived + sending.unknown + (sending.failed ?? 0)).toBe(recipients);
    // Whoever got it twice was submitted twice, which is said; and no more were than may have been on their way.
    expect(repeated).toBeLessThanOrEqual(sending.resubmitted);
    if (each.strike !== 'none') expect(sending.resubmitted).toBeLessThanOrEqual(mostInDoubt);
    // Only a centre that dies loses receipts; any other sends them until they are acknowledged.
    if (each.strike !== 'kill centre') expect(sending).toMatchObject({ arrived: recipients, unknown: 0 });
    printed.push(server.log(), readFileSync(journal, 'utf8'));
    expect(printed.join('\n')).not.toMatch(/\b0?10-?0000-?\d{4}\b/);
    notePassed(scenario, each);
  });
});

type Status = {
  state: string;
  intended: number;
  submitted: number;
  failed: number | null;
  unknown: number;
  arrived: number;
  resubmitted: number;
};

/** While a server starts again it is asked again. */
async function status(notice: string): Promise<Partial<Status>> {
  const answer = await client()
    .GET('/notices/{id}', { params: { path: { id: notice } } })
    .catch(() => null);
  return answer?.data?.sendings[0] ?? {};
}

const client = () => createClient({ socket: join(folder, 'run', 'api.sock') });

/** Starts the simulated centre; the function that is returned waits for its end and gives its counters. */
async function startCentre(options: readonly string[]): Promise<() => Promise<{ distinct: number; repeated: number }>> {
  const child = spawn(process.execPath, [entry, 'smsc-sim', '--port', String(port), '--json', ...options]);
  centre = child;
  let out = '';
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const closed = once(child, 'close');
  await expect.poll(() => told, { timeout: 30_000 }).toContain('SMPP on');
  return async () => {
    await closed;
    printed.push(out, told);
    return JSON.parse(out) as { distinct: number; repeated: number };
  };
}

async function send(plan: string): Promise<string> {
  const at = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
  const document = draftNotice(
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
  const list = Array.from({ length: recipients }, (_, n) => `0100000${String(n).padStart(4, '0')}`).join('\n');
  const by = 'p-03';
  const { data } = await client().POST('/notices', { body: { plan, by, document: document as never } });
  const notice = data?.notice ?? '';
  await client().POST('/notices/{id}/sendings', {
    params: { path: { id: notice }, query: { by } },
    body: list,
    bodySerializer: String,
    headers: { 'content-type': 'text/csv' },
  });
  return notice;
}

/** Messages that the centre has taken, by its journal. */
function takenIn(journal: string): number {
  return existsSync(journal) ? Math.max(0, readFileSync(journal, 'utf8').split('\n').length - 2) : 0;
}

async function freePort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const { port: free } = listener.address() as AddressInfo;
  await new Promise((done) => listener.close(done));
  return free;
}
