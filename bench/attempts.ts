/**
 * From an attempt of a caged test to leave its scope until a webhook and a console have been told of it. The whole way: cage,
 * supervisor and guardd, PostgreSQL, pages as jobs, HTTP.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliverWebhook, webhookWorker } from '../packages/server/src/platform/webhook/index.ts';
import { containmentRoutes } from '../packages/server/src/containment/routes.ts';
import { enrolHost, guardOf, type JournalSink } from '../packages/server/src/guard/index.ts';
import { systemClock } from '../packages/server/src/platform/clock/index.ts';
import { loadConfig } from '../packages/server/src/platform/config/index.ts';
import { connect, inTransaction, migrate, startEmbeddedPostgres } from '../packages/server/src/platform/db/index.ts';
import { createHttp } from '../packages/server/src/platform/http/index.ts';
import type { Platform } from '../packages/server/src/platform/index.ts';
import { startJobs } from '../packages/server/src/platform/jobs/index.ts';
import { createLog, createMetrics } from '../packages/server/src/platform/telemetry/index.ts';
import { run as runId, Stand, standPlan } from '../scenarios/guardd-stand.ts';
import { Target, testPlan } from '../scenarios/test-target.ts';
import type { BenchResult, BenchRow } from './result.ts';

const institution = 'hanbit-bank';
const token = 'a-token-of-this-benchmark';
/** Nobody's address: never in a scope, and routed nowhere. */
const outside = '203.0.113.9';

/** Sends datagrams outside the scope, each to another port, and writes down when each left. */
const trying = (times: number, pause: string): string => `import random, socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sent = []
for n in range(${times}):
  try: s.sendto(b'x', ('${outside}', 1 + n % 65000))
  except OSError: pass
  sent.append('%.3f' % (time.time() * 1000))
  ${pause}
open('/out/sent', 'w').write('\\n'.join(sent))
time.sleep(3)`;

const works = [
  { what: 'single attempts', script: trying(40, 'time.sleep(random.uniform(0.4, 0.8))') },
  { what: 'a flood of 10,000 attempts/s for 6 s', script: trying(60_000, 'if n % 100 == 0: time.sleep(0.01)') },
];

/** When pages came, and how many packets each told of. */
interface Told {
  readonly at: number;
  readonly packets: number;
}

const toldOf = (text: string): Told => ({
  at: Date.now(),
  packets: (JSON.parse(text) as { packets: number }).packets,
});

async function receiver(): Promise<{ url: string; told: Told[]; close(): void }> {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      told.push(toldOf(text));
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, told, close: () => server.close() };
}

/** What a console hears, until the signal aborts. */
async function listenAt(url: string, told: Told[], signal: AbortSignal): Promise<void> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal });
  let text = '';
  const reading = async (): Promise<void> => {
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
        const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
        if (data !== undefined) told.push(toldOf(data));
        text = text.slice(end + 2);
      }
    }
  };
  void reading().catch(() => undefined);
}

/** One test from its beginning to its end: the delay of each attempt until it was told of, ms. */
async function tried(platform: Platform, stand: Stand, script: string, told: readonly Told[][]): Promise<number[][]> {
  const target = await Target.open();
  const client = await stand.client();
  const lease = await stand.lease();
  const following = new AbortController();
  try {
    await enrolHost(platform.db, institution, { host: 'local', publicKey: client.host.publicKey, by: 'p-1' });
    const guard = guardOf(platform);
    await inTransaction(platform.db, (tx) => guard.open(tx, runId, 'local'));
    const plan = testPlan(standPlan(stand.url), target, { run: ['python3', '-c', script] });
    await stand.prepare(client, plan, {
      limits: {
        rehearsed: {
          detectMs: 0,
          decideMs: 0,
          stopMs: 0,
          verifyMs: 0,
          reserveMs: 0,
          rollbackMs: { tester: [0] },
          stepMs: { tester: [60_000] },
        },
      },
    });
    const sink: JournalSink = { entries: async () => undefined, alarm: async () => undefined };
    const followed = guard.follow(runId, 'local', sink, () => undefined, following.signal);
    await client.ask({ type: 'begin', run: runId, epoch: 1, step: 'tester' }, { timeoutMs: 120_000 });
    await client.ask({ type: 'close', run: runId, epoch: 1 });
    following.abort();
    await followed;
    const sent = readFileSync(join(stand.runDir, 'guardd', 'runs', runId, 'cage', 'out', 'sent'), 'utf8')
      .split('\n')
      .map(Number);
    return told.map((pages) => delays(sent, pages));
  } finally {
    following.abort();
    client.end();
    await lease.stop();
    target.close();
  }
}

