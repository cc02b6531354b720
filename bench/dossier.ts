/** Export, verification and PDF of a dossier of 10,000 records, from a real log on a real PostgreSQL. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readContainer, verifyDossier } from '@breakwater/verify';
import { after, before, journalDrafts, run as runId } from '../conformance/dossier/course.ts';
import { keys } from '../conformance/dossier/trust.ts';
import { append, evidenceLog } from '../packages/server/src/evidence/index.ts';
import { systemClock } from '../packages/server/src/platform/clock/index.ts';
import { loadConfig } from '../packages/server/src/platform/config/index.ts';
import { connect, inTransaction, migrate, startEmbeddedPostgres } from '../packages/server/src/platform/db/index.ts';
import type { Platform } from '../packages/server/src/platform/index.ts';
import { createLog, createMetrics } from '../packages/server/src/platform/telemetry/index.ts';
import { noJobs } from '../packages/server/src/platform/jobs/index.ts';
import { exportDossier, renderDossier, trustOf } from '../packages/server/src/review/index.ts';
import type { BenchResult, BenchRow } from './result.ts';

const institution = 'hanbit-bank';
const records = 10_000;
const rounds = 5;
const asOf = '2026-11-17T00:00:00+09:00';

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1_000;
}

async function medianOf(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < rounds; i += 1) times.push(await seconds(work));
  return median(times);
}

/** The example run with so many meter readings in its journal that the log holds 10,000 records. */
async function fill(platform: Platform): Promise<void> {
  const around = before().length + journalDrafts(0).length + after().length;
  // The record of the assessment is one more.
  const entries = [...before(), ...journalDrafts(records - around - 1), ...after()].map((entry) => ({
    ...entry,
    institution,
  }));
  for (let from = 0; from < entries.length; from += 1_000) {
    await inTransaction(platform.db, (tx) => append(tx, entries.slice(from, from + 1_000)));
  }
}

async function measure(platform: Platform, folder: string): Promise<BenchRow[]> {
  const within = (what: string, value: number, most: number): BenchRow => ({
    what,
    value,
    unit: 's',
    bar: `<= ${most} s`,
    met: value <= most,
  });
  const ask = { run: runId, pack: null, asOf };
  const first = await exportDossier(platform, ask);
  const exported = await medianOf(() => exportDossier(platform, ask));
  const { policy } = await trustOf(platform, runId);
  const members = readContainer(first.zip).filter(
    ({ path }) => !/^(?:dossier\.pdf$|manifest\.json$|seal\/)/.test(path),
  );
  const pdf = await medianOf(() => renderDossier(members));
  let result = '';
  const verified = await medianOf(async () => {
    ({ result } = await verifyDossier(first.zip, { policy, keys }));
  });
  if (result !== 'passed') throw new Error(`the dossier was ${result}`);
  const files = [join(folder, 'dossier.zip'), join(folder, 'policy'), join(folder, 'keys.json')] as const;
  await Promise.all([
    writeFile(files[0], first.zip),
    writeFile(files[1], policy),
    writeFile(files[2], JSON.stringify(keys)),
  ]);
  const command = [
    join(import.meta.dirname, '../packages/cli/src/start.ts'),
    'verify',
    files[0],
    '--policy',
    files[1],
    '--keys',
    files[2],
  ];
  const fresh = await medianOf(async () => {
    const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`verify ended with ${status}: ${stderr}`);
  });
  return [
    within(`export of ${records} records (read, assess, prove, PDF, seal, keep)`, exported, 5),
    within('its PDF alone, every member attached', pdf, 3),
    within('verify', verified, 1),
    { what: 'verify, `breakwater verify` from the start of the process to its end', value: fresh, unit: 's' },
    { what: 'size of the dossier', value: first.zip.length / 1e6, unit: 'MB' },
    { what: 'size of its PDF', value: first.pdf.length / 1e6, unit: 'MB' },
  ];
}

export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-bench-dossier-'));
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined });
  const owner = connect(server.url, { role: 'owner', max: 2 });
  await migrate(owner);
  await owner.destroy();
  const db = connect(server.url, { max: 5 });
  const platform: Platform = {
    config: loadConfig({ root: folder, env: {}, overrides: { institution } }),
    log: createLog('silent'),
    metrics: createMetrics(),
    clock: systemClock,
    db,
    databaseUrl: server.url,
    jobs: noJobs,
  };
  try {
    await fill(platform);
    return {
      name: 'Dossier of 10,000 records',
      method:
        `The example run of conformance/dossier with its journal filled up to ${records} records, all opened, in the log of an embedded ` +
        `PostgreSQL. Medians of ${rounds}; the bars are limits, not peers. The PDF is set in a process of its own, whose start is counted.`,
      rows: await measure(platform, folder),
    };
  } finally {
    await evidenceLog(platform).close();
    await db.destroy();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
