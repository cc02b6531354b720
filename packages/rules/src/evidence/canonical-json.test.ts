import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './index.ts';

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .toSorted(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, member]) => [name, sorted(member)]),
        )
      : value;

test('the canonical form is that of RFC 8785 whether the members were in order or not', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const want = canonicalize(value);
      if (want?.isWellFormed() !== true || !JSON.stringify(value).isWellFormed()) return;
      expect(canonicalJson(value)).toBe(want);
      expect(canonicalJson(sorted(value))).toBe(want);
      expect(canonicalJson(JSON.parse(want))).toBe(want);
    }),
    { numRuns: 200 },
  );
});

test('what JSON cannot say is refused at any depth', () => {
  for (const value of [
    undefined,
    NaN,
    Infinity,
    '\ud800',
    { a: NaN },
    [Infinity],
    { '\udc00': 1 },
    { a: ['\ud800'] },
    1n,
  ]) {
    expect(() => canonicalJson(value)).toThrow(/no canonical JSON form/);
  }
});

test('names that look like numbers stand in the order of their text', () => {
  expect(canonicalJson({ 9: 1, 10: 2 })).toBe('{"10":2,"9":1}');
});
