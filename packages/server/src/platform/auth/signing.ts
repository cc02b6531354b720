import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { BreakwaterError, type PasskeyPlace } from '@breakwater/rules';
import { isWeakEd25519Key } from '@breakwater/rules/evidence';

/** SHA-256 of a public key (SPKI PEM) over its DER: what a key is known by. Throws BreakwaterError `key.bad`. */
export function keyDigest(publicKey: string, webauthn?: PasskeyPlace): string {
  const der = keyOf(publicKey, webauthn !== undefined).export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(der).digest('hex')}`;
}

/** Whether `signature` (base64) is the key's over `message`: Ed25519, or with SHA-256 by the P-256 or RSA key of a passkey. */
export function signatureVerifies(publicKey: string, message: Uint8Array, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.toString('base64') !== signature) return false;
  const key = keyOf(publicKey, true);
  return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', message, key, bytes);
}

const smallestRsaBits = 2048;
const largestRsaBits = 4096;

/** The key of a PEM. Refuses algorithms that are not taken, and points for which anyone could sign. */
function keyOf(publicKey: string, isPasskey: boolean): KeyObject {
  const refuse = (why: string): BreakwaterError =>
    new BreakwaterError('key.bad', `the public key ${why}`, '/publicKey');
  let key: KeyObject;
  try {
    key = createPublicKey(publicKey);
  } catch {
    throw refuse('must be PEM (SPKI), as `breakwater key new` writes it');
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  if (isPasskey && asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  if (isPasskey && asymmetricKeyType === 'rsa') {
    const bits = asymmetricKeyDetails?.modulusLength ?? 0;
    if (bits >= smallestRsaBits && bits <= largestRsaBits) return key;
  }
  const { kty, crv, x } = key.export({ format: 'jwk' });
  if (kty !== 'OKP' || crv !== 'Ed25519' || x === undefined) {
    throw refuse(isPasskey ? 'must be a P-256, RSA (2048 to 4096 bits) or Ed25519 key' : 'must be an Ed25519 key');
  }
  if (isWeakEd25519Key(Buffer.from(x, 'base64url'))) throw refuse('has a small order: anyone could sign for it');
  return key;
}
