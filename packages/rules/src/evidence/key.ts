/**
 * Verifier keys as C2SP signed-note writes them (`name+id+base64`), and the kinds of signature that a note may carry.
 *
 * A kind is a row of `kinds`: adding an algorithm is adding a row and a method of `Verifier`.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { BreakwaterError } from '../error.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';

/**
 * The one thing that rules cannot do: checks of signatures, given by whoever runs them. Answers `false`, never throws.
 *
 * Implementations must agree on hostile signatures: RFC 8032 with the strict check that `S` is below the group order.
 */
export interface Verifier {
  ed25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** Ed25519 over the text of the note (C2SP signed-note). */
export const ED25519 = 0x01;
/** Ed25519 with a time, by a witness (C2SP tlog-cosignature, `cosignature/v1`). */
export const COSIGNATURE_V1 = 0x04;

export interface VerifierKey {
  readonly name: string;
  /** The four bytes of the key id as an unsigned integer. */
  readonly id: number;
  readonly kind: typeof ED25519 | typeof COSIGNATURE_V1;
  readonly publicKey: Uint8Array;
}

/** What a signature said, once it verified. */
export interface Statement {
  /** Seconds since 1970 that a witness put into its cosignature; `null` for kinds without a time. */
  readonly time: bigint | null;
}

const SIGNATURE_BYTES = 64;
const KEY_BYTES = 32;
const MAX_VKEY_LENGTH = 4_096;

interface Kind {
  readonly verify: (verifier: Verifier, publicKey: Uint8Array, text: string, signature: Uint8Array) => Statement | null;
}

const kinds: ReadonlyMap<number, Kind> = new Map([
  [
    ED25519,
    {
      verify: (verifier, publicKey, text, signature) =>
        signature.length === SIGNATURE_BYTES && verifier.ed25519(publicKey, utf8ToBytes(text), signature)
          ? { time: null }
          : null,
    } satisfies Kind,
  ],
  [
    COSIGNATURE_V1,
    {
      verify: (verifier, publicKey, text, signature) => {
        if (signature.length !== 8 + SIGNATURE_BYTES) return null;
        const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
        if (time >= 1n << 63n) return null;
        return verifier.ed25519(publicKey, cosignedMessage(text, time), signature.subarray(8)) ? { time } : null;
      },
    } satisfies Kind,
  ],
]);

/** What a witness signs: the header, its time in seconds since 1970, and the text of the checkpoint. */
export function cosignedMessage(checkpoint: string, time: bigint): Uint8Array {
  return utf8ToBytes(`cosignature/v1\ntime ${time}\n${checkpoint}`);
}

/** The bytes after the key id in a cosignature line. */
export function cosignature(time: bigint, signature: Uint8Array): Uint8Array {
  const stamped = new Uint8Array(8 + signature.length);
  new DataView(stamped.buffer).setBigUint64(0, time);
  stamped.set(signature, 8);
  return stamped;
}

/** What the signature says of `text`, or `null` when it is not a signature by this key. */
export function verifySignature(
  verifier: Verifier,
  key: VerifierKey,
  text: string,
  signature: Uint8Array,
): Statement | null {
  return kinds.get(key.kind)?.verify(verifier, key.publicKey, text, signature) ?? null;
}

/** A key of the given kind; its id is SHA-256(name LF kind key)[:4]. */
export function verifierKey(name: string, kind: VerifierKey['kind'], publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name)) {
    throw badKey('key.bad-name', 'a key name is not empty and has neither spaces nor plus signs');
  }
  if (publicKey.length !== KEY_BYTES) throw badKey('key.bad-length', `an Ed25519 public key has ${KEY_BYTES} bytes`);
  if (isWeakEd25519Key(publicKey)) {
    throw badKey('key.weak', 'this Ed25519 public key has a small order or two spellings: anyone could sign for it');
  }
  const hash = sha256(concatBytes(utf8ToBytes(name), Uint8Array.of(0x0a, kind), publicKey));
  return { name, kind, publicKey, id: new DataView(hash.buffer, hash.byteOffset).getUint32(0) };
}

/** `name+8 hex digits+base64(kind, key)`. */
export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${formatKeyId(key.id)}+${encodeBase64(concatBytes(Uint8Array.of(key.kind), key.publicKey))}`;
}

/** @throws BreakwaterError `key.…` when the text is not a key, is of an unknown kind, or its id does not fit it. */
export function parseVerifierKey(text: string): VerifierKey {
  if (typeof text !== 'string') throw badKey('key.malformed', 'a key is a text');
  if (text.length > MAX_VKEY_LENGTH) throw badKey('key.malformed', `a key has at most ${MAX_VKEY_LENGTH} characters`);
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(text);
  const encoded = decodeBase64(match?.[3] ?? '');
  const [name, id, kind] = [match?.[1], match?.[2], encoded?.[0]];
  if (name === undefined || id === undefined || !encoded || kind === undefined) {
    throw badKey(
      'key.malformed',
      'a key is written name+id+key, with an id of 8 hex digits and a key in strict Base64',
    );
  }
  if (kind !== ED25519 && kind !== COSIGNATURE_V1) {
    throw badKey('key.unknown-kind', `signature type 0x${kind.toString(16).padStart(2, '0')} is not known here`);
  }
  const key = verifierKey(name, kind, encoded.subarray(1));
  if (formatKeyId(key.id) !== id)
    throw badKey('key.wrong-id', `the key id is ${id} but name and key give ${formatKeyId(key.id)}`);
  return key;
}

export function formatKeyId(id: number): string {
  return id.toString(16).padStart(8, '0');
}

/** Names are not empty and hold no Unicode space, no plus sign and no broken surrogate. */
export function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\p{White_Space}+]/u.test(name) && !/[\u0000-\u001f]/.test(name);
}

/**
 * Public keys that must never be enrolled: the points of order 1, 2, 4 and 8, for which a signature over any message
 * can be made by anyone, and encodings of `y` at or beyond the prime, which give one key two names.
 */
export function isWeakEd25519Key(publicKey: Uint8Array): boolean {
  const y = publicKey.toReversed();
  y[0] = (y[0] ?? 0) & 0x7f;
  const value = BigInt(`0x${bytesToHex(y)}`);
  return value >= PRIME || SMALL_ORDER_Y.has(value);
}

const PRIME = (1n << 255n) - 19n;
const ORDER_EIGHT_Y = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([0n, 1n, PRIME - 1n, ORDER_EIGHT_Y, PRIME - ORDER_EIGHT_Y]);

function badKey(code: string, message: string): BreakwaterError {
  return new BreakwaterError(code, message);
}
