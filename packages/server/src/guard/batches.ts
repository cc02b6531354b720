/**
 * Reads a source in batches: whatever it gave while the last batch was being worked on, at most `most` at once. Ends or
 * throws as the source does, after what it gave before.
 */
export async function* batches<T>(source: AsyncIterable<T>, most: number): AsyncGenerator<readonly T[]> {
  const waiting: T[] = [];
  let ended = false;
  let failure: { error: unknown } | null = null;
  let wake: () => void = () => undefined;
  let drained: () => void = () => undefined;
  const pump = async (): Promise<void> => {
    try {
      for await (const item of source) {
        waiting.push(item);
        wake();
        if (waiting.length >= most) await new Promise<void>((resolve) => (drained = resolve));
      }
    } catch (error) {
      failure = { error };
    }
    ended = true;
    wake();
  };
  void pump();
  while (true) {
    if (waiting.length > 0) {
      const batch = waiting.splice(0, most);
      drained();
      yield batch;
    } else if (failure !== null) {
      throw (failure as { error: unknown }).error;
    } else if (ended) {
      return;
    } else {
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }
}
