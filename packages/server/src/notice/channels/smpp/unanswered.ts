/** Submissions that wait for their answer, found by sequence number. */

export type Unanswered<T> = {
  readonly size: number;
  /** Keeps something and gives it a sequence number that no other has. At most 100 at a time. */
  add(value: T): number;
  /** Takes out what has this number; null when nothing has. */
  take(sequence: number): T | null;
  /** Takes out everything. */
  takeAll(): T[];
  /** The smallest value of a property over all; null when there are none. */
  least(of: (value: T) => number): number | null;
  /** A number for a request of another kind. */
  other(): number;
};

const slots = 128;
const mostRounds = 0x7fffffff / slots - 1;

/**
 * A number is `round x 128 + slot`, so that an answer finds its place without a table that grows, is copied and keeps what
 * it no longer holds: at 100,000 messages a second that table would be most of the work of the garbage collector.
 */
export function createUnanswered<T>(): Unanswered<T> {
  const values: (T | null)[] = Array.from({ length: slots }, () => null);
  const numbers: number[] = Array.from({ length: slots }, () => 0);
  const free = Array.from({ length: slots - 1 }, (_, slot) => slot);
  let round = 1;
  let size = 0;
  const next = (): number => (round = round >= mostRounds ? 1 : round + 1);
  const release = (slot: number): T | null => {
    const value = values[slot] ?? null;
    values[slot] = null;
    numbers[slot] = 0;
    free.push(slot);
    size -= 1;
    return value;
  };
  return {
    get size() {
      return size;
    },
    add(value) {
      const slot = free.pop();
      if (slot === undefined) throw new Error('more submissions without an answer than a window holds');
      const sequence = next() * slots + slot;
      values[slot] = value;
      numbers[slot] = sequence;
      size += 1;
      return sequence;
    },
    take(sequence) {
      const slot = sequence % slots;
      return numbers[slot] === sequence && sequence !== 0 ? release(slot) : null;
    },
    takeAll: () => numbers.flatMap((sequence, slot) => (sequence === 0 ? [] : [release(slot) as T])),
    least(of) {
      let least: number | null = null;
      for (const value of values) if (value !== null) least = Math.min(least ?? Infinity, of(value));
      return least;
    },
    other: () => next() * slots + slots - 1,
  };
}
