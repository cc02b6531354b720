/** The door of the verifier for browsers: WebCrypto, and nothing of Node.js on the way. */
import type { Verification } from '@breakwater/rules/review';
import { type Trust, verifyWith } from './dossier/verify.ts';
import { type Subtle, withWebCrypto } from './dossier/web-crypto.ts';

export type { Check, Verification } from '@breakwater/rules/review';
export { parseCheckpoint, parsePolicy, verifyConsistency, verifyInclusion } from '@breakwater/rules/evidence';
export type { Trust } from './dossier/verify.ts';
export type { Subtle } from './dossier/web-crypto.ts';

/**
 * Verifies a dossier as the command line does, but for time stamps: a browser has no X.509, so they are not checked and
 * the result is then at best `incomplete`.
 *
 * Rejects with BreakwaterError `policy.malformed` or `keys.malformed`, and with what WebCrypto says where it has no Ed25519.
 */
export async function verifyDossier(
  bytes: Uint8Array,
  trust: Trust = {},
  { now = Date.now(), subtle = globalThis.crypto.subtle }: { readonly now?: number; readonly subtle?: Subtle } = {},
): Promise<Verification> {
  return withWebCrypto(subtle, (crypto) => verifyWith(bytes, trust, { now, crypto, stamps: () => uncheckable }));
}

const uncheckable = () =>
  ({ result: 'unchecked', reason: 'time stamps are checked by breakwater verify, not here' }) as const;
