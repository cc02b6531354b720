import { BreakwaterError } from '../error.ts';

/** A stretch of time, half-open: from `start` until just before `end`, in ms since the epoch; either may be infinite. */
export type Interval = { readonly start: number; readonly end: number };

/** The same time as non-empty, disjoint intervals in order; overlapping and touching ones become one. */
export function merge(intervals: readonly Interval[]): Interval[] {
  const merged: { start: number; end: number }[] = [];
  const ordered = intervals.filter(({ start, end }) => start < end).toSorted((a, b) => a.start - b.start);
  for (const { start, end } of ordered) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/**
 * How much time the intervals cover together, in ms: overlaps count once, order and splitting change nothing.
 *
 * Throws BreakwaterError `interval.not-a-list` or `interval.invalid-number` with the JSON Pointer of the place.
 */
export function unionMillis(intervals: readonly Interval[]): number {
  requireIntervals(intervals);
  return merge(intervals).reduce((total, { start, end }) => total + (end - start), 0);
}

function requireIntervals(intervals: unknown): void {
  if (!Array.isArray(intervals)) throw new BreakwaterError('interval.not-a-list', 'intervals are a list', '');
  for (let i = 0; i < intervals.length; i += 1) {
    const interval: unknown = intervals[i];
    for (const name of ['start', 'end'] as const) {
      if (!isNumber(interval, name)) {
        throw new BreakwaterError(
          'interval.invalid-number',
          `${name} must be a number of milliseconds`,
          `/${i}/${name}`,
        );
      }
    }
  }
}

function isNumber(interval: unknown, name: 'start' | 'end'): boolean {
  if (typeof interval !== 'object' || interval === null) return false;
  const value: unknown = Reflect.get(interval, name);
  return typeof value === 'number' && !Number.isNaN(value);
}

/** The longest unbroken stretch, in ms. */
export function longestMillis(intervals: readonly Interval[]): number {
  return merge(intervals).reduce((longest, { start, end }) => Math.max(longest, end - start), 0);
}

/** The part of `from` that none of `taken` covers. */
export function subtract(from: readonly Interval[], taken: readonly Interval[]): Interval[] {
  const gaps = merge(taken);
  let first = 0;
  return merge(from).flatMap((interval) => {
    const kept: Interval[] = [];
    let { start } = interval;
    while ((gaps[first]?.end ?? Infinity) <= start) first += 1;
    for (let i = first; i < gaps.length; i += 1) {
      const gap = gaps[i];
      if (gap === undefined || gap.start >= interval.end) break;
      if (gap.start > start) kept.push({ start, end: gap.start });
      start = gap.end;
    }
    if (start < interval.end) kept.push({ start, end: interval.end });
    return kept;
  });
}

/**
 * The most time covered in any one window. `forward` and `back` move an instant by the window's length
 * (a calendar length differs from place to place). An endless interval gives Infinity: no bound is known.
 *
 * The most is reached by a window that begins where an interval begins or ends where one ends, so only those are tried.
 */
export function mostInWindow(
  intervals: readonly Interval[],
  forward: (instant: number) => number,
  back: (instant: number) => number,
): number {
  const merged = merge(intervals);
  if (merged.some(({ start, end }) => end - start === Infinity)) return Infinity;
  const before = [0];
  for (const { start, end } of merged) before.push((before.at(-1) ?? 0) + (end - start));
  const covered = (until: number): number => {
    let low = 0;
    let high = merged.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((merged[middle]?.start ?? Infinity) < until) low = middle + 1;
      else high = middle;
    }
    const last = merged[low - 1];
    return last === undefined ? 0 : (before[low - 1] ?? 0) + Math.min(last.end, until) - last.start;
  };
  return merged.reduce(
    (most, { start, end }) =>
      Math.max(most, covered(forward(start)) - covered(start), covered(end) - covered(back(end))),
    0,
  );
}
