/** That an authority told of a vulnerability, and how that is proven: what makes an emergency patch one. */
import type { AliasClosure } from './alias.ts';

/** `proven`: signed by a pinned key. `attested`: two named persons transcribed an unsigned letter. `absent`: neither. */
export type Proof = 'proven' | 'attested' | 'absent';

/** A key of an authority and when it counts. */
export interface AuthorityKey {
  readonly authority: string;
  /** Hex, upper case. */
  readonly fingerprint: string;
  readonly from: string;
  /** null = until further notice. */
  readonly until: string | null;
  readonly revokedAt: string | null;
}

/** Why a signature proves nothing. */
export type ProofDoubt =
  | 'no-signature'
  | 'no-key'
  | 'not-valid-then'
  | 'bad-signature'
  | 'key-not-yet'
  | 'key-expired'
  | 'key-revoked';

/**
 * What a signature on a document proves, judged at its receipt. `signer` is the fingerprint of the key that made a good signature;
 * null when there is none. Fails closed: whatever is not certain is absent.
 */
export function proofBySignature(
  signer: string | null,
  keys: readonly AuthorityKey[],
  authority: string,
  receivedAt: string,
): { proof: 'proven' | 'absent'; doubt: ProofDoubt | null } {
  const absent = (doubt: ProofDoubt): { proof: 'absent'; doubt: ProofDoubt } => ({ proof: 'absent', doubt });
  if (signer === null) return absent('bad-signature');
  const key = keys.find((one) => one.authority === authority && one.fingerprint === signer);
  if (key === undefined) return absent('no-key');
  const at = Date.parse(receivedAt);
  if (at < Date.parse(key.from)) return absent('key-not-yet');
  if (key.until !== null && at >= Date.parse(key.until)) return absent('key-expired');
  if (key.revokedAt !== null && at >= Date.parse(key.revokedAt)) return absent('key-revoked');
  return { proof: 'proven', doubt: null };
}

/** How much of what a work fixes a dissemination covers, by any name of each; null when the work names nothing. */
export function coverage(
  fixes: readonly string[],
  ids: readonly string[],
  closure: AliasClosure,
): 'all' | 'part' | 'none' | null {
  if (fixes.length === 0) return null;
  const named = new Set(ids.flatMap((id) => closure.names(id)));
  const covered = fixes.filter((fix) => named.has(fix)).length;
  return covered === fixes.length ? 'all' : covered > 0 ? 'part' : 'none';
}
