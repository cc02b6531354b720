import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ageAt, ageOfDeadline, firstAnchor, moveAnchor, type Mark } from './index.ts';

const prepared: Mark = { wall: 1_000_000, mono: 5_000, boot: 'a' };
const anchor = firstAnchor(prepared);

describe('the age of a run', () => {
  test('within one boot is the monotonic difference, whatever the wall clock does', () => {
    expect(ageAt(anchor, { wall: 1_000_000 - 3_600_000, mono: 8_000, boot: 'a' })).toBe(3_000);
    expect(ageAt(anchor, { wall: 1_000_000 + 3_600_000, mono: 8_000, boot: 'a' })).toBe(3_000);
  });

  test('after a reboot is the larger of the wall difference and the last known age', () => {
    const known = moveAnchor(anchor, { wall: 1_060_000, mono: 65_000, boot: 'a' });
    expect(ageAt(known, { wall: 1_090_000, mono: 3, boot: 'b' })).toBe(90_000);
    expect(ageAt(known, { wall: 1_000_100, mono: 3, boot: 'b' })).toBe(60_000);
  });

  test('goes on by the new boot’s monotonic clock', () => {
    const back = moveAnchor(moveAnchor(anchor, { wall: 1_060_000, mono: 65_000, boot: 'a' }), {
      wall: 1_090_000,
      mono: 3,
      boot: 'b',
    });
    expect(ageAt(back, { wall: 0, mono: 1_003, boot: 'b' })).toBe(91_000);
  });

  test('never goes back, over any clocks and boots', () => {
    const mark = fc.record({ wall: fc.integer(), mono: fc.nat(), boot: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(fc.array(mark), (marks) => {
        let at = anchor;
        for (const next of marks) {
          const moved = moveAnchor(at, next);
          expect(moved.age).toBeGreaterThanOrEqual(at.age);
          at = moved;
        }
      }),
    );
  });
});

test('a wall-clock limit is converted once, narrowed by the stated error', () => {
  expect(ageOfDeadline(1_600_000, prepared, 1_000)).toBe(599_000);
  expect(ageOfDeadline(900_000, prepared, 1_000)).toBeLessThan(0);
});
