/** Proofs from a log of ten million leaves: made from tiles in PostgreSQL, verified by the offline verifier. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Tile, edgeTiles, growTree } from '@breakwater/rules/evidence';
import { verifyConsistency, verifyInclusion } from '@breakwater/verify';
import { sql } from 'kysely';
import { consistencyProof, inclusionProof } from '../packages/server/src/evidence/read.ts';
import { writeTiles } from '../packages/server/src/evidence/store.ts';
import { readRoot } from '../packages/server/src/evidence/tree.ts';
import {
  type Db,
  connect,
  inTransaction,
  migrate,
  startEmbeddedPostgres,
} from '../packages/server/src/platform/db/index.ts';
import type { BenchResult, BenchRow } from './result.ts';

const leaves = 10_000_000;
const step = 1 << 16;
const proofs = 1_000;

/** Hashes of leaves that nobody wrote: a proof is over hashes, whatever they are of. */
const leafHash = (n: number): Uint8Array => new Uint8Array(createHash('sha256').update(`leaf ${n}`).digest());

/** Grows the tree as the sequencer does, tiles written as they become full or at the end. */
async function build(db: Db): Promise<Uint8Array> {
  let size = 0;
  let root = new Uint8Array();
  let edge: Tile[] = [];
  while (size < leaves) {
    const count = Math.min(step, leaves - size);
    const growth = growTree(
      size,
      edge,
      Array.from({ length: count }, (_, i) => leafHash(size + i)),
    );
    size = growth.size;
    root = new Uint8Array(growth.root);
    await inTransaction(db, (tx) => writeTiles(tx, growth.tiles));
    const known = [...growth.tiles, ...edge];
    edge = edgeTiles(size).map(
      (name) => known.find((tile) => tile.level === name.level && tile.index === name.index) as Tile,
    );
  }
  return root;
}

/** Milliseconds of each of many calls. */
async function time(work: (i: number) => Promise<void> | void): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < proofs; i += 1) {
    const from = performance.now();
    await work(i);
    times.push(performance.now() - from);
  }
  return times.toSorted((a, b) => a - b);
}

const at = (times: readonly number[], share: number): number =>
  times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
/** Indices spread over the log, the same in every run. */
const indexOf = (i: number): number => Number((BigInt(i + 1) * 7_368_787n) % BigInt(leaves));

export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-bench-'));
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined });
  const owner = connect(server.url, { role: 'owner', max: 1 });
  const db = connect(server.url, { role: 'breakwater_sequencer', max: 2, prepared: true });
  try {
    await migrate(owner);
    const from = performance.now();
    const root = await build(db);
    const buildSeconds = (performance.now() - from) / 1_000;
    const { rows } = await sql<{
      tiles: number;
      bytes: number;
    }>`select count(*) as tiles, pg_total_relation_size('evidence_tile') as bytes
      from evidence_tile`.execute(owner);
    if (!(await readRoot(db, leaves)).every((byte, i) => byte === root[i]))
      throw new Error('the tiles do not give the root');
    const claims = await Promise.all(
      Array.from({ length: proofs }, async (_, i) => ({
        index: indexOf(i),
        proof: await inclusionProof(db, indexOf(i), leaves),
      })),
    );
    const oldRoot = await readRoot(db, 7_654_321);
    const consistency = await consistencyProof(db, 7_654_321, leaves);
    const making = await time(async (i) => void (await inclusionProof(db, indexOf(i), leaves)));
    const makingConsistency = await time(async (i) => void (await consistencyProof(db, indexOf(i) || 1, leaves)));
    const verifying = await time((i) => {
      const { index, proof } = claims[i] as (typeof claims)[0];
      if (!verifyInclusion({ leafHash: leafHash(index), index, size: leaves, proof, root }))
        throw new Error(`leaf ${index} is not proved`);
    });
    const verifyingConsistency = await time(() => {
      const claim = { oldSize: 7_654_321, newSize: leaves, proof: consistency, oldRoot, newRoot: root };
      if (!verifyConsistency(claim)) throw new Error('the larger tree does not continue the smaller');
    });
    const ms = (what: string, value: number, most?: number): BenchRow => ({
      what,
      value,
      unit: 'ms',
      ...(most === undefined ? {} : { bar: `<= ${most} ms`, met: value <= most }),
    });
    return {
      name: 'inclusion proofs',
      method:
        `${leaves} leaves in tiles in embedded PostgreSQL 18, ${proofs} proofs one after the other, each from one statement, after one round that ` +
        'warmed the cache; every proof is verified by the offline verifier.',
      rows: [
        { what: 'building the tree', value: buildSeconds, unit: 's' },
        { what: 'tiles', value: rows[0]?.tiles ?? 0, unit: 'rows' },
        { what: 'size of the tiles', value: (rows[0]?.bytes ?? 0) / 1e6, unit: 'MB' },
        { what: 'hashes in a proof', value: claims[0]?.proof.length ?? 0, unit: '' },
        ms('inclusion proof, p50', at(making, 0.5)),
        ms('inclusion proof, p99', at(making, 0.99), 10),
        ms('consistency proof, p50', at(makingConsistency, 0.5)),
        ms('consistency proof, p99', at(makingConsistency, 0.99)),
        ms('verifying inclusion, p50', at(verifying, 0.5), 0.2),
        ms('verifying inclusion, p99', at(verifying, 0.99)),
        ms('verifying consistency, p50', at(verifyingConsistency, 0.5)),
      ],
    };
  } finally {
    await db.destroy();
    await owner.destroy();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
