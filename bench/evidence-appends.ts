/**
 * Records a second into the evidence log, against a hash chain kept row by row and against rows with no proof at all.
 * Every variant takes the same records, one transaction each, on the same PostgreSQL with fsync on.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { append } from '../packages/server/src/evidence/append.ts';
import { createEvidence } from '../packages/server/src/evidence/log.ts';
import { checkpointFolder } from '../packages/server/src/evidence/outside.ts';
import { createKeyFile, keyFileSigner } from '../packages/server/src/evidence/signer.ts';
import { systemClock } from '../packages/server/src/platform/clock/index.ts';
import { type Db, type Tx, connect, migrate, startEmbeddedPostgres } from '../packages/server/src/platform/db/index.ts';
import { createLog } from '../packages/server/src/platform/telemetry/index.ts';
import type { BenchResult, BenchRow } from './result.ts';

const inFlight = [1, 32, 256];
const sliceMs = 1_000;
const slices = 9;
const warmUps = 8;

/** The record that every variant stores. */
const recordOf = (n: number) => ({
  type: 'run.event',
  institution: 'bench',
  subjects: { run: `run-${n % 50}`, plan: 'transfer-openssl-2026-11' },
  actor: { kind: 'system' as const, id: 'worker-1' },
  at: '2026-11-29T01:00:00+09:00',
  payload: { step: `step-${n}`, outcome: 'done', detail: 'the probe answered 200 within 14 ms', n },
});

const columns = `id bigint generated always as identity primary key, institution text not null, type text not null,
  subjects jsonb not null, actor text not null, at timestamptz not null, payload jsonb not null,
  received_at timestamptz not null default clock_timestamp()`;
const values = 'p_institution, p_type, p_subjects, p_actor, p_at, p_payload';
const peers = `
  create table plain_row (${columns});
  create table chain_row (${columns}, hash bytea not null);
  create table chain_head (only_row boolean primary key default true, hash bytea not null);
  insert into chain_head values (true, sha256(''));
  create function chain_append(p_institution text, p_type text, p_subjects jsonb, p_actor text, p_at timestamptz, p_payload jsonb)
    returns void language plpgsql as $$
  declare v_head bytea;
  begin
    select hash into v_head from chain_head for update;
    v_head := sha256(v_head || convert_to(concat_ws(E'\\n', ${values}), 'UTF8'));
    insert into chain_row (institution, type, subjects, actor, at, payload, hash) values (${values}, v_head);
    update chain_head set hash = v_head;
  end $$;
  grant insert on plain_row, chain_row to breakwater_app;
  grant select, update on chain_head to breakwater_app;`;

const parameters = (n: number) => {
  const { institution, type, subjects, actor, at, payload } = recordOf(n);
  return sql`${institution}, ${type}, ${JSON.stringify(subjects)}::jsonb, ${actor.id}, ${at}::timestamptz, ${JSON.stringify(payload)}::jsonb`;
};

type Write = (db: Db, n: number) => Promise<unknown>;
const variants = {
  plain: (db, n) =>
    sql`insert into plain_row (institution, type, subjects, actor, at, payload) values (${parameters(n)})`.execute(db),
  chain: (db, n) => sql`select chain_append(${parameters(n)})`.execute(db),
  // One statement is a transaction of its own; in the product the same call shares the transaction of its caller.
  evidence: (db, n) => append(db as Tx, recordOf(n)),
} satisfies Record<string, Write>;
type Variant = keyof typeof variants;
const names = Object.keys(variants) as Variant[];

/** Keeps `parallel` writes in flight for one slice; how many were committed, in how many milliseconds. */
async function pour(db: Db, write: Write, parallel: number): Promise<{ written: number; ms: number }> {
  const from = performance.now();
  let written = 0;
  const one = async (): Promise<void> => {
    while (performance.now() - from < sliceMs) await write(db, (written += 1));
  };
  await Promise.all(Array.from({ length: parallel }, one));
  return { written, ms: performance.now() - from };
}

const median = (rates: readonly number[]): number => rates.toSorted((a, b) => a - b)[Math.floor(rates.length / 2)] ?? 0;