/** An attempt is told by the first page with which as many packets were told as had left with it. */
function delays(sent: readonly number[], pages: readonly Told[]): number[] {
  const rest = [...pages];
  let sum = 0;
  let at = Number.NaN;
  return sent.map((left, i) => {
    while (sum <= i) {
      const page = rest.shift();
      if (page === undefined) return Number.POSITIVE_INFINITY;
      sum += page.packets;
      at = page.at;
    }
    return Math.max(0, at - left);
  });
}

function rowsOf(what: string, times: readonly number[]): BenchRow[] {
  const sorted = times.toSorted((a, b) => a - b);
  const worst = sorted.at(-1) ?? Number.NaN;
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return [
    { what: `${what}, p50 of ${sorted.length}`, value: middle, unit: 'ms' },
    { what: `${what}, longest`, value: worst, unit: 'ms', bar: '<= 1000 ms', met: worst <= 1000 },
  ];
}

export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-bench-attempts-'));
  writeFileSync(join(folder, 'hook.key'), '0123456789abcdef0123456789abcdef\n', { mode: 0o600 });
  const rows: BenchRow[] = [];
  try {
    for (const [i, { what, script }] of works.entries()) {
      process.stderr.write(`${what}\n`);
      const postgres = await startEmbeddedPostgres({ dataDir: join(folder, `postgres-${i}`), log: () => undefined });
      try {
        const owner = connect(postgres.url, { role: 'owner', max: 1 });
        await migrate(owner);
        await owner.destroy();
        rows.push(...(await measure(folder, postgres.url, what, script)));
      } finally {
        await postgres.stop();
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    name: 'attempts',
    method:
      'A caged tool sends datagrams outside its scope, each to another port, under a real guardd; a server in this process takes the journal into an embedded PostgreSQL, posts pages to a webhook on loopback and streams them to a console. ' +
      'Delay is from the instant at which the tool had sent the packet to the arrival of the page that counts it. Takes about a minute and a half.',
    rows,
  };
}

async function measure(folder: string, url: string, what: string, script: string): Promise<BenchRow[]> {
  const db = connect(url, { max: 5 });
  const log = createLog('warn');
  const jobs = await startJobs({ url, queues: [deliverWebhook], log, concurrency: 4 });
  const webhook = await receiver();
  const stand = await Stand.open();
  const heard: Told[] = [];
  const listening = new AbortController();
  const config = loadConfig({ root: folder, env: {} });
  const platform: Platform = {
    config: {
      ...config,
      dataDir: folder,
      institution,
      hosts: { local: stand.socket },
      containment: {
        ...config.containment,
        webhooks: [{ name: 'soc', url: webhook.url, secretFile: 'hook.key', pages: 'attempts' }],
      },
    },
    db,
    databaseUrl: url,
    clock: systemClock,
    log,
    metrics: createMetrics(),
    jobs,
  };
  const app = await createHttp({
    log,
    metrics: platform.metrics,
    access: { token },
    bodyLimitBytes: 1_000_000,
    requestTimeoutSeconds: 10,
  });
  try {
    await webhookWorker(platform);
    containmentRoutes(app, platform, async () => undefined);
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    await listenAt(`${address}/containment/events`, heard, listening.signal);
    const [toWebhook = [], toConsole = []] = await tried(platform, stand, script, [webhook.told, heard]);
    const spanMs = (webhook.told.at(-1)?.at ?? 0) - (webhook.told[0]?.at ?? 0);
    const perSecond = webhook.told.length / Math.max(1, spanMs / 1000);
    return [
      ...rowsOf(`${what}: until its webhook has it`, toWebhook),
      ...rowsOf(`${what}: until the console has it`, toConsole),
      { what: `${what}: pages`, value: perSecond, unit: '/s', bar: '<= 5 /s', met: perSecond <= 5 },
    ];
  } finally {
    listening.abort();
    await app.close();
    await guardOf(platform).end();
    await stand.end();
    await jobs.stop(1);
    webhook.close();
    await db.destroy();
  }
}
