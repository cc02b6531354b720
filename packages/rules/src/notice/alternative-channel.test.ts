import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alternativeChannelSchema, isOpenThroughout } from './alternative-channel.ts';

const channel = (opens: string, closes: string) => ({ name: 'ATM', service: 'atm', opens, closes });
const at = (text: string): number => Date.parse(text);

describe('open throughout a window, by the Korean clock', () => {
  test.each([
    ['00:00', '24:00', '2026-11-29T01:00:00+09:00', '2026-12-05T04:00:00+09:00', true],
    ['09:00', '18:00', '2026-11-29T01:00:00+09:00', '2026-11-29T04:00:00+09:00', false],
    ['09:00', '18:00', '2026-11-29T09:00:00+09:00', '2026-11-29T18:00:00+09:00', true],
    ['09:00', '18:00', '2026-11-29T08:59:59+09:00', '2026-11-29T18:00:00+09:00', false],
    ['09:00', '18:00', '2026-11-29T09:00:00+09:00', '2026-11-29T18:00:01+09:00', false],
    ['22:00', '06:00', '2026-11-29T01:00:00+09:00', '2026-11-29T04:00:00+09:00', true],
    ['22:00', '06:00', '2026-11-28T23:00:00+09:00', '2026-11-29T04:00:00+09:00', true],
    ['22:00', '06:00', '2026-11-29T05:00:00+09:00', '2026-11-29T06:30:00+09:00', false],
    ['00:00', '06:00', '2026-11-28T16:00:00Z', '2026-11-28T19:00:00Z', true],
    ['01:00', '24:00', '2026-11-29T23:00:00+09:00', '2026-11-30T00:30:00+09:00', false],
  ])('%s to %s, %s to %s: %s', (opens, closes, start, end, open) => {
    expect(isOpenThroughout(channel(opens, closes), at(start), at(end))).toBe(open);
  });

  test('a channel open throughout a window is open throughout every part of it', () => {
    const time = fc
      .integer({ min: 0, max: 47 })
      .map((half) => `${String(Math.floor(half / 2)).padStart(2, '0')}:${half % 2 === 0 ? '00' : '30'}`);
    const start = at('2026-11-01T00:00:00Z');
    fc.assert(
      fc.property(
        time,
        time,
        fc.nat(30 * 86_400_000),
        fc.nat(86_400_000),
        fc.nat(),
        fc.nat(),
        (opens, closes, from, length, a, b) => {
          fc.pre(opens !== closes);
          const low = start + from;
          const high = low + length + 1;
          const inner = low + (a % (high - low));
          const outer = inner + 1 + (b % (high - inner));
          if (isOpenThroughout(channel(opens, closes), low, high)) {
            expect(isOpenThroughout(channel(opens, closes), inner, Math.min(outer, high))).toBe(true);
          }
        },
      ),
    );
  });
});

test.each(['24:01', '9:00', '09:60', 'noon', ''])('%j is no time of day', (opens) => {
  expect(alternativeChannelSchema.safeParse(channel(opens, '24:00')).success).toBe(false);
});

test('a channel that opens and closes at once is refused', () => {
  expect(alternativeChannelSchema.safeParse(channel('09:00', '09:00')).success).toBe(false);
});
