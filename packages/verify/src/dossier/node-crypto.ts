import { createPublicKey, hash, verify } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { nodeVerifier } from '../note/index.ts';
import type { Crypto } from './crypto.ts';
import { passkeyAlgorithm } from './passkey-key.ts';

/** OpenSSL through node:crypto. */
export const nodeCrypto: Crypto = {
  ...nodeVerifier,
  sha256: (bytes) => hash('sha256', bytes, 'buffer'),
  crc32: (bytes) => crc32(bytes),
  passkey(spki, signed, signature) {
    const algorithm = passkeyAlgorithm(spki);
    if (algorithm === null) return false;
    try {
      const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
      return verify(algorithm === 'Ed25519' ? null : 'sha256', signed, key, signature);
    } catch {
      return false;
    }
  },
};
