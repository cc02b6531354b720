/**
 * Steps a second of a run's event log against DBOS 5.3 on the same PostgreSQL. A step of ours is `step.begin` and `step.end`,
 * each its own commit with fencing, hash chain and evidence; a step of DBOS is its checkpoint of an empty step.
 */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  connect,
  inTransaction,
  migrate,
  startEmbeddedPostgres,
  type Db,
} from '../packages/server/src/platform/db/index.ts';
import { claimLease, insertRun, type RunRow } from '../packages/server/src/runner/store.ts';
import { createWriter, type Writer } from '../packages/server/src/runner/writer.ts';
import type { BenchResult } from './result.ts';

const sequentialSteps = 600;
const parallelRuns = 50;
const stepsPerRun = 40;
const rounds = 3;
const connections = 10;

async function newRun(db: Db, id: string): Promise<{ row: RunRow; epoch: number }> {
  const at = new Date().toISOString();
  const planHash = `sha256:${Buffer.from(id.padEnd(32, '0').slice(0, 32)).toString('hex')}`;
  const row: RunRow = {
    id,
    institution: 'bench',
    plan: 'p',
    planHash,
    mode: 'rehearsal',
    host: 'local',
    requestedBy: 'p-1',
    requestedAt: at,
    outcome: null,
  };
  const epoch = await inTransaction(db, async (tx) => {
    await insertRun(tx, row);
    return (await claimLease(tx, id, 0, 'bench', 60_000))?.epoch ?? 0;
  });
  return { row, epoch };
}

async function ourSteps(writer: Writer, { row, epoch }: { row: RunRow; epoch: number }, steps: number): Promise<void> {
  const author = { actor: { kind: 'system' as const, id: 'bench' }, epoch };
  for (let i = 0; i < steps; i += 1) {
    const step = `step-${i}`;
    await writer.write(row, author, { type: 'step.begin', data: { step, attempt: 1 } });
    await writer.write(row, author, { type: 'step.end', data: { step, outcome: 'done', journalSeq: i } });
  }
}

async function rate(steps: number, work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (steps / (performance.now() - from)) * 1000;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function dbosSteps(steps: number): Promise<void> {
  for (let i = 0; i < steps; i += 1) await DBOS.runStep(async () => undefined, { name: `step-${i}` });
}
const dbosRun = DBOS.registerWorkflow(dbosSteps, { name: 'bench-run' });

/** What it takes DBOS to have, as we do, a durable mark before each effect: a step that says so, then the step. */
async function dbosMarkedSteps(steps: number): Promise<void> {
  for (let i = 0; i < steps; i += 1) {
    await DBOS.runStep(async () => undefined, { name: `begin-${i}` });
    await DBOS.runStep(async () => undefined, { name: `step-${i}` });
  }
}
const dbosMarkedRun = DBOS.registerWorkflow(dbosMarkedSteps, { name: 'bench-marked-run' });

export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-bench-'));
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined });
  const owner = connect(server.url, { role: 'owner', max: 1 });
  await migrate(owner);
  await owner.destroy();
  const db = connect(server.url, { max: connections, prepared: true });
  const writer = createWriter(db, () => new Date());
  // DBOS reads a URL of a Unix socket only with a host before the parameter that overrides it; its pool is its own.
  const systemDatabaseUrl = server.url.replace('@/', '@localhost/');
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl, systemDatabasePoolSize: connections, logLevel: 'error' });
  const figures = {
    ourSequential: [],
    ourParallel: [],
    dbosSequential: [],
    dbosMarked: [],
    dbosParallel: [],
    dbosMarkedParallel: [],
  } as Record<string, number[]>;
  try {
    await DBOS.launch();
    await ourSteps(writer, await newRun(db, 'warm-up'), 100);
    await dbosRun(100);
    for (let round = 0; round < rounds; round += 1) {
      const single = await newRun(db, `single-${round}`);
      figures['ourSequential']?.push(await rate(sequentialSteps, () => ourSteps(writer, single, sequentialSteps)));
      figures['dbosSequential']?.push(await rate(sequentialSteps / 4, () => dbosRun(sequentialSteps / 4)));
      figures['dbosMarked']?.push(await rate(sequentialSteps / 4, () => dbosMarkedRun(sequentialSteps / 4)));
      const many = await Promise.all(Array.from({ length: parallelRuns }, (_, i) => newRun(db, `many-${round}-${i}`)));
      const all = parallelRuns * stepsPerRun;
      figures['ourParallel']?.push(
        await rate(all, () => Promise.all(many.map((one) => ourSteps(writer, one, stepsPerRun)))),
      );
      figures['dbosParallel']?.push(await rate(all / 4, () => Promise.all(many.map(() => dbosRun(stepsPerRun / 4)))));
      figures['dbosMarkedParallel']?.push(
        await rate(all / 4, () => Promise.all(many.map(() => dbosMarkedRun(stepsPerRun / 4)))),
      );
    }
  } finally {
    await DBOS.shutdown();
    await db.destroy();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
  const of = (name: string): number => median(figures[name] ?? []);
  const ratio = (what: string, ours: number, theirs: number) => ({
    what,
    value: ours / theirs,
    unit: 'x',
    bar: '>= 5 x',
    met: ours >= 5 * theirs,
  });
  const steps = (what: string, value: number) => ({ what, value, unit: 'steps/s' });
  return {
    name: 'run events',
    method:
      'Median of three alternating rounds, same embedded PostgreSQL, pools of 10. Ours: two commits a step (begin, end), ' +
      'each fenced by epoch, hash-chained and with its evidence row. DBOS 5.3.0: one workflow of empty steps.',
    rows: [
      steps('one run, ours', of('ourSequential')),
      steps('one run, DBOS', of('dbosSequential')),
      steps('one run, DBOS with a durable mark before each step, as ours', of('dbosMarked')),
      ratio('one run, ratio', of('ourSequential'), of('dbosSequential')),
      steps(`${parallelRuns} runs at once, ours`, of('ourParallel')),
      steps(`${parallelRuns} runs at once, DBOS`, of('dbosParallel')),
      steps(
        `${parallelRuns} runs at once, DBOS with a durable mark before each step, as ours`,
        of('dbosMarkedParallel'),
      ),
      ratio(`${parallelRuns} runs at once, ratio`, of('ourParallel'), of('dbosParallel')),
      ratio(`${parallelRuns} runs at once, ratio with the mark`, of('ourParallel'), of('dbosMarkedParallel')),
    ],
  };
}
