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
/** Commits under way at once: while one waits for the disk, another is put together. */
const mostCommits = 2;

export function createWriter(db: Db, now: () => Date): Writer {
  const waiting: Waiting[] = [];
  let commits = 0;

  const commit = async (): Promise<void> => {
    commits += 1;
    const batch = waiting.splice(0, mostTogether);
    try {
      const written = await writeAll(db, batch);
      batch.forEach((one, i) => (written[i] === true ? one.resolve() : one.reject(new LeaseLost(one.run.id))));
    } catch (error) {
      for (const one of batch) one.reject(error);
    }
    commits -= 1;
    if (waiting.length > 0) void commit();
  };

  return {
    write: (run, author, body) =>
      new Promise((resolve, reject) => {
        waiting.push({ run, author, body, at: now().toISOString(), resolve, reject });
        // Whatever else is wanted in this turn of the event loop goes along.
        if (commits < mostCommits) queueMicrotask(() => waiting.length > 0 && commits < mostCommits && void commit());
      }),
  };
}
