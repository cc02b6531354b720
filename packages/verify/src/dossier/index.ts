/** Verification of a whole dossier, offline: its bytes, and what the caller brought from elsewhere. */
import type { X509Certificate } from 'node:crypto';
import { type Policy, parsePolicy } from '@breakwater/rules/evidence';
import { type Verification, verificationOf } from '@breakwater/rules/review';
import { parseRoots } from '../timestamp/index.ts';
import { checkApprovals } from './approvals.ts';
import { type Crypto, nodeCrypto } from './crypto.ts';
import { Dossier } from './dossier.ts';
import { checkJournals } from './journal.ts';
import { type KeyRing, readKeys } from './keys.ts';
import { Ledger } from './ledger.ts';
import { checkCheckpoint, checkInclusion, checkRecords } from './log.ts';
import { checkManifest, checkSeal } from './seal.ts';
import { checkTimestamps } from './timestamps.ts';
import { checkAssessment, checkFacts, checkPacks } from './verdict.ts';

export { type Member, containerLimits, readContainer } from './container.ts';
export { type Crypto, nodeCrypto } from './crypto.ts';
export { provingTiles, tileMember } from './log.ts';
export { exitCodeOf, reportOf } from './report.ts';
export { timestampMember } from './timestamps.ts';

/** What a verifier brings from outside the dossier. What is left out or `null` makes the checks that need it incomplete. */
export interface Trust {
  /** C2SP tlog-policy: keys of the log and its witnesses, and the quorum. */
  readonly policy?: string | Uint8Array | null;
  /** `breakwater.keys/1`, as text, its bytes, or the document: keys of approvers and execution hosts. */
  readonly keys?: unknown;
  /** Certificates of time-stamping authorities, PEM. */
  readonly tsaRoots?: string | Uint8Array | null;
}

export interface VerifyOptions {
  /** Milliseconds since 1970; a witness whose cosignature is later proves nothing. Default: now. */
  readonly now?: number;
  /** Default: node:crypto. */
  readonly crypto?: Crypto;
}

/**
 * Verifies a dossier. Never throws because of the dossier: whatever is wrong with it is a failed check.
 *
 * Throws BreakwaterError `policy.malformed`, `keys.malformed` or `timestamp.bad-roots` when what the caller brought cannot be read.
 */
export async function verifyDossier(
  bytes: Uint8Array,
  trust: Trust = {},
  options: VerifyOptions = {},
): Promise<Verification> {
  const { now = Date.now(), crypto = nodeCrypto } = options;
  const policy = brought(trust.policy) ? parsePolicy(textOf(trust.policy)) : null;
  const keys = brought(trust.keys) ? readKeys(textOf(trust.keys), crypto) : null;
  const roots = brought(trust.tsaRoots) ? parseRoots(textOf(trust.tsaRoots)) : [];
  const ledger = new Ledger();
  const dossier = open(ledger, bytes, crypto);
  if (dossier !== null) checkAll(ledger, dossier, { policy, keys, roots, now, crypto });
  return verificationOf(ledger.checks);
}

function brought<T>(value: T | null | undefined): value is T & {} {
  return value !== null && value !== undefined;
}

/** Files may be given as they were read. */
function textOf<T>(value: T | Uint8Array): T | string;
function textOf(value: unknown): unknown {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
}

interface Means {
  readonly policy: Policy | null;
  readonly keys: KeyRing | null;
  readonly roots: readonly X509Certificate[];
  readonly now: number;
  readonly crypto: Crypto;
}

function open(ledger: Ledger, bytes: Uint8Array, crypto: Crypto): Dossier | null {
  let dossier: Dossier | null = null;
  ledger.check('container', 'dossier', () => {
    dossier = Dossier.open(bytes, crypto);
    return `${dossier.paths.length} members, nothing outside them`;
  });
  return dossier;
}

function checkAll(ledger: Ledger, dossier: Dossier, { policy, keys, roots, now, crypto }: Means): void {
  const manifest = checkManifest(ledger, dossier, crypto);
  if (manifest === null) return;
  const opened = { dossier, manifest };
  checkSeal(ledger, dossier, manifest, policy, crypto);
  const checkpoint = checkCheckpoint(ledger, opened, policy, crypto, now);
  const read = checkRecords(ledger, opened, crypto);
  if (read === null) return;
  if (checkpoint !== null) checkInclusion(ledger, opened, checkpoint, read);
  const { records } = read;
  const facts = checkFacts(ledger, dossier, records);
  const packs = checkPacks(ledger, dossier, records, keys, crypto);
  checkAssessment(ledger, dossier, facts, packs, records);
  ledger.group('approval', 'records', () => checkApprovals(ledger, dossier, records, keys, crypto));
  ledger.group('journal', 'records', () => checkJournals(ledger, records, keys, crypto));
  if (checkpoint !== null) checkTimestamps(ledger, opened, checkpoint, roots);
}
