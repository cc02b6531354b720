/**
 * How long services take to answer while they are tested, against how long they took before. An answer that did not come in
 * time counts with the time it was waited for; one that could not be asked for, or failed at once, tells no time.
 */

/** Answer times of one probe. Times are ages of the run, durations ms. */
export interface ResponseState {
  readonly probe: string;
  readonly service: string;
  /** Before the test began; the newest {@link mostBefore}. */
  readonly before: readonly number[];
  /** Since the test began; the newest {@link mostSince}. */
  readonly since: readonly { readonly at: number; readonly ms: number }[];
}

/** How much slower a service may become, and over how long, for it to count. */
export interface SlowerLimit {
  readonly percent: number;
  readonly overMs: number;
}

/** What a service takes as it is; `highMs` is what it seldom exceeds. */
export interface Baseline {
  readonly typicalMs: number;
  readonly highMs: number;
}

/** Without so many answers before a test there is no baseline, and the test may not begin. */
export const fewestBefore = 5;
/** Without so many answers in the time that is looked at, nothing is said. */
const fewestSince = 3;
const mostBefore = 600;
const mostSince = 600;
/** Probes do not tell shorter times apart, ms. */
const finestMs = 1;

export function newResponse(probe: string, service: string): ResponseState {
  return { probe, service, before: [], since: [] };
}

/** The state after one more answer that was asked for at `at` and took `ms`. */
export function takeAnswer(state: ResponseState, answer: { at: number; ms: number }, tested: boolean): ResponseState {
  if (tested) return { ...state, since: [...state.since.slice(1 - mostSince), answer] };
  return { ...state, before: [...state.before.slice(1 - mostBefore), answer.ms] };
}

/** The median and the 95th percentile of the times before the test; null while they are too few. */
export function baselineOf({ before }: ResponseState): Baseline | null {
  if (before.length < fewestBefore) return null;
  return { typicalMs: Math.max(finestMs, quantile(before, 0.5)), highMs: Math.max(finestMs, quantile(before, 0.95)) };
}

/** The median time of answers asked for in the last `overMs`; null while they are too few. */
export function recentMs({ since }: ResponseState, overMs: number, now: number): number | null {
  const recent = since.filter(({ at }) => at > now - overMs).map(({ ms }) => ms);
  return recent.length < fewestSince ? null : quantile(recent, 0.5);
}

/**
 * By how many per cent a service is slower than it was, rounded down, once it is slower than `limit` allows and slower than
 * it seldom was before; null otherwise, also while nobody can say.
 */
export function slowerPercent(state: ResponseState, limit: SlowerLimit, testedMs: number, now: number): number | null {
  const baseline = baselineOf(state);
  const recent = testedMs < limit.overMs ? null : recentMs(state, limit.overMs, now);
  if (baseline === null || recent === null) return null;
  const percent = Math.floor((recent / baseline.typicalMs - 1) * 100);
  return percent >= limit.percent && recent > baseline.highMs ? percent : null;
}

/** The smallest value that at least the share `q` of `values` does not exceed. */
function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
}
