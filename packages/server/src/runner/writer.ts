import type { RunEventBody } from '@breakwater/rules/runner';
import type { Db } from '#platform/db';
import { LeaseLost, writeAll, type Author, type Wanted } from './log.ts';
import type { RunRow } from './store.ts';

/** Writes the events of a worker's runs. What is wanted while commits are under way shares the next. */
export interface Writer {
  /** Resolves when the event and its evidence are committed. Rejects with LeaseLost when another worker owns the run. */
  write(run: RunRow, author: Author, body: RunEventBody): Promise<void>;
}

interface Waiting extends Wanted {
  resolve(): void;
  reject(error: unknown): void;
}

/** Events of one commit: enough to share its cost, few enough to keep it short and leave some for the other. */
const mostTogether = 32;
/** While the database makes one commit the next is prepared here; more would only divide the same disk. */
const mostCommits = 2;

/** Few commits at a time, none of them with a run that another holds: the events of a run keep the order they were wanted in. */
export function createWriter(db: Db, now: () => Date): Writer {
  const waiting: Waiting[] = [];
  const committing = new Set<string>();
  let commits = 0;

  const take = (): Waiting[] => {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    for (const one of waiting) {
      (batch.length < mostTogether && !committing.has(one.run.id) ? batch : left).push(one);
    }
    waiting.splice(0, waiting.length, ...left);
    return batch;
  };

  const commit = async (): Promise<void> => {
    const batch = take();
    for (const { run } of batch) committing.add(run.id);
    try {
      const written = batch.length === 0 ? [] : await writeAll(db, batch);
      batch.forEach((one, i) => (written[i] === true ? one.resolve() : one.reject(new LeaseLost(one.run.id))));
    } catch (error) {
      for (const one of batch) one.reject(error);
    }
    for (const { run } of batch) committing.delete(run.id);
    commits -= 1;
    // With an empty batch, all that waits is of runs whose commit is under way and looks again when it is over.
    if (batch.length > 0 && waiting.length > 0) begin();
  };

  const begin = (): void => {
    if (commits >= mostCommits) return;
    commits += 1;
    // Whatever else is wanted in this turn of the event loop goes along.
    queueMicrotask(() => void commit());
  };

  return {
    write: (run, author, body) =>
      new Promise((resolve, reject) => {
        waiting.push({ run, author, body, at: now().toISOString(), resolve, reject });
        begin();
      }),
  };
}