function logOn(url: string, folder: string) {
  return createEvidence({
    url,
    clock: systemClock,
    log: createLog('silent'),
    signer: keyFileSigner(join(folder, 'key.pem'), 'bench.example/log'),
    outside: checkpointFolder(join(folder, 'checkpoints')),
  });
}

/** The sequencer in a process of its own, as role `worker` runs it. */
async function startSequencer(url: string, folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [import.meta.filename, url, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

interface Rates {
  readonly plain: number[];
  readonly chain: number[];
  readonly evidence: number[];
  /** Until everything of the slice is integrated and signed. */
  readonly signed: number[];
}

async function measure(url: string, folder: string, parallel: number): Promise<Rates> {
  const db = connect(url, { max: parallel, prepared: true });
  const log = logOn(url, folder);
  await log.open();
  const rates: Rates = { plain: [], chain: [], evidence: [], signed: [] };
  for (let i = 0; i < warmUps; i += 1) {
    for (const name of names) await Promise.all(Array.from({ length: parallel }, (_, n) => variants[name](db, n)));
  }
  for (let slice = 0; slice < slices; slice += 1) {
    for (const name of names) {
      await log.flush();
      const { written, ms } = await pour(db, variants[name], parallel);
      rates[name].push((written / ms) * 1_000);
      if (name !== 'evidence') continue;
      const from = performance.now();
      await log.flush();
      rates.signed.push((written / (ms + performance.now() - from)) * 1_000);
    }
  }
  await log.close();
  await db.destroy();
  return rates;
}

function rowsOf(parallel: number, rates: Rates): BenchRow[] {
  const rate = (what: string, value: number): BenchRow => ({
    what: `${parallel} in flight, ${what}`,
    value,
    unit: 'records/s',
  });
  const ratio = (what: string, value: number, least?: number): BenchRow => ({
    what: `${parallel} in flight, ${what}`,
    value,
    unit: 'x',
    ...(least === undefined ? {} : { bar: `>= ${least} x`, met: value >= least }),
  });
  const { plain, chain, evidence, signed } = rates;
  /** Slices that follow each other are compared with each other: the machine was then equally busy. */
  const paired = (ours: readonly number[], peer: readonly number[]): number =>
    median(ours.map((value, i) => value / (peer[i] ?? value)));
  return [
    rate('plain inserts', median(plain)),
    rate('hash chain per row', median(chain)),
    rate('evidence, committed', median(evidence)),
    rate('evidence, in the signed log', median(signed)),
    ratio('evidence in the signed log / hash chain', paired(signed, chain), parallel === 256 ? 10 : undefined),
    ratio('evidence committed / plain inserts', paired(evidence, plain), 0.75),
  ];
}

export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-bench-'));
  const server = await startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    log: () => undefined,
    maxConnections: 300,
  });
  let sequencer: ChildProcess | null = null;
  try {
    const owner = connect(server.url, { role: 'owner', max: 1 });
    await migrate(owner);
    await sql.raw(peers).execute(owner);
    await owner.destroy();
    createKeyFile(join(folder, 'key.pem'));
    sequencer = await startSequencer(server.url, folder);
    const rows: BenchRow[] = [];
    for (const parallel of inFlight) rows.push(...rowsOf(parallel, await measure(server.url, folder, parallel)));
    return {
      name: 'evidence appends',
      method:
        `Medians over ${slices} alternating slices of ${sliceMs} ms, ratios slice by slice, one record a transaction, embedded PostgreSQL 18 with fsync, as many connections ` +
        'as writes in flight, prepared statements for all. Plain: an audit table without proof. Chain: the same table with one call that locks ' +
        'the head, hashes and inserts. Evidence: salted commitment and outbox row, the sequencer running in a process of its own; "in the signed ' +
        'log" counts until every record of the slice is in the tree and the checkpoint is signed.',
      rows,
    };
  } finally {
    if (sequencer !== null) {
      const exited = once(sequencer, 'exit');
      sequencer.kill('SIGTERM');
      await exited;
    }
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const [url = '', folder = ''] = process.argv.slice(2);
  const log = logOn(url, folder);
  await log.start();
  process.stdout.write('running\n');
  process.once('SIGTERM', () => void log.close().then(() => process.exit(0)));
}
