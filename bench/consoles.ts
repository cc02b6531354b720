/**
 * 200 consoles that watch one run: time from the commit of an event to its arrival at each console, and the memory of the server.
 * Compared, in the same run, with a single console. Events are written by the process that measures, as a run's worker would; the
 * server is another process, and the consoles are real streams over its Unix socket.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import {
  connect,
  inTransaction,
  migrate,
  startEmbeddedPostgres,
  type Db,
} from '../packages/server/src/platform/db/index.ts';
import { claimLease, insertRun, type RunRow } from '../packages/server/src/runner/store.ts';
import { createWriter } from '../packages/server/src/runner/writer.ts';
import { plan as examplePlan } from '../conformance/dossier/plan.ts';
import type { BenchResult } from './result.ts';

const consoles = 200;
const events = 100;
const everyMs = 100;
const startMs = 60_000;
/** Of an event to every console: what a person at a console does not notice. */
const barMs = 1000;

interface Watcher {
  /** Arrival by the number of the step that began. */
  readonly arrivals: Map<string, number>;
  close(): void;
}

export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined });
  let server: ChildProcess | null = null;
  try {
    const owner = connect(postgres.url, { role: 'owner', max: 1 });
    await migrate(owner);
    await owner.destroy();
    server = await serve(postgres.url, folder);
    const socket = join(folder, 'run', 'api.sock');
    const db = connect(postgres.url, { max: 2, prepared: true });
    const idleBytes = await residentBytes(socket);
    const alone = await watched(db, socket, 'alone', 1);
    const many = await watched(db, socket, 'many', consoles);
    await db.destroy();
    const p99 = quantile(many.delays, 0.99);
    return {
      name: `${consoles} consoles watching one run`,
      method: `${events} events, one each ${everyMs} ms, are written to the log of a run; every console (a stream of \`/v1/runs/…/feed\`) notes when it has each. Delay is from before the write to the arrival, so it holds the commit. Server, PostgreSQL and all consoles share the machine.`,
      rows: [
        { what: `delay to each of ${consoles} consoles, p50`, value: quantile(many.delays, 0.5), unit: 'ms' },
        {
          what: `delay to each of ${consoles} consoles, p99`,
          value: p99,
          unit: 'ms',
          bar: `<= ${barMs} ms`,
          met: p99 <= barMs,
        },
        { what: 'the same to a single console, p99', value: quantile(alone.delays, 0.99), unit: 'ms' },
        { what: 'events that did not arrive', value: many.lost, unit: 'events', bar: '<= 0', met: many.lost === 0 },
        {
          what: 'memory of the server for each console',
          value: (many.bytes - idleBytes) / consoles / 1024,
          unit: 'KiB',
        },
        { what: 'memory of the server with all of them', value: many.bytes / 1024 / 1024, unit: 'MiB' },
      ],
    };
  } finally {
    server?.kill('SIGKILL');
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function watched(
  db: Db,
  socket: string,
  id: string,
  count: number,
): Promise<{ delays: number[]; lost: number; bytes: number }> {
  const at = new Date().toISOString();
  const planHash = `sha256:${Buffer.from(id.padEnd(32, '0')).toString('hex')}`;
  const who = { institution: 'bench', plan: id, mode: 'rehearsal', host: 'local', requestedBy: 'p-1' } as const;
  const row: RunRow = { ...who, id, planHash, requestedAt: at, outcome: null };
  const epoch = await inTransaction(db, async (tx) => {
    await sql`
      insert into plan_revision (institution, plan, revision, plan_hash, author, document, submitted_by, submitted_at)
      values ('bench', ${id}, 1, ${planHash}, 'p-1', ${JSON.stringify(examplePlan)}, 'p-1', now())`.execute(tx);
    await insertRun(tx, row);
    return (await claimLease(tx, id, 0, 'bench', 600_000))?.epoch ?? 0;
  });
  const writer = createWriter(db, () => new Date());
  const author = { actor: { kind: 'system' as const, id: 'bench' }, epoch };
  const { plan, mode, host, requestedBy: by } = row;
  await writer.write(row, author, { type: 'run.requested', data: { run: id, plan, planHash, mode, host, by, at } });
  const watchers = await Promise.all(Array.from({ length: count }, () => watch(socket, id)));
  const sent = new Map<string, number>();
  for (let n = 0; n < events; n += 1) {
    const step = `step-${n}`;
    sent.set(step, performance.now());
    await writer.write(row, author, { type: 'step.begin', data: { step, attempt: 1 } });
    await sleep(everyMs);
  }
  await sleep(2000);
  const bytes = await residentBytes(socket);
  const delays = watchers.flatMap(({ arrivals }) =>
    [...arrivals].map(([step, arrived]) => arrived - (sent.get(step) ?? arrived)),
  );
  for (const watcher of watchers) watcher.close();
  return { delays, lost: count * events - delays.length, bytes };
}

/** Resolves when the stream has said something: what is written from then on is measured. */
function watch(socketPath: string, run: string): Promise<Watcher> {
  return new Promise((resolve, reject) => {
    const arrivals = new Map<string, number>();
    const call = request({ socketPath, path: `/v1/runs/${run}/feed` }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`the server answers ${answer.statusCode}`));
      resolve({ arrivals, close: () => call.destroy() });
      let rest = '';
      answer.setEncoding('utf8');
      answer.on('error', () => undefined);
      answer.on('data', (chunk: string) => {
        rest += chunk;
        const end = rest.lastIndexOf('\n\n');
        if (end === -1) return;
        for (const [, step] of rest.slice(0, end).matchAll(/"step":"(step-\d+)"/g))
          if (step !== undefined && !arrivals.has(step)) arrivals.set(step, performance.now());
        rest = rest.slice(end + 2);
      });
    });
    call.on('error', reject);
    call.end();
  });
}

async function serve(url: string, folder: string): Promise<ChildProcess> {
  const entry = new URL('../packages/cli/src/start.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [entry, 'serve', '--role', 'api', '--json'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: url,
      BREAKWATER_INSTITUTION: 'bench',
      BREAKWATER_DATA_DIR: folder,
      BREAKWATER_HTTP_PORT: '0',
      BREAKWATER_SITE_PORT: '0',
      BREAKWATER_HTTP_CONSOLE: 'false',
      BREAKWATER_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const until = performance.now() + startMs;
  while (!said.endsWith('}\n')) {
    if (child.exitCode !== null || performance.now() > until) throw new Error('the server did not start');
    await sleep(50);
  }
  return child;
}

async function residentBytes(socketPath: string): Promise<number> {
  const text = await new Promise<string>((resolve, reject) => {
    let body = '';
    request({ socketPath, path: '/metrics' }, (answer) => {
      answer.on('data', (chunk) => (body += String(chunk)));
      answer.on('end', () => resolve(body));
    })
      .on('error', reject)
      .end();
  });
  return Number(/^breakwater_process_resident_memory_bytes (\S+)/m.exec(text)?.[1]);
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
