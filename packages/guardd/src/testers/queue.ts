/** Events from more than one source, in the order in which they came. */
import type { TesterEvent } from '@breakwater/rules/containment';

/** Events that wait for their reader; what comes while so many wait is dropped and counted. */
const mostWaiting = 10_000;

export interface EventQueue extends AsyncIterable<TesterEvent> {
  push(event: TesterEvent): void;
  /** Nothing comes after `last`, which is never dropped. */
  end(last: TesterEvent): void;
  /** Events that were dropped. */
  readonly dropped: number;
}

export function createEventQueue(): EventQueue {
  let waiting: TesterEvent[] = [];
  let ended = false;
  let dropped = 0;
  let wake: () => void = () => undefined;
  return {
    push(event) {
      if (ended) return;
      if (waiting.length >= mostWaiting) dropped++;
      else waiting.push(event);
      wake();
    },
    end(last) {
      if (ended) return;
      waiting.push(last);
      ended = true;
      wake();
    },
    get dropped() {
      return dropped;
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const now = waiting;
        waiting = [];
        yield* now;
        if (waiting.length > 0) continue;
        if (ended) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
