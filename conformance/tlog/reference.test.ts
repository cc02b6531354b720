import { type Tile, emptyRoot, growTree, hashLeaf, hashNode, hashRange } from '@breakwater/rules/evidence';
import { describe, expect, test } from 'vitest';
import { absent, readShared } from './shared-data.ts';

interface Reference {
  leafInputsHex: string[];
  rootBySize: string[];
  nodeHashesByLevel: string[][];
  hasher: { desc: string; inputUtf8?: string; leftUtf8?: string; rightUtf8?: string; hex: string }[];
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

describe.skipIf(absent)(`reference values of RFC 6962${absent ? `: skipped, ${absent}` : ''}`, () => {
  const reference = absent
    ? ({ leafInputsHex: [], rootBySize: [], nodeHashesByLevel: [], hasher: [] } as Reference)
    : (readShared('rfc6962-reference.json') as Reference);
  const leaves = reference.leafInputsHex.map((input) => hashLeaf(new Uint8Array(Buffer.from(input, 'hex'))));

  test('roots of the trees of 0 to 8 leaves', () => {
    reference.rootBySize.forEach((root, size) => {
      const edge: Tile[] = [];
      expect(hex(growTree(0, edge, leaves.slice(0, size)).root)).toBe(root);
    });
  });

  test('every node of every level', () => {
    reference.nodeHashesByLevel.forEach((nodes, level) => {
      nodes.forEach((want, index) => {
        const inner = (at: number, i: number): Uint8Array =>
          at === 0 ? (leaves[i] as Uint8Array) : hashNode(inner(at - 1, i * 2), inner(at - 1, i * 2 + 1));
        if ((index + 1) * 2 ** level <= leaves.length) expect(hex(inner(level, index))).toBe(want);
        else
          expect(
            hex(hashRange({ start: index * 2 ** level, end: leaves.length }, (node) => inner(node.level, node.index))),
          ).toBe(want);
      });
    });
  });

  test('the hasher', () => {
    const of = (desc: string): string => reference.hasher.find((row) => row.desc === desc)?.hex ?? '';
    expect(hex(emptyRoot())).toBe(of('empty root'));
    expect(hex(hashLeaf(utf8('')))).toBe(of('leaf of empty string'));
    expect(hex(hashLeaf(utf8('L123456')))).toBe(of('leaf'));
    expect(hex(hashNode(utf8('N123'), utf8('N456')))).toBe(of('node'));
  });
});
