import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { askEvery } from './schedule.ts';

test('asks again before the last answer, and takes answers in the order of the questions', async () => {
  const delays = [60, 5, 5, 5];
  const taken: number[] = [];
  let asked = 0;
  const schedule = askEvery(
    10,
    async () => {
      const mine = asked++;
      await sleep(delays[mine] ?? 1);
      return mine;
    },
    (answer) => taken.push(answer),
  );
  await expect.poll(() => taken.length).toBeGreaterThan(3);
  schedule.stop();
  expect(taken).toEqual(taken.map((_, i) => i));
  const then = taken.length;
  await sleep(40);
  expect(taken).toHaveLength(then);
});

test('leaves slots out while too many questions are open', async () => {
  let open = 0;
  let most = 0;
  const schedule = askEvery(
    1,
    async () => {
      most = Math.max(most, ++open);
      await sleep(100);
      open--;
    },
    () => undefined,
  );
  await sleep(80);
  schedule.stop();
  expect(most).toBe(8);
});
