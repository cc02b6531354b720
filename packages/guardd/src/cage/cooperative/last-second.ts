/** So many in any second: what is older than a second makes room, and nothing else does. */
export interface LastSecond {
  /** True when one more may pass now; it is not counted yet. */
  hasRoom(): boolean;
  /** Counts one. Call it after {@link hasRoom} was true. */
  add(): void;
}

/** A second as a target may read it, whose clock is late by a little. */
const secondMs = 1020;

/** `now` is a monotonic clock in ms. */
export function makeLastSecond(most: number, now: () => number): LastSecond {
  /** When the last ones passed; `oldest` is the place that is written next. */
  const times: number[] = [];
  let oldest = 0;
  return {
    hasRoom: () => times.length < most || now() - (times[oldest] ?? 0) >= secondMs,
    add() {
      times[oldest] = now();
      oldest = (oldest + 1) % most;
    },
  };
}
