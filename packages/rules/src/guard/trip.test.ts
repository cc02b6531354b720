import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decideTrip,
  newProbe,
  takeSample,
  tripCuts,
  type GuardFacts,
  type MeterState,
  type ProbeState,
  type Sample,
  type TestFacts,
} from './index.ts';
import { limits } from './limits.testing.ts';
import { trip as tripShape } from './record.ts';

/** A probe of `transfer` asked every 500 ms from 0: `g`ood, `b`ad, `-` blind. */
function probed(samples: string): ProbeState {
  const words = { g: 'good', b: 'bad', '-': 'blind' } as const;
  return samples.split('').reduce(
    (state, letter, i) => {
      const sample: Sample = { at: i * 500, result: words[letter as keyof typeof words], reason: null };
      return takeSample(state, sample).state;
    },
    newProbe({ id: 'p1', service: 'transfer', downAfter: 3, upAfter: 3, gapMs: 1_000_000_000 }),
  );
}

const reading = (high: number | null, low = 0): MeterState => ({ low, high, blindMs: 0 });
const up = probed('ggg');
const calm: GuardFacts = {
  now: 1500,
  probes: [up],
  damage: reading(0),
  records: reading(0),
  personalCredit: reading(0),
  leaseSilentMs: 0,
  windowEnd: 1_000_000_000,
  windowEndsAt: '2026-11-29T04:00:00Z',
  turnBackBy: null,
  allDone: false,
  journal: null,
  failed: null,
  test: null,
};
const testing: TestFacts = { running: true, since: 0, attempts: 0, stopAfter: 2, stopped: null, responses: [] };
const down = probed('gggbbb');
const blind = probed('ggg---');
const whole = { allDone: true, probes: [up] };
const { serviceDownMs: _, ...unbounded } = limits;

