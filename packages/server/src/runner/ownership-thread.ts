/**
 * Confirms the ownership of a worker's runs, at the database and at guardd, in a thread of its own: a busy event loop
 * drops no lease. A stopped or killed server stops this thread with it; a renewal process outlives it by half a second.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { startRenewer, type Renewer } from '@breakwater/guardd';
import { lockKey, tryHoldLock, type HeldLock } from '#platform/db';
import { holdsAuthority, monotonicNs, setAuthority, silentNs } from './authority.ts';
import type { Held, OwnershipData, OwnershipReport } from './ownership.ts';
import { confirmOwnership } from './store.ts';

const { authority, url, worker, ttlMs } = workerData as OwnershipData;

/** The database is asked this often; guardd is renewed by the process behind `startRenewer`. */
const confirmEveryMs = 250;
const watchEveryMs = 50;
/** The event loop may be busy for so long; one that is silent longer is taken for hung and its runs are let go. */
const hungAfterNs = 2_000_000_000n;
/** This thread is never busy, so a renewal process that hears nothing for so long has lost its server. */
const ownerSilenceMs = 500;

let held: readonly Held[] = [];
let lock: HeldLock | null = null;
let confirming = false;
const renewers = new Map<string, Renewer>();
const renewed = new Map<string, Held>();

parentPort?.on('message', (next: readonly Held[]) => {
  held = next;
  renew();
});
setInterval(() => void confirm(), confirmEveryMs);
setInterval(renew, watchEveryMs);
void confirm();

/** Extends the authority to half the lease's life from before the statement was sent, so that it ends before the lease does. */
async function confirm(): Promise<void> {
  if (confirming || silentNs(authority) > hungAfterNs) return;
  confirming = true;
  try {
    lock ??= await takeLock();
    if (lock === null) return;
    const sentNs = monotonicNs();
    await within(ttlMs, confirmOwnership(lock.query, worker, lockKey(worker).toString(), ttlMs));
    if (lock?.lost.aborted !== false) return;
    setAuthority(authority, sentNs + BigInt(ttlMs / 2) * 1_000_000n);
    report({ confirmed: true });
  } catch {
    if (lock !== null) lost(lock);
  } finally {
    confirming = false;
  }
}

/** A database that does not answer for the life of a lease is as good as gone: another connection is tried. */
function within(ms: number, answer: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the database did not answer within ${ms} ms`)), ms);
    answer.then(resolve, reject).finally(() => clearTimeout(late));
  });
}

async function takeLock(): Promise<HeldLock | null> {
  const taken = await tryHoldLock(url, worker, { name: `breakwater ${worker}` });
  taken?.lost.addEventListener('abort', () => lost(taken));
  return taken;
}

/** Others see the lock go and claim the runs: so nothing more is done for them. */
function lost(which: HeldLock): void {
  if (lock !== which) return;
  lock = null;
  setAuthority(authority, 0n);
  which.release().catch(() => undefined);
  report({ confirmed: false });
}

/** Renews exactly the runs that are held, while the authority holds. */
function renew(): void {
  const wanted = holdsAuthority(authority) ? held : [];
  for (const [run, { socket }] of renewed) {
    if (wanted.some((one) => one.run === run)) continue;
    renewers.get(socket)?.release(run);
    renewed.delete(run);
  }
  for (const one of wanted) {
    const known = renewed.get(one.run);
    if (known?.epoch === one.epoch && known.socket === one.socket) continue;
    renewerFor(one.socket).hold({ run: one.run, epoch: one.epoch, owner: worker });
    renewed.set(one.run, one);
  }
}

function renewerFor(socket: string): Renewer {
  const known = renewers.get(socket);
  if (known !== undefined) return known;
  const renewer = startRenewer({
    address: socket,
    ownerSilenceMs,
    onAnswer: (run, answer) => report({ run, answer }),
    onRefused: (run, refusal) => report({ run, refusal }),
  });
  renewers.set(socket, renewer);
  return renewer;
}

function report(message: OwnershipReport): void {
  parentPort?.postMessage(message);
}
