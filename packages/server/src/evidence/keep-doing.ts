export interface KeepDoing {
  /** Pause after success. */
  readonly everyMs: number;
  /** Longest pause after failures; the first is `everyMs` and each next twice as long. */
  readonly longestMs: number;
  /** Ends the repetition; work that has begun is finished. */
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** Does `work` again and again until the signal, more rarely while it fails. */
export async function keepDoing(
  work: () => Promise<unknown>,
  { everyMs, longestMs, signal, onError }: KeepDoing,
): Promise<void> {
  let wait = everyMs;
  while (!signal.aborted) {
    try {
      await work();
      wait = everyMs;
    } catch (error) {
      onError(error);
      wait = Math.min(wait * 2, longestMs);
    }
    await pause(wait, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
