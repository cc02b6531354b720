import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HASH_BYTES, emptyRoot, hashLeaf, verifyConsistency, verifyInclusion } from './index.ts';
import {
  type Tile,
  type TileName,
  edgeTiles,
  formatBundle,
  growTree,
  hashRanges,
  parseBundle,
  parseTilePath,
  tilePath,
  tilesOf,
} from './tile.ts';
import { consistencyRanges, inclusionRanges } from './tree.ts';

const leafHash = (n: number): Uint8Array => hashLeaf(Uint8Array.of(n >> 16, n >> 8, n));

/** A store of tiles as a database keeps it: one row a tile, widened in place. */
function store(): {
  tiles: Map<string, Tile>;
  size: number;
  root: Uint8Array;
  grow(by: number): void;
  read(name: TileName): Uint8Array;
} {
  const tiles = new Map<string, Tile>();
  const at = (name: TileName): string => `${name.level}/${name.index}`;
  const self = {
    tiles,
    size: 0,
    root: emptyRoot(),
    grow(by: number) {
      const edge = edgeTiles(self.size).map((name) => tiles.get(at(name)) as Tile);
      const added = Array.from({ length: by }, (_, i) => leafHash(self.size + i));
      const growth = growTree(self.size, edge, added);
      for (const tile of growth.tiles) {
        const before = tiles.get(at(tile));
        if (before !== undefined) {
          expect(tile.width).toBeGreaterThan(before.width);
          expect(tile.data.subarray(0, before.data.length)).toEqual(before.data);
        }
        tiles.set(at(tile), tile);
      }
      self.size = growth.size;
      self.root = growth.root;
    },
    read: (name: TileName) => (tiles.get(at(name)) as Tile).data,
  };
  return self;
}

describe('a tree in tiles', () => {
  test('70,000 leaves make the tiles that the specification counts', () => {
    const tree = store();
    for (const by of [1, 255, 1, 65_279, 4_464]) tree.grow(by);
    expect(tree.size).toBe(70_000);
    const full = (level: number): number =>
      [...tree.tiles.values()].filter((t) => t.level === level && t.width === 256).length;
    const partial = (level: number): number[] =>
      [...tree.tiles.values()].filter((t) => t.level === level && t.width < 256).map((t) => t.width);
    expect([full(0), partial(0), full(1), partial(1), full(2), partial(2), tree.tiles.size]).toEqual([
      273,
      [112],
      1,
      [17],
      0,
      [1],
      277,
    ]);
    expect(edgeTiles(70_000)).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ]);
  });

  test('grown in any steps it gives the same root, and proofs that verify', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        fc.nat(),
        (steps, i, j) => {
          const tree = store();
          for (const by of steps) tree.grow(by);
          const { size, root } = tree;
          const once = store();
          once.grow(size);
          expect(root).toEqual(once.root);
          if (size === 0) return;
          const index = i % size;
          const oldSize = 1 + (j % size);
          const proof = hashRanges(inclusionRanges(index, size), size, tree.read);
          expect(verifyInclusion({ leafHash: leafHash(index), index, size, proof, root })).toBe(true);
          const before = store();
          before.grow(oldSize);
          const consistency = hashRanges(consistencyRanges(oldSize, size), size, tree.read);
          expect(
            verifyConsistency({ oldSize, newSize: size, proof: consistency, oldRoot: before.root, newRoot: root }),
          ).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a proof asks for few tiles, each once, never wider than the tree', () => {
    const size = 10_000_000;
    const names = tilesOf(inclusionRanges(7_654_321, size), size);
    expect(names.length).toBeLessThanOrEqual(7);
    expect(new Set(names.map((name) => `${name.level}/${name.index}`)).size).toBe(names.length);
    for (const name of names)
      expect(name.width).toBeLessThanOrEqual(Math.floor(size / 256 ** name.level) - name.index * 256);
  });

  test('a tile that is missing or too short is named', () => {
    const tree = store();
    tree.grow(300);
    expect(() => hashRanges(inclusionRanges(0, 300), 300, () => new Uint8Array(HASH_BYTES))).toThrow(
      /tile 0\/0 is missing or too short/,
    );
    expect(() => growTree(300, [], [leafHash(300)])).toThrow(/tile 0\/1 is missing/);
  });
});

describe('paths', () => {
  test.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 273, width: 112 }, 'tile/0/273.p/112'],
    [{ level: 63, index: 1_234_067, width: 256 }, 'tile/63/x001/x234/067'],
    [{ level: 'entries', index: 1_000, width: 1 }, 'tile/entries/x001/000.p/1'],
  ] as const)('%j is %s', (name, path) => {
    expect(tilePath(name)).toBe(path);
    expect(parseTilePath(path)).toEqual(name);
  });

  test.each([
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/0',
    'tile/0/0000',
    'tile/0/x000/001',
    'tile/0/001/000',
    'tile/0/x001',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/leaves/000',
    '/tile/0/000',
    'tile/0/000/',
    '',
  ])('%j is not the path of a tile', (path) => {
    expect(parseTilePath(path)).toBeNull();
  });

  test('any path that reads is written the same way', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 63 }),
        fc.nat({ max: 2 ** 31 }),
        fc.integer({ min: 1, max: 256 }),
        (level, index, width) => {
          expect(parseTilePath(tilePath({ level, index, width }))).toEqual({ level, index, width });
        },
      ),
    );
    fc.assert(fc.property(fc.string(), (text) => void parseTilePath(text)));
  });
});

describe('entry bundles', () => {
  test('hold entries of any bytes up to 65,535', () => {
    const entries = [new Uint8Array(0), new Uint8Array(65_535).fill(7), Uint8Array.of(1, 2, 3)];
    expect(parseBundle(formatBundle(entries))).toEqual(entries);
    expect(() => formatBundle([new Uint8Array(65_536)])).toThrow(/at most 65535/);
  });

  test('that are cut off or hold more than 256 entries are refused', () => {
    const bundle = formatBundle([Uint8Array.of(1, 2, 3)]);
    expect(() => parseBundle(bundle.subarray(0, 4))).toThrow(/256 whole entries/);
    expect(() => parseBundle(Uint8Array.of(0))).toThrow(/256 whole entries/);
    expect(() => parseBundle(formatBundle(Array.from({ length: 257 }, () => new Uint8Array(0))))).toThrow(
      /256 whole entries/,
    );
  });

  test('of any bytes are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        try {
          expect(formatBundle(parseBundle(bytes))).toEqual(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'evidence.bad-bundle' });
        }
      }),
    );
  });
});
