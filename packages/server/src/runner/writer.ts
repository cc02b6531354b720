import type { RunEventBody } from '@breakwater/rules/runner';
import type { Db } from '#platform/db';
import { LeaseLost, writeAll, type Author, type Wanted } from './log.ts';
import type { RunRow } from './store.ts';

/** Writes the events of a worker's runs. What is wanted while one commit is under way shares the next. */
export interface Writer {
  /** Resolves when the event and its evidence are committed. Rejects with LeaseLost when another worker owns the run. */
  write(run: RunRow, author: Author, body: RunEventBody): Promise<void>;
}

interface Waiting extends Wanted {
  resolve(): void;
  reject(error: unknown): void;
}

/** Events of one commit: enough to share its cost, few enough to keep it short. */
const mostTogether = 100;

/** One commit at a time: whatever is wanted meanwhile shares the next, and no two commits wait for each other's disk. */
export function createWriter(db: Db, now: () => Date): Writer {
  const waiting: Waiting[] = [];
  let committing = false;

  const commit = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, mostTogether);
      try {
        const written = await writeAll(db, batch);
        batch.forEach((one, i) => (written[i] === true ? one.resolve() : one.reject(new LeaseLost(one.run.id))));
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    committing = false;
  };

  return {
    write: (run, author, body) =>
      new Promise((resolve, reject) => {
        waiting.push({ run, author, body, at: now().toISOString(), resolve, reject });
        if (committing) return;
        committing = true;
        // Whatever else is wanted in this turn of the event loop goes along.
        queueMicrotask(() => void commit());
      }),
  };
}
