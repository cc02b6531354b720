/** Leaked data by class, and the carve-out of personal credit information. */
import type { Facts, LeakCount } from './facts.ts';
import { type Range, UNKNOWN, larger, rangeOf, sum } from './range.ts';

export const leakedUnits = ['records', 'persons'] as const;
export type LeakUnit = 'larger' | (typeof leakedUnits)[number];

type LeakClass = 'personalCredit' | 'other' | 'unclassified';

/** How much of one class leaked, counted in records, in persons, or by the larger; one plain count stands for both. */
export function leakedOf(facts: Facts, leakClass: LeakClass, unit: LeakUnit): Range {
  return counted(facts.leaks?.[leakClass], unit);
}

function counted(count: LeakCount | null | undefined, unit: LeakUnit): Range {
  if (count === null || count === undefined) return UNKNOWN;
  if (typeof count === 'number' || 'low' in count) return rangeOf(count);
  return unit === 'larger' ? larger(rangeOf(count.records), rangeOf(count.persons)) : rangeOf(count[unit]);
}

/** From what is known to be other data, to all of it that may be: unclassified data may be other data. */
export function leakedOther(facts: Facts, unit: LeakUnit): Range {
  return upTo(leakedOf(facts, 'other', unit), leakedOf(facts, 'unclassified', unit));
}

/** Personal credit information that leaked, unclassified data possibly being such. */
export function leakedPersonalCredit(facts: Facts): Range {
  return upTo(leakedOf(facts, 'personalCredit', 'larger'), leakedOf(facts, 'unclassified', 'larger'));
}

function upTo(known: Range, besides: Range): Range {
  return { low: known.low, high: sum([known, besides]).high };
}

export const carveOuts = ['applies', 'does-not-apply', 'undetermined'] as const;
export type CarveOut = (typeof carveOuts)[number];

/** Whether the law on credit information applies besides: from one record of personal credit information on. */
export function carveOutOf(leaked: Range): CarveOut {
  if (leaked.low >= 1) return 'applies';
  return leaked.high === 0 ? 'does-not-apply' : 'undetermined';
}

/** Whether anything is known of leaks at all. */
export function leaksKnown({ leaks }: Facts): boolean {
  return [leaks?.personalCredit, leaks?.other, leaks?.unclassified].some(
    (count) => count !== null && count !== undefined,
  );
}
