import type { Log } from './index.ts';

const everyMs = 10_000;

/**
 * A way to warn of a failure that repeats many times a second: the same message is logged at once, then at most every
 * 10 s with the number of times it happened since.
 */
export function warnSparingly(log: Log): (fields: object, message: string) => void {
  const said = new Map<string, { at: number; unsaid: number }>();
  return (fields, message) => {
    const last = said.get(message);
    const now = performance.now();
    if (last !== undefined && now - last.at < everyMs) {
      last.unsaid += 1;
      return;
    }
    said.set(message, { at: now, unsaid: 0 });
    log.warn({ ...fields, ...(last === undefined || last.unsaid === 0 ? {} : { repeated: last.unsaid }) }, message);
  };
}
