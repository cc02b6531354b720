/**
 * What goes into a leaf: the RFC 8785 form of the envelope, and for the payload only a salted commitment.
 *
 * Without the 32 random bytes of the salt a commitment says nothing about its payload, so erasing both erases the
 * personal data for good while the leaf, and every proof over it, stays as it was.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { BreakwaterError } from '../error.ts';
import { decodeBase64 } from './base64.ts';
import { type Sha256, hashLeaf, sameBytes } from './hash.ts';
import type { EvidenceRecord, Leaf } from './record.ts';
import { MAX_ENTRY_BYTES, entryTooLong } from './tile.ts';

/** Bytes of a salt. */
export const SALT_BYTES = 32;

const COMMITMENT_PREFIX = utf8ToBytes('breakwater.commitment/1\n');

/**
 * The RFC 8785 (JSON Canonicalization Scheme) form of a JSON value: members in the order of their UTF-16 code units,
 * strings and numbers as ECMAScript writes them, nothing between. Members that are `undefined` are left out.
 *
 * @throws BreakwaterError `evidence.not-json` when the value has none: `undefined`, a lone surrogate, a number that is not
 *   finite, anything but plain objects and arrays, or deeper than the stack.
 */
export function canonicalJson(value: unknown): string {
  try {
    return write(value);
  } catch (error) {
    if (error instanceof BreakwaterError) throw error;
    throw notJson();
  }
}

function write(value: unknown): string {
  if (typeof value === 'string') return writeString(value);
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : refuse();
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') return refuse();
  if (Array.isArray(value)) return `[${Array.from(value, write).join(',')}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return refuse();
  let members = '';
  // The default order is that of UTF-16 code units.
  for (const name of Object.keys(value).toSorted()) {
    const member = (value as Record<string, unknown>)[name];
    if (member === undefined) continue;
    members += `${members === '' ? '' : ','}${writeName(name)}:${write(member)}`;
  }
  return `{${members}}`;
}

/** Text that stands in JSON as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

function writeString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return text.isWellFormed() ? JSON.stringify(text) : refuse();
}

/** Names of members are few and come again and again. Only so many are kept: a stranger's document may invent names. */
const MOST_NAMES = 2_000;
const writtenNames = new Map<string, string>();

function writeName(name: string): string {
  const known = writtenNames.get(name);
  if (known !== undefined) return known;
  const written = writeString(name);
  if (writtenNames.size < MOST_NAMES && name.length < 100) writtenNames.set(name, written);
  return written;
}

function refuse(): never {
  throw notJson();
}

function notJson(): BreakwaterError {
  return new BreakwaterError('evidence.not-json', 'the value has no canonical JSON form (RFC 8785)');
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
    throw new BreakwaterError(
      'evidence.bad-salt',
      `a salt has ${SALT_BYTES} random bytes, not ${salt.length}`,
      '/salt',
    );
  }
  const payload = utf8ToBytes(canonicalPayload);
  const bytes = new Uint8Array(COMMITMENT_PREFIX.length + salt.length + payload.length);
  bytes.set(COMMITMENT_PREFIX);
  bytes.set(salt, COMMITMENT_PREFIX.length);
  bytes.set(payload, COMMITMENT_PREFIX.length + salt.length);
  return formatDigest(hash(bytes));
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
