/** Time as the server sees it. Rules never read it: they are given `now`. */
export interface Clock {
  /** The wall clock. It may jump. */
  now(): Date;
  /** Milliseconds since an arbitrary start, with fractions; never goes back. For durations and deadlines. */
  monotonicMs(): number;
}

/** The clocks of this machine. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};

/** A clock for tests that moves only when told to. */
export type ManualClock = Clock & {
  /** Moves both clocks forward. */
  advance(ms: number): void;
  /** Sets the wall clock alone, as an administrator or NTP does; the monotonic clock stays. */
  jump(to: Date): void;
};

/** Makes a clock that stands still at `start`. */
export function manualClock(start: Date): ManualClock {
  let wall = start.getTime();
  let monotonic = 0;
  return {
    now: () => new Date(wall),
    monotonicMs: () => monotonic,
    advance(ms) {
      if (ms < 0) throw new RangeError('a monotonic clock does not go back');
      wall += ms;
      monotonic += ms;
    },
    jump(to) {
      wall = to.getTime();
    },
  };
}
