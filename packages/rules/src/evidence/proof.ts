/**
 * Checks of Merkle proofs: RFC 6962 section 2.1 by the iterative algorithms of RFC 9162 sections 2.1.3.2 and 2.1.4.2,
 * and of subtrees by the generalisation in draft-ietf-plants-merkle-tree-certs, section 4.
 *
 * Every function answers `false` to hostile input of any type and never throws: a proof is either good or worthless.
 */
import { emptyRoot, hashNode, isHash, sameBytes } from './hash.ts';

/** A count of leaves or an index of one. A `number` must be a safe integer. */
export type Size = bigint | number;

/** The tree may not grow beyond what a signed 64-bit integer counts. */
const MAX_SIZE = 1n << 63n;
/** No path in a tree of fewer than 2^63 leaves is longer. */
const MAX_PROOF = 64;

export interface InclusionProof {
  leafHash: Uint8Array;
  /** Zero-based. */
  index: Size;
  /** Leaves in the tree of `root`. */
  size: Size;
  /** From the leaf's sibling up to a child of the root. */
  proof: readonly Uint8Array[];
  root: Uint8Array;
}

/** Is the leaf at `index` of the tree with this size and root? */
export function verifyInclusion(claim: InclusionProof): boolean {
  return isGood(() => {
    const { leafHash, index, size, proof, root } = claim;
    return verifySubtreeInclusion({ leafHash, index, start: 0, end: size, proof, root });
  });
}

/** A claim that cannot even be looked at is worthless too. */
function isGood(judge: () => boolean): boolean {
  try {
    return judge();
  } catch {
    return false;
  }
}

export interface SubtreeInclusionProof {
  leafHash: Uint8Array;
  index: Size;
  /** The leaves `[start, end)` of the subtree. */
  start: Size;
  end: Size;
  proof: readonly Uint8Array[];
  root: Uint8Array;
}

/** Is the leaf at `index` of the subtree `[start, end)` with this root? */
export function verifySubtreeInclusion(claim: SubtreeInclusionProof): boolean {
  const { leafHash, proof, root } = claim ?? {};
  const [index, start, end] = [count(claim?.index), count(claim?.start), count(claim?.end)];
  if (index === null || start === null || end === null || !isSubtree(start, end)) return false;
  if (index < start || index >= end || !isHash(leafHash) || !isHash(root) || !isProof(proof)) return false;
  let node = index - start;
  let last = end - start - 1n;
  let hash = leafHash;
  for (const sibling of proof) {
    if (last === 0n) return false;
    if (odd(node) || node === last) {
      hash = hashNode(sibling, hash);
      while (!odd(node) && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = hashNode(hash, sibling);
    }
    node >>= 1n;
    last >>= 1n;
  }
  return last === 0n && sameBytes(hash, root);
}

export interface ConsistencyProof {
  oldSize: Size;
  newSize: Size;
  proof: readonly Uint8Array[];
  oldRoot: Uint8Array;
  newRoot: Uint8Array;
}

/**
 * Is the tree of `oldSize` leaves a prefix of the tree of `newSize` leaves?
 *
 * RFC 6962 defines no proof from an empty tree to a larger one, so such a claim is refused: whoever trusts a log from
 * its beginning has nothing to compare with and must say so itself.
 */
export function verifyConsistency(claim: ConsistencyProof): boolean {
  return isGood(() => isConsistent(claim));
}

function isConsistent(claim: ConsistencyProof): boolean {
  const { proof, oldRoot, newRoot } = claim;
  const [oldSize, newSize] = [count(claim.oldSize), count(claim.newSize)];
  if (oldSize === null || newSize === null || !isHash(oldRoot) || !isHash(newRoot) || !isProof(proof)) return false;
  if (oldSize === newSize) return proof.length === 0 && sameBytes(oldRoot, newRoot);
  if (oldSize === 0n) return false;
  return verifySubtreeConsistency({
    start: 0,
    end: oldSize,
    size: newSize,
    proof,
    subtreeRoot: oldRoot,
    root: newRoot,
  });
}

export interface SubtreeConsistencyProof {
  start: Size;
  end: Size;
  size: Size;
  proof: readonly Uint8Array[];
  subtreeRoot: Uint8Array;
  root: Uint8Array;
}

/** Does the tree of `size` leaves hold the subtree `[start, end)` with this root? Every tree holds the empty one. */
export function verifySubtreeConsistency(claim: SubtreeConsistencyProof): boolean {
  const { proof, subtreeRoot, root } = claim ?? {};
  const [start, end, size] = [count(claim?.start), count(claim?.end), count(claim?.size)];
  if (start === null || end === null || size === null || end > size) return false;
  if (!isHash(subtreeRoot) || !isProof(proof)) return false;
  if (start === end) return proof.length === 0 && sameBytes(subtreeRoot, emptyRoot());
  if (!isSubtree(start, end) || !isHash(root)) return false;
  let [first, last, treeLast] = [start, end - 1n, size - 1n];
  const shift = (): void => {
    first >>= 1n;
    last >>= 1n;
    treeLast >>= 1n;
  };
  const whole = last === treeLast;
  while (first !== last && (whole || odd(last))) shift();
  const rest = [...proof];
  const begin = first === last ? subtreeRoot : rest.shift();
  if (begin === undefined) return false;
  let [subtreeHash, treeHash] = [begin, begin];
  for (const sibling of rest) {
    if (treeLast === 0n) return false;
    if (odd(last) || last === treeLast) {
      if (first < last) subtreeHash = hashNode(sibling, subtreeHash);
      treeHash = hashNode(sibling, treeHash);
      while (!odd(last) && last !== 0n) shift();
    } else {
      treeHash = hashNode(treeHash, sibling);
    }
    shift();
  }
  return treeLast === 0n && sameBytes(subtreeHash, subtreeRoot) && sameBytes(treeHash, root);
}

/** `[start, end)` is a subtree when start is a multiple of the smallest power of two that is not below its width. */
function isSubtree(start: bigint, end: bigint): boolean {
  if (start >= end) return false;
  let width = 1n;
  while (width < end - start) width <<= 1n;
  return start % width === 0n;
}

function isProof(value: unknown): value is readonly Uint8Array[] {
  return Array.isArray(value) && value.length <= MAX_PROOF && value.every(isHash);
}

function count(value: unknown): bigint | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : null;
  return typeof value === 'bigint' && value >= 0n && value < MAX_SIZE ? value : null;
}

function odd(value: bigint): boolean {
  return (value & 1n) === 1n;
}
