import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quietWithin, scheduleSending } from './schedule.ts';

const hour = 3_600_000;
const windowStart = Date.parse('2026-11-29T01:00:00+09:00');
const plan = { windowStart, leadMs: 24 * hour, recipients: 3_600_000, perSecond: 500, now: windowStart - 26 * hour };

describe('a sending', () => {
  test.each([
    ['begun exactly at its latest start is in time', {}, true, 0],
    ['begun a millisecond later is late by one', { now: plan.now + 1 }, false, 1],
    ['to nobody takes no time', { recipients: 0, now: windowStart - 24 * hour }, true, 0],
    ['without any rate never ends', { perSecond: 0 }, false, Infinity],
  ])('%s', (_what, changes, inTime, lateMs) => {
    expect(scheduleSending({ ...plan, ...changes })).toMatchObject({ inTime, lateMs });
  });

  test('begun late says how many it reaches, in time and before the work', () => {
    const schedule = scheduleSending({ ...plan, now: windowStart - hour });
    expect(schedule).toMatchObject({ reachedInTime: 0, reachedBeforeStart: 1_800_000, sendingMs: 2 * hour });
    expect(schedule.words.ko).toContain('1,800,000명');
  });

  test('that begins earlier never reaches fewer', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000_000),
        fc.integer({ min: 1, max: 5000 }),
        fc.nat(1e9),
        fc.nat(1e9),
        (recipients, perSecond, a, b) => {
          const at = (ms: number) => scheduleSending({ ...plan, recipients, perSecond, now: windowStart - ms });
          const [early, late] = a > b ? [at(a), at(b)] : [at(b), at(a)];
          expect(early.reachedBeforeStart).toBeGreaterThanOrEqual(late.reachedBeforeStart);
          expect(early.lateMs).toBeLessThanOrEqual(late.lateMs);
        },
      ),
    );
  });
});

describe('quiet hours', () => {
  const at = (text: string): number => Date.parse(`2026-11-${text}:00+09:00`);
  test.each([
    ['28T10:00', '28T20:59', []],
    ['28T20:00', '28T21:00', []],
    ['28T20:00', '29T09:00', [['28T21:00', '29T08:00']]],
    ['28T03:00', '28T04:00', [['28T03:00', '28T04:00']]],
    [
      '28T07:00',
      '30T22:00',
      [
        ['28T07:00', '28T08:00'],
        ['28T21:00', '29T08:00'],
        ['29T21:00', '30T08:00'],
        ['30T21:00', '30T22:00'],
      ],
    ],
    ['28T07:00', '28T07:00', []],
  ] as [string, string, [string, string][]][])('from %s to %s', (from, to, quiet) => {
    expect(quietWithin(at(from), at(to))).toEqual(quiet.map(([start, end]) => ({ start: at(start), end: at(end) })));
  });
});
