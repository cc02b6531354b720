/** A token bucket for bytes: so many a second, with one second's worth at once at most. */
export interface Bucket {
  /** Takes `count` in any case; the ms after which they would have been there. */
  owe(count: number): number;
}

/** `now` is a monotonic clock in ms. */
export function makeBucket(perSecond: number, now: () => number): Bucket {
  let tokens = perSecond;
  let at = now();
  return {
    owe(count) {
      const time = now();
      tokens = Math.min(perSecond, tokens + (Math.max(0, time - at) * perSecond) / 1000) - count;
      at = time;
      return tokens >= 0 ? 0 : (-tokens * 1000) / perSecond;
    },
  };
}
