/**
 * Sort keys of versions: bytes whose order is the order of the versions, so that a database's index can match ranges.
 *
 * A key is written as a row of marks. At the first mark in which two keys differ, the smaller mark belongs to the older
 * version; what follows a mark (a number, a text) is self-delimiting, so that nothing after it is compared too early.
 */
import { BreakwaterError } from '../../error.ts';

/** Longest version that is read. */
const mostCharacters = 512;

export class KeyWriter {
  readonly #bytes: number[] = [];

  /** A byte, 0 to 255. */
  mark(byte: number): this {
    this.#bytes.push(byte);
    return this;
  }

  /** A whole number of any size as decimal digits; leading zeros do not count. */
  number(digits: string): this {
    const significant = digits.replace(/^0+/, '');
    this.#bytes.push(significant.length >> 8, significant.length & 255);
    return this.#raw(significant);
  }

  /** A text of ASCII without NUL; a text comes before its continuations. */
  text(text: string): this {
    return this.#raw(text).mark(0);
  }

  /** What another row of marks holds. */
  append(other: KeyWriter): this {
    this.#bytes.push(...other.#bytes);
    return this;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  #raw(text: string): this {
    for (let i = 0; i < text.length; i += 1) this.#bytes.push(text.charCodeAt(i));
    return this;
  }
}

/** True when the digits are all zeros, or none. */
export function isZero(digits: string): boolean {
  return /^0*$/.test(digits);
}

/** The numbers without the zeros at their end. */
export function withoutTrailingZeros(numbers: readonly string[]): readonly string[] {
  return numbers.slice(0, numbers.findLastIndex((digits) => !isZero(digits)) + 1);
}

/**
 * A version as it may be read: printable ASCII without spaces around.
 *
 * Throws BreakwaterError `version.malformed`.
 */
export function readable(version: unknown): string {
  if (typeof version !== 'string') throw malformed(version, 'must be a text');
  const text = version.trim();
  if (text === '') throw malformed(version, 'must not be empty');
  if (text.length > mostCharacters) throw malformed(version, `must not be longer than ${mostCharacters} characters`);
  if (!/^[\x21-\x7e]+$/.test(text)) throw malformed(version, 'must be printable ASCII without spaces');
  return text;
}

export function malformed(version: unknown, rule: string): BreakwaterError {
  const shown = typeof version === 'string' ? JSON.stringify(version.slice(0, 80)) : typeof version;
  return new BreakwaterError('version.malformed', `the version ${shown} ${rule}`);
}
