/**
 * What goes into a leaf: the RFC 8785 form of the envelope, and for the payload only a salted commitment.
 *
 * Without the 32 random bytes of the salt a commitment says nothing about its payload, so erasing both erases the
 * personal data for good while the leaf, and every proof over it, stays as it was.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import { BreakwaterError } from '../error.ts';
import { decodeBase64 } from './base64.ts';
import { type Sha256, hashLeaf, sameBytes } from './hash.ts';
import type { EvidenceRecord, Leaf } from './record.ts';
import { MAX_ENTRY_BYTES, entryTooLong } from './tile.ts';

/** Bytes of a salt. */
export const SALT_BYTES = 32;

const COMMITMENT_PREFIX = utf8ToBytes('breakwater.commitment/1\n');

/**
 * The RFC 8785 (JSON Canonicalization Scheme) form of a JSON value.
 *
 * @throws BreakwaterError `evidence.not-json` when the value has none: `undefined`, a lone surrogate, not finite.
 */
export function canonicalJson(value: unknown): string {
  const refuse = (): never => {
    throw new BreakwaterError('evidence.not-json', 'the value has no canonical JSON form (RFC 8785)');
  };
  try {
    if (isCanonical(value)) return JSON.stringify(value);
    const text = canonicalize(value);
    return text !== undefined && text.isWellFormed() ? text : refuse();
  } catch (error) {
    if (error instanceof BreakwaterError) throw error;
    return refuse();
  }
}

/**
 * A plain JSON value whose members are in order already, as everything read from a canonical text is: `JSON.stringify`
 * then writes its RFC 8785 form (which takes numbers and strings from ECMAScript), several times faster.
 */
function isCanonical(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object') return typeof value === 'boolean' || Number.isFinite(value);
  if (value === null) return true;
  if (Array.isArray(value)) return value.every(isCanonical);
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  let before: string | null = null;
  for (const [name, member] of Object.entries(value)) {
    if ((before !== null && name <= before) || !name.isWellFormed() || !isCanonical(member)) return false;
    before = name;
  }
  return true;
}

/** `sha256:` and the lower-case hex digits of a hash. */
export function formatDigest(hash: Uint8Array): string {
  return `sha256:${bytesToHex(hash)}`;
}

/** The hash that a `sha256:…` digest names; `null` when it is not one. */
export function parseDigest(digest: string): Uint8Array | null {
  return /^sha256:[0-9a-f]{64}$/.test(digest) ? hexToBytes(digest.slice('sha256:'.length)) : null;
}

/** SHA-256 of bytes, as a digest. */
export function digestOf(bytes: Uint8Array): string {
  return formatDigest(sha256(bytes));
}

/** SHA-256 over `breakwater.commitment/1` LF, the salt, and the RFC 8785 form of the payload. */
export function commit(salt: Uint8Array, payload: unknown, hash: Sha256 = sha256): string {
  return commitText(salt, canonicalJson(payload), hash);
}

/** As `commit`, for a payload that is in its RFC 8785 form already. */
export function commitText(salt: Uint8Array, canonicalPayload: string, hash: Sha256 = sha256): string {
  if (salt.length !== SALT_BYTES) {
    throw new BreakwaterError('evidence.bad-salt', `a salt has ${SALT_BYTES} random bytes, not ${salt.length}`, '/salt');
  }
  return formatDigest(hash(concatBytes(COMMITMENT_PREFIX, salt, utf8ToBytes(canonicalPayload))));
}

/**
 * The bytes of a leaf.
 *
 * @throws BreakwaterError `evidence.leaf-too-long` beyond 65,535 bytes.
 */
export function leafBytes(leaf: Leaf): Uint8Array {
  const bytes = utf8ToBytes(canonicalJson(leaf));
  if (bytes.length > MAX_ENTRY_BYTES) throw entryTooLong(bytes.length);
  return bytes;
}

/**
 * The leaf hash that a record stands for: of an opened one after its payload was held against the commitment, of a
 * withheld one the hash it gives. `null` when an opened record does not open its own leaf.
 */
export function recordLeafHash(record: EvidenceRecord, hash: Sha256 = sha256): Uint8Array | null {
  if ('leafHash' in record) return parseDigest(record.leafHash);
  const salt = decodeBase64(record.salt);
  if (salt === null || salt.length !== SALT_BYTES) return null;
  const committed = parseDigest(record.leaf.commitment);
  const opened = parseDigest(commit(salt, record.payload, hash));
  if (committed === null || opened === null || !sameBytes(committed, opened)) return null;
  return hashLeaf(leafBytes(record.leaf), hash);
}
