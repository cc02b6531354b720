import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressNumber, addressText, joined, networkRange, overlaps, rangeText } from './address.ts';

const families = fc.constantFrom(4 as const, 6 as const);
const numbered = families.chain((family) =>
  fc.record({
    family: fc.constant(family),
    value: fc.bigInt({ min: 0n, max: family === 4 ? 2n ** 32n - 1n : 2n ** 128n - 1n }),
  }),
);

describe('an address', () => {
  test('is the same after it was written and read', () => {
    fc.assert(
      fc.property(numbered, ({ family, value }) => {
        expect(addressNumber(addressText(family, value))).toEqual({ family, value });
      }),
    );
  });

  test.each([
    ['::', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['2001:DB8::0:1', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['fe80::', 'fe80::'],
  ])('%s is written %s', (text, written) => {
    const { family, value } = addressNumber(text);
    expect(addressText(family, value)).toBe(written);
  });

  test.each([
    '',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4.5',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '12345::',
    'g::',
    '::1%eth0',
  ])('%j is none', (text) => expect(() => addressNumber(text)).toThrow(RangeError));
});

describe('a network', () => {
  test.each([
    ['10.66.0.17/24', '10.66.0.0-10.66.0.255'],
    ['10.66.0.17/32', '10.66.0.17'],
    ['0.0.0.0/0', '0.0.0.0-255.255.255.255'],
    ['fd00:1::/64', 'fd00:1::-fd00:1::ffff:ffff:ffff:ffff'],
  ])('%s is %s', (cidr, text) => expect(rangeText(networkRange(cidr))).toBe(text));

  test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '::/129', '10.0.0.0/-1'])('%s is none', (cidr) =>
    expect(() => networkRange(cidr)).toThrow(RangeError),
  );

  test('joined with others has the same addresses, and no two of the result touch', () => {
    const ranges = fc.array(
      fc
        .tuple(fc.nat(300), fc.nat(40))
        .map(([low, more]) => ({ family: 4 as const, low: BigInt(low), high: BigInt(low + more) })),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(ranges, fc.nat(400), (some, at) => {
        const point = { family: 4 as const, low: BigInt(at), high: BigInt(at) };
        const result = joined(some);
        expect(result.some((range) => overlaps(range, point))).toBe(some.some((range) => overlaps(range, point)));
        for (const [i, range] of result.entries())
          expect(result[i + 1]?.low ?? 2n ** 40n).toBeGreaterThan(range.high + 1n);
      }),
    );
  });
});
