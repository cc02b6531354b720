/** What a verifier needs of its platform: one hash and one kind of signature. */
import { hash } from 'node:crypto';
import type { Verifier } from '@breakwater/rules/evidence';
import { nodeVerifier } from '../note/index.ts';

/**
 * The Crypto port. Another platform (a browser) gives its own; both must give the same verdict on hostile signatures,
 * as `Verifier` asks. Synchronous, because a dossier of 10,000 records takes 30,000 hashes.
 */
export interface Crypto extends Verifier {
  /** SHA-256 in lower-case hex. */
  sha256(bytes: Uint8Array): string;
}

/** OpenSSL through node:crypto. */
export const nodeCrypto: Crypto = {
  ...nodeVerifier,
  sha256: (bytes) => hash('sha256', bytes, 'hex'),
};
