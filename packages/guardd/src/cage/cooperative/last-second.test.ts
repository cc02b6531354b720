import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeLastSecond } from './last-second.ts';

test('no second has more than the cap, and what stays below it is never refused', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 }),
      (most, pauses) => {
        let time = 1000;
        const second = makeLastSecond(most, () => time);
        const passed: number[] = [];
        for (const pause of pauses) {
          time += pause;
          const recent = passed.filter((at) => time - at < 1020).length;
          const hasRoom = second.hasRoom();
          expect(hasRoom).toBe(recent < most);
          if (!hasRoom) continue;
          second.add();
          passed.push(time);
        }
      },
    ),
  );
});
