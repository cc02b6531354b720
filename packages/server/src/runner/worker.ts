import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { inTransaction } from '#platform/db';
import { warnSparingly } from '#platform/telemetry';
import { LeaseLost, write } from './log.ts';
import { journalSink, Owner, type OwnerDeps } from './owner.ts';
import { leaseTtlMs, startOwnership, type OwnershipReport } from './ownership.ts';
import { claimLease, forgetWorkers, orphanedRuns, readRun, releaseLeases, type Lease, type RunRow } from './store.ts';
import { createWriter } from './writer.ts';

/** Runs without a living owner are looked for this often, and whenever something is asked. */
const sweepEveryMs = 200;
/** After a failure that should not be. */
const retryMs = 1000;
/** A run whose owner was silent for longer was no takeover: its host has recovered by itself, or is about to. */
const takeoverMs = 5000;

export type WorkerDeps = Omit<OwnerDeps, 'ownership' | 'worker' | 'writer'> & { readonly url: string };

/** Claims runs that nobody owns and works on them until stopped. Any number of workers share one database. */
export async function startRunWorker(deps: WorkerDeps): Promise<() => Promise<void>> {
  const { db, hub, log, guard } = deps;
  const worker = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const warn = warnSparingly(log);
  const stopping = new AbortController();
  const owners = new Map<string, { owner: Owner; row: RunRow; done: Promise<unknown> }>();

  const onReport = (report: OwnershipReport): void => {
    if ('confirmed' in report) return;
    const owned = owners.get(report.run);
    if (owned === undefined) return;
    if ('refusal' in report) return report.refusal.reason === 'run-unknown' ? undefined : owned.owner.wake();
    guard
      .renewed(
        report.answer,
        journalSink(owned.row, worker, () => deps.now()),
      )
      .catch((error: unknown) => warn({ run: report.run, error }, 'a signed head was not kept'));
  };
  const ownership = await startOwnership({
    url: deps.url,
    worker,
    onReport,
    onFailed: (error) =>
      log.error({ error, worker }, 'the thread that confirms ownership failed: this worker owns nothing'),
  });

  const writer = createWriter(db, () => deps.now());
  const own = (row: RunRow, lease: Lease): void => {
    const owner = new Owner({ ...deps, ownership, worker, writer }, row, lease);
    const work = async (): Promise<void> => {
      try {
        const end = await owner.work(stopping.signal);
        log.info({ run: row.id, epoch: lease.epoch, end }, 'the run is not this worker’s any more');
        owners.delete(row.id);
      } catch (error) {
        log.error({ run: row.id, error }, 'working on a run failed: it is tried again');
        await sleep(retryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
        if (!stopping.signal.aborted) own(row, lease);
      }
    };
    owners.set(row.id, { owner, row, done: work() });
  };

  const sweep = async (): Promise<void> => {
    if (!ownership.holds()) return;
    for (const orphan of await orphanedRuns(db, worker)) {
      if (owners.has(orphan.run)) continue;
      const row = await readRun(db, orphan.run);
      const lease = row === null ? null : await claim(row, orphan);
      if (row === null || lease === null) continue;
      log.info({ run: row.id, epoch: lease.epoch, why: orphan.why }, 'claimed a run');
      hub.grown(row.id);
      own(row, lease);
    }
  };

  const claim = async (row: RunRow, orphan: { epoch: number; silentMs: number }): Promise<Lease | null> => {
    const because = orphan.epoch === 0 ? 'start' : orphan.silentMs > takeoverMs ? 'recovery' : 'takeover';
    try {
      return await inTransaction(db, async (tx) => {
        const lease = await claimLease(tx, row.id, orphan.epoch, worker, leaseTtlMs);
        if (lease === null) return null;
        const { epoch } = lease;
        const claimed = { type: 'run.claimed' as const, data: { run: row.id, epoch, owner: worker, because } as const };
        await write(tx, row, { actor: { kind: 'system', id: worker }, epoch }, [claimed], deps.now());
        return lease;
      });
    } catch (error) {
      if (error instanceof LeaseLost) return null;
      throw error;
    }
  };

  let due = Promise.resolve();
  const sweepNow = (): void => {
    due = due.then(sweep).catch((error: unknown) => warn({ error }, 'looking for runs failed'));
  };
  const unsubscribe = hub.on(null, sweepNow);
  const sweeping = (async () => {
    // Connections to the hosts are made before they are needed: a takeover has no time for it.
    void guard.levels().catch(() => undefined);
    await inTransaction(db, forgetWorkers).catch(() => undefined);
    while (!stopping.signal.aborted) {
      sweepNow();
      await due;
      await sleep(sweepEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();

  return async () => {
    unsubscribe();
    stopping.abort();
    await sweeping;
    await Promise.all([...owners.values()].map(({ done }) => done));
    await inTransaction(db, (tx) => releaseLeases(tx, worker)).catch((error: unknown) =>
      log.warn({ error }, 'leases run out by themselves'),
    );
    await ownership.close();
  };
}
