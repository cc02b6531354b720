import { BreakwaterError } from '@breakwater/rules';
import {
  type EvidenceRecord,
  TILE_WIDTH,
  consistencyRanges,
  encodeBase64,
  formatBundle,
  formatDigest,
  formatTlogProof,
  hashLeaf,
  inclusionRanges,
} from '@breakwater/rules/evidence';
import { disclosedRecord } from '@breakwater/rules/evidence/record';
import type { Db, Tx } from '#platform/db';
import {
  type Lag,
  type StoredCheckpoint,
  type StoredRecord,
  type Timestamp,
  readAbout,
  readCheckpoint,
  readCosignatures,
  readLag,
  readLogKeys,
  readOrigin,
  readRange,
  readTiles,
  readTimestamps,
  readTreeState,
} from './store.ts';
import { readHashes } from './tree.ts';

/** Most records that one call reads; a longer range is read in pieces. */
const MAX_RECORDS = 100_000;

/** Leaves in the log now. */
export async function size(db: Db | Tx): Promise<number> {
  return (await readTreeState(db)).size;
}

/** How far the log is behind what was committed. */
export async function lag(db: Db | Tx): Promise<Lag> {
  return readLag(db);
}

/**
 * The records `[from, to)` in log order. One whose payload was erased stands as its bare leaf hash.
 *
 * @throws BreakwaterError `evidence.out-of-range` when the log is shorter.
 */
export async function records(db: Db | Tx, from: number, to: number): Promise<EvidenceRecord[]> {
  if (!(from >= 0 && from <= to && to - from <= MAX_RECORDS)) {
    throw new BreakwaterError(
      'evidence.out-of-range',
      `a range has 0 <= from <= to and at most ${MAX_RECORDS} records`,
      '/from',
    );
  }
  const stored = await readRange(db, from, to);
  if (stored.length !== to - from) {
    throw new BreakwaterError(
      'evidence.out-of-range',
      `the log does not hold all records from ${from} to ${to}`,
      '/to',
    );
  }
  return stored.map(toRecord);
}

/** The records about all of `subjects` (such as `{ run: '…' }`) in log order, at most 100,000. */
export async function recordsAbout(db: Db | Tx, subjects: Readonly<Record<string, string>>): Promise<EvidenceRecord[]> {
  return (await readAbout(db, subjects, MAX_RECORDS)).map(toRecord);
}

function toRecord(stored: StoredRecord): EvidenceRecord {
  const { index, leaf, salt, payload } = stored;
  if (salt === null || payload === null) {
    return { schema: 'breakwater.record/1', index, leafHash: formatDigest(hashLeaf(Buffer.from(leaf))) };
  }
  return disclosedRecord.parse({
    schema: 'breakwater.record/1',
    index,
    leaf: JSON.parse(leaf),
    salt: encodeBase64(salt),
    payload: JSON.parse(payload),
  });
}

/** The path from leaf `index` to the root of the first `treeSize` leaves. */
export async function inclusionProof(db: Db | Tx, index: number, treeSize: number): Promise<Uint8Array[]> {
  return readHashes(db, inclusionRanges(index, treeSize), treeSize);
}

/** The proof that the first `oldSize` leaves are a prefix of the first `newSize`. */
export async function consistencyProof(db: Db | Tx, oldSize: number, newSize: number): Promise<Uint8Array[]> {
  return readHashes(db, consistencyRanges(oldSize, newSize), newSize);
}

export interface SignedCheckpoint {
  readonly origin: string;
  readonly size: number;
  /** The note with the signatures of the log and of every witness that cosigned it. */
  readonly note: string;
}

/** The newest checkpoint of the log, or the newest of at most `maxSize` leaves; null when none was signed. */
export async function latestCheckpoint(db: Db | Tx, maxSize?: number): Promise<SignedCheckpoint | null> {
  const origin = await readOrigin(db);
  const checkpoint = origin === null ? null : await readCheckpoint(db, origin.origin, maxSize);
  return checkpoint === null ? null : withCosignatures(db, checkpoint);
}

async function withCosignatures(db: Db | Tx, checkpoint: StoredCheckpoint): Promise<SignedCheckpoint> {
  const lines = await readCosignatures(db, checkpoint);
  return { ...checkpoint, note: checkpoint.note + lines.join('') };
}

/** The verifier keys of the log (`name+id+key`), oldest first, each with the note by which its predecessor named it. */
export async function logKeys(db: Db | Tx): Promise<{ vkey: string; succession: string | null }[]> {
  const origin = await readOrigin(db);
  if (origin === null) return [];
  return (await readLogKeys(db, origin.origin)).map(({ vkey, succession }) => ({ vkey, succession }));
}

/** RFC 3161 tokens over checkpoints of `[from, to]` leaves. Each is over the text of the note: origin, size and root. */
export async function timestamps(db: Db | Tx, from: number, to: number): Promise<Timestamp[]> {
  const origin = await readOrigin(db);
  return origin === null ? [] : readTimestamps(db, origin.origin, from, to);
}

/** The offline proof (C2SP tlog-proof) of leaf `index` under the newest checkpoint; null when none holds it yet. */
export async function tlogProof(db: Db | Tx, index: number): Promise<string | null> {
  const checkpoint = await latestCheckpoint(db);
  if (checkpoint === null || index < 0 || index >= checkpoint.size) return null;
  const proof = await inclusionProof(db, index, checkpoint.size);
  return formatTlogProof({ index, proof, checkpoint: checkpoint.note });
}

/** The bytes of a tile; null when the tree has not so many hashes. */
export async function tile(
  db: Db | Tx,
  name: { level: number; index: number; width: number },
): Promise<Uint8Array | null> {
  const [stored] = name.level > 7 ? [] : await readTiles(db, [name]);
  return stored === undefined || stored.width < name.width ? null : stored.data.subarray(0, name.width * 32);
}

/** An entry bundle; null when the log has not so many leaves. */
export async function bundle(db: Db | Tx, name: { index: number; width: number }): Promise<Uint8Array | null> {
  const from = name.index * TILE_WIDTH;
  const leaves = await readRange(db, from, from + name.width);
  return leaves.length < name.width ? null : formatBundle(leaves.map(({ leaf }) => new Uint8Array(Buffer.from(leaf))));
}
