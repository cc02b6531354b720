import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { baselineOf, decideTrip, newResponse, takeAnswer, type GuardFacts, type ResponseState } from './index.ts';
import { limits } from './limits.testing.ts';

interface Case {
  readonly note: string;
  readonly before: readonly number[];
  readonly since: readonly number[];
  readonly at: number;
  readonly percent: number | null;
}

const cases = parse(readFileSync(new URL('cases/response.yaml', import.meta.url), 'utf8')) as Case[];
const everyMs = 500;
const slower = { ...limits, slowerBy: { statement: { percent: 50, overMs: 2000 } } };

function answered(before: readonly number[], since: readonly number[]): ResponseState {
  const quiet = before.reduce(
    (state, ms, i) => takeAnswer(state, { at: i * everyMs, ms }, false),
    newResponse('p1', 'statement'),
  );
  return since.reduce((state, ms, i) => takeAnswer(state, { at: i * everyMs, ms }, true), quiet);
}

function facts(now: number, response: ResponseState, running = true): GuardFacts {
  return {
    now,
    probes: [],
    damage: null,
    records: null,
    personalCredit: null,
    leaseSilentMs: 0,
    windowEnd: 1_000_000_000,
    windowEndsAt: '2026-11-29T04:00:00Z',
    turnBackBy: null,
    allDone: false,
    journal: null,
    failed: null,
    test: { running, since: 0, attempts: 0, stopAfter: null, stopped: null, responses: [response] },
  };
}

describe('a service is slower than it was', () => {
  test.each(cases)('$note', ({ before, since, at, percent }) => {
    const trip = decideTrip(facts(at, answered(before, since)), slower);
    const baselineMs = baselineOf(answered(before, since))?.typicalMs;
    expect(trip).toEqual(
      percent === null
        ? null
        : {
            reason: 'slower',
            service: 'statement',
            probe: 'p1',
            limitPercent: 50,
            observedPercent: percent,
            baselineMs,
          },
    );
  });

  const slow = answered([10, 10, 10, 10, 10], [900, 900, 900, 900]);

  test('only while it is tested', () => {
    expect(decideTrip(facts(2000, slow, false), slower)).toBeNull();
  });

  test('only where the plan limits it', () => {
    expect(decideTrip(facts(2000, slow), limits)).toBeNull();
  });

  const times = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 5, maxLength: 30 });

  test('never because of answers that are as they were before', () => {
    fc.assert(
      fc.property(times, fc.infiniteStream(fc.nat()), (before, picks) => {
        const since = before.map(() => before[(picks.next().value ?? 0) % before.length] ?? 0);
        const trip = decideTrip(
          facts(
            since.length * everyMs,
            answered(
              before,
              since.map(() => Math.min(...since)),
            ),
          ),
          slower,
        );
        expect(trip).toBeNull();
      }),
    );
  });

  test('whenever it is for an answer time, also for longer ones', () => {
    fc.assert(
      fc.property(times, times, fc.integer({ min: 1, max: 1000 }), (before, since, more) => {
        const at = since.length * everyMs;
        if (decideTrip(facts(at, answered(before, since)), slower) === null) return;
        const longer = since.map((ms) => ms + more);
        expect(decideTrip(facts(at, answered(before, longer)), slower)).toMatchObject({ reason: 'slower' });
      }),
    );
  });

  test('while memory stays bounded however long a run is', () => {
    const many = Array.from({ length: 2000 }, (_, i) => i);
    const { before, since } = answered(many, many);
    expect([before.length, since.length]).toEqual([600, 600]);
    expect([before.at(-1), since.at(-1)?.ms]).toEqual([1999, 1999]);
  });
});
