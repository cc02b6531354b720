/** What a verifier needs of its platform: a hash, a checksum and two kinds of signatures. */
import type { Sha256, Verifier } from '@breakwater/rules/evidence';

/**
 * The Crypto port: `node-crypto.ts` and `web-crypto.ts` fill it. Both must give the same verdict on hostile signatures, as
 * `Verifier` asks. Synchronous, because a dossier of 10,000 records takes 30,000 hashes.
 */
export interface Crypto extends Verifier {
  readonly sha256: Sha256;
  /** Whether a passkey's signature over `signed` is good: P-256 or RSA with SHA-256, or Ed25519, as the key (SPKI DER) says. */
  passkey(spki: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean;
  /** CRC-32 as zip has it. */
  crc32(bytes: Uint8Array): number;
}
