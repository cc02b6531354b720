/** Verification of a whole dossier, offline, on any platform: its bytes, what the caller brought, and the Crypto port. */
import { BreakwaterError } from '@breakwater/rules';
import { type EvidenceRecord, type Policy, parsePolicy } from '@breakwater/rules/evidence';
import { type Verification, verificationOf } from '@breakwater/rules/review';
import { checkApprovals } from './approvals.ts';
import type { Crypto } from './crypto.ts';
import { Dossier } from './dossier.ts';
import { EDITION, checkEdition } from './edition.ts';
import { checkJournals } from './journal.ts';
import { type KeyRing, readKeys } from './keys.ts';
import { Ledger } from './ledger.ts';
import { checkCheckpoint, checkInclusion, checkRecords } from './log.ts';
import { checkManifest, checkSeal } from './seal.ts';
import { type StampVerifier, checkTimestamps } from './timestamps.ts';
import { checkAssessment, checkFacts, checkPacks } from './verdict.ts';

/** What a verifier brings from outside the dossier. What is left out or `null` makes the checks that need it incomplete. */
export interface Trust {
  /** C2SP tlog-policy: keys of the log and its witnesses, and the quorum. */
  readonly policy?: string | Uint8Array | null;
  /** `breakwater.keys/1`, as text, its bytes, or the document: keys of approvers and execution hosts. */
  readonly keys?: unknown;
  /** Certificates of time-stamping authorities, PEM. */
  readonly tsaRoots?: string | Uint8Array | null;
}

/** What the platform gives: a clock's reading, hashes and signatures, and what it can say of time stamps. */
export interface Means {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly crypto: Crypto;
  /** Makes the verifier of time stamps from the PEM text that the caller brought; `null`: none. */
  readonly stamps: (tsaRoots: string | null) => StampVerifier;
}

/**
 * Verifies a dossier. Never throws because of the dossier: whatever is wrong with it is a failed check.
 *
 * Throws BreakwaterError `policy.malformed`, `keys.malformed` or what `stamps` throws when what the caller brought cannot be read.
 */
export function verifyWith(bytes: Uint8Array, trust: Trust, { now, crypto, stamps }: Means): Verification {
  if (typeof trust !== 'object' || trust === null) {
    throw new BreakwaterError('trust.malformed', 'what is brought is {policy, keys, tsaRoots}');
  }
  if (!(bytes instanceof Uint8Array))
    throw new BreakwaterError('dossier.malformed', 'a dossier is its bytes, a Uint8Array');
  const policy = brought(trust.policy) ? parsePolicy(textOf(trust.policy)) : null;
  const keys = brought(trust.keys) ? readKeys(textOf(trust.keys), crypto) : null;
  const stampsOf = stamps(brought(trust.tsaRoots) ? textOf(trust.tsaRoots) : null);
  const ledger = new Ledger();
  const dossier = open(ledger, bytes, crypto);
  if (dossier !== null) checkAll(ledger, dossier, { policy, keys, stamps: stampsOf, now, crypto });
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

interface Brought {
  readonly policy: Policy | null;
  readonly keys: KeyRing | null;
  readonly stamps: StampVerifier;
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

function checkAll(ledger: Ledger, dossier: Dossier, { policy, keys, stamps, now, crypto }: Brought): void {
  const manifest = checkManifest(ledger, dossier, crypto);
  if (manifest === null) return;
  const opened = { dossier, manifest };
  checkSeal(ledger, dossier, manifest, policy, crypto);
  const checkpoint = checkCheckpoint(ledger, opened, policy, crypto, now);
  const read = checkRecords(ledger, opened, crypto);
  if (read === null) return;
  if (checkpoint !== null) checkInclusion(ledger, opened, checkpoint, read);
  if (dossier.has(EDITION)) checkEditionOf(ledger, dossier, read.records, { keys, crypto });
  else checkWhole(ledger, dossier, read.records, { keys, crypto });
  if (checkpoint !== null) checkTimestamps(ledger, opened, checkpoint, stamps);
}

type Signing = Pick<Brought, 'keys' | 'crypto'>;

function checkWhole(
  ledger: Ledger,
  dossier: Dossier,
  records: readonly EvidenceRecord[],
  { keys, crypto }: Signing,
): void {
  checkVerdict(ledger, dossier, records, { keys, crypto });
  ledger.group('approval', 'records', () => checkApprovals(ledger, dossier, records, keys, crypto));
  ledger.group('journal', 'records', () => checkJournals(ledger, records, keys, crypto));
}

/** A copy for an individual judges nothing; any other edition is judged as the dossier is, from records and copies. */
function checkEditionOf(ledger: Ledger, dossier: Dossier, records: readonly EvidenceRecord[], signing: Signing): void {
  const opened = checkEdition(ledger, dossier, records);
  if (opened !== null && opened.edition.edition !== 'personal') checkVerdict(ledger, dossier, opened.records, signing);
}

function checkVerdict(
  ledger: Ledger,
  dossier: Dossier,
  records: readonly EvidenceRecord[],
  { keys, crypto }: Signing,
): void {
  const facts = checkFacts(ledger, dossier, records);
  const packs = checkPacks(ledger, dossier, records, keys, crypto);
  checkAssessment(ledger, dossier, facts, packs, records);
}
