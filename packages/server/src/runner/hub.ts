import { listen, type Db } from '#platform/db';
import type { Log } from '#platform/telemetry';
import { askedChannel, grownChannel, notify } from './store.ts';

/** Tells processes and parts of this one that a run's events grew or that something was asked of it. */
export interface Hub {
  /** Calls back for a run, or for every run with null, until the returned function is called. May call too often. */
  on(run: string | null, told: (run: string) => void): () => void;
  /** Tells that the run's events grew; calls within 25 ms become one notification. */
  grown(run: string): void;
  close(): Promise<void>;
}

const coalesceMs = 25;

/** Listens from the first who wants to be told on. What is lost while the connection is down is made up for: after each connection everybody is told. */
export function startHub(db: Db, url: string, log: Log): Hub {
  const anyRun = new Set<(run: string) => void>();
  const byRun = new Map<string, Set<(run: string) => void>>();
  const grownRuns = new Set<string>();
  let timer: NodeJS.Timeout | null = null;

  const tell = (run: string): void => {
    for (const told of anyRun) told(run);
    for (const told of byRun.get(run) ?? []) told(run);
  };
  let listener: ReturnType<typeof listen> | null = null;
  const startListening = (): ReturnType<typeof listen> =>
    listen(url, [askedChannel, grownChannel], {
      name: 'breakwater run hub',
      onNotify: (_channel, run) => tell(run),
      onConnect() {
        for (const run of byRun.keys()) tell(run);
        for (const told of anyRun) told('');
      },
      onLost: (error) => log.warn({ error }, 'the connection for notifications was lost'),
    });
  const flush = (): void => {
    timer = null;
    const runs = [...grownRuns];
    grownRuns.clear();
    notify(db, grownChannel, runs).catch((error: unknown) => log.warn({ error }, 'telling of run events failed'));
  };
  return {
    on(run, told) {
      listener ??= startListening();
      const set = run === null ? anyRun : (byRun.get(run) ?? new Set());
      if (run !== null) byRun.set(run, set);
      set.add(told);
      return () => {
        set.delete(told);
        if (run !== null && set.size === 0) byRun.delete(run);
      };
    },
    grown(run) {
      grownRuns.add(run);
      timer ??= setTimeout(flush, coalesceMs);
    },
    async close() {
      if (timer !== null) clearTimeout(timer);
      await listener?.close();
    },
  };
}
