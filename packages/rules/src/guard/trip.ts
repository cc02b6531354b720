/** When the guard trips: one decision over all limits, from what is known now. */
import type { CageTrip } from '#containment/record';
import { blindMs, outageMs, serviceVerdict, type ProbeState } from './ledger.ts';
import { leaseMs, recoverAfterMs } from './lease.ts';
import type { RunLimits } from './protocol.ts';
import type { Trip } from './record.ts';
import { baselineOf, slowerPercent, type ResponseState } from './response.ts';

/** What a meter says: bounds of a running total, or how long it has said nothing. */
export interface MeterState {
  readonly low: number | null;
  /** null: without an upper bound. */
  readonly high: number | null;
  /** How long it has had no reading, ms; 0 while it reads. */
  readonly blindMs: number;
}

/** What is known of the caged test of a run. */
export interface TestFacts {
  /** The tester is at work in its cage. */
  readonly running: boolean;
  /** Age at which it began. */
  readonly since: number;
  /** Packets to destinations outside the scope, and beyond how many it is stopped; null = never. */
  readonly attempts: number;
  readonly stopAfter: number | null;
  /** Why the cage stopped it by itself. */
  readonly stopped: CageTrip | null;
  readonly responses: readonly ResponseState[];
}

/** All that the decision reads. Times are ages of the run in ms. A meter that a person attests is null. */
export interface GuardFacts {
  readonly now: number;
  readonly probes: readonly ProbeState[];
  readonly damage: MeterState | null;
  /** Unclassified records count here and in `personalCredit`. */
  readonly records: MeterState | null;
  readonly personalCredit: MeterState | null;
  readonly leaseSilentMs: number;
  readonly windowEnd: number;
  readonly windowEndsAt: string;
  /** Latest age at which the way back may begin; null when nothing is to be taken back. */
  readonly turnBackBy: number | null;
  /** Every step of the plan is done and none is running. */
  readonly allDone: boolean;
  readonly journal: { readonly code: string; readonly reserveBytes: number } | null;
  /** Last step action that failed, if the run did not go on from it. */
  readonly failed: { readonly step: string; readonly outcome: string } | null;
  /** null: the plan has no test, or it was not begun. */
  readonly test: TestFacts | null;
}

/**
 * Why the guard must stop now, or null. What harms comes first, so that a trip names the worst reason that holds.
 *
 * A lost lease and the end of the window do not undo work that is wholly done on services that are up: nothing is
 * half done, and the guard goes on watching.
 */
export function decideTrip(facts: GuardFacts, limits: RunLimits): Trip | null {
  for (const reason of reasons) {
    const trip = reason(facts, limits);
    if (trip !== null) return trip;
  }
  return null;
}

type Reason = (facts: GuardFacts, limits: RunLimits) => Trip | null;

const reasons: readonly Reason[] = [
  ({ personalCredit: meter }, { personalCredit: limit }) =>
    reaches(meter, limit) ? { reason: 'personal-credit', limit, observed: meter?.high ?? null } : null,
  ({ records: meter }, { records: limit }) =>
    reaches(meter, limit) ? { reason: 'records-limit', limit, observed: meter?.high ?? null } : null,
  ({ damage: meter }, { damageWon }) =>
    reaches(meter, damageWon)
      ? { reason: 'damage-limit', limitWon: damageWon, observedWon: meter?.high ?? null }
      : null,
  ({ test }) => (test?.stopped ? cageTripOf(test.stopped) : null),
  ({ test }) => (test === null ? null : attempted(test.attempts, test.stopAfter)),
  ({ failed }) => (failed === null ? null : { reason: 'step-failed', ...failed }),
  ({ journal }) => (journal === null ? null : { reason: 'journal-unwritable', ...journal }),
  outageLimit,
  pastReturn,
  serviceDown,
  slower,
  probeBlind,
  (facts, limits) => meterBlind('damage', facts.damage, limits),
  (facts, limits) => meterBlind('records', facts.records, limits),
  ({ now, windowEnd, windowEndsAt, ...facts }) =>
    now >= windowEnd && !isWhole(facts) ? { reason: 'window-end', endedAt: windowEndsAt } : null,
  leaseLost,
];

/** A cage that stopped its test has done so already; the run follows. */
function cageTripOf(stopped: CageTrip): Trip | null {
  switch (stopped.reason) {
    case 'attempts':
      return { reason: 'scope-attempts', limit: stopped.limit, observed: stopped.observed };
    case 'self-test':
      return { reason: 'cage-broken', canary: stopped.canary, detail: stopped.detail };
    case 'proxy-gone':
      return { reason: 'cage-broken', canary: 'inside', detail: 'the proxy at the gate ended' };
    case 'window-end':
      return { reason: 'window-end', endedAt: stopped.endedAt };
    case 'lease-lost':
      return { reason: 'lease-lost', silentMs: stopped.silentMs, graceMs: 0 };
    // It was never begun: the step says so.
    case 'window-start':
    case 'lever':
      return null;
  }
}

