/**
 * Whom a verifier believes, as C2SP tlog-policy writes it: the keys of logs and witnesses, and the quorum of witnesses
 * that must have cosigned a checkpoint.
 */
import { BreakwaterError } from '../error.ts';
import { encodeBase64 } from './base64.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { COSIGNATURE_V1, ED25519, type Verifier, type VerifierKey, parseVerifierKey, verifierKey } from './key.ts';
import { openNote } from './note.ts';

export interface KnownLog {
  /** Its name is the origin of the log. */
  readonly key: VerifierKey;
  readonly url: string | null;
}

export interface KnownWitness {
  readonly name: string;
  /** Always of the cosignature kind. */
  readonly key: VerifierKey;
  readonly url: string | null;
}

/** A group counts as having witnessed when `threshold` of its members have. */
export interface WitnessGroup {
  readonly name: string;
  readonly threshold: number;
  /** Names of witnesses and groups. */
  readonly members: readonly string[];
}

export interface Policy {
  readonly logs: readonly KnownLog[];
  readonly witnesses: readonly KnownWitness[];
  readonly groups: readonly WitnessGroup[];
  /** The name of a witness or group, or `none`. */
  readonly quorum: string;
}

const MAX_LENGTH = 262_144;
const MAX_ITEMS = 256;
const NONE = 'none';
const KEYWORDS: ReadonlySet<string> = new Set([NONE]);

/** A policy while its lines are being read. */
interface Draft {
  readonly logs: KnownLog[];
  readonly witnesses: KnownWitness[];
  readonly groups: WitnessGroup[];
  /** Names that were already listed as a member of a group. */
  readonly listed: Set<string>;
  quorum: string | null;
}

type ReadLine = (draft: Draft, words: readonly string[], line: number) => void;

const readers: Readonly<Record<string, ReadLine>> = {
  log(draft, [vkey = '', url, ...rest], line) {
    if (vkey === '' || rest.length > 0) throw refuse(line, 'a log line is "log <vkey> [<url>]"');
    const key = readKey(vkey, line);
    if (key.kind !== ED25519) throw refuse(line, 'the key of a log has signature type 0x01 (Ed25519)');
    if (draft.logs.some((log) => samePublicKey(log.key, key)))
      throw refuse(line, 'a log with this public key was already listed');
    draft.logs.push({ key, url: url ?? null });
  },
  witness(draft, [name = '', vkey = '', url, ...rest], line) {
    if (vkey === '' || rest.length > 0) throw refuse(line, 'a witness line is "witness <name> <vkey> [<url>]"');
    claimName(draft, name, 'witness', line);
    const key = readKey(vkey, line);
    draft.witnesses.push({ name, key: verifierKey(key.name, COSIGNATURE_V1, key.publicKey), url: url ?? null });
  },
  group(draft, [name = '', threshold = '', ...members], line) {
    if (threshold === '') throw refuse(line, 'a group line is "group <name> <all|any|k> <name>..."');
    claimName(draft, name, 'group', line);
    for (const member of members) {
      if (!isDefined(draft, member)) throw refuse(line, `group member "${member}" not found on a preceding line`);
      if (draft.listed.has(member)) throw refuse(line, `"${member}" is already a member of a group`);
      draft.listed.add(member);
    }
    draft.groups.push({ name, threshold: readThreshold(threshold, members.length, line), members });
  },
  quorum(draft, [name = '', ...rest], line) {
    if (name === '' || rest.length > 0) throw refuse(line, 'a quorum line is "quorum <name>"');
    if (draft.quorum !== null) throw refuse(line, 'a policy has exactly one quorum line');
    if (name !== NONE && !isDefined(draft, name))
      throw refuse(line, `quorum component "${name}" not found on a preceding line`);
    draft.quorum = name;
  },
};

/**
 * Reads a policy file.
 *
 * C2SP forbids a second witness line with the same public key, while policies in use have them; such a line is read,
 * but the key counts for the first name only, so that one key never counts twice towards a quorum.
 *
 * @throws BreakwaterError `policy.malformed` with the line.
 */
