import { hash } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import {
  type Range,
  type Tile,
  type TileName,
  edgeTiles,
  growTree,
  hashRanges,
  sameBytes,
  tilesOf,
} from '@breakwater/rules/evidence';
import type { Db, Tx } from '#platform/db';
import { type PlacedEntry, type TreeState, moveTree, readTiles, writeTiles } from './store.ts';

/**
 * Hashes entries that have their places into the tree: tiles and state, in the caller's transaction.
 *
 * @throws BreakwaterError `evidence.tree-moved` when another sequencer moved the tree meanwhile: roll back.
 */
export async function extendTree(
  tx: Tx,
  before: TreeState,
  entries: readonly PlacedEntry[],
  cursor: Pick<TreeState, 'xid' | 'entry' | 'entryFloor'>,
): Promise<void> {
  const edge = await readTiles(tx, edgeTiles(before.size));
  const growth = growTree(
    before.size,
    edge,
    entries.map((entry) => hashEntry(entry.leaf)),
  );
  await writeTiles(tx, growth.tiles);
  if (!(await moveTree(tx, before, { size: growth.size, root: growth.root, ...cursor }))) {
    throw new BreakwaterError('evidence.tree-moved', 'another sequencer moved the tree: nothing was written');
  }
}

/** RFC 6962 leaf hash by OpenSSL in one call: the prefix is the byte 0, which is also the first character's UTF-8. */
function hashEntry(leaf: string): Uint8Array {
  return new Uint8Array(hash('sha256', `\0${leaf}`, 'buffer'));
}

/** Tiles kept by each pool, least recently used first to go; with what was hashed within them, some 20 MB at most. */
const KEPT_TILES = 512;
const kept = new WeakMap<Db, Map<string, Tile>>();

/**
 * The hashes of `ranges` of the tree of `size` leaves. Tiles that are not kept are read in one statement. In a transaction
 * nothing is kept or taken from what was: there the stored tiles themselves are meant.
 */
export async function readHashes(db: Db | Tx, ranges: readonly Range[], size: number): Promise<Uint8Array[]> {
  const names = tilesOf(ranges, size);
  const tiles = db.isTransaction ? new Map<string, Tile>() : keptBy(db);
  const found = new Map<string, Tile>();
  for (const name of names) {
    const tile = tiles.get(keyOf(name));
    if (tile !== undefined && tile.width >= name.width) found.set(keyOf(name), tile);
  }
  for (const tile of await readTiles(
    db,
    names.filter((name) => !found.has(keyOf(name))),
  ))
    found.set(keyOf(tile), tile);
  keep(tiles, found);
  return hashRanges(ranges, size, (name) => {
    const tile = found.get(keyOf(name));
    if (tile === undefined) throw new BreakwaterError('evidence.missing-tile', `tile ${keyOf(name)} is not stored`);
    return tile.data;
  });
}

function keyOf({ level, index }: TileName): string {
  return `${level}/${index}`;
}

function keptBy(db: Db): Map<string, Tile> {
  const tiles = kept.get(db) ?? new Map<string, Tile>();
  kept.set(db, tiles);
  return tiles;
}

function keep(tiles: Map<string, Tile>, used: ReadonlyMap<string, Tile>): void {
  for (const [key, tile] of used) {
    tiles.delete(key);
    tiles.set(key, tile);
  }
  for (const key of tiles.keys()) {
    if (tiles.size <= KEPT_TILES) break;
    tiles.delete(key);
  }
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
  const root = await readRoot(db, state.size).catch((error: unknown) => {
    if (error instanceof BreakwaterError) return null;
    throw error;
  });
  if (root === null || !sameBytes(root, state.root)) {
    throw new BreakwaterError(
      'evidence.tree-broken',
      `the tiles of the log do not give the root that its state of ${state.size} leaves names: restore the database`,
    );
  }
}
