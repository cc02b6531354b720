/**
 * PostgreSQL is killed, stopped for a moment or gone for longer than the takeover's grace while a run is under way. The run
 * waits; guardd guards, and recovers alone when nobody comes back; afterwards everything is taken in and the run is closed.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brokenRunLogAt, type RunEvent } from '@breakwater/rules/runner';
import {
  connect,
  migrate,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../packages/server/src/platform/db/index.ts';
import { smallPlan } from '../packages/server/src/run-plan.testing.ts';
import { openStand, until, type Stand } from '../packages/server/src/run-stand.testing.ts';
import { casesToRun, notePassed, type FaultCase } from './cases.ts';

const scenario = 'runner-database';
const steps = ['one', 'two'];
const graceMs = 3000;

interface Case extends FaultCase {
  /** The fault strikes when the run's log has this event. */
  readonly reached: (event: RunEvent) => boolean;
  /** How long PostgreSQL is away; beyond the takeover's grace guardd recovers. */
  readonly awayMs: number;
  readonly signal: 'SIGKILL' | 'SIGSTOP';
}

const kinds = [
  { kind: 'kill -9 PostgreSQL', signal: 'SIGKILL', awayMs: 0 },
  { kind: 'SIGSTOP PostgreSQL for a moment', signal: 'SIGSTOP', awayMs: 700 },
  { kind: 'PostgreSQL gone beyond the grace', signal: 'SIGSTOP', awayMs: 9000 },
] as const;

const boundaries: readonly { boundary: string; reached: Case['reached'] }[] = [
  { boundary: 'the start', reached: ({ type }) => type === 'run.started' },
  { boundary: 'the first step is asked for', reached: ({ type }) => type === 'step.begin' },
  {
    boundary: 'the first step acts',
    reached: (event) =>
      event.type === 'guard.entry' && event.data.event.type === 'step.begin' && event.data.event.data.action === 'do',
  },
  { boundary: 'the first step has ended', reached: ({ type }) => type === 'step.end' },
  {
    boundary: 'the second step is asked for',
    reached: (event) => event.type === 'step.begin' && event.data.step === 'two',
  },
  {
    boundary: 'the host has closed the run',
    reached: (event) => event.type === 'guard.entry' && event.data.event.type === 'run.closed',
  },
];

const cases: Case[] = kinds.flatMap((kind) => boundaries.map((boundary) => ({ ...kind, ...boundary })));

let folder: string;
let server: EmbeddedPostgres;
let stand: Stand;
let plans = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-database-'));
  server = await startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    log: () => undefined,
    dieWithParent: true,
  });
  const owner = connect(server.url, { role: 'owner', max: 1 });
  await migrate(owner);
  await owner.destroy();
  stand = await openStand(server.url);
}, 120_000);
afterAll(async () => {
  await stand?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The postmaster and every process of its own. */
function postgresProcesses(): number[] {
  const postmaster = server.pid();
  const children = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === postmaster;
    } catch {
      return false;
    }
  });
  return [postmaster, ...children.map(Number)];
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended meanwhile.
    }
  }
}

/** Does it to PostgreSQL. A stopped one is let go on; a killed one is started again by its keeper in this process. */
async function strike({ signal, awayMs }: Case): Promise<void> {
  const pids = postgresProcesses();
  signalAll(pids, signal);
  await sleep(awayMs);
  if (signal === 'SIGSTOP') signalAll(pids, 'SIGCONT');
}

describe('a database that is lost in the middle of a run', () => {
  test.each(casesToRun(scenario, cases))('$kind, $boundary', { timeout: 120_000 }, async (each) => {
    plans += 1;
    const planHash = await stand.prepare(
      smallPlan({
        id: `database-${plans}`,
        steps,
        // Work that is wholly done is watched, not undone: the second step outlasts the grace, so that there is something to recover.
        doing: { one: 'sleep 0.5', two: each.awayMs > graceMs ? 'sleep 6' : 'sleep 0.5' },
        takeoverGrace: `PT${graceMs / 1000}S`,
      }),
    );
    const before = stand.local.effects().length;
    const worker = await stand.worker();
    const runner = stand.runner();
    const { run } = await runner.request({
      plan: planHash,
      mode: 'live',
      by: { kind: 'person', id: 'p-2' },
      waivers: [],
    });
    await until(each.boundary, async () => (await runner.events(run, -1)).some(each.reached), 20_000);
    await strike(each);
    const phase = async (): Promise<string | null> => (await runner.status(run).catch(() => null))?.view.phase ?? null;
    await until('the run has ended', async () => (await phase()) === 'ended', 60_000);

    const { view } = await runner.status(run);
    const effects = stand.local.effects().slice(before);
    const beyond = each.awayMs > graceMs && each.boundary !== 'the host has closed the run';
    expect(view.outcome === 'completed' || view.outcome === 'rolled-back' || view.outcome === 'stopped').toBe(true);
    if (beyond) expect(view.host?.trip).toMatchObject({ reason: 'lease-lost' });
    for (const effect of new Set(effects)) expect(effects.filter((one) => one === effect)).toHaveLength(1);
    const [done, undone] = ['do', 'undo'].map(
      (what) => effects.filter((effect) => effect.startsWith(`${what} `)).length,
    );
    expect(undone).toBe(view.outcome === 'completed' ? 0 : done);
    expect(brokenRunLogAt(await runner.log(run))).toBeNull();
    expect(view.alarms).toEqual([]);
    worker.child.kill('SIGKILL');
    await worker.gone;
    notePassed(scenario, each);
  });
});
