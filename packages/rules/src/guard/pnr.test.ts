import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import { pointOfNoReturn, upperTolerance, type PointOfNoReturnInput } from './pnr.ts';

const base: PointOfNoReturnInput = {
  outageStartMs: 1_000,
  budgetMs: 3_600_000,
  detectMs: 1_500,
  decideMs: 2_000,
  stopMs: 100,
  rollbackMs: [60_000, 80_000, 70_000],
  verifyMs: 3_000,
  reserveMs: 60_000,
};

describe('the point of no return', () => {
  test('takes one and a half times the longest of three rehearsed rollbacks', () => {
    expect(pointOfNoReturn(base)).toEqual({
      atMs: 1_000 + 3_600_000 - (1_500 + 2_000 + 100 + 120_000 + 3_000) - 60_000,
    });
  });

  test('does not exist without a rehearsal', () => {
    expect(pointOfNoReturn({ ...base, rollbackMs: [] })).toEqual({ atMs: null });
  });

  test('lies before the outage began when the way back is longer than the budget', () => {
    expect(pointOfNoReturn({ ...base, rollbackMs: [3_600_000] }).atMs).toBeLessThan(base.outageStartMs);
  });

  test.each([
    ['budgetMs', -1],
    ['detectMs', Number.NaN],
    ['decideMs', Number.POSITIVE_INFINITY],
    ['outageStartMs', Number.NaN],
    ['reserveMs', '5'],
    ['rollbackMs', [1, -1]],
    ['rollbackMs', [1, Number.POSITIVE_INFINITY]],
    ['rollbackMs', null],
  ])('refuses %s = %j with its place', (name, value) => {
    const input = { ...base, [name]: value } as PointOfNoReturnInput;
    expect(() => pointOfNoReturn(input)).toThrow(BreakwaterError);
    expect(() => pointOfNoReturn(input)).toThrow(new RegExp(`^/${name}`));
  });
});

test('times whose sum no number holds are refused: an instant that never comes would stop nothing', () => {
  for (const [budgetMs, rollbackMs] of [
    [Number.MAX_VALUE, 1],
    [1, Number.MAX_VALUE],
    [Number.MAX_VALUE, Number.MAX_VALUE],
  ] as const) {
    const input = { ...base, outageStartMs: Number.MAX_VALUE, budgetMs, rollbackMs: [rollbackMs] };
    expect(() => pointOfNoReturn(input)).toThrow(expect.objectContaining({ code: 'pnr.invalid-number', path: '' }));
  }
});

describe('the bound of a rehearsed duration', () => {
  const ascending = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

  test.each([
    [1, 1.5],
    [29, 43.5],
    [30, 30 * (1 + 0.5 * (29 / 30))],
    [58, 58 * (1 + 0.5 / 30)],
    [59, 59],
    [92, 92],
    [93, 92],
    [123, 122],
    [124, 122],
    [1_000, 962],
  ])('of the values 1 to %i is %d', (n, bound) => {
    expect(upperTolerance(ascending(n))).toBeCloseTo(bound, 9);
  });

  test('holds for 95 % of rollbacks in at least 95 % of samples of 100, whatever the distribution', () => {
    let state = 12_345;
    const uniform = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const quantile95 = Math.log(20);
    let held = 0;
    const trials = 2_000;
    for (let trial = 0; trial < trials; trial++) {
      const sample = Array.from({ length: 100 }, () => -Math.log(1 - uniform()));
      if ((upperTolerance(sample) ?? 0) >= quantile95) held++;
    }
    expect(held / trials).toBeGreaterThan(0.945);
    expect(held / trials).toBeLessThan(0.99);
  });

  test('does not underflow for very many rehearsals', () => {
    expect(upperTolerance(ascending(50_000))).toBeGreaterThan(47_500);
    expect(upperTolerance(ascending(50_000))).toBeLessThan(47_700);
  });
});

describe('properties', () => {
  const duration = fc.integer({ min: 0, max: 10_000_000 });
  const input = fc.record({
    outageStartMs: fc.integer(),
    budgetMs: duration,
    detectMs: duration,
    decideMs: duration,
    stopMs: duration,
    rollbackMs: fc.array(duration, { minLength: 1, maxLength: 80 }),
    verifyMs: duration,
    reserveMs: duration,
  });

  test('a longer way back never moves the point later', () => {
    fc.assert(
      fc.property(input, fc.nat(79), duration, (given, at, more) => {
        const i = at % given.rollbackMs.length;
        const slower = given.rollbackMs.map((value, k) => (k === i ? value + more : value));
        const before = pointOfNoReturn(given).atMs ?? Number.NaN;
        expect(pointOfNoReturn({ ...given, rollbackMs: slower }).atMs).toBeLessThanOrEqual(before);
      }),
    );
  });

  test('it moves with the outage and the budget, and against every other time', () => {
    fc.assert(
      fc.property(input, duration, (given, by) => {
        const at = pointOfNoReturn(given).atMs ?? Number.NaN;
        expect(pointOfNoReturn({ ...given, budgetMs: given.budgetMs + by }).atMs).toBeCloseTo(at + by, 3);
        expect(pointOfNoReturn({ ...given, outageStartMs: given.outageStartMs + by }).atMs).toBeCloseTo(at + by, 3);
        for (const name of ['detectMs', 'decideMs', 'stopMs', 'verifyMs', 'reserveMs'] as const) {
          expect(pointOfNoReturn({ ...given, [name]: given[name] + by }).atMs).toBeCloseTo(at - by, 3);
        }
      }),
    );
  });

  test('the order of rehearsals does not matter and no bound is below 95 % of them', () => {
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 200 }), (values) => {
        const bound = upperTolerance(values) ?? 0;
        expect(upperTolerance(values.toReversed())).toBe(bound);
        expect(values.filter((value) => value > bound).length).toBeLessThan(values.length * 0.05 + 1);
      }),
    );
  });
});
