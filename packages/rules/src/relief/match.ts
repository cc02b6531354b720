/** Which disruption a claim is about, and how long an announced alternative could not be used meanwhile. */

/** A disruption as a host saw it, epoch ms; `end` null = still down. */
export interface SeenDisruption {
  readonly run: string;
  readonly id: string;
  readonly service: string;
  readonly start: number;
  readonly end: number | null;
}

export type DisruptionMatch = {
  readonly disruption: SeenDisruption;
  /** How far the claimed time lies outside the disruption, ms; 0 = inside it. */
  readonly distanceMs: number;
};

/** The nearest disruption of the service within `withinMs` of the claimed time; of equals, the earliest. Null = none. */
export function matchDisruption(
  claim: { readonly service: string; readonly at: number },
  disruptions: readonly SeenDisruption[],
  withinMs: number,
): DisruptionMatch | null {
  return (
    disruptions
      .filter(({ service }) => service === claim.service)
      .map((disruption) => ({ disruption, distanceMs: distance(claim.at, disruption) }))
      .filter(({ distanceMs }) => distanceMs <= withinMs)
      .toSorted((a, b) => a.distanceMs - b.distanceMs || a.disruption.start - b.disruption.start)[0] ?? null
  );
}

function distance(at: number, { start, end }: SeenDisruption): number {
  if (at < start) return start - at;
  return end === null || at <= end ? 0 : at - end;
}

/** An interval, epoch ms, half open. */
type Interval = { readonly start: number; readonly end: number };

/**
 * How long a service was down within an interval, ms, by the union of its disruptions. Null when nobody watched it:
 * what was not measured is not up.
 */
export function downWithin(
  interval: Interval,
  disruptions: readonly { readonly start: number; readonly end: number | null }[],
  isWatched: boolean,
): number | null {
  if (!isWatched && disruptions.length === 0) return null;
  const cut = disruptions
    .map(({ start, end }) => ({ start: Math.max(start, interval.start), end: Math.min(end ?? Infinity, interval.end) }))
    .filter(({ start, end }) => end > start)
    .toSorted((a, b) => a.start - b.start);
  return cut.reduce<{ total: number; reached: number }>(
    ({ total, reached }, { start, end }) => ({
      total: total + Math.max(0, end - Math.max(start, reached)),
      reached: Math.max(reached, end),
    }),
    { total: 0, reached: -Infinity },
  ).total;
}
