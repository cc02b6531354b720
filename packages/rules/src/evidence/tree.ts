/**
 * Which hashes a proof consists of (RFC 6962 sections 2.1.1 and 2.1.2), and how they are made from stored ones.
 *
 * Only complete subtrees are stored. A proof is a list of ranges of leaves; a range at the right edge of the tree is
 * folded from the complete subtrees it consists of. Sizes and indices here are safe integers: 2^53 leaves are enough
 * for the log of one institution, and the functions that judge proofs of others (`proof.ts`) take more.
 */
import { BreakwaterError } from '../error.ts';
import { emptyRoot, hashNode } from './hash.ts';

/** The leaves `[start, end)`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The complete subtree over the leaves `[index * 2^level, (index + 1) * 2^level)`. */
export interface Node {
  readonly level: number;
  readonly index: number;
}

/** Gives the hash of a complete subtree. */
export type ReadNode = (node: Node) => Uint8Array;

/**
 * The ranges whose hashes are the inclusion proof of leaf `index` in the tree of `size` leaves, from the leaf up.
 *
 * @throws BreakwaterError `evidence.out-of-range` when the tree has no such leaf.
 */
export function inclusionRanges(index: number, size: number): Range[] {
  if (!isCount(index) || !isCount(size) || index >= size) {
    throw new BreakwaterError('evidence.out-of-range', `a log of ${size} leaves has no leaf ${index}`, '/index');
  }
  const ranges: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + largestPowerBelow(end - start);
    ranges.push(index < middle ? { start: middle, end } : { start, end: middle });
    if (index < middle) end = middle;
    else start = middle;
  }
  return ranges.toReversed();
}

/**
 * The ranges whose hashes prove that the tree of `oldSize` leaves is a prefix of the one of `newSize`.
 *
 * @throws BreakwaterError `evidence.out-of-range` unless `0 < oldSize <= newSize`.
 */
export function consistencyRanges(oldSize: number, newSize: number): Range[] {
  if (!isCount(oldSize) || !isCount(newSize) || oldSize === 0 || oldSize > newSize) {
    throw new BreakwaterError(
      'evidence.out-of-range',
      `no proof exists from ${oldSize} to ${newSize} leaves`,
      '/oldSize',
    );
  }
  const ranges: Range[] = [];
  let [start, end] = [0, newSize];
  while (end !== oldSize) {
    const middle = start + largestPowerBelow(end - start);
    ranges.push(oldSize <= middle ? { start: middle, end } : { start, end: middle });
    if (oldSize <= middle) end = middle;
    else start = middle;
  }
  if (start > 0) ranges.push({ start, end });
  return ranges.toReversed();
}

/** The complete subtrees that `range` consists of, from left to right. `range` must be one that a proof or root names. */
export function nodesOf(range: Range): Node[] {
  const nodes: Node[] = [];
  let { start } = range;
  while (start < range.end) {
    let [level, leaves] = [0, 1];
    while (leaves * 2 <= range.end - start) {
      level += 1;
      leaves *= 2;
    }
    nodes.push({ level, index: start / leaves });
    start += leaves;
  }
  return nodes;
}

/** The hash of `range`, folded from complete subtrees. The hash of no leaves is the empty root. */
export function hashRange(range: Range, read: ReadNode): Uint8Array {
  const hashes = nodesOf(range).map(read);
  return hashes.length === 0 ? emptyRoot() : hashes.reduceRight((right, left) => hashNode(left, right));
}

function largestPowerBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
