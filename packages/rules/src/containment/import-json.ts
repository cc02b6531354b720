/** Reading JSON that tools wrote: fast when it is good, with line and column when it is not. */
import type { z } from 'zod';
import { readDocument } from '../document.ts';
import { BreakwaterError } from '../error.ts';
import { conform } from '../shape.ts';

/** Levels of lists and maps that are followed. */
export const mostDepth = 64;

/**
 * The JSON of `text` as its type; members that `schema` does not name are dropped. `line` is the number of its first line in
 * a larger text.
 *
 * Throws BreakwaterError `<name>.not-json`, `<name>.too-deep`, or what `conform` throws, with `path` = `line:column`.
 */
export function readJson<T>(text: string, schema: z.ZodType<T>, name: string, line = 1): T {
  requireShallow(text, name, line);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BreakwaterError(`${name}.not-json`, 'this is not JSON: export it again', placeOfFault(text, line));
  }
  try {
    return conform(schema, value, { name });
  } catch (error) {
    if (!(error instanceof BreakwaterError)) throw error;
    throw new BreakwaterError(error.code, error.message, placeOf(text, error.path, line));
  }
}

function placeOf(text: string, pointer: string, line: number): string {
  try {
    return moved(readDocument(text, placing, 'json').place(pointer), line);
  } catch {
    return `${line}:1`;
  }
}

function placeOfFault(text: string, line: number): string {
  try {
    readDocument(text, placing, 'json');
    return `${line}:1`;
  } catch (error) {
    return error instanceof BreakwaterError && /^\d+:\d+$/.test(error.path) ? moved(error.path, line) : `${line}:1`;
  }
}

/** Only faults are placed with the slow reader, and only in documents that it can hold. */
const placing = { maxBytes: 8 * 1024 * 1024, maxDepth: mostDepth, maxNodes: 500_000 } as const;

function moved(place: string, line: number): string {
  const [row = '1', column = '1'] = place.split(':');
  return `${Number(row) + line - 1}:${column}`;
}

function requireShallow(text: string, name: string, line: number): void {
  let depth = 0;
  let row = line;
  let start = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\n') {
      row += 1;
      start = at + 1;
    } else if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') {
      depth += 1;
      if (depth > mostDepth) {
        throw new BreakwaterError(
          `${name}.too-deep`,
          `it is nested deeper than ${mostDepth} levels: this is no report of a tool`,
          `${row}:${at - start + 1}`,
        );
      }
    } else if (character === '}' || character === ']') depth -= 1;
  }
}