export function parsePolicy(text: string): Policy {
  if (typeof text !== 'string') throw refuse(1, 'a policy is a text');
  if (text.length > MAX_LENGTH) throw refuse(1, `a policy has at most ${MAX_LENGTH} characters`);
  const draft: Draft = { logs: [], witnesses: [], groups: [], listed: new Set(), quorum: null };
  const lines = text.split('\n');
  lines.forEach((content, i) => {
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(content))
      throw refuse(i + 1, 'the only control characters are tab and newline');
    const [keyword = '', ...words] = content.split(/[ \t]+/).filter((word) => word !== '');
    if (keyword === '' || keyword.startsWith('#')) return;
    const read = Object.hasOwn(readers, keyword) ? readers[keyword] : undefined;
    if (read === undefined)
      throw refuse(i + 1, `a line begins with log, witness, group, quorum or #, not "${keyword.slice(0, 32)}"`);
    read(draft, words, i + 1);
    if (Math.max(draft.logs.length, draft.witnesses.length, draft.groups.length) > MAX_ITEMS) {
      throw refuse(i + 1, `a policy has at most ${MAX_ITEMS} logs, witnesses and groups`);
    }
  });
  const { logs, witnesses, groups, quorum } = draft;
  if (quorum === null)
    throw refuse(lines.length, 'a policy has exactly one quorum line; "quorum none" asks for no witness');
  return { logs, witnesses, groups, quorum };
}

export interface PolicyVerdict {
  readonly checkpoint: Checkpoint;
  /** The log that signed; `null` when none of the policy did. */
  readonly log: VerifierKey | null;
  /** Witnesses whose cosignatures verified, with their times in seconds since 1970. */
  readonly cosigned: readonly { readonly witness: KnownWitness; readonly time: bigint }[];
  /** The quorum was reached; true for `quorum none`. */
  readonly quorum: boolean;
}

/**
 * Holds a signed checkpoint against a policy. It is valid when `log` is not null and `quorum` is true.
 *
 * A cosignature is counted only when its witness had no later time than `now` (milliseconds since 1970) plus five
 * minutes: a witness whose clock runs ahead proves no time.
 *
 * @throws BreakwaterError `note.…` or `checkpoint.…` when the checkpoint is malformed or a known signature fails.
 */
export function checkPolicy(policy: Policy, checkpoint: string, verifier: Verifier, now: number): PolicyVerdict {
  const keys = [...policy.logs.map((log) => log.key), ...policy.witnesses.map((witness) => witness.key)];
  const { text, verified } = openNote(checkpoint, keys, verifier);
  const parsed = parseCheckpoint(text);
  const log = policy.logs.find(({ key }) => key.name === parsed.origin && verified.some((by) => by.key === key));
  const latest = BigInt(Math.floor(now / 1000) + CLOCK_TOLERANCE_SECONDS);
  const cosigned = policy.witnesses.flatMap((witness, i) => {
    const first = policy.witnesses.findIndex((other) => samePublicKey(other.key, witness.key)) === i;
    const by = verified.find((signature) => signature.key === witness.key);
    return first && typeof by?.time === 'bigint' && by.time <= latest ? [{ witness, time: by.time }] : [];
  });
  const names = new Set(cosigned.map(({ witness }) => witness.name));
  return { checkpoint: parsed, log: log?.key ?? null, cosigned, quorum: reached(policy, policy.quorum, names) };
}

const CLOCK_TOLERANCE_SECONDS = 300;

/** Groups name only what stands before them, so this ends. */
function reached(policy: Policy, name: string, cosigned: ReadonlySet<string>): boolean {
  if (name === NONE || cosigned.has(name)) return true;
  const group = policy.groups.find((candidate) => candidate.name === name);
  if (group === undefined) return false;
  return group.members.filter((member) => reached(policy, member, cosigned)).length >= group.threshold;
}

function readKey(vkey: string, line: number): VerifierKey {
  try {
    return parseVerifierKey(vkey);
  } catch (error) {
    throw refuse(line, error instanceof BreakwaterError ? error.message : 'the key cannot be read');
  }
}

function readThreshold(word: string, members: number, line: number): number {
  if (members === 0) throw refuse(line, 'a group has at least one member');
  if (word === 'any') return 1;
  if (word === 'all') return members;
  const threshold = /^[1-9]\d{0,8}$/.test(word) ? Number(word) : 0;
  if (threshold < 1 || threshold > members) {
    throw refuse(line, `invalid threshold "${word}": it is all, any or a number from 1 to ${members}, the members`);
  }
  return threshold;
}

function claimName(draft: Draft, name: string, what: 'witness' | 'group', line: number): void {
  if (KEYWORDS.has(name)) throw refuse(line, `invalid ${what} name "${name}": it has a meaning of its own`);
  if (isDefined(draft, name)) throw refuse(line, `the name "${name}" was already given to a witness or group`);
}

function isDefined(draft: Draft, name: string): boolean {
  return [...draft.witnesses, ...draft.groups].some((item) => item.name === name);
}

function samePublicKey(a: VerifierKey, b: VerifierKey): boolean {
  return encodeBase64(a.publicKey) === encodeBase64(b.publicKey);
}

function refuse(line: number, why: string): BreakwaterError {
  return new BreakwaterError('policy.malformed', why, `${line}:1`);
}
