/** Lines of text from a program that may be hostile: capped, and never held longer than one line. */
import { StringDecoder } from 'node:string_decoder';

/** Of one line, in bytes. */
export const maxLineBytes = 1024 * 1024;

/** Splits chunks into lines. A line beyond `most` bytes is dropped to its end and comes out as null. */
export function createLineSplitter(most = maxLineBytes): {
  take(chunk: Buffer): Iterable<string | null>;
  end(): Iterable<string | null>;
} {
  let parts: Buffer[] = [];
  let size = 0;
  const add = (part: Buffer): void => {
    size += part.length;
    if (size > most) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  const line = (): string | null => {
    const text = size > most ? null : new StringDecoder('utf8').end(Buffer.concat(parts));
    parts = [];
    size = 0;
    return text;
  };
  return {
    *take(chunk) {
      let from = 0;
      for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, from)) {
        add(chunk.subarray(from, end));
        from = end + 1;
        yield line();
      }
      add(chunk.subarray(from));
    },
    *end() {
      if (size > 0) yield line();
    },
  };
}
