/** The chain of a work's notices: each version is hashed onto the one before, so that none can be changed or left out. */
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { BreakwaterError } from '../error.ts';
import { canonicalJson, digestOf, parseDigest } from '#evidence';
import type { Notice } from './document.ts';

/** The bytes of a notice that its fingerprint is of: the RFC 8785 form, so that `sha256sum` of the published file shows it. */
export function noticeBytes(document: Notice): Uint8Array {
  return utf8ToBytes(canonicalJson(document));
}

/** The fingerprint that customers see. */
export function noticeDigest(document: Notice): string {
  return digestOf(noticeBytes(document));
}

/**
 * The hash of a version: SHA-256 over the hash of the version before (32 bytes; none for the first) and the notice's bytes.
 * Throws BreakwaterError `notice.hash` when `previous` is no digest.
 */
export function versionHash(previous: string | null, document: Notice): string {
  const before = previous === null ? new Uint8Array() : parseDigest(previous);
  if (before === null) throw new BreakwaterError('notice.hash', `${JSON.stringify(previous)} is no sha256: digest`);
  return digestOf(concatBytes(before, noticeBytes(document)));
}
