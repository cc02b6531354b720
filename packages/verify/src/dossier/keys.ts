/** The keys of persons and hosts that the caller brought, ready for use. */
import { BreakwaterError } from '@breakwater/rules';
import { decodeBase64, formatDigest, isWeakEd25519Key } from '@breakwater/rules/evidence';
import { type KnownKey, keyHolds, keysSchema } from '@breakwater/rules/review';
import type { Crypto } from './crypto.ts';
import { parseJson } from './dossier.ts';
import { passkeyAlgorithm } from './passkey-key.ts';

export interface RingKey extends KnownKey {
  /** `sha256:` over the key in SPKI DER, as records name it. */
  readonly digest: string;
  /** The 32 bytes of an Ed25519 key; null for the key of a passkey. */
  readonly raw: Uint8Array | null;
  readonly spki: Uint8Array;
}
export type KeyRing = readonly RingKey[];

/** DER of an Ed25519 SubjectPublicKeyInfo up to the 32 bytes of the key (RFC 8410). */
const SPKI_PREFIX = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const PEM = /^\s*-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END PUBLIC KEY-----\s*$/;

/**
 * Reads `breakwater.keys/1`, as text or as the document itself.
 *
 * Throws BreakwaterError `keys.malformed` with the place.
 */
export function readKeys(keys: unknown, crypto: Crypto): KeyRing {
  const result = keysSchema.safeParse(typeof keys === 'string' ? parseKeys(keys) : keys);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw malformed(issue?.message ?? 'not the keys', (issue?.path ?? []).map((part) => `/${String(part)}`).join(''));
  }
  return result.data.keys.map((key, i) => {
    const der = decodeBase64((PEM.exec(key.publicKey)?.[1] ?? '').replaceAll(/\s/g, ''));
    if (key.webauthn !== undefined) {
      if (der === null || passkeyAlgorithm(der) === null)
        throw malformed('not a P-256, RSA or Ed25519 public key as SPKI PEM', `/keys/${i}/publicKey`);
      return { ...key, raw: null, spki: der, digest: formatDigest(crypto.sha256(der)) };
    }
    if (der === null || der.length !== 44 || SPKI_PREFIX.some((byte, at) => der[at] !== byte)) {
      throw malformed('not an Ed25519 public key as SPKI PEM', `/keys/${i}/publicKey`);
    }
    const raw = der.slice(SPKI_PREFIX.length);
    if (isWeakEd25519Key(raw)) throw malformed('anyone could sign for this key', `/keys/${i}/publicKey`);
    return { ...key, raw, spki: der, digest: formatDigest(crypto.sha256(der)) };
  });
}

function parseKeys(text: string): unknown {
  try {
    return parseJson(text, '');
  } catch {
    throw malformed('not JSON', '');
  }
}

/** The first key of which `is` holds and that could sign at the RFC 3339 time `at`. */
export function keyAt(ring: KeyRing, is: (key: RingKey) => boolean, at: string): RingKey | null {
  return ring.find((key) => is(key) && keyHolds(key, Date.parse(at))) ?? null;
}

function malformed(message: string, path: string): BreakwaterError {
  return new BreakwaterError('keys.malformed', `the keys cannot be used: ${message}`, path);
}
