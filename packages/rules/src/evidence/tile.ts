/**
 * Tiles and entry bundles as C2SP tlog-tiles (v1) lays them out: 256 hashes a tile, so 8,192 bytes, and every eighth
 * level of the tree stored; the levels between are hashed from the tile when needed.
 *
 * A tile that is still growing has no form of its own: its width-W version is its first 32 W bytes.
 */
import { BreakwaterError } from '../error.ts';
import { HASH_BYTES, hashNode } from './hash.ts';
import { type Node, type Range, hashRange, nodesOf } from './tree.ts';

/** Hashes in a full tile. */
export const TILE_WIDTH = 256;
/** Tree levels that one tile spans. */
const TILE_HEIGHT = 8;
/** Longest entry that a bundle's uint16 length can state. */
export const MAX_ENTRY_BYTES = 65_535;

export interface TileName {
  /** 0 holds leaf hashes; 1 and above hold roots of full tiles of the level below. */
  readonly level: number;
  readonly index: number;
  /** Hashes in it, 1 to 256. */
  readonly width: number;
}

export interface Tile extends TileName {
  /** `width` hashes of 32 bytes. */
  readonly data: Uint8Array;
}

/** Gives the bytes of a tile, at least of the width asked for. */
export type ReadTile = (tile: TileName) => Uint8Array;

/** The tile that holds `node` in the tree of `size` leaves. */
export function tileOf(node: Node, size: number): TileName {
  const level = Math.floor(node.level / TILE_HEIGHT);
  const index = Math.floor((node.index * 2 ** (node.level % TILE_HEIGHT)) / TILE_WIDTH);
  return { level, index, width: Math.min(TILE_WIDTH, hashesAt(level, size) - index * TILE_WIDTH) };
}

/** The tiles that are needed to hash `ranges` of the tree of `size` leaves, each once. */
export function tilesOf(ranges: readonly Range[], size: number): TileName[] {
  const tiles = new Map<string, TileName>();
  for (const node of ranges.flatMap(nodesOf)) {
    const tile = tileOf(node, size);
    tiles.set(`${tile.level}/${tile.index}`, tile);
  }
  return [...tiles.values()];
}

/** The hashes of `ranges` of the tree of `size` leaves: a proof, or with the range of all leaves its root. */
export function hashRanges(ranges: readonly Range[], size: number, readTile: ReadTile): Uint8Array[] {
  return ranges.map((range) => hashRange(range, (node) => hashInTile(node, readTile(tileOf(node, size)))));
}

/** The tiles at the right edge of the tree of `size` leaves that are not full; growing the tree continues them. */
export function edgeTiles(size: number): TileName[] {
  const tiles: TileName[] = [];
  for (let level = 0; hashesAt(level, size) > 0; level += 1) {
    const width = hashesAt(level, size) % TILE_WIDTH;
    if (width > 0) tiles.push({ level, index: Math.floor(hashesAt(level, size) / TILE_WIDTH), width });
  }
  return tiles;
}

export interface Growth {
  readonly size: number;
  readonly root: Uint8Array;
  /** Every tile that is new or wider than before, whole. */
  readonly tiles: readonly Tile[];
}

/** Adds leaves to the tree of `size` leaves whose `edgeTiles` are `edge`. */
export function growTree(size: number, edge: readonly Tile[], leafHashes: readonly Uint8Array[]): Growth {
  const newSize = size + leafHashes.length;
  const written: Tile[] = [];
  let added = leafHashes;
  for (let level = 0; added.length > 0; level += 1) {
    const tiles = widen(level, hashesAt(level, size), edge, added);
    written.push(...tiles);
    added = tiles.filter((tile) => tile.width === TILE_WIDTH).map((tile) => hashSlots(tile.data, 0, TILE_WIDTH));
  }
  const known = new Map([...edge, ...written].map((tile) => [`${tile.level}/${tile.index}`, tile.data]));
  const [root] = hashRanges([{ start: 0, end: newSize }], newSize, ({ level, index }) => {
    const data = known.get(`${level}/${index}`);
    if (data === undefined) throw missingTile(level, index);
    return data;
  });
  return { size: newSize, root: root as Uint8Array, tiles: written };
}

function widen(level: number, before: number, edge: readonly Tile[], added: readonly Uint8Array[]): Tile[] {
  const tiles: Tile[] = [];
  for (let position = before, taken = 0; taken < added.length;) {
    const index = Math.floor(position / TILE_WIDTH);
    const start = position % TILE_WIDTH;
    const width = Math.min(TILE_WIDTH, start + added.length - taken);
    const data = new Uint8Array(width * HASH_BYTES);
    if (start > 0) {
      const old = edge.find((tile) => tile.level === level && tile.index === index);
      if (old === undefined || old.data.length < start * HASH_BYTES) throw missingTile(level, index);
      data.set(old.data.subarray(0, start * HASH_BYTES));
    }
    for (let slot = start; slot < width; slot += 1) {
      data.set(added[taken + slot - start] as Uint8Array, slot * HASH_BYTES);
    }
    tiles.push({ level, index, width, data });
    taken += width - start;
    position += width - start;
  }
  return tiles;
}

