/** A run as guardd shows it. */
import {
  baselineOf,
  isDone,
  lastEffect,
  outageMs,
  recentMs,
  turnBackBy,
  type MeterState,
  type ProbeState,
  type ProbeVerdict,
  type ResponseState,
  type RunLimits,
  type RunOnHost,
  type RunState,
} from '@breakwater/rules/guard';

import type { TestSeen } from './caged-test.ts';

/** Answer times are shown over this long, where the plan does not limit them, ms. */
const shownOverMs = 5000;

/** What is shown besides the journal's own facts. */
export interface Shown {
  readonly steps: readonly string[];
  readonly limits: RunLimits;
  readonly now: number;
  readonly probes: readonly ProbeState[];
  readonly services: Readonly<Record<string, ProbeVerdict>>;
  readonly damage: MeterState | null;
  readonly records: MeterState | null;
  readonly leaseSilentMs: number;
  readonly busy: string | null;
  /** What answering takes, by probe. */
  readonly responses: readonly ResponseState[];
  /** null: this supervisor has begun no test. */
  readonly test: TestSeen | null;
}

export function runState(run: RunOnHost, shown: Shown): RunState {
  return {
    run: run.run,
    epoch: run.epoch,
    mode: run.mode,
    phase: phaseOf(run, shown),
    step: shown.busy,
    outageMs: run.closed?.outageMs ?? Math.round(outageMs(shown.probes, shown.now)),
    outageLimitMs: shown.limits.outageMs,
    damage: totalOf(shown.damage),
    records: totalOf(shown.records),
    pnrRemainingMs: pnrRemainingMs(run, shown),
    services: { ...shown.services },
    leaseSilentMs: Math.max(0, Math.round(shown.leaseSilentMs)),
    lastSeq: run.lastSeq,
    ...testOf(run, shown),
  };
}

function testOf({ cage }: RunOnHost, { responses, limits, now, test: seen }: Shown): Pick<RunState, 'test'> {
  if (cage === null) return {};
  const { level, attempts, findings, closed } = cage;
  return {
    test: {
      level,
      findings,
      attempts: Math.max(attempts, seen?.destinations ?? 0),
      running: seen?.running ?? false,
      connections: closed?.totals.connections ?? seen?.connections ?? null,
      responses: responses.map((response) => {
        const { probe, service } = response;
        const overMs = limits.slowerBy?.[service]?.overMs ?? shownOverMs;
        const baselineMs = baselineOf(response)?.typicalMs ?? null;
        return { probe, service, baselineMs, recentMs: recentMs(response, overMs, now) };
      }),
    },
  };
}

export function phaseOf(run: RunOnHost, { steps, busy }: Pick<Shown, 'steps' | 'busy'>): RunState['phase'] {
  if (run.closed !== null) return 'closed';
  if (run.recovery.length > 0) return 'recovering';
  if (run.trip !== null) return 'tripped';
  if (run.held !== null) return 'held';
  if (busy === null && steps.every((step) => isDone(run, step))) return 'observing';
  return busy !== null || run.order.length > 0 ? 'working' : 'ready';
}

function totalOf(meter: MeterState | null): { low: number; high: number | null } | null {
  return meter === null || meter.low === null ? null : { low: meter.low, high: meter.high };
}

/** The age by which the way back must begin as things stand; null when nothing is to be taken back or times are unknown. */
export function turnBackNow(
  run: RunOnHost,
  { limits, probes, now }: Pick<Shown, 'limits' | 'probes' | 'now'>,
): number | null {
  const last = run.mode === 'rehearsal' ? null : lastEffect(run);
  return last === null ? null : turnBackBy(limits, last, outageMs(probes, now), now);
}

function pnrRemainingMs(run: RunOnHost, shown: Shown): number | null {
  const by = turnBackNow(run, shown);
  const whole = Object.values(shown.services).every((verdict) => verdict === 'up');
  return by === null || whole || run.closed !== null ? null : Math.floor(by - shown.now);
}
