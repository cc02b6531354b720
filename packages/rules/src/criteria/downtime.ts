/**
 * Disruptions as rows that are certain or possible, and the lenses through which they become one number.
 *
 * Rule of attribution (ours; the text only says that the disruption is due to the covered work): `mixed` causes, causes
 * nobody named, and disruptions put down to something else without evidence while the work was observed count as
 * possibly due to the work.
 */
import { durationMs } from '../duration.ts';
import type { Disruption, Facts, Notice } from './facts.ts';
import { type Interval, longestMillis, merge, mostInWindow, subtract, unionMillis } from './interval.ts';
import type { DowntimeLens } from './measure.ts';
import type { Range } from './range.ts';
import { at, moved, spanOf } from './time.ts';
import { type Truth, every, holds, someOf } from './truth.ts';

export type Attribution = 'work' | 'mixed' | 'other';

export type Row = {
  readonly service: string | null;
  readonly attribution: Attribution;
  /** Down for certain; null where no instant of it is certain. */
  readonly certain: Interval | null;
  /** Down at most; endless where no end, or beginless where no start is known. */
  readonly possible: Interval;
  /** When it began, at the earliest and at the latest. */
  readonly began: { readonly earliest: number; readonly latest: number };
  /** No end is known: still down. */
  readonly open: boolean;
  readonly full: Truth;
  /** Declared as announced; yields to the notices where there are any. */
  readonly announced: Truth;
  readonly critical: Truth;
  readonly evidence: readonly string[];
};

type Period = { readonly start?: string | null; readonly end?: string | null; readonly observedUntil?: string | null };

/** The rows of a work, cause by cause. null where the disruptions are not known at all. */
export function rowsOf(
  work: Period,
  disruptions: readonly Disruption[] | null | undefined,
  { services, asOf, observe }: { services: Facts['services']; asOf: number; observe: string },
): Row[] | null {
  if (disruptions === null || disruptions === undefined) return null;
  const end = at(work.end);
  const observed: Interval = {
    start: at(work.start) ?? -Infinity,
    end: at(work.observedUntil) ?? (end === null ? Infinity : end + durationMs(observe)),
  };
  const critical = new Map(services?.map((service) => [service.id ?? null, service.critical ?? null]));
  return disruptions.map((row) => {
    const [from, until] = [at(row.start), at(row.end)];
    const latest = at(row.latestEnd);
    const certain = { start: from ?? Infinity, end: until ?? asOf };
    const possible = {
      start: at(row.earliestStart) ?? from ?? -Infinity,
      end: until === null ? Infinity : (latest ?? until),
    };
    const began = { earliest: possible.start, latest: from ?? possible.end };
    const beganWhileObserved = began.earliest < observed.end && began.latest >= observed.start;
    return {
      service: row.service ?? null,
      attribution: attributionOf(row, beganWhileObserved),
      certain: certain.start < certain.end ? certain : null,
      possible,
      began,
      open: until === null,
      full: holds(row.extent, (extent) => extent === 'full'),
      announced: row.announced ?? null,
      critical: row.service ? (critical.get(row.service) ?? null) : null,
      evidence: row.evidence ?? [],
    };
  });
}

function attributionOf(row: Disruption, beganWhileObserved: boolean): Attribution {
  if (row.cause === null || row.cause === undefined) return 'mixed';
  if (row.cause !== 'other') return row.cause;
  return beganWhileObserved && (row.evidence ?? []).length === 0 ? 'mixed' : 'other';
}

/** The rows of this work under one way of attributing them; null where its disruptions are not known. */
export type WorkRows = (observe: string) => readonly Row[] | null;

/** The rows of this work, made once for each way of attributing them. */
export function workRows(facts: Facts, asOf: number): WorkRows {
  const made = new Map<string, readonly Row[] | null>();
  return (observe) => {
    const known = made.get(observe);
    if (known !== undefined) return known;
    const rows = rowsOf(facts.work, facts.disruptions, { services: facts.services, asOf, observe });
    made.set(observe, rows);
    return rows;
  };
}

/** What of the work counts towards a reading: for certain or at most, with or without rows of mixed cause. */
type Take = { readonly edge: 'certain' | 'possible'; readonly mixed: boolean };

/** A downtime seen through one lens. `workAlone` and `certainMixed` tell why a range straddles a bound. */
export type Downtime = {
  /** From what is certain and due to the work, to what is possible with mixed causes. */
  readonly range: Range;
  /** The most that the work alone can have caused. */
  readonly workAlone: number;
  /** What is certain when mixed causes count. */
  readonly certainMixed: number;
};

/** Looks at the disruptions of a work, and of earlier ones where the lens has a window. */
export function downtimeThrough(
  lens: DowntimeLens,
  { facts, asOf, rows, offset }: { facts: Facts; asOf: number; rows: WorkRows; offset: string },
  observe: string,
): Downtime {
  const own = rows(observe);
  const past = lens.window === null ? [] : pastRows(facts, asOf, observe);
  const complete = own !== null && !past.includes(null);
  const earlier = past.flatMap((rows) => rows ?? []);
  const amount = (take: Take): number => {
    if (!complete && take.edge === 'possible') return Infinity;
    const pieces = [
      ...(own ?? []).flatMap((row) => piecesOf(row, lens, take, facts)),
      ...earlier.flatMap((row) => piecesOf(row, lens, take, null)),
    ];
    return aggregate(pieces, lens, offset);
  };
  const most = amount({ edge: 'possible', mixed: true });
  return {
    range: { low: amount({ edge: 'certain', mixed: lens.causes === 'any' }), high: most === Infinity ? null : most },
    workAlone: amount({ edge: 'possible', mixed: lens.causes === 'any' }),
    certainMixed: amount({ edge: 'certain', mixed: true }),
  };
}

