/** Asking on a fixed schedule of the monotonic clock. */
import { monoNow } from '../clock.ts';

export interface Schedule {
  /** No further asking; answers that are still to come are dropped. */
  stop(): void;
}

/** Questions of one schedule that may be open at once; where each takes that long, slots are left out. */
const mostOpen = 8;

/**
 * Calls `ask` now and then at every multiple of `everyMs` from now on, whether the question before was answered or not, and
 * hands the answers to `take` in the order of the questions. `ask` must not reject.
 */
export function askEvery<Answer>(
  everyMs: number,
  ask: () => Promise<Answer>,
  take: (answer: Answer) => void,
): Schedule {
  const began = monoNow();
  let stopped = false;
  let open = 0;
  let slot = 0;
  let before: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  async function takeInOrder(answer: Promise<Answer>, previous: Promise<void>): Promise<void> {
    const given = await answer;
    await previous;
    open--;
    if (!stopped) take(given);
  }
  function turn(): void {
    if (open < mostOpen) {
      open++;
      before = takeInOrder(ask(), before);
    }
    const now = monoNow();
    // A timer may ring a little early: the slot it rang for is over all the same.
    slot = Math.max(slot, Math.floor((now - began) / everyMs)) + 1;
    timer = setTimeout(turn, began + slot * everyMs - now);
  }
  turn();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
