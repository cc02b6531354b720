/** What a verifier needs of its platform: a hash, a checksum and one kind of signature. */
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Sha256, Verifier } from '@breakwater/rules/evidence';
import { nodeVerifier } from '../note/index.ts';

/**
 * The Crypto port. Another platform (a browser) gives its own; both must give the same verdict on hostile signatures,
 * as `Verifier` asks. Synchronous, because a dossier of 10,000 records takes 30,000 hashes.
 */
export interface Crypto extends Verifier {
  readonly sha256: Sha256;
  /** CRC-32 as zip has it. */
  crc32(bytes: Uint8Array): number;
}

/** OpenSSL through node:crypto. */
export const nodeCrypto: Crypto = {
  ...nodeVerifier,
  sha256: (bytes) => hash('sha256', bytes, 'buffer'),
  crc32: (bytes) => crc32(bytes),
};
