import { createHash } from 'node:crypto';
import {
  type Leaf,
  type Range,
  type ReadTile,
  type Tile,
  edgeTiles,
  growTree,
  hashRanges,
  sameBytes,
  tilesOf,
} from '@breakwater/rules/evidence';
import type { Db, Tx } from '#platform/db';
import { BreakwaterError } from '@breakwater/rules';
import {
  type PendingEntry,
  type PlacedLeaf,
  type TreeState,
  insertLeaves,
  moveTree,
  readTiles,
  writeTiles,
} from './store.ts';

const LEAF_PREFIX = Buffer.of(0);

/**
 * Puts entries into the tree: leaves, tiles and the state of the tree, all in the caller's transaction.
 *
 * @throws BreakwaterError `evidence.tree-moved` when another sequencer moved the tree meanwhile: roll back.
 */
export async function extendTree(
  tx: Tx,
  before: TreeState,
  entries: readonly PendingEntry[],
  cursor: Pick<TreeState, 'xid' | 'entry' | 'entryFloor'>,
): Promise<{ after: TreeState; leaves: readonly PlacedLeaf[] }> {
  const leaves = entries.map((entry, i) => place(entry, before.size + i));
  const edge = await readTiles(tx, edgeTiles(before.size));
  const growth = growTree(before.size, edge, entries.map((entry) => hashEntry(entry.leaf)));
  const after: TreeState = { size: growth.size, root: growth.root, ...cursor };
  await insertLeaves(tx, leaves);
  await writeTiles(tx, growth.tiles);
  if (!(await moveTree(tx, before, after))) {
    throw new BreakwaterError('evidence.tree-moved', 'another sequencer moved the tree: nothing was written');
  }
  return { after, leaves };
}

/** RFC 6962 leaf hash by OpenSSL, several times as fast as the portable one. */
function hashEntry(leaf: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(LEAF_PREFIX).update(leaf).digest());
}

function place(entry: PendingEntry, index: number): PlacedLeaf {
  const { type, subjects } = JSON.parse(entry.leaf) as Leaf;
  return { ...entry, index, type, subjects: JSON.stringify(subjects) };
}

/** The hashes of `ranges` of the tree of `size` leaves, with all tiles read in one statement. */
export async function readHashes(db: Db | Tx, ranges: readonly Range[], size: number): Promise<Uint8Array[]> {
  const tiles = await readTiles(db, tilesOf(ranges, size));
  return hashRanges(ranges, size, tileReader(tiles));
}

function tileReader(tiles: readonly Tile[]): ReadTile {
  const known = new Map(tiles.map((tile) => [`${tile.level}/${tile.index}`, tile.data]));
  return ({ level, index }) => {
    const data = known.get(`${level}/${index}`);
    if (data === undefined) throw new BreakwaterError('evidence.missing-tile', `tile ${level}/${index} is not stored`);
    return data;
  };
}

/** The root of the first `size` leaves. */
export async function readRoot(db: Db | Tx, size: number): Promise<Uint8Array> {
  const [root] = await readHashes(db, [{ start: 0, end: size }], size);
  return root as Uint8Array;
}

/**
 * Holds the state of the tree against its tiles.
 *
 * @throws BreakwaterError `evidence.tree-broken` when they disagree.
 */
export async function checkTree(db: Db | Tx, state: TreeState): Promise<void> {
  const root = await readRoot(db, state.size).catch(() => null);
  if (root === null || !sameBytes(root, state.root)) {
    throw new BreakwaterError(
      'evidence.tree-broken',
      `the tiles of the log do not give the root that its state of ${state.size} leaves names: restore the database`,
    );
  }
}
