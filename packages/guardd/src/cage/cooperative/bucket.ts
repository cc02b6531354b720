/** A token bucket: so many a second, with one second's worth at once at most. */
export interface Bucket {
  /** Takes `count` when that many are there; false = nothing was taken. */
  take(count: number): boolean;
  /** Takes `count` in any case; the ms after which they would have been there. */
  owe(count: number): number;
}

/** `now` is a monotonic clock in ms. */
export function makeBucket(perSecond: number, now: () => number): Bucket {
  let tokens = perSecond;
  let at = now();
  const refill = (): void => {
    const time = now();
    tokens = Math.min(perSecond, tokens + (Math.max(0, time - at) * perSecond) / 1000);
    at = time;
  };
  return {
    take(count) {
      refill();
      if (tokens < count) return false;
      tokens -= count;
      return true;
    },
    owe(count) {
      refill();
      tokens -= count;
      return tokens >= 0 ? 0 : (-tokens * 1000) / perSecond;
    },
  };
}
