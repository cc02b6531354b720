/** Verification of a whole dossier on Node.js: the Crypto port filled by node:crypto, time stamps by OpenSSL. */
import type { Verification } from '@breakwater/rules/review';
import { parseRoots, verifyTimestamp } from '../timestamp/index.ts';
import { type Member, readContainer as readWith } from './container.ts';
import type { Crypto } from './crypto.ts';
import { nodeCrypto } from './node-crypto.ts';
import { type Trust, verifyWith } from './verify.ts';

export { type Member, containerLimits } from './container.ts';
export { type Crypto } from './crypto.ts';
export { nodeCrypto } from './node-crypto.ts';
export { provingTiles, tileMember } from './log.ts';
export { exitCodeOf, reportOf } from './report.ts';
export { timestampMember } from './timestamps.ts';
export { type Trust } from './verify.ts';

export interface VerifyOptions {
  /** Milliseconds since 1970; a witness whose cosignature is later proves nothing. Default: now. */
  readonly now?: number;
  /** Default: node:crypto. */
  readonly crypto?: Crypto;
}

/**
 * Verifies a dossier. Never rejects because of the dossier: whatever is wrong with it is a failed check.
 *
 * Rejects with BreakwaterError `policy.malformed`, `keys.malformed` or `timestamp.bad-roots` when what the caller brought
 * cannot be read.
 */
export async function verifyDossier(
  bytes: Uint8Array,
  trust: Trust = {},
  options: VerifyOptions = {},
): Promise<Verification> {
  const { now = Date.now(), crypto = nodeCrypto } = options;
  const stamps = (pem: string | null) => {
    const roots = pem === null ? [] : parseRoots(pem);
    return (token: Uint8Array, text: Uint8Array) => verifyTimestamp(token, text, roots);
  };
  return verifyWith(bytes, trust, { now, crypto, stamps });
}

/** The members of a dossier, in the order of the file. Throws BreakwaterError `dossier.container` as the strict reader does. */
export function readContainer(bytes: Uint8Array, crypto: Pick<Crypto, 'crc32'> = nodeCrypto): Member[] {
  return readWith(bytes, crypto);
}
