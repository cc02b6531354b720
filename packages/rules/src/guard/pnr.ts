/** The point of no return: the last instant at which turning back still ends inside the outage budget. */
import { BreakwaterError } from '../error.ts';

/** All in milliseconds. `outageStartMs` is on any one clock; the answer is on the same clock. */
export interface PointOfNoReturnInput {
  /** When the service stopped being whole (its first failed probe). */
  readonly outageStartMs: number;
  /** Outage that the plan allows in all. */
  readonly budgetMs: number;
  /** From failure to the guard's knowledge of it. */
  readonly detectMs: number;
  readonly decideMs: number;
  /** From the lever to a standstill. */
  readonly stopMs: number;
  /** Rehearsed times of rolling back everything done so far, one value a rehearsal, same step digests. */
  readonly rollbackMs: readonly number[];
  /** From the end of the rollback to the probes' word that the service is back. */
  readonly verifyMs: number;
  readonly reserveMs: number;
}

/** Below this many rehearsals the longest one times {@link fewRehearsalsFactor} stands in for a tolerance bound. */
const manyRehearsals = 30;
const fewRehearsalsFactor = 1.5;
/** The bound holds for this share of rollbacks ... */
const coverage = 0.95;
/** ... with this confidence, whatever the distribution of rollback times is. */
const confidence = 0.95;
/** Fewest values whose maximum is a 95/95 bound: 0.95 ** 59 < 0.05. */
const fewestForOrderStatistic = 59;

/**
 * `outageStart + budget - (detect + decide + stop + R + verify) - reserve`, where R bounds the rollback time.
 *
 * `atMs: null` when nothing was rehearsed: such a step may not start live. An instant before `outageStartMs`
 * means that the way back does not fit into the budget at all. The value is not rounded; whoever needs whole
 * milliseconds rounds down.
 *
 * Throws BreakwaterError `pnr.invalid-number` (path = JSON Pointer) for a value that is not finite or is negative
 * (`outageStartMs` may be negative), and with an empty path for times so large that they have no sum.
 */
export function pointOfNoReturn(input: PointOfNoReturnInput): { atMs: number | null } {
  if (typeof input !== 'object' || input === null) throw invalid('', input);
  const { outageStartMs, budgetMs, detectMs, decideMs, stopMs, rollbackMs, verifyMs, reserveMs } = input;
  if (!Number.isFinite(outageStartMs)) throw invalid('/outageStartMs', outageStartMs);
  for (const [name, value] of Object.entries({ budgetMs, detectMs, decideMs, stopMs, verifyMs, reserveMs })) {
    requireDuration(value, `/${name}`);
  }
  const bound = upperTolerance(rollbackMs, '/rollbackMs');
  if (bound === null) return { atMs: null };
  const atMs = outageStartMs + budgetMs - (detectMs + decideMs + stopMs + bound + verifyMs) - reserveMs;
  if (!Number.isFinite(atMs)) throw invalid('', atMs);
  return { atMs };
}

/**
 * An upper bound of a duration known from `values` (ms, one a rehearsal); null when there are none.
 *
 * - fewer than 30: the longest x 1.5;
 * - 59 and more: the smallest order statistic that bounds 95 % of all durations with 95 % confidence, which needs no
 *   assumption about their distribution (at 59 the longest, at 93 the second longest, ...);
 * - between: no order statistic reaches 95/95 yet, so the factor on the longest falls evenly from 1.5 to 1.
 *
 * Throws BreakwaterError `pnr.invalid-number` with the pointer `path/i`.
 */
export function upperTolerance(values: readonly number[], path = ''): number | null {
  if (!Array.isArray(values)) throw invalid(path, values);
  values.forEach((value, i) => requireDuration(value, `${path}/${i}`));
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const longest = sorted.at(-1) ?? 0;
  if (values.length < manyRehearsals) return longest * fewRehearsalsFactor;
  if (values.length < fewestForOrderStatistic) {
    const left = (fewestForOrderStatistic - values.length) / (fewestForOrderStatistic - manyRehearsals + 1);
    return longest * (1 + (fewRehearsalsFactor - 1) * left);
  }
  return sorted[values.length - 1 - valuesAbove(values.length)] ?? longest;
}

/** Largest d with P(Binomial(n, 1 - coverage) <= d) <= 1 - confidence: how many of the longest may be left out. */
function valuesAbove(n: number): number {
  let logTerm = n * Math.log(coverage);
  let sum = 0;
  for (let d = 0; d < n; d++) {
    sum += Math.exp(logTerm);
    if (sum > 1 - confidence) return d - 1;
    logTerm += Math.log((n - d) / (d + 1)) + Math.log((1 - coverage) / coverage);
  }
  return n - 1;
}

function requireDuration(value: unknown, path: string): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw invalid(path, value);
}

function invalid(path: string, value: unknown): BreakwaterError {
  return new BreakwaterError(
    'pnr.invalid-number',
    `${path === '' ? 'every time' : path} must be a finite number of milliseconds, not negative; it is ${typeof value === 'number' ? value : typeof value}`,
    path,
  );
}
