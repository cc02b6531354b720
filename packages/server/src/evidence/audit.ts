import { BreakwaterError } from '@breakwater/rules';
import {
  type Tile,
  edgeTiles,
  emptyRoot,
  growTree,
  hashLeaf,
  openNote,
  parseCheckpoint,
  parseVerifierKey,
  sameBytes,
} from '@breakwater/rules/evidence';
import { nodeVerifier } from '@breakwater/verify';
import type { Db } from '#platform/db';
import { readCheckpoint, readLogKeys, readOrigin, readRange } from './store.ts';

/** Leaves read at once: some megabytes. */
const pageLeaves = 10_000;

/** What hashing a whole log again gave. */
export type LogAudit = {
  /** Leaves that were hashed. */
  readonly size: number;
  readonly origin: string | null;
  /** Leaves of the newest checkpoint that was signed, 0 when none was. */
  readonly signedSize: number;
};

/**
 * Hashes every leaf of the log again and holds the tree against the newest checkpoint that was signed: what a restored
 * database must pass before anybody relies on it. Memory stays the same for any size.
 *
 * `progress` is told how many leaves were hashed. Throws BreakwaterError `evidence.tree-broken` when the leaves do not give
 * the signed root, or are fewer than were signed.
 */
export async function auditLog(db: Db, progress: (leaves: number) => void = () => undefined): Promise<LogAudit> {
  const origin = (await readOrigin(db))?.origin ?? null;
  const checkpoint = origin === null ? null : await readCheckpoint(db, origin);
  const keys = origin === null ? [] : (await readLogKeys(db, origin)).map(({ vkey }) => parseVerifierKey(vkey));
  const signed = checkpoint === null ? null : parseCheckpoint(openNote(checkpoint.note, keys, nodeVerifier).text);
  const signedSize = signed === null ? 0 : Number(signed.size);
  let size = 0;
  let root = emptyRoot();
  let edge: readonly Tile[] = [];
  for (;;) {
    // A page ends where the signed tree ends, so that its root is seen on the way.
    const to = size < signedSize ? Math.min(size + pageLeaves, signedSize) : size + pageLeaves;
    const page = await readRange(db, size, to);
    if (page.length === 0) break;
    const growth = growTree(
      size,
      edge,
      page.map(({ leaf }) => hashLeaf(new TextEncoder().encode(leaf))),
    );
    edge = edgeOf(growth.size, [...edge, ...growth.tiles]);
    ({ size, root } = growth);
    progress(size);
    if (signed !== null && size === signedSize && !sameBytes(root, signed.root)) throw broken(signedSize);
  }
  if (size < signedSize) throw broken(signedSize);
  return { size, origin, signedSize };
}

/** The widest of the known tiles at each place of the edge. */
function edgeOf(size: number, known: readonly Tile[]): Tile[] {
  return edgeTiles(size).map(({ level, index, width }) => {
    const tile = known.findLast((one) => one.level === level && one.index === index && one.width === width);
    if (tile === undefined) throw new Error(`tile ${level}/${index} of the edge is not among those that were hashed`);
    return tile;
  });
}

function broken(signedSize: number): BreakwaterError {
  return new BreakwaterError(
    'evidence.tree-broken',
    `the records in the database do not give the tree of ${signedSize} leaves that was signed: use another backup`,
  );
}