/** Hashes that level `level` of the tiles holds for a tree of `size` leaves. */
function hashesAt(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** The hash of `node` from the bytes of its tile. */
function hashInTile(node: Node, data: Uint8Array): Uint8Array {
  const slots = 2 ** (node.level % TILE_HEIGHT);
  const first = (node.index * slots) % TILE_WIDTH;
  if (data.length < (first + slots) * HASH_BYTES) {
    throw missingTile(Math.floor(node.level / TILE_HEIGHT), Math.floor((node.index * slots) / TILE_WIDTH));
  }
  return recall(data, first, slots);
}

/**
 * Hashes within a tile that were asked for before, by the bytes of the tile, which never change: whoever keeps a tile to
 * prove more from it does not hash it again. Numbered as in a heap: 1 is the whole tile, 2 n and 2 n + 1 are the halves of n.
 */
const remembered = new WeakMap<Uint8Array, (Uint8Array | undefined)[]>();

function recall(data: Uint8Array, first: number, slots: number): Uint8Array {
  if (slots === 1) return hashSlots(data, first, slots);
  let known = remembered.get(data);
  if (known === undefined) {
    known = [];
    remembered.set(data, known);
  }
  const place = (TILE_WIDTH + first) / slots;
  const hash = known[place];
  if (hash !== undefined) return hash;
  const half = slots / 2;
  const made = hashNode(recall(data, first, half), recall(data, first + half, half));
  known[place] = made;
  return made;
}

function hashSlots(data: Uint8Array, first: number, slots: number): Uint8Array {
  if (slots === 1) return data.slice(first * HASH_BYTES, (first + 1) * HASH_BYTES);
  const half = slots / 2;
  return hashNode(hashSlots(data, first, half), hashSlots(data, first + half, half));
}

function missingTile(level: number, index: number): BreakwaterError {
  return new BreakwaterError(
    'evidence.missing-tile',
    `tile ${level}/${index} is missing or too short`,
    `/tile/${level}/${index}`,
  );
}

/** The path of a tile or, with level `entries`, of an entry bundle: `tile/0/x001/234.p/5`. */
export function tilePath(tile: { level: number | 'entries'; index: number; width: number }): string {
  const digits = String(tile.index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g) ?? [];
  const name = groups.map((group, i) => (i === groups.length - 1 ? group : `x${group}`)).join('/');
  return `tile/${tile.level}/${name}${tile.width === TILE_WIDTH ? '' : `.p/${tile.width}`}`;
}

/** Reads a path of `tilePath`; `null` for anything that is not exactly one. */
export function parseTilePath(path: string): { level: number | 'entries'; index: number; width: number } | null {
  const match = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (match === null) return null;
  const level = match[1] === 'entries' ? 'entries' : Number(match[1]);
  const index = Number((match[2] ?? '').replace(/[x/]/g, ''));
  const width = match[3] === undefined ? TILE_WIDTH : Number(match[3]);
  const tile = { level, index, width } as const;
  const sane = (level === 'entries' || level <= 63) && width >= 1 && width <= TILE_WIDTH;
  return sane && tilePath(tile) === path ? tile : null;
}

/** Entries of a bundle, each after its length as a big-endian uint16. */
export function formatBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bundle = new Uint8Array(entries.reduce((total, entry) => total + 2 + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) throw entryTooLong(entry.length);
    bundle.set([entry.length >> 8, entry.length & 255], at);
    bundle.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bundle;
}

/**
 * The entries of a bundle.
 *
 * @throws BreakwaterError `evidence.bad-bundle` when it is cut off, or holds more than 256 entries.
 */
export function parseBundle(bundle: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bundle.length;) {
    const length = ((bundle[at] ?? 0) << 8) | (bundle[at + 1] ?? 0);
    if (at + 2 + length > bundle.length || entries.length === TILE_WIDTH) {
      throw new BreakwaterError(
        'evidence.bad-bundle',
        'an entry bundle holds at most 256 whole entries',
        `/${entries.length}`,
      );
    }
    entries.push(bundle.slice(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}

/** The refusal of a leaf that the log cannot hold. */
export function entryTooLong(bytes: number): BreakwaterError {
  return new BreakwaterError(
    'evidence.leaf-too-long',
    `a leaf is ${bytes} bytes and may have at most ${MAX_ENTRY_BYTES}: name fewer subjects`,
    '/subjects',
  );
}
