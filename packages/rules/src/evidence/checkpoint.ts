/** Checkpoints as C2SP tlog-checkpoint (v1.0.0) defines them: what a log says of its tree, as the text of a note. */
import { BreakwaterError } from '../error.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { isHash } from './hash.ts';

export interface Checkpoint {
  /** The identity of the log. */
  readonly origin: string;
  /** Leaves in the tree. */
  readonly size: bigint;
  readonly root: Uint8Array;
}

const MAX_SIZE_DIGITS = 19;
const MAX_TEXT_LENGTH = 65_536;

/** The text that the log signs. */
export function formatCheckpoint(checkpoint: { origin: string; size: bigint | number; root: Uint8Array }): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${encodeBase64(checkpoint.root)}\n`;
}

/**
 * Reads a checkpoint, either the text of one or the whole signed note; signatures are not looked at. Extension lines
 * are allowed and ignored.
 *
 * @throws BreakwaterError `checkpoint.malformed` with the line.
 */
export function parseCheckpoint(note: string): Checkpoint {
  if (typeof note !== 'string') throw malformed(1, 'it is a text');
  const signed = note.lastIndexOf('\n\n');
  const text = signed < 0 ? note : note.slice(0, signed + 1);
  if (text.length > MAX_TEXT_LENGTH) throw malformed(1, `it has more than ${MAX_TEXT_LENGTH} characters`);
  if (!text.endsWith('\n')) throw malformed(1, 'its last line does not end in a newline');
  const [origin = '', size = '', root = '', ...extensions] = text.slice(0, -1).split('\n');
  if (origin === '') throw malformed(1, 'the first line is the origin of the log and is not empty');
  const count = parseSize(size);
  if (count === null) throw malformed(2, 'the second line is the tree size, a decimal without leading zeroes');
  const hash = decodeBase64(root);
  if (!isHash(hash)) throw malformed(3, 'the third line is the root hash, 32 bytes in strict Base64');
  const empty = extensions.indexOf('');
  if (empty >= 0) throw malformed(4 + empty, 'an extension line is not empty');
  return { origin, size: count, root: hash };
}

/** A decimal without leading zeroes below 2^63; `null` otherwise. */
export function parseSize(text: string): bigint | null {
  if (text.length > MAX_SIZE_DIGITS || !/^(?:0|[1-9]\d*)$/.test(text)) return null;
  const size = BigInt(text);
  return size < 1n << 63n ? size : null;
}

function malformed(line: number, why: string): BreakwaterError {
  return new BreakwaterError('checkpoint.malformed', `malformed checkpoint: ${why}`, `${line}:1`);
}
