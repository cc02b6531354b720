/** Messages as lines: one JSON document each, capped in bytes and depth, over any stream. */
import type { Readable } from 'node:stream';

/** Of one line. */
export const maxMessageBytes = 2 * 1024 * 1024;
const maxDepth = 64;

/** Why a line was not a message. The text of the line is never part of it. */
export class BadLine extends Error {
  override readonly name = 'BadLine';
}

/**
 * Parses one line. Throws {@link BadLine} for what is not JSON or is nested deeper than 64.
 */
export function parseLine(line: string): unknown {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i];
    if (inText) {
      if (character === '\\') i++;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '{' || character === '[') {
      if (++depth > maxDepth) throw new BadLine(`nested deeper than ${maxDepth}`);
    } else if (character === '}' || character === ']') depth--;
  }
  try {
    return JSON.parse(line);
  } catch {
    throw new BadLine('not a JSON document');
  }
}

/** One message as it goes over the wire. */
export function formatLine(message: unknown): string {
  return `${JSON.stringify(message)}\n`;
}

/**
 * Calls `onLine` for each whole line of the stream; `onTooLong` once, and nothing after it, when a line has more than
 * {@link maxMessageBytes} bytes.
 */
export function readLines(stream: Readable, onLine: (line: string) => void, onTooLong: () => void): void {
  let parts: Buffer[] = [];
  let size = 0;
  let over = false;
  stream.on('data', (chunk: Buffer) => {
    let from = 0;
    while (!over) {
      const end = chunk.indexOf(0x0a, from);
      const part = chunk.subarray(from, end === -1 ? undefined : end);
      size += part.length;
      if (size > maxMessageBytes) {
        over = true;
        parts = [];
        onTooLong();
        return;
      }
      parts.push(part);
      if (end === -1) return;
      const line = Buffer.concat(parts).toString('utf8');
      parts = [];
      size = 0;
      from = end + 1;
      if (line.trim() !== '') onLine(line);
    }
  });
}
