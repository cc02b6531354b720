import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashLeaf, hashNode, verifyConsistency, verifyInclusion } from './index.ts';
import { type Node, type Range, consistencyRanges, hashRange, inclusionRanges } from './tree.ts';

/** The definition of RFC 6962 section 2.1, word for word. */
function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return hashLeaf(leaves[0] as Uint8Array);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return hashNode(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

const leaves = Array.from({ length: 80 }, (_, n) => Uint8Array.of(n, 1, 2));
const read = ({ level, index }: Node): Uint8Array => rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
const hashes = (ranges: readonly Range[]): Uint8Array[] => ranges.map((range) => hashRange(range, read));
const flip = (hash: Uint8Array): Uint8Array => hash.map((byte, i) => (i === 7 ? byte ^ 1 : byte));

describe('inclusion', () => {
  test('every leaf of every tree is proved, and nothing near it is', () => {
    for (let size = 1; size <= 40; size += 1) {
      const root = rootOf(leaves.slice(0, size));
      for (let index = 0; index < size; index += 1) {
        const proof = hashes(inclusionRanges(index, size));
        const claim = { leafHash: hashLeaf(leaves[index] as Uint8Array), index, size, proof, root };
        expect(verifyInclusion(claim)).toBe(true);
        expect(verifyInclusion({ ...claim, index: BigInt(index), size: BigInt(size) })).toBe(true);
        expect(verifyInclusion({ ...claim, leafHash: flip(claim.leafHash) })).toBe(false);
        expect(verifyInclusion({ ...claim, root: flip(root) })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: [...proof, root] })).toBe(false);
        expect(verifyInclusion({ ...claim, index: size })).toBe(false);
        if (proof.length > 0) expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe(false);
        if (index > 0) expect(verifyInclusion({ ...claim, index: index - 1 })).toBe(false);
      }
    }
  });
});

describe('consistency', () => {
  test('every tree is proved to continue every smaller one, and nothing near it is', () => {
    for (let newSize = 1; newSize <= 40; newSize += 1) {
      for (let oldSize = 1; oldSize <= newSize; oldSize += 1) {
        const proof = hashes(consistencyRanges(oldSize, newSize));
        const claim = {
          oldSize,
          newSize,
          proof,
          oldRoot: rootOf(leaves.slice(0, oldSize)),
          newRoot: rootOf(leaves.slice(0, newSize)),
        };
        expect(verifyConsistency(claim)).toBe(true);
        expect(verifyConsistency({ ...claim, oldRoot: flip(claim.oldRoot) })).toBe(false);
        expect(verifyConsistency({ ...claim, newRoot: flip(claim.newRoot) })).toBe(false);
        expect(verifyConsistency({ ...claim, proof: [...proof, claim.newRoot] })).toBe(false);
        if (oldSize < newSize) expect(verifyConsistency({ ...claim, oldSize: newSize, newSize: oldSize })).toBe(false);
        for (let i = 0; i < proof.length; i += 1) {
          const changed = proof.map((hash, k) => (k === i ? flip(hash) : hash));
          expect(verifyConsistency({ ...claim, proof: changed })).toBe(false);
        }
      }
    }
  });

  test('a tree of no leaves proves nothing about a larger one', () => {
    const newRoot = rootOf(leaves.slice(0, 3));
    expect(verifyConsistency({ oldSize: 0, newSize: 3, proof: [], oldRoot: newRoot, newRoot })).toBe(false);
  });
});

describe('hostile input', () => {
  const anything = fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true });

  test('of any type is answered with false, never with an error', () => {
    fc.assert(
      fc.property(anything, anything, anything, anything, anything, (a, b, c, d, e) => {
        expect(verifyInclusion({ leafHash: a, index: b, size: c, proof: d, root: e } as never)).toBe(false);
        expect(verifyConsistency({ oldSize: a, newSize: b, proof: c, oldRoot: d, newRoot: e } as never)).toBe(false);
      }),
    );
    expect(verifyInclusion(undefined as never)).toBe(false);
    expect(verifyConsistency(null as never)).toBe(false);
  });

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -1n, 1n << 63n, '1', null])(
    'a size of %s is not a size',
    (size) => {
      const leafHash = hashLeaf(Uint8Array.of(0));
      expect(verifyInclusion({ leafHash, index: 0, size: size as never, proof: [], root: leafHash })).toBe(false);
    },
  );

  test('a proof for the largest tree there can be ends in time', () => {
    const hash = hashLeaf(Uint8Array.of(0));
    const claim = {
      leafHash: hash,
      index: (1n << 63n) - 2n,
      size: (1n << 63n) - 1n,
      proof: Array(64).fill(hash),
      root: hash,
    };
    expect(verifyInclusion(claim)).toBe(false);
    expect(verifyInclusion({ ...claim, proof: Array(1_000_000).fill(hash) })).toBe(false);
  });

  test('random proofs are never good', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const size = fc.bigInt({ min: 2n, max: 1n << 40n });
    fc.assert(
      fc.property(hash, hash, hash, size, size, fc.array(hash, { maxLength: 45 }), (a, b, c, m, n, proof) => {
        expect(verifyInclusion({ leafHash: a, index: m % n, size: n, proof, root: b })).toBe(false);
        expect(verifyConsistency({ oldSize: m, newSize: n, proof, oldRoot: b, newRoot: c })).toBe(false);
      }),
    );
  });
});

test('a proof that cannot exist is refused when it is asked for', () => {
  expect(() => inclusionRanges(3, 3)).toThrow(/no leaf 3/);
  expect(() => inclusionRanges(-1, 3)).toThrow(/no leaf -1/);
  expect(() => consistencyRanges(0, 3)).toThrow(/no proof exists/);
  expect(() => consistencyRanges(4, 3)).toThrow(/no proof exists/);
});
