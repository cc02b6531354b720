import { createPublicKey, verify } from 'node:crypto';
import type { Verifier } from '@breakwater/rules/evidence';
import { isWeakEd25519Key } from '@breakwater/rules/evidence';

/** DER of an Ed25519 SubjectPublicKeyInfo up to the 32 bytes of the key (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Signature checks by OpenSSL, as the command line and the server use them. */
export const nodeVerifier: Verifier = {
  ed25519(publicKey, message, signature) {
    if (publicKey.length !== 32 || signature.length !== 64 || isWeakEd25519Key(publicKey)) return false;
    try {
      const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
      return verify(null, message, key, signature);
    } catch {
      return false;
    }
  },
};
