/**
 * Signed notes as C2SP signed-note (v1.0.0) defines them: a text, an empty line, and signature lines.
 *
 * The text of a note is nothing until `openNote` has verified a signature on it by a key that was known beforehand.
 */
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { BreakwaterError } from '../error.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { type Statement, type Verifier, type VerifierKey, formatKeyId, isKeyName, verifySignature } from './key.ts';

/** A note of a transparency log is short; a longer one is accepted only where the caller expects it. */
const MAX_NOTE_BYTES = 1_000_000;
const MAX_SIGNATURES = 100;
const MAX_SIGNATURE_LINE = 16_384;
const MARK = '\u2014 ';

export interface NoteSignature {
  readonly name: string;
  readonly id: number;
  /** What follows the key id. */
  readonly signature: Uint8Array;
}

export interface Note {
  /** Ends in a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface VerifiedSignature extends NoteSignature, Statement {
  readonly key: VerifierKey;
}

export interface OpenedNote {
  readonly text: string;
  readonly verified: readonly VerifiedSignature[];
  /** By keys that were not given: they say nothing. */
  readonly unverified: readonly NoteSignature[];
}

export interface NoteOptions {
  /** Refuse longer notes; default 1,000,000. */
  readonly maxBytes?: number;
}

/**
 * Splits a note into text and signatures without believing either.
 *
 * @throws BreakwaterError `note.malformed`
 */
export function parseNote(note: string, options: NoteOptions = {}): Note {
  const { maxBytes = MAX_NOTE_BYTES } = options;
  if (typeof note !== 'string') throw malformed('it is a text');
  if (note.length > maxBytes || utf8ToBytes(note).length > maxBytes) {
    throw malformed(`it has more than ${maxBytes} bytes`);
  }
  if (!note.isWellFormed()) throw malformed('it is not valid UTF-8');
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) throw malformed('it holds a control character other than newline');
  const split = note.lastIndexOf('\n\n');
  if (split < 0) throw malformed('no empty line stands between text and signatures');
  const tail = note.slice(split + 2);
  if (!tail.endsWith('\n')) throw malformed('it has no signature line that ends in a newline');
  const lines = tail.slice(0, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw malformed(`it has more than ${MAX_SIGNATURES} signatures`);
  return { text: note.slice(0, split + 1), signatures: lines.map(parseSignatureLine) };
}

/**
 * The signatures of lines as a witness answers them, without a text.
 *
 * @throws BreakwaterError `note.malformed`
 */
export function parseSignatureLine(line: string): NoteSignature {
  const match = line.length <= MAX_SIGNATURE_LINE ? /^\u2014 ([^ ]+) ([^ ]+)$/u.exec(line) : null;
  const [name, bytes] = [match?.[1], decodeBase64(match?.[2] ?? '')];
  if (name === undefined || bytes === null || bytes.length < 5 || !isKeyName(name)) {
    throw malformed('a signature line is an em dash, a key name and a signature in strict Base64, one space between');
  }
  return { name, id: new DataView(bytes.buffer).getUint32(0), signature: bytes.slice(4) };
}

/** One signature line, with its newline. */
export function formatSignatureLine(signature: NoteSignature): string {
  const id = new Uint8Array(4);
  new DataView(id.buffer).setUint32(0, signature.id);
  return `${MARK}${signature.name} ${encodeBase64(concatBytes(id, signature.signature))}\n`;
}

/** The whole note. `text` must end in a newline. */
export function formatNote(note: Note): string {
  if (!note.text.endsWith('\n')) throw malformed('the text of a note ends in a newline');
  return `${note.text}\n${note.signatures.map(formatSignatureLine).join('')}`;
}

/**
 * Opens a note with the keys that are known: unknown signatures are set aside, a known one that fails spoils the note.
 *
 * @throws BreakwaterError `note.malformed`; `note.invalid-signature` when a known key did not sign this text;
 *   `note.no-known-signature` when none of the keys did; `note.ambiguous-key` when two keys share name and id.
 */
export function openNote(
  note: string,
  keys: readonly VerifierKey[],
  verifier: Verifier,
  options: NoteOptions = {},
): OpenedNote {
  const { text, signatures } = parseNote(note, options);
  const verified = new Map<string, VerifiedSignature>();
  const unverified = new Map<string, NoteSignature>();
  for (const signature of signatures) {
    const key = keyOf(signature, keys);
    if (key === undefined) {
      unverified.set(formatSignatureLine(signature), signature);
      continue;
    }
    const statement = verifySignature(verifier, key, text, signature.signature);
    if (statement === null) {
      throw new BreakwaterError(
        'note.invalid-signature',
        `invalid signature by ${key.name}+${formatKeyId(key.id)}: the text or the signature was changed`,
      );
    }
    const identity = `${key.name}+${key.id}`;
    if (!verified.has(identity)) verified.set(identity, { ...signature, ...statement, key });
  }
  if (verified.size === 0) {
    throw new BreakwaterError('note.no-known-signature', 'no verifiable signatures: none is by a known key');
  }
  return { text, verified: [...verified.values()], unverified: [...unverified.values()] };
}

function keyOf(signature: NoteSignature, keys: readonly VerifierKey[]): VerifierKey | undefined {
  const matching = keys.filter((key) => key.name === signature.name && key.id === signature.id);
  const distinct = new Set(matching.map((key) => encodeBase64(key.publicKey)));
  if (distinct.size > 1) {
    throw new BreakwaterError(
      'note.ambiguous-key',
      `two known keys are both ${signature.name}+${formatKeyId(signature.id)}: remove one`,
    );
  }
  return matching[0];
}

function malformed(why: string): BreakwaterError {
  return new BreakwaterError('note.malformed', `malformed note: ${why}`);
}
