import { expect, test } from 'vitest';
import { manualClock, systemClock } from './index.ts';

test('the manual clock moves only when told, and a jump of the wall leaves durations alone', () => {
  const clock = manualClock(new Date('2026-07-10T00:00:00Z'));
  clock.advance(1500);
  expect(clock.now().toISOString()).toBe('2026-07-10T00:00:01.500Z');
  expect(clock.monotonicMs()).toBe(1500);
  clock.jump(new Date('2026-07-09T00:00:00Z'));
  expect(clock.now().toISOString()).toBe('2026-07-09T00:00:00.000Z');
  expect(clock.monotonicMs()).toBe(1500);
  expect(() => clock.advance(-1)).toThrow(RangeError);
});

test('the system clock does not go back', () => {
  const first = systemClock.monotonicMs();
  expect(systemClock.monotonicMs()).toBeGreaterThanOrEqual(first);
});