function attempted(observed: number, stopAfter: number | null): Trip | null {
  return stopAfter === null || observed <= stopAfter ? null : { reason: 'scope-attempts', limit: stopAfter, observed };
}

/** A test waits for nobody: it ends with the lease. Other work waits for a new owner first. */
function leaseLost({ leaseSilentMs, test, ...facts }: GuardFacts, { takeoverGraceMs }: RunLimits): Trip | null {
  const graceMs = test?.running === true ? 0 : takeoverGraceMs;
  const after = test?.running === true ? leaseMs : recoverAfterMs(takeoverGraceMs);
  if (leaseSilentMs < after || isWhole(facts)) return null;
  return { reason: 'lease-lost', silentMs: Math.round(leaseSilentMs), graceMs };
}

/** Only while it is tested: afterwards the test cannot be what makes it slow. */
function slower({ now, test }: GuardFacts, { slowerBy }: RunLimits): Trip | null {
  if (test === null || !test.running) return null;
  for (const state of test.responses) {
    const limit = slowerBy?.[state.service];
    const observedPercent = limit === undefined ? null : slowerPercent(state, limit, now - test.since, now);
    if (limit === undefined || observedPercent === null) continue;
    const baselineMs = Math.round((baselineOf(state)?.typicalMs ?? 0) * 10) / 10;
    const { service, probe } = state;
    return { reason: 'slower', service, probe, limitPercent: limit.percent, observedPercent, baselineMs };
  }
  return null;
}

/** True when a total may have reached its limit: its upper bound counts, and nothing at all never reaches a limit of zero. */
function reaches(meter: MeterState | null, limit: number): boolean {
  if (meter === null || (meter.low === null && meter.high === null)) return false;
  return meter.high === null || (meter.high > 0 && meter.high >= limit);
}

function outageLimit({ probes, now }: GuardFacts, limits: RunLimits): Trip | null {
  const observed = outageMs(probes, now);
  if (observed < limits.outageMs) return null;
  const service = firstNotUp(probes)?.settings.service ?? '';
  return { reason: 'outage-limit', service, limitMs: limits.outageMs, observedMs: Math.round(observed) };
}

function pastReturn({ probes, now, turnBackBy }: GuardFacts): Trip | null {
  if (turnBackBy === null || now < turnBackBy || firstNotUp(probes) === null) return null;
  return { reason: 'point-of-no-return', remainingMs: Math.round(turnBackBy - now) };
}

function serviceDown({ probes, now }: GuardFacts, { serviceDownMs }: RunLimits): Trip | null {
  for (const { settings, verdict, spells } of probes) {
    const limitMs = serviceDownMs?.[settings.service];
    const since = spells.at(-1);
    if (limitMs === undefined || verdict !== 'down' || since === undefined) continue;
    const observedMs = Math.round(now - since.start);
    if (observedMs >= limitMs)
      return { reason: 'service-down', service: settings.service, probe: settings.id, limitMs, observedMs };
  }
  return null;
}

function probeBlind({ probes, now }: GuardFacts, { blindAfterMs }: RunLimits): Trip | null {
  for (const probe of probes) {
    const observedMs = Math.round(probe.lastSample === null ? now : blindMs(probe, now));
    if (observedMs >= blindAfterMs)
      return { reason: 'probe-blind', probe: probe.settings.id, limitMs: blindAfterMs, observedMs };
  }
  return null;
}

function meterBlind(meter: 'damage' | 'records', state: MeterState | null, { blindAfterMs }: RunLimits): Trip | null {
  if (state === null || state.blindMs < blindAfterMs) return null;
  return { reason: 'meter-blind', meter, limitMs: blindAfterMs, observedMs: Math.round(state.blindMs) };
}

function firstNotUp(probes: readonly ProbeState[]): ProbeState | null {
  return probes.find(({ verdict }) => verdict === 'down' || verdict === 'unknown') ?? null;
}

function isWhole({ allDone, probes }: Pick<GuardFacts, 'allDone' | 'probes'>): boolean {
  return allDone && (probes.length === 0 || serviceVerdict(probes) === 'up');
}

/** What a trip does to an action that is running. `onStop: finish` of its step lets it end, up to the point of no return. */
export const tripCuts: Readonly<Record<Trip['reason'], 'at-once' | 'as-the-step-says'>> = {
  'outage-limit': 'at-once',
  'point-of-no-return': 'at-once',
  lever: 'at-once',
  'service-down': 'as-the-step-says',
  'damage-limit': 'as-the-step-says',
  'records-limit': 'as-the-step-says',
  'personal-credit': 'as-the-step-says',
  'lease-lost': 'as-the-step-says',
  'window-end': 'as-the-step-says',
  'probe-blind': 'as-the-step-says',
  'meter-blind': 'as-the-step-says',
  'step-failed': 'as-the-step-says',
  'journal-unwritable': 'as-the-step-says',
  'scope-attempts': 'at-once',
  slower: 'at-once',
  'cage-broken': 'at-once',
};
