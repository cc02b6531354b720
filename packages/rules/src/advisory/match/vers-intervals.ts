import { compareKeys, keyOrNull, parseVers } from '#inventory';
import type { Interval, IntervalEnd } from '../advisory.ts';

/**
 * The intervals that a range in `vers` form holds, in the order of a type of package. A range that cannot be read holds everything
 * with rule `unreadable`: what it says is not known.
 */
export function versIntervals(type: string, text: string, path: string): Interval[] {
  try {
    return intervalsOf(type, text, path);
  } catch {
    return [{ rule: 'unreadable', introduced: null, end: null, path }];
  }
}

interface Bound {
  readonly sign: string;
  readonly version: string;
}

function intervalsOf(type: string, text: string, path: string): Interval[] {
  const constraints = parseVers(text).version_constraints;
  if (constraints.some(([sign]) => sign === '*')) return [{ rule: 'every-version', introduced: null, end: null, path }];
  const sorted = constraints.toSorted(([, a], [, b]) => order(type, a, b));
  const bounds = sorted.flatMap(([sign, version]): Bound[] =>
    sign === '=' || sign === '!=' ? [] : [{ sign, version }],
  );
  const points = sorted
    .filter(([sign]) => sign === '=')
    .map(([, version]): Interval => ({ rule: 'version', introduced: version, end: null, path }));
  const holes = sorted.filter(([sign]) => sign === '!=').map(([, version]) => version);
  const ranges = bounds.length === 0 && holes.length > 0 ? [whole(path)] : pairsOf(bounds, path);
  return [...ranges.flatMap((range) => withoutHoles(type, range, holes)), ...points];
}

const whole = (path: string): Interval => ({ rule: 'range', introduced: null, end: null, path });

function order(type: string, a: string, b: string): number {
  const [x, y] = [keyOrNull(type, a), keyOrNull(type, b)];
  if (x === null || y === null) throw new Error('a version without a place in the order');
  return compareKeys(x, y);
}

const isLower = ({ sign }: Bound): boolean => sign.startsWith('>');

/** Of lower bounds in a row the first counts, of upper bounds the last (vers-spec). */
function pairsOf(bounds: readonly Bound[], path: string): Interval[] {
  const kept = bounds.filter((bound, i) => {
    const neighbour = isLower(bound) ? bounds[i - 1] : bounds[i + 1];
    return neighbour === undefined || isLower(neighbour) !== isLower(bound);
  });
  const ranges: Interval[] = [];
  let lower: Bound | null = null;
  for (const bound of kept) {
    if (isLower(bound)) lower = bound;
    else {
      ranges.push(range(lower, bound, path));
      lower = null;
    }
  }
  return lower === null ? ranges : [...ranges, range(lower, null, path)];
}

function range(lower: Bound | null, upper: Bound | null, path: string): Interval {
  const end: IntervalEnd | null =
    upper === null ? null : { kind: upper.sign === '<' ? 'fixed' : 'last-affected', version: upper.version };
  return { rule: 'range', introduced: lower?.version ?? null, isOpen: lower?.sign === '>', end, path };
}

/** A version that is excluded divides a range in two. */
function withoutHoles(type: string, interval: Interval, holes: readonly string[]): Interval[] {
  let rest = interval;
  const parts: Interval[] = [];
  for (const hole of holes) {
    const isAfterStart = rest.introduced === null || order(type, hole, rest.introduced) >= 0;
    const isBeforeEnd = rest.end === null || order(type, hole, rest.end.version) <= 0;
    if (!isAfterStart || !isBeforeEnd) continue;
    parts.push({ ...rest, end: { kind: 'limit', version: hole } });
    rest = { ...rest, introduced: hole, isOpen: true };
  }
  return [...parts, rest];
}
