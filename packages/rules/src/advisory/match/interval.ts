/** From events and lists of versions to intervals of sort keys: what a database's index can hold a version against. */
import { compareKeys, keyOrNull, type PackageIdentity } from '#inventory';
import type { AffectedPackage, Interval, IntervalEnd, MatchRule } from '../advisory.ts';

/** An event of a range, as OSV writes them. */
export type RangeEvent =
  | { readonly introduced: string }
  | { readonly fixed: string }
  | { readonly last_affected: string }
  | { readonly limit: string };

/** Keys `lo <= key < hi` of one package. `hi` null: without end. */
export interface KeyInterval {
  readonly package: PackageIdentity;
  readonly lo: Uint8Array;
  readonly hi: Uint8Array | null;
  /** The one version that is meant, as it was written, when it has no key. */
  readonly exact: string | null;
  /** False: a version in it is undetermined. */
  readonly certain: boolean;
  readonly rule: MatchRule;
  readonly introduced: string | null;
  readonly isOpen: boolean;
  readonly end: IntervalEnd | null;
  /** Which of the document's vulnerabilities; null: every one. */
  readonly vulnerability: string | null;
  readonly path: string;
}

const first = new Uint8Array();
const uncertain: ReadonlySet<MatchRule> = new Set(['unstated', 'unreadable', 'under-investigation']);

/** The least key after `key`: no other lies between. */
export function after(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}

/** At one and the same version: what ends there ends before what begins there, and the last affected is affected. */
const rank = { fixed: 0, introduced: 1, last_affected: 2 } as const;

/**
 * The intervals of one range (OSV schema, "Evaluation"): events in the order of their versions whatever the order they are
 * written in, several intervals that need not touch, `limit` ending everything.
 */
export function intervalsOfEvents(type: string, events: readonly RangeEvent[], path: string): Interval[] {
  const unreadable: Interval = { rule: 'unreadable', introduced: null, end: null, path };
  const turns: { kind: keyof typeof rank; version: string; key: Uint8Array }[] = [];
  let limit: { version: string; key: Uint8Array } | null = null;
  let isLimited = false;
  for (const event of events) {
    if ('limit' in event) {
      if (event.limit === '*') {
        isLimited = false;
        limit = null;
        break;
      }
      const key = keyOrNull(type, event.limit);
      if (key === null) return [unreadable];
      isLimited = true;
      if (limit === null || compareKeys(key, limit.key) > 0) limit = { version: event.limit, key };
    }
  }
  for (const event of events) {
    if ('limit' in event) continue;
    const [kind, version] = Object.entries(event)[0] as [keyof typeof rank, string];
    const key = kind === 'introduced' && version === '0' ? first : keyOrNull(type, version);
    if (key === null) return [unreadable];
    turns.push({ kind, version, key });
  }
  turns.sort((a, b) => compareKeys(a.key, b.key) || rank[a.kind] - rank[b.kind]);
  const intervals: Interval[] = [];
  let open: string | null = null;
  let openKey: Uint8Array = first;
  const close = (end: IntervalEnd | null): void => {
    if (open === null) return;
    intervals.push({ rule: 'range', introduced: open === '0' ? null : open, end, path });
    open = null;
  };
  for (const { kind, version, key } of turns) {
    if (isLimited && limit !== null && compareKeys(key, limit.key) >= 0) break;
    if (kind === 'introduced') {
      if (open === null) {
        open = version;
        openKey = key;
      }
    } else if (open !== null && (kind === 'last_affected' || compareKeys(key, openKey) > 0)) {
      close({ kind: kind === 'fixed' ? 'fixed' : 'last-affected', version });
    }
  }
  close(limit === null ? null : { kind: 'limit', version: limit.version });
  return intervals;
}

/** Intervals of keys of a package that is affected. Versions that a range holds anyway are not held twice. */
export function keyIntervals({ package: named, intervals }: AffectedPackage): KeyInterval[] {
  const ranges = intervals.filter(({ rule }) => rule !== 'version').map((interval) => keyed(named, interval));
  const held = (key: Uint8Array, of: string | null): boolean =>
    ranges.some((range) => range.certain && range.vulnerability === of && isWithin(key, range));
  const listed = intervals.filter(({ rule }) => rule === 'version');
  const points: KeyInterval[] = [];
  for (const { introduced, vulnerability: of, path } of listed) {
    if (introduced === null) continue;
    const vulnerability = of ?? null;
    const key = keyOrNull(named.type, introduced);
    if (key !== null && held(key, vulnerability)) continue;
    const found = { certain: true, rule: 'version', introduced, isOpen: false, end: null } as const;
    const point = { ...found, package: named, vulnerability, path };
    points.push(
      key === null
        ? { ...point, lo: first, hi: first, exact: introduced }
        : { ...point, lo: key, hi: after(key), exact: null },
    );
  }
  return [...ranges, ...points];
}

function keyed(named: PackageIdentity, interval: Interval): KeyInterval {
  const { rule, introduced, isOpen, end, path } = interval;
  const vulnerability = interval.vulnerability ?? null;
  const whole = { package: named, exact: null, introduced, isOpen: isOpen === true, end, vulnerability, path };
  const lower = introduced === null ? first : keyOrNull(named.type, introduced);
  const upper = end === null ? null : keyOrNull(named.type, end.version);
  if (lower === null || (end !== null && upper === null)) {
    return { ...whole, lo: first, hi: null, certain: false, rule: 'unreadable' };
  }
  return {
    ...whole,
    lo: isOpen === true ? after(lower) : lower,
    hi: upper !== null && end?.kind === 'last-affected' ? after(upper) : upper,
    certain: !uncertain.has(rule) && isOrdered(named.type, [introduced, end?.version ?? null]),
    rule,
  };
}

/** Products that only have a CPE name have no order of their own: bounds that are plain numbers can be trusted, others not. */
function isOrdered(type: string, bounds: readonly (string | null)[]): boolean {
  return type !== 'cpe' || bounds.every((bound) => bound === null || /^\d+(?:\.\d+)*$/.test(bound));
}

/** True when the interval holds the key. */
export function isWithin(key: Uint8Array, { lo, hi }: Pick<KeyInterval, 'lo' | 'hi'>): boolean {
  return compareKeys(lo, key) <= 0 && (hi === null || compareKeys(key, hi) < 0);
}
