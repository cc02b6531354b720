import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadLine, formatLine, maxMessageBytes, parseLine, readLines } from './lines.ts';

/** Lines that come out when `text` goes in by pieces that end at `cuts`. */
async function linesOf(bytes: Buffer, cuts: readonly number[]): Promise<{ lines: string[]; tooLong: number }> {
  const stream = new PassThrough();
  const lines: string[] = [];
  let tooLong = 0;
  readLines(
    stream,
    (line) => lines.push(line),
    () => tooLong++,
  );
  let from = 0;
  for (const cut of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
    stream.write(bytes.subarray(from, cut));
    from = cut;
  }
  stream.end();
  await new Promise((resolve) => stream.once('end', resolve));
  return { lines, tooLong };
}

describe('messages over a stream', () => {
  test('come out as they went in, wherever the stream was cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 5 }), fc.array(fc.nat(200)), async (messages, cuts) => {
        const bytes = Buffer.from(messages.map(formatLine).join(''));
        const { lines } = await linesOf(
          bytes,
          cuts.filter((cut) => cut < bytes.length),
        );
        expect(lines.map((line) => JSON.stringify(parseLine(line)))).toEqual(
          messages.map((message) => JSON.stringify(message)),
        );
      }),
    );
  });

  test('end when a line is longer than it may be, and nothing follows', async () => {
    const long = Buffer.alloc(maxMessageBytes + 2, 0x61);
    const { lines, tooLong } = await linesOf(Buffer.concat([Buffer.from('1\n'), long, Buffer.from('\n2\n')]), [10]);
    expect(lines).toEqual(['1']);
    expect(tooLong).toBe(1);
  });

  test('of the greatest length that is allowed are read', async () => {
    const longest = Buffer.alloc(maxMessageBytes, 0x61);
    expect((await linesOf(Buffer.concat([longest, Buffer.from('\n')]), [])).lines).toHaveLength(1);
  });
});

describe('a line', () => {
  test('is refused when it is no JSON, without being quoted', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseLine(text);
        } catch (error) {
          expect(error).toBeInstanceOf(BadLine);
          expect((error as BadLine).message).toMatch(/^(not a JSON document|nested deeper than 64)$/);
        }
      }),
    );
  });

  test.each([
    ['lists', '['.repeat(65), false],
    ['maps', '{"a":'.repeat(65), false],
    ['a million lists', '['.repeat(1_000_000), false],
    ['64 lists', '['.repeat(64) + ']'.repeat(64), true],
    ['brackets in a text', `"${'['.repeat(100)}\\"${'['.repeat(100)}"`, true],
  ])('nested in %s', (_, text, fine) => {
    if (fine) expect(() => parseLine(text)).not.toThrow();
    else expect(() => parseLine(text)).toThrow(/nested deeper|not a JSON/);
  });
});