describe('the guard trips', () => {
  test.each<[string, Partial<GuardFacts>, object | null]>([
    ['not while nothing is wrong', {}, null],
    [
      'at the outage limit',
      { probes: [down], now: 61_500 },
      { reason: 'outage-limit', service: 'transfer', limitMs: 60_000, observedMs: 60_000 },
    ],
    [
      'at the point of no return, when a service is not up',
      { probes: [down], now: 9_000, turnBackBy: 9_000 },
      { reason: 'point-of-no-return', remainingMs: 0 },
    ],
    [
      'at the point of no return, when a service is unknown',
      { probes: [blind], now: 9_000, turnBackBy: 8_990 },
      { reason: 'point-of-no-return', remainingMs: -10 },
    ],
    ['not a millisecond before it', { probes: [down], now: 8_999, turnBackBy: 9_000 }, null],
    ['not at it while all services are up', { now: 9_000, turnBackBy: 9_000 }, null],
    [
      'when a service is down for as long as it may be',
      { probes: [down], now: 21_500 },
      { reason: 'service-down', service: 'transfer', probe: 'p1', limitMs: 20_000, observedMs: 20_000 },
    ],
    ['not a millisecond before that', { probes: [down], now: 21_499 }, null],
    [
      'when damage may have reached its limit',
      { damage: reading(30_000_000) },
      { reason: 'damage-limit', limitWon: 30_000_000, observedWon: 30_000_000 },
    ],
    ['not a won below', { damage: reading(29_999_999) }, null],
    [
      'when damage has no upper bound',
      { damage: reading(null, 5) },
      { reason: 'damage-limit', limitWon: 30_000_000, observedWon: null },
    ],
    [
      'when records may have reached theirs',
      { records: reading(100) },
      { reason: 'records-limit', limit: 100, observed: 100 },
    ],
    ['not a record below', { records: reading(99) }, null],
    [
      'at the first record that may be personal credit information',
      { personalCredit: reading(1) },
      { reason: 'personal-credit', limit: 0, observed: 1 },
    ],
    ['not at zero of a limit of zero', { personalCredit: reading(0) }, null],
    [
      'when a meter is silent for too long',
      { damage: { low: 0, high: 0, blindMs: 10_000 } },
      { reason: 'meter-blind', meter: 'damage', limitMs: 10_000, observedMs: 10_000 },
    ],
    ['not for a meter that a person attests', { damage: null, records: null, personalCredit: null }, null],
    [
      'when a probe is blind for too long',
      { probes: [blind], now: 11_500 },
      { reason: 'probe-blind', probe: 'p1', limitMs: 10_000, observedMs: 10_000 },
    ],
    [
      'when a probe never answered at all',
      {
        probes: [newProbe({ id: 'p1', service: 'transfer', downAfter: 3, upAfter: 3, gapMs: 1_000_000_000 })],
        now: 10_000,
      },
      { reason: 'probe-blind', probe: 'p1', limitMs: 10_000, observedMs: 10_000 },
    ],
    [
      'when the lease is silent beyond the grace',
      { leaseSilentMs: 5_000 },
      { reason: 'lease-lost', silentMs: 5_000, graceMs: 5_000 },
    ],
    ['not within the grace', { leaseSilentMs: 4_999 }, null],
    ['not for a lost lease when all is done and up', { ...whole, leaseSilentMs: 60_000 }, null],
    [
      'for a lost lease when all is done and a service is down',
      { ...whole, probes: [down], now: 3_000, leaseSilentMs: 60_000 },
      { reason: 'lease-lost', silentMs: 60_000, graceMs: 5_000 },
    ],
    [
      'at the end of the window',
      { now: 5_000, windowEnd: 5_000 },
      { reason: 'window-end', endedAt: '2026-11-29T04:00:00Z' },
    ],
    ['not at it when all is done and up', { ...whole, now: 5_000, windowEnd: 5_000 }, null],
    [
      'when a step failed',
      { failed: { step: 'a', outcome: 'failed' } },
      { reason: 'step-failed', step: 'a', outcome: 'failed' },
    ],
    [
      'when the journal cannot grow',
      { journal: { code: 'ENOSPC', reserveBytes: 1 } },
      { reason: 'journal-unwritable', code: 'ENOSPC', reserveBytes: 1 },
    ],
    ['not at as many attempts outside the scope as are let pass', { test: { ...testing, attempts: 2 } }, null],
    [
      'at the first beyond them',
      { test: { ...testing, attempts: 3 } },
      { reason: 'scope-attempts', limit: 2, observed: 3 },
    ],
    [
      'at the very first where none is let pass',
      { test: { ...testing, stopAfter: 0, attempts: 1 } },
      { reason: 'scope-attempts', limit: 0, observed: 1 },
    ],
    ['not for attempts where the scope counts none', { test: { ...testing, stopAfter: null, attempts: 999 } }, null],
    [
      'when its cage failed its self-test, and not because the step failed with it',
      {
        failed: { step: 'tester', outcome: 'failed' },
        test: { ...testing, running: false, stopped: { reason: 'self-test', canary: 'outside', detail: 'answered' } },
      },
      { reason: 'cage-broken', canary: 'outside', detail: 'answered' },
    ],
    [
      'when the window of the scope closed before that of the plan',
      { test: { ...testing, stopped: { reason: 'window-end', endedAt: '2026-11-29T03:00:00Z' } } },
      { reason: 'window-end', endedAt: '2026-11-29T03:00:00Z' },
    ],
    [
      'with the lease, without grace, while a test runs',
      { leaseSilentMs: 450, test: testing },
      { reason: 'lease-lost', silentMs: 450, graceMs: 0 },
    ],
    ['not a millisecond before', { leaseSilentMs: 449, test: testing }, null],
    ['with grace again when the test has ended', { leaseSilentMs: 450, test: { ...testing, running: false } }, null],
  ])('%s', (_note, facts, trip) => {
    expect(decideTrip({ ...calm, ...facts }, limits)).toEqual(trip);
  });

  test('by the point of no return alone where services have no limit of their own', () => {
    expect(decideTrip({ ...calm, probes: [down], now: 21_500 }, unbounded)).toBeNull();
  });

  test('with what harms named before what merely stops', () => {
    const all: GuardFacts = {
      ...calm,
      personalCredit: reading(1),
      damage: reading(null),
      leaseSilentMs: 1_000_000,
      now: 1_000_000,
      windowEnd: 0,
    };
    expect(decideTrip(all, limits)?.reason).toBe('personal-credit');
  });

  test('whatever the facts, in the shape that is journalled, and again for the same facts', () => {
    const meter = fc.option(
      fc.record({ low: fc.option(fc.nat()), high: fc.option(fc.nat()), blindMs: fc.nat(20_000) }),
    );
    const facts = fc.record({
      now: fc.nat(100_000),
      probes: fc.array(fc.constantFrom(up, down, blind), { maxLength: 3 }),
      damage: meter,
      records: meter,
      personalCredit: meter,
      leaseSilentMs: fc.nat(10_000),
      windowEnd: fc.nat(100_000),
      windowEndsAt: fc.constant('2026-11-29T04:00:00Z'),
      turnBackBy: fc.option(fc.nat(100_000)),
      allDone: fc.boolean(),
      journal: fc.constant(null),
      failed: fc.constant(null),
      test: fc.constant(null),
    });
    fc.assert(
      fc.property(facts, (given) => {
        const decided = decideTrip(given, limits);
        if (decided !== null) expect(tripShape.parse(decided)).toEqual(decided);
        expect(decideTrip(given, limits)).toEqual(decided);
      }),
    );
  });

  test('never later for more damage, more silence or an earlier end of the window', () => {
    fc.assert(
      fc.property(fc.nat(60_000_000), fc.nat(10_000), fc.nat(100_000), (won, silent, end) => {
        const facts: GuardFacts = { ...calm, damage: reading(won), leaseSilentMs: silent, windowEnd: end };
        if (decideTrip(facts, limits) === null) return;
        expect(decideTrip({ ...facts, damage: reading(won + 1) }, limits)).not.toBeNull();
        expect(decideTrip({ ...facts, leaseSilentMs: silent + 1 }, limits)).not.toBeNull();
        expect(decideTrip({ ...facts, windowEnd: end - 1 }, limits)).not.toBeNull();
      }),
    );
  });
});

test('every trip says what it does to a step that is running', () => {
  expect(Object.keys(tripCuts).toSorted()).toEqual(tripShape.options.map(({ shape }) => shape.reason.value).toSorted());
});
