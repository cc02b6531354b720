import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Interval, longestMillis, merge, mostInWindow, subtract, unionMillis } from './interval.ts';

const interval = fc
  .tuple(fc.nat({ max: 200 }), fc.nat({ max: 60 }))
  .map(([start, lasts]): Interval => ({ start, end: start + lasts }));
const intervals = fc.array(interval, { maxLength: 12 });

/** Every covered unit of time, counted one by one. */
const units = (of: readonly Interval[]): Set<number> =>
  new Set(of.flatMap(({ start, end }) => Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i)));

describe('intervals', () => {
  test('cover what their units cover, one by one', () => {
    fc.assert(
      fc.property(intervals, (of) => {
        expect(unionMillis(of)).toBe(units(of).size);
      }),
    );
  });

  test('are half-open: touching ones are one, empty and reversed ones are nothing', () => {
    expect(
      merge([
        { start: 0, end: 5 },
        { start: 5, end: 9 },
      ]),
    ).toEqual([{ start: 0, end: 9 }]);
    expect(
      longestMillis([
        { start: 0, end: 5 },
        { start: 5, end: 9 },
        { start: 10, end: 12 },
      ]),
    ).toBe(9);
    expect(
      unionMillis([
        { start: 4, end: 4 },
        { start: 9, end: 3 },
      ]),
    ).toBe(0);
    expect(unionMillis([])).toBe(0);
  });

  test('cover the same in any order and however cut', () => {
    fc.assert(
      fc.property(intervals, fc.nat({ max: 60 }), (of, at) => {
        const cut = of.flatMap(({ start, end }) => {
          const middle = Math.min(end, start + at);
          return [
            { start: middle, end },
            { start, end: middle },
          ];
        });
        expect(unionMillis(cut.toReversed())).toBe(unionMillis(of));
        expect(merge(cut)).toEqual(merge(of));
      }),
    );
  });

  test('less others leave the units that the others do not cover', () => {
    fc.assert(
      fc.property(intervals, intervals, (from, taken) => {
        const left = new Set([...units(from)].filter((unit) => !units(taken).has(unit)));
        expect(units(subtract(from, taken))).toEqual(left);
      }),
    );
  });

  test('in the fullest window hold what trying every window finds', () => {
    fc.assert(
      fc.property(intervals, fc.integer({ min: 1, max: 80 }), (of, length) => {
        const covered = units(of);
        const fullest = Math.max(
          0,
          ...Array.from({ length: 340 }, (_, i) => i - 80).map(
            (from) => [...covered].filter((u) => u >= from && u < from + length).length,
          ),
        );
        expect(
          mostInWindow(
            of,
            (t) => t + length,
            (t) => t - length,
          ),
        ).toBe(fullest);
      }),
    );
  });

  test('without an end know no amount', () => {
    expect(unionMillis([{ start: 0, end: Infinity }])).toBe(Infinity);
    expect(
      mostInWindow(
        [{ start: 0, end: Infinity }],
        (t) => t + 7,
        (t) => t - 7,
      ),
    ).toBe(Infinity);
  });
});
