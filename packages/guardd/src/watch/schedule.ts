/** Asking on a fixed schedule of the monotonic clock. */
import { monoNow } from '../clock.ts';

export interface Schedule {
  /** No further asking; what is being asked ends by itself. */
  stop(): void;
}

/**
 * Calls `ask` now and then at every multiple of `everyMs` from now on. While one takes longer than its slot the slots that
 * pass are left out, so that the rhythm stays and never two are asked at once. `ask` must not reject.
 */
export function askEvery(everyMs: number, ask: () => Promise<void>): Schedule {
  const began = monoNow();
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;
  async function turn(): Promise<void> {
    await ask();
    if (stopped) return;
    const now = monoNow();
    const slot = Math.floor((now - began) / everyMs) + 1;
    timer = setTimeout(() => void turn(), began + slot * everyMs - now);
  }
  void turn();
  return {
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