/** The rows of each earlier work; null for one whose disruptions are not known, or in place of all when no history is known. */
function pastRows(facts: Facts, asOf: number, observe: string): (Row[] | null)[] {
  const { history, services } = facts;
  return history?.map((past) => rowsOf(past, past.disruptions, { services, asOf, observe })) ?? [null];
}

type Piece = { readonly service: string | null; readonly interval: Interval };

/** `announcing`: the facts whose notices tell what was announced; null for earlier works, whose rows tell it themselves. */
function piecesOf(row: Row, lens: DowntimeLens, take: Take, announcing: Facts | null): Piece[] {
  const { service } = row;
  const interval = row[take.edge];
  if (interval === null || !causeCounts(row.attribution, lens, take.mixed)) return [];
  const counts = every([lens.extent === 'any' || row.full, lens.services === 'all' || row.critical]);
  if (counts === false || (counts === null && take.edge === 'certain')) return [];
  if (lens.announced === 'counted') return [{ service, interval }];
  const windows = announcing === null ? null : windowsOf(announcing, row, take);
  if (windows === null) {
    const leftOut = row.announced === true || (row.announced === null && take.edge === 'certain');
    return leftOut ? [] : [{ service, interval }];
  }
  return subtract([interval], windows).map((rest) => ({ service, interval: rest }));
}

function causeCounts(attribution: Attribution, { causes }: DowntimeLens, mixed: boolean): boolean {
  if (attribution === 'mixed') return mixed;
  return attribution === 'work' || causes !== 'work';
}

/** The windows of a service, by the facts whose notices announced them: rows of one service ask for the same again and again. */
const windowsKnown = new WeakMap<Facts, Map<string, Interval[]>>();

/**
 * The windows announced for a row's service in notices sent before the start: for the upper bound only those that
 * certainly were, for the lower bound also those that may have been. null where no notice is known.
 */
function windowsOf(facts: Facts, { service }: Row, { edge }: Take): Interval[] | null {
  if (facts.notices === null || facts.notices === undefined) return null;
  const known = windowsKnown.get(facts) ?? new Map<string, Interval[]>();
  windowsKnown.set(facts, known);
  const key = `${edge} ${service === null ? '' : `of ${service}`}`;
  const windows = known.get(key) ?? merge(announcedWindows(facts, facts.notices, service, edge));
  known.set(key, windows);
  return windows;
}

function announcedWindows(
  facts: Facts,
  notices: readonly Notice[],
  service: string | null,
  edge: Take['edge'],
): Interval[] {
  const start = at(facts.work.start) ?? -Infinity;
  const wanted = edge === 'possible' ? [true] : [true, null];
  return notices.flatMap((notice) => {
    const sent = every([holds(at(notice.at), (sentAt) => sentAt < start), announces(notice, service)]);
    if (!wanted.includes(sent)) return [];
    const unknown = edge === 'possible' ? NEVER : ALWAYS;
    return [{ start: at(notice.announced?.start) ?? unknown.start, end: at(notice.announced?.end) ?? unknown.end }];
  });
}

const ALWAYS: Interval = { start: -Infinity, end: Infinity };
const NEVER: Interval = { start: Infinity, end: -Infinity };

/** Whether a notice names a service. */
export function announces(notice: Notice, service: string | null): Truth {
  return service === null ? null : someOf(notice.announced?.services, (named) => named === service);
}

function aggregate(pieces: readonly Piece[], lens: DowntimeLens, offset: string): number {
  const all = pieces.map(({ interval }) => interval);
  const perService = (): number[] => {
    const lines = new Map<string | null, Interval[]>();
    for (const { service, interval } of pieces) {
      const line = lines.get(service);
      if (line === undefined) lines.set(service, [interval]);
      else line.push(interval);
    }
    return [...lines.values()].map((line) => amountOf(line, lens, offset));
  };
  switch (lens.aggregate) {
    case 'union':
      return amountOf(all, lens, offset);
    case 'largest-service':
      return Math.max(0, ...perService());
    case 'sum':
      return perService().reduce((total, each) => total + each, 0);
    case 'longest-episode':
      return longestMillis(all);
  }
}

function amountOf(line: readonly Interval[], { window }: DowntimeLens, offset: string): number {
  if (window === null) return unionMillis(line);
  const span = spanOf(window);
  return mostInWindow(
    line,
    (instant) => moved(instant, span, 1, offset),
    (instant) => moved(instant, span, -1, offset),
  );
}

/** Unbroken stretches in which a service was down, of any cause: those that are certain, or all that are possible. */
export function episodes(rows: readonly Row[], service: string | null, edge: 'certain' | 'possible'): Interval[] {
  return merge(rows.flatMap((row) => (row.service === service && row[edge] !== null ? [row[edge]] : [])));
}
