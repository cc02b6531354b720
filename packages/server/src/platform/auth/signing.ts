import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import { isWeakEd25519Key } from '@breakwater/rules/evidence';

/** SHA-256 of a public key (SPKI PEM) over its DER: what a key is known by. Throws BreakwaterError `key.bad`. */
export function keyDigest(publicKey: string): string {
  const der = ed25519Key(publicKey).export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(der).digest('hex')}`;
}

/** Whether `signature` (base64, 64 bytes) is the key's over `message`. */
export function signatureVerifies(publicKey: string, message: Uint8Array, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64');
  return (
    bytes.length === 64 && bytes.toString('base64') === signature && verify(null, message, ed25519Key(publicKey), bytes)
  );
}

/** The key of a PEM. Refuses other algorithms, and points for which anyone could sign. */
function ed25519Key(publicKey: string): KeyObject {
  const refuse = (why: string): BreakwaterError =>
    new BreakwaterError('key.bad', `the public key ${why}`, '/publicKey');
  let key: KeyObject;
  try {
    key = createPublicKey(publicKey);
  } catch {
    throw refuse('must be PEM (SPKI), as `breakwater key new` writes it');
  }
  const { kty, crv, x } = key.export({ format: 'jwk' });
  if (kty !== 'OKP' || crv !== 'Ed25519' || x === undefined) throw refuse('must be an Ed25519 key');
  if (isWeakEd25519Key(Buffer.from(x, 'base64url'))) throw refuse('has a small order: anyone could sign for it');
  return key;
}
