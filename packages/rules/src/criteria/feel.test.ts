/** The numeric leaves against another implementation of three-valued comparison: FEEL (DMN), by feelin. */
import fc from 'fast-check';
import { evaluate } from 'feelin';
import { describe, expect, test } from 'vitest';
import { type Facts, assess, getPack } from './index.ts';

const korea = getPack('kr-fsc-2026-06-30');
const start = '2026-08-12T02:00:00.000Z';

const factsWith = (more: Partial<Facts>): Facts => ({
  schema: 'breakwater.facts/1',
  work: { kind: 'emergency-patch', activity: 'os-patch', start },
  ...more,
});
const findingOf = (facts: Facts, criterion: string) => {
  const found = assess(facts, korea, '2026-10-01T00:00:00Z').findings.find((each) => each.criterion === criterion);
  if (found === undefined) throw new Error(criterion);
  return found;
};

/**
 * FEEL compares with null to null, and `null and false` is false: the logic that the findings promise. An unknown upper
 * bound is at least the lower one, which is all that `beyond` needs.
 */
const byFeel = (operator: string, bound: number) => (low: number | null, high: number | null) => {
  const inside = evaluate(`low ${operator} bound and high ${operator} bound`, { low, high, bound }).value;
  const beyond = evaluate(`not(low ${operator} bound) and not(high ${operator} bound)`, {
    low,
    high: high ?? low,
    bound,
  }).value;
  return inside === true ? 'met' : beyond === true ? 'not-met' : 'undetermined';
};

const near = (bound: number) =>
  fc.oneof(
    fc.constantFrom(0, bound - 1, bound, bound + 1),
    fc.nat({ max: bound * 2 }),
    fc.constantFrom(Number.MAX_SAFE_INTEGER),
  );
const range = (bound: number) =>
  fc.oneof(
    near(bound).map((n) => ({ low: n, high: n as number | null })),
    fc
      .tuple(near(bound), near(bound))
      .map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) as number | null })),
    near(bound).map((low) => ({ low, high: null })),
  );

describe('a status by the bound alone is the one that FEEL gives', () => {
  test('for damage', () => {
    const feel = byFeel('<', 100_000_000);
    fc.assert(
      fc.property(fc.option(range(100_000_000)), (damage) => {
        expect(findingOf(factsWith({ damage }), 'minor.damage').status).toBe(
          damage === null ? feel(null, null) : feel(damage.low, damage.high),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('for leaked records, unclassified ones in the upper bound', () => {
    const feel = byFeel('<', 10_000);
    const sum = 'if a = null or b = null then null else a + b';
    fc.assert(
      fc.property(range(10_000), fc.option(range(10_000)), (other, unclassified) => {
        const high = evaluate(sum, { a: other.high, b: unclassified?.high ?? null }).value as number | null;
        fc.pre(high === null || high <= Number.MAX_SAFE_INTEGER);
        expect(findingOf(factsWith({ leaks: { personalCredit: 0, other, unclassified } }), 'minor.leak').status).toBe(
          feel(other.low, high),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('for one disruption with unsure edges', () => {
    const feel = byFeel('<=', 14_400_000);
    fc.assert(
      fc.property(
        range(14_400_000).filter(({ low }) => low < 1e12),
        ({ low, high }) => {
          const at = (ms: number): string => new Date(Date.parse(start) + ms).toISOString();
          fc.pre(high === null || high < 1e12);
          const row = { service: 'transfer', cause: 'work' as const, start, end: at(low) };
          const rows = high === null ? [row, { cause: 'work' as const }] : [{ ...row, latestEnd: at(high) }];
          const finding = findingOf(factsWith({ disruptions: rows }), 'minor.outage');
          expect(finding).toMatchObject({ status: feel(low, high), value: { low, high } });
        },
      ),
      { numRuns: 500 },
    );
  });
});
