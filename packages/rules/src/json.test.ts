import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from './error.ts';
import { readJsonText } from './json.ts';

const limits = { mostCharacters: 10_000, mostDepth: 5 };

describe('large JSON', () => {
  test.each([
    ['{"a":1,"a":2}', 'x.duplicate-key', '1:8'],
    ['{"a":1,\n "\\u0061":2}', 'x.duplicate-key', '2:2'],
    ['[[[[[[1]]]]]]', 'x.too-deep', '1:6'],
    ['{"a":', 'x.not-json', '1:6'],
    ['', 'x.not-json', '1:1'],
    [`"${'a'.repeat(10_001)}"`, 'x.too-large', '1:1'],
  ])('%.30s is refused as %s', (text, code, path) => {
    expect(() => readJsonText(text, 'x', limits)).toThrow(expect.objectContaining({ code, path }));
  });

  test('the same key in different maps, and a string that looks like a key, are no doubles', () => {
    const text = '{"a":{"a":["a","a",{"a":1}]},"b":"a","c":"{\\"a\\":1,\\"a\\":2}"}';
    expect(readJsonText(text, 'x', limits)).toEqual(JSON.parse(text));
  });

  test('reads whatever JSON.stringify writes, and refuses the rest with a place', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value);
        expect(readJsonText(text, 'x', { mostCharacters: 1e6 })).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          readJsonText(text, 'x', limits);
        } catch (error) {
          expect(error).toBeInstanceOf(BreakwaterError);
          expect((error as BreakwaterError).path).toMatch(/^\d+:\d+$/);
        }
      }),
    );
  });
});
