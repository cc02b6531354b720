/**
 * Lease renewal in a process of its own, so that a busy event loop of the orchestrator drops none.
 *
 * The process ends with the orchestrator (its standard input closes), and falls silent when the orchestrator's event loop
 * has stood still for `ownerSilenceMs`: a hung owner must lose its lease, a busy one must not.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { AnswerTo, Refusal } from '@breakwater/rules/guard';
import { entryCommand } from './entry.ts';
import { formatLine, parseLine, readLines } from './lines.ts';

export type RenewAnswer = AnswerTo<'renew'>;

/** The lease of one run under one epoch. */
export interface Lease {
  readonly run: string;
  readonly epoch: number;
  readonly owner: string;
}

export interface RenewerOptions {
  /** guardd's `orchestrator.sock`, or its address by TLS. */
  readonly address: string;
  /** Default 100 ms; guardd takes a lease for lost after 450 ms of silence. */
  readonly everyMs?: number;
  /** How long the owner's event loop may stand still before renewal stops. Default 2000 ms. */
  readonly ownerSilenceMs?: number;
  /** Each renewal's answer: the signed head of the journal and the run as guardd sees it. */
  onAnswer?(run: string, answer: RenewAnswer): void;
  /** guardd does not renew this lease (another epoch, closed). It is not asked for again. */
  onRefused?(run: string, refusal: Refusal): void;
  /** guardd cannot be reached; renewal goes on trying. */
  onUnreachable?(message: string): void;
}

export interface Renewer {
  /** Resolves when guardd was reached for the first time. */
  readonly ready: Promise<void>;
  /**
   * Renews this lease from now on; a later epoch of the same run replaces it. It may be held before the run is prepared,
   * and should be: a lease runs from the answer to `prepare`.
   */
  hold(lease: Lease): void;
  release(run: string): void;
  /** Ends the process; resolves when it is gone. */
  stop(): Promise<void>;
}

/** What the owner tells the process, one line each. */
export type Order = { readonly hold: Lease } | { readonly release: string } | { readonly alive: true };
/** What the process tells the owner. */
export type News =
  | { readonly run: string; readonly answer: RenewAnswer }
  | { readonly run: string; readonly refused: Refusal }
  | { readonly connected: true }
  | { readonly unreachable: string };

const aliveEveryMs = 200;

/** Starts the renewal process for one host, which takes some 0.2 s to come up. It is started again when it dies. */
export function startRenewer(options: RenewerOptions): Renewer {
  const leases = new Map<string, Lease>();
  const ready = Promise.withResolvers<void>();
  let stopping = false;
  let child = launch();
  const alive = setInterval(() => tell({ alive: true }), aliveEveryMs);

  function launch(): Started {
    const [command, ...argv] = entryCommand('renew', [
      options.address,
      String(options.everyMs ?? 100),
      String(options.ownerSilenceMs ?? 2000),
    ]);
    const process = spawn(command, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
    process.stdin.on('error', () => undefined);
    readLines(
      process.stdout,
      (line) => hear(parseLine(line) as News),
      () => process.kill('SIGKILL'),
    );
    const gone = new Promise<void>((resolve) => {
      process.once('close', resolve);
      process.once('error', () => resolve());
    });
    void gone.then(() => {
      if (stopping) return;
      child = launch();
      for (const lease of leases.values()) tell({ hold: lease });
    });
    return { process, gone };
  }

  function hear(news: News): void {
    if ('connected' in news) return ready.resolve();
    if ('unreachable' in news) return options.onUnreachable?.(news.unreachable);
    if ('answer' in news) return options.onAnswer?.(news.run, news.answer);
    leases.delete(news.run);
    options.onRefused?.(news.run, news.refused);
  }

  function tell(order: Order): void {
    child.process.stdin.write(formatLine(order));
  }

  return {
    ready: ready.promise,
    hold(lease) {
      leases.set(lease.run, lease);
      tell({ hold: lease });
    },
    release(run) {
      leases.delete(run);
      tell({ release: run });
    },
    async stop() {
      stopping = true;
      clearInterval(alive);
      child.process.stdin.end();
      await child.gone;
    },
  };
}

interface Started {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  readonly gone: Promise<void>;
}
