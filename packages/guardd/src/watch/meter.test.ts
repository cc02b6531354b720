import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readingOf } from './meter.ts';

describe('a reading of damage', () => {
  test.each([
    [0, { low: 0, high: 0 }],
    [1200.4, { low: 1200, high: 1201 }],
    [
      { low: 10, high: 30 },
      { low: 10, high: 30 },
    ],
    [
      { low: 10, high: null },
      { low: 10, high: null },
    ],
  ])('in %j is %j', (value, bounds) => expect(readingOf('damage', value)).toEqual({ ...bounds, personalCredit: null }));

  test.each([
    null,
    undefined,
    '12',
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    [],
    {},
    { low: 5 },
    { low: 5, high: 4 },
    { low: null, high: 5 },
  ])('in %j there is none: unknown is never zero', (value) => expect(readingOf('damage', value)).toBeNull());
});

describe('a reading of records', () => {
  test('of a plain number is unclassified: any of them may be personal credit information', () => {
    expect(readingOf('records', 7)).toEqual({ low: 7, high: 7, personalCredit: { low: 0, high: 7 } });
  });

  test('counts unclassified records against both limits', () => {
    expect(readingOf('records', { personalCredit: 1, other: 20, unclassified: 5 })).toEqual({
      low: 20,
      high: 25,
      personalCredit: { low: 1, high: 6 },
    });
    expect(readingOf('records', { personalCredit: 0, other: 20, unclassified: { low: 0, high: null } })).toEqual({
      low: 20,
      high: null,
      personalCredit: { low: 0, high: null },
    });
  });

  test('with a class missing is none', () => {
    expect(readingOf('records', { personalCredit: 0, other: 20 })).toBeNull();
    expect(readingOf('records', { personalCredit: 0, other: 20, unclassified: null })).toBeNull();
  });
});

test('any JSON gives whole bounds in order, or none', () => {
  fc.assert(
    fc.property(fc.constantFrom('damage' as const, 'records' as const), fc.jsonValue(), (name, value) => {
      const reading = readingOf(name, value);
      if (reading === null) return;
      expect(Number.isSafeInteger(reading.low)).toBe(true);
      if (reading.high !== null) expect(reading.high).toBeGreaterThanOrEqual(reading.low);
    }),
  );
});
