/** What may be sent now: the window of unanswered submissions, the contracted rate, and pauses that the centre asks for. */

export type PaceOptions = {
  /** Submissions that may be unanswered at a time, 1 to 100. */
  window: number;
  /** Most submissions a second; null = as many as the window lets through. */
  perSecond: number | null;
  /** Monotonic milliseconds. */
  now: () => number;
};

export type Pace = {
  /** Milliseconds until another may be sent with so many unanswered; 0 = now; null = not before an answer. */
  waitMs(unanswered: number): number | null;
  /** Notes that one was sent. */
  sent(): void;
  /** The centre is too busy: nothing for a while, twice as long each time in a row. */
  throttled(): void;
  /** The centre took one: the next pause is a short one again. */
  taken(): void;
};

const firstPauseMs = 50;
const longestPauseMs = 5000;
/** Share of a second's submissions that may leave at once after a quiet time. */
const burst = 0.1;

export function createPace({ window, perSecond, now }: PaceOptions): Pace {
  const most = perSecond === null ? 0 : Math.max(1, perSecond * burst);
  let tokens = most;
  let filledAt = now();
  let pauseMs = firstPauseMs;
  let pausedUntil = 0;
  const missing = (rate: number): number => {
    const at = now();
    tokens = Math.min(most, tokens + ((at - filledAt) * rate) / 1000);
    filledAt = at;
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 1000) / rate);
  };
  return {
    waitMs(unanswered) {
      if (unanswered >= window) return null;
      const pause = pausedUntil === 0 ? 0 : Math.max(0, Math.ceil(pausedUntil - now()));
      if (pause === 0) pausedUntil = 0;
      return perSecond === null ? pause : Math.max(pause, missing(perSecond));
    },
    sent() {
      if (perSecond !== null) tokens -= 1;
    },
    throttled() {
      // The answers of one window say the same thing once.
      if (pausedUntil > now()) return;
      pausedUntil = now() + pauseMs;
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    },
    taken() {
      pauseMs = firstPauseMs;
    },
  };
}
