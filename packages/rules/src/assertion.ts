/**
 * What a passkey signs when a person decides (Web Authentication, W3C Level 2, 7.2 and 6.1): not the statement itself but
 * the authenticator's data and the hash of what the browser collected, in which the challenge is the statement's hash.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { decodeBase64, encodeBase64 } from './evidence/index.ts';

/** The two parts beside the signature; standard base64. */
export const assertion = z
  .strictObject({ authenticatorData: z.base64().max(2048), clientDataJSON: z.base64().max(8192) })
  .meta({ id: 'Assertion' });
export type Assertion = z.infer<typeof assertion>;

/** Where a passkey was made: it answers there and nowhere else. */
export const passkeyPlace = z
  .strictObject({
    /** Domain of the console, such as `breakwater.bank.example`. */
    rpId: z.string().min(1).max(253),
    /** Address of the console, such as `https://breakwater.bank.example`. */
    origin: z.string().min(1).max(300),
  })
  .meta({ id: 'PasskeyPlace' });
export type PasskeyPlace = z.infer<typeof passkeyPlace>;

export type AssertionFault =
  | 'unreadable'
  | 'other-ceremony'
  | 'other-challenge'
  | 'other-origin'
  | 'inside-another-page'
  | 'other-domain'
  | 'nobody-present'
  | 'person-not-verified'
  | 'key-leaves-its-device';

const flag = { present: 0x01, verified: 0x04, backupEligible: 0x08 } as const;
const shortestData = 37;

/** The challenge for a statement: SHA-256 of its bytes, in base64url as browsers spell it. */
export function challengeOf(message: Uint8Array): string {
  return encodeBase64(sha256(message)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * The bytes that the signature of an assertion is over, or why it is no decision about `message`: it must answer this
 * challenge, at the place where the passkey was made, by a person who was there and was verified, with a key that does
 * not leave its device.
 */
export function assertedBytes(
  { authenticatorData, clientDataJSON }: Assertion,
  place: PasskeyPlace,
  message: Uint8Array,
): { readonly signed: Uint8Array } | { readonly fault: AssertionFault } {
  const [data, client] = [decodeBase64(authenticatorData), decodeBase64(clientDataJSON)];
  if (data === null || client === null || data.length < shortestData) return { fault: 'unreadable' };
  const collected = collectedBy(client);
  if (collected === null) return { fault: 'unreadable' };
  const fault = clientFault(collected, place, message) ?? dataFault(data, place);
  return fault === null ? { signed: concatBytes(data, sha256(client)) } : { fault };
}

/**
 * The bytes that a person's signature about `message` is over: the message itself for an ordinary key, what the passkey
 * asserted for one of a passkey. Null when it is no signature about it, or of the other kind than the key.
 */
export function signedBytes(
  key: { readonly webauthn?: PasskeyPlace | null | undefined },
  message: Uint8Array,
  { webauthn }: { readonly webauthn?: Assertion | undefined },
): Uint8Array | null {
  const place = key.webauthn ?? null;
  if (place === null || webauthn === undefined) return place === null && webauthn === undefined ? message : null;
  const asserted = assertedBytes(webauthn, place, message);
  return 'signed' in asserted ? asserted.signed : null;
}

function clientFault(
  { type, challenge, origin, crossOrigin }: Readonly<Record<string, unknown>>,
  place: PasskeyPlace,
  message: Uint8Array,
): AssertionFault | null {
  if (type !== 'webauthn.get') return 'other-ceremony';
  if (challenge !== challengeOf(message)) return 'other-challenge';
  if (origin !== place.origin) return 'other-origin';
  return crossOrigin === undefined || crossOrigin === false ? null : 'inside-another-page';
}

function dataFault(data: Uint8Array, { rpId }: PasskeyPlace): AssertionFault | null {
  if (encodeBase64(data.subarray(0, 32)) !== encodeBase64(sha256(utf8ToBytes(rpId)))) return 'other-domain';
  const flags = data[32] ?? 0;
  if ((flags & flag.present) === 0) return 'nobody-present';
  if ((flags & flag.verified) === 0) return 'person-not-verified';
  return (flags & flag.backupEligible) === 0 ? null : 'key-leaves-its-device';
}

/** What the browser collected; its members that matter are ASCII, so other bytes need no decoding. */
function collectedBy(client: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(String.fromCharCode(...client));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A short code of a `sha256:` hash (40 bits, Crockford's letters), `7K3M-Q9TD`: shown where a person is asked to sign and
 * told to the second one, because an authenticator does not show what it signs.
 */
export function shortCode(digest: string): string {
  const bits = BigInt(`0x${digest.replace(/^sha256:/, '').slice(0, 10)}`);
  const code = Array.from({ length: 8 }, (_, at) => letters[Number((bits >> BigInt(35 - 5 * at)) & 31n)]).join('');
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}
