/**
 * Merkle tree hashing as RFC 6962 (June 2013) section 2.1 defines it, over SHA-256.
 *
 * The prefixes keep leaves and nodes apart, so that an inner node can never be shown as a leaf.
 */
import { sha256 } from '@noble/hashes/sha2.js';

export { sha256 };

/** Bytes of one hash. */
export const HASH_BYTES = 32;

const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

/** The root of the tree of no leaves: SHA-256 of the empty string. */
export function emptyRoot(): Uint8Array {
  return sha256(new Uint8Array(0));
}

/** SHA-256. Rules bring their own; whoever hashes much may give a faster one of the same. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** The hash of a leaf with the bytes `entry`. */
export function hashLeaf(entry: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  const input = new Uint8Array(1 + entry.length);
  input[0] = LEAF_PREFIX;
  input.set(entry, 1);
  return hash(input);
}

/** The hash of the node over two subtrees. */
export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + left.length + right.length);
  input[0] = NODE_PREFIX;
  input.set(left, 1);
  input.set(right, 1 + left.length);
  return sha256(input);
}

/** True for the 32 bytes of a SHA-256 hash; for input of unknown origin. */
export function isHash(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length === HASH_BYTES;
}

/** Equality of bytes. Not constant-time: everything in a transparency log is public. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}
