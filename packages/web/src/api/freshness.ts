import { useEffect, useState } from 'react';

/** `stale`: the last word is over 2 s old; `lost`: over 10 s, and what is shown is of then. */
export type Freshness = 'opening' | 'live' | 'stale' | 'lost' | 'ended';

const staleMs = 2_000;
const lostMs = 10_000;

/** How fresh something is that was last heard `silentMs` ago. */
export function freshness(silentMs: number): 'live' | 'stale' | 'lost' {
  if (silentMs > lostMs) return 'lost';
  return silentMs > staleMs ? 'stale' : 'live';
}

/** `performance.now()`, again and again. */
export function useNow(everyMs = 200): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
