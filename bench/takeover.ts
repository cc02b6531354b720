/**
 * Takeover of a run: from the moment its worker is killed, or stopped as a lost host is, in the middle of a step until the
 * surviving worker has committed the same step under its own epoch. Real PostgreSQL, real guardd, workers as processes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, migrate, startEmbeddedPostgres } from '../packages/server/src/platform/db/index.ts';
import { smallPlan } from '../packages/server/src/run-plan.testing.ts';
import { openStand, until, type Stand } from '../packages/server/src/run-stand.testing.ts';
import type { BenchResult } from './result.ts';

const trials = 5;

/** One trial: milliseconds, and what the steps of the run did. */
async function takeover(
  stand: Stand,
  id: string,
  signal: 'SIGKILL' | 'SIGSTOP',
): Promise<{ ms: number; effects: string[] }> {
  const planHash = await stand.prepare(smallPlan({ id, steps: ['one'], doing: { one: 'sleep 4' } }));
  const before = stand.local.effects().length;
  const victim = await stand.worker();
  const survivor = await stand.worker({ waits: true });
  const runner = stand.runner();
  const { run } = await runner.request({
    plan: planHash,
    mode: 'live',
    by: { kind: 'person', id: 'p-2' },
    waivers: [],
  });
  await until('the step runs', () => stand.local.effects().length > before);
  survivor.begin();
  await new Promise((resolve) => setTimeout(resolve, 700));
  const struck = Date.now();
  victim.child.kill(signal);
  await until('the run has ended', async () => (await runner.status(run)).view.phase === 'ended', 30_000);
  const again = (await runner.events(run, -1)).find(({ type, epoch }) => type === 'step.begin' && epoch === 2);
  if (again === undefined) throw new Error('the step was not taken over');
  for (const { child, gone } of [victim, survivor]) {
    child.kill('SIGKILL');
    await gone;
  }
  return { ms: Date.parse(again.at) - struck, effects: stand.local.effects().slice(before) };
}

export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-bench-'));
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined });
  const owner = connect(server.url, { role: 'owner', max: 1 });
  await migrate(owner);
  await owner.destroy();
  const stand = await openStand(server.url);
  const lost = { SIGKILL: [], SIGSTOP: [] } as Record<'SIGKILL' | 'SIGSTOP', number[]>;
  let twice = 0;
  try {
    for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
      for (let trial = 0; trial < trials; trial += 1) {
        const { ms, effects } = await takeover(stand, `${signal.toLowerCase()}-${trial}`, signal);
        lost[signal].push(ms);
        if (effects.filter((effect) => effect === 'do one').length !== 1) twice += 1;
      }
    }
  } finally {
    await stand.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
  const worst = (values: readonly number[]): number => Math.max(...values);
  const middle = (values: readonly number[]): number =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const within = (what: string, values: readonly number[], barMs: number) => ({
    what,
    value: worst(values),
    unit: 'ms',
    bar: `<= ${barMs} ms`,
    met: worst(values) <= barMs,
  });
  return {
    name: 'takeover',
    method: `${trials} trials each, worst and median: signal to the worker until the survivor's commit of the same step; the step then runs to its end under guardd.`,
    rows: [
      within('kill -9 of the worker (connection lost), worst', lost.SIGKILL, 1000),
      { what: 'kill -9 of the worker, median', value: middle(lost.SIGKILL), unit: 'ms' },
      within('worker stopped (as a lost host), worst', lost.SIGSTOP, 3000),
      { what: 'worker stopped, median', value: middle(lost.SIGSTOP), unit: 'ms' },
      { what: 'effects that happened twice', value: twice, unit: 'trials', bar: '<= 0 trials', met: twice === 0 },
    ],
  };
}
