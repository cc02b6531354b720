/** Reading large JSON that tools and authorities wrote: fast, with a cap, a depth, and doubled keys refused. */
import { BreakwaterError } from './error.ts';

/** What one text may hold. */
export interface JsonLimits {
  /** Characters of the text. */
  readonly mostCharacters: number;
  /** Levels of lists and maps. Default 64. */
  readonly mostDepth?: number;
}

/**
 * The value of a JSON text. A key that is given twice in one map is refused, so that no two readers can take the document
 * for different ones.
 *
 * Throws BreakwaterError `<name>.too-large`, `<name>.not-json`, `<name>.too-deep` or `<name>.duplicate-key`, with `path` =
 * `line:column` where the engine names a place.
 */
export function readJsonText(text: string, name: string, { mostCharacters, mostDepth = 64 }: JsonLimits): unknown {
  if (text.length > mostCharacters) {
    throw new BreakwaterError(
      `${name}.too-large`,
      `the document has more than ${mostCharacters} characters, the most that is read: divide it`,
      '1:1',
    );
  }
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    const offset = /position (\d+)/.exec(reason)?.[1];
    const place = offset === undefined ? placeOf(source, source.length) : placeOf(source, Number(offset));
    throw new BreakwaterError(`${name}.not-json`, 'the document is not JSON: export it again', place);
  }
  const fault = faultIn(source, mostDepth);
  if (fault === null) return value;
  const place = placeOf(source, fault.offset);
  if (fault.key === null) {
    throw new BreakwaterError(
      `${name}.too-deep`,
      `the document is nested deeper than ${mostDepth} levels, the most that is followed`,
      place,
    );
  }
  throw new BreakwaterError(
    `${name}.duplicate-key`,
    `the key ${JSON.stringify(fault.key.slice(0, 40))} is given twice in one map: keep one`,
    place,
  );
}

interface Fault {
  readonly offset: number;
  /** The doubled key; null: nested too deep. */
  readonly key: string | null;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Looks through a text that is known to be JSON. */
function faultIn(text: string, mostDepth: number): Fault | null {
  /** Keys of the maps that are open; null for a list. */
  const open: (Set<string> | null)[] = [];
  let keys: Set<string> | null = null;
  let keyComes = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === quote) {
      const start = at + 1;
      let escaped = false;
      for (at = start; text.charCodeAt(at) !== quote; at += 1) {
        if (text.charCodeAt(at) !== backslash) continue;
        escaped = true;
        at += 1;
      }
      if (!keyComes || keys === null) continue;
      const raw = text.slice(start, at);
      const key = escaped ? (JSON.parse(`"${raw}"`) as string) : raw;
      if (keys.has(key)) return { offset: start - 1, key };
      keys.add(key);
      keyComes = false;
    } else if (character === openBrace || character === openBracket) {
      if (open.length === mostDepth) return { offset: at, key: null };
      keys = character === openBrace ? new Set() : null;
      keyComes = keys !== null;
      open.push(keys);
    } else if (character === closeBrace || character === closeBracket) {
      open.pop();
      keys = open.at(-1) ?? null;
      keyComes = false;
    } else if (character === comma) keyComes = keys !== null;
  }
  return null;
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `${line}:${offset - before.lastIndexOf('\n')}`;
}
