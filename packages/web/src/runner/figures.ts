/** The figures of a run: what is used, what is left, what is reserved. Pure, so that a replay has the same ones. */
import { lastEffect, upperTolerance, type RunLimits, type RunState } from '@breakwater/rules/guard';
import { unionMillis } from '@breakwater/rules/criteria';
import type { RunView } from '@breakwater/rules/runner';

export interface Range {
  readonly low: number;
  /** Null: unbounded. */
  readonly high: number | null;
}

/** The countdown to the point of no return, and what its ruler shows. All in ms of accumulated outage. */
export interface Countdown {
  readonly used: number;
  /** Negative: it has passed. Null: the way back was never rehearsed. */
  readonly left: number | null;
  /** Upper bound of the rollback from its rehearsals. */
  readonly rollback: number | null;
  /** Detection, decision, stopping, verifying, and the reserve. */
  readonly spare: number;
  readonly limit: number;
  /** True while an outage runs it down. */
  readonly running: boolean;
  /** The step whose way back it counts; null: nothing was done yet. */
  readonly step: string | null;
}

/** How near the point of no return is. */
export type Nearness = 'far' | 'near' | 'imminent' | 'passed';

const nearMs = 15 * 60_000;
const imminentMs = 2 * 60_000;

export function nearness(left: number | null): Nearness {
  if (left === null) return 'far';
  if (left < 0) return 'passed';
  if (left <= imminentMs) return 'imminent';
  return left <= nearMs ? 'near' : 'far';
}

export interface Seen {
  readonly view: RunView;
  readonly host: RunState | null;
  readonly limits: RunLimits;
  /** Ms since the host said it. */
  readonly sinceMs: number;
  /** Of a replay, in which no host speaks: the instant that is shown, ms since the epoch. */
  readonly replayAt?: number;
}

/** Outage accumulated so far, ms; null: nobody knows. */
export function outageOf({ view, host, sinceMs, replayAt }: Seen): number | null {
  const closed = view.host?.closed;
  if (closed !== undefined && closed !== null) return closed.outageMs;
  if (replayAt !== undefined) {
    return unionMillis(disruptionsOf(view).map(({ start, end }) => ({ start, end: Math.max(start, end ?? replayAt) })));
  }
  if (host === null) return null;
  return host.outageMs + (isDown(host) ? sinceMs : 0);
}

function isDown(host: RunState): boolean {
  return host.phase !== 'closed' && Object.values(host.services).some((state) => state !== 'up');
}

/** The countdown as things stand; null for a rehearsal, and while nobody knows the outage. */
export function countdownOf(seen: Seen): Countdown | null {
  const { view, host, limits, sinceMs } = seen;
  const used = outageOf(seen);
  if (view.mode === 'rehearsal' || used === null) return null;
  const step = view.host === null ? null : lastEffect(view.host);
  const { rehearsed } = limits;
  const times = step === null ? Object.values(rehearsed.rollbackMs).at(0) : rehearsed.rollbackMs[step];
  const rollback = upperTolerance(times ?? []);
  const { detectMs, decideMs, stopMs, verifyMs, reserveMs } = rehearsed;
  const spare = detectMs + decideMs + stopMs + verifyMs + reserveMs;
  const limit = host?.outageLimitMs ?? limits.outageMs;
  const told = host?.pnrRemainingMs ?? null;
  const left = told === null ? (rollback === null ? null : limit - used - rollback - spare) : told - sinceMs;
  const open = seen.replayAt !== undefined && disruptionsOf(view).some(({ end }) => end === null);
  return { used, left, rollback, spare, limit, step, running: told !== null || open };
}

/** Damage in won; null: unknown. */
export function damageOf({ view, host }: Seen): Range | null {
  return host?.damage ?? meterOf(view, 'damage');
}

/** Customer records; null: unknown. */
export function recordsOf({ view, host }: Seen): Range | null {
  return host?.records ?? meterOf(view, 'records');
}

/** Records of personal credit information; null: unknown. */
export function personalCreditOf({ view }: Seen): Range | null {
  return view.host?.meters.records?.personalCredit ?? null;
}

function meterOf(view: RunView, meter: 'damage' | 'records'): Range | null {
  const read = view.host?.meters[meter];
  return read === undefined || read.low === null ? null : { low: read.low, high: read.high };
}

/** A stretch in which a service was down, in ms since the epoch; `end` null: it still is. */
export interface Down {
  readonly service: string;
  readonly start: number;
  readonly end: number | null;
  readonly extent: 'full' | 'partial';
}

export function disruptionsOf(view: RunView): Down[] {
  return (view.host?.disruptions ?? []).map(({ service, start, startAge, endAge, extent }) => {
    const began = Date.parse(start);
    return { service, extent, start: began, end: endAge === null ? null : began + endAge - startAge };
  });
}

/** Outage of one service so far, ms: its stretches do not overlap. */
export function downMs(downs: readonly Down[], service: string, now: number): number {
  return downs
    .filter((down) => down.service === service)
    .reduce((sum, { start, end }) => sum + Math.max(0, (end ?? now) - start), 0);
}
