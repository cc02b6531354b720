import { Worker } from 'node:worker_threads';
import type { AnswerTo, Refusal } from '@breakwater/rules/guard';
import { createAuthority, holdsAuthority, sayAlive, setAuthority, type Authority } from './authority.ts';

/** A run that is owned: its lease at guardd, behind `socket`, is renewed under `epoch`. */
export interface Held {
  readonly run: string;
  readonly epoch: number;
  readonly socket: string;
}

/** Given to the thread at its start. */
export interface OwnershipData {
  readonly authority: Authority;
  readonly url: string;
  readonly worker: string;
  readonly ttlMs: number;
}

/** What the thread tells: the database confirmed or not, a renewal was answered or refused. */
export type OwnershipReport =
  | { readonly confirmed: boolean }
  | { readonly run: string; readonly answer: AnswerTo<'renew'> }
  | { readonly run: string; readonly refusal: Refusal };

/** A lease lives so long without being confirmed. A lost host is noticed after it; a lost connection at once. */
export const leaseTtlMs = 2000;

const aliveEveryMs = 100;

export interface Ownership {
  /** Whether this worker may act for its runs now. Ask before every effect. */
  holds(): boolean;
  /** Renews the lease of a run at guardd from now on. */
  hold(held: Held): void;
  release(run: string): void;
  /** Ends the thread; leases and lock are given up. */
  close(): Promise<void>;
}

export interface OwnershipOptions {
  readonly url: string;
  readonly worker: string;
  onReport(report: OwnershipReport): void;
  /** The thread ended by an error: this worker owns nothing any more. */
  onFailed(error: Error): void;
}

/** Starts the thread that confirms what this worker owns. Resolves when the database has confirmed the worker once. */
export async function startOwnership({ url, worker, onReport, onFailed }: OwnershipOptions): Promise<Ownership> {
  const authority = createAuthority();
  const held = new Map<string, Held>();
  sayAlive(authority);
  const alive = setInterval(() => sayAlive(authority), aliveEveryMs);
  const thread = new Worker(new URL('./ownership-thread.ts', import.meta.url), {
    name: 'run-ownership',
    workerData: { authority, url, worker, ttlMs: leaseTtlMs } satisfies OwnershipData,
  });
  const send = (): void => thread.postMessage([...held.values()]);
  await new Promise<void>((resolve, reject) => {
    thread.on('message', (report: OwnershipReport) => {
      if ('confirmed' in report && report.confirmed) resolve();
      onReport(report);
    });
    thread.on('error', (error: unknown) => {
      setAuthority(authority, 0n);
      const failure = error instanceof Error ? error : new Error(String(error));
      reject(failure);
      onFailed(failure);
    });
  });
  return {
    holds: () => holdsAuthority(authority),
    hold(one) {
      held.set(one.run, one);
      send();
    },
    release(run) {
      if (held.delete(run)) send();
    },
    async close() {
      clearInterval(alive);
      await thread.terminate();
      setAuthority(authority, 0n);
    },
  };
}
