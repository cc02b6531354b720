import { z } from 'zod';

/** A quantity as far as it is known: at least `low`, at most `high` (`null` = no upper bound is known). Never negative. */
export type Range = { readonly low: number; readonly high: number | null };

/** What is known of a quantity nobody measured. */
export const UNKNOWN: Range = { low: 0, high: null };

const amount = z.int().min(0);

/**
 * A quantity in facts: a number that is exactly known, or a range, of which either end may not be known. Whole units
 * (won, records, persons, messages).
 */
export const quantity = z.union(
  [
    amount,
    z
      .strictObject({ low: amount.nullish().transform((low) => low ?? 0), high: amount.nullish() })
      .refine(({ low, high }) => low <= (high ?? Infinity), {
        error: 'low is greater than high: exchange them',
      }),
  ],
  { error: 'expected a whole number from 0 to 9007199254740991, or {"low", "high"} of such' },
);
export type Quantity = z.infer<typeof quantity>;

/** The range of a fact; null or left out is unknown. */
export function rangeOf(fact: Quantity | null | undefined): Range {
  if (fact === null || fact === undefined) return UNKNOWN;
  return typeof fact === 'number' ? { low: fact, high: fact } : { low: fact.low, high: fact.high ?? null };
}

export function sum(ranges: readonly Range[]): Range {
  return ranges.reduce(
    (total, range) => ({
      low: total.low + range.low,
      high: total.high === null || range.high === null ? null : total.high + range.high,
    }),
    { low: 0, high: 0 },
  );
}

/** The range of the larger of several quantities. */
export function larger(a: Range, b: Range): Range {
  return {
    low: Math.max(a.low, b.low),
    high: a.high === null || b.high === null ? null : Math.max(a.high, b.high),
  };
}

/** A difference of two quantities, not below zero. */
export function less(from: Range, taken: Range): Range {
  return {
    low: taken.high === null ? 0 : Math.max(0, from.low - taken.high),
    high: from.high === null ? null : Math.max(0, from.high - taken.low),
  };
}

export const operators = ['<', '<=', '>', '>='] as const;
export type Operator = (typeof operators)[number];

const compare: Record<Operator, (value: number, bound: number) => boolean> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** Where a range stands to a bound: wholly inside, wholly beyond, or on both sides as far as is known. */
export type Standing = 'inside' | 'beyond' | 'straddling';

export function standing(range: Range, operator: Operator, bound: number): Standing {
  const low = compare[operator](range.low, bound);
  const high = compare[operator](range.high ?? Infinity, bound);
  if (low && high) return 'inside';
  return low || high ? 'straddling' : 'beyond';
}

/** A distance to a bound; `null` = no bound is known in that direction. */
export type Margin = { readonly low: number | null; readonly high: number | null };

/** How far inside the bound the quantity is; negative = beyond it by that much. */
export function marginOf(range: Range, operator: Operator, bound: number): Margin {
  return operator === '<' || operator === '<='
    ? { low: range.high === null ? null : bound - range.high, high: bound - range.low }
    : { low: range.low - bound, high: range.high === null ? null : range.high - bound };
}
