import { setTimeout as sleep } from 'node:timers/promises';
import { GuarddRefused, GuarddUnreachable, type Asked } from '@breakwater/guardd';
import type { FindingRecord } from '@breakwater/rules/containment';
import type { AnswerTo, RunLimits, RunState, StopAnswer } from '@breakwater/rules/guard';
import type { JournalEntry, JournalHead, Lever } from '@breakwater/rules/guard/record';
import { inTransaction, type Db, type Tx } from '#platform/db';
import { traced, warnSparingly, type Log } from '#platform/telemetry';
import { batches } from './batches.ts';
import { headVerifies } from './chain.ts';
import { greetHost, type HostFault } from './hosts.ts';
import { ingest, keepHead, raiseAlarm, reach, type JournalSink } from './ingest.ts';
import { openJournal, readCursor, readHosts, readSeenHosts } from './store.ts';
import type { GuardConnection, GuardTransport } from './transport.ts';

/** A host that may not be used for a run, and why. Stopping is asked of it all the same. */
export class HostUnfit extends Error {
  readonly fault: HostFault;
  constructor(fault: HostFault) {
    super(`execution host ${fault.host}: ${fault.reason}`);
    this.name = 'HostUnfit';
    this.fault = fault;
  }
}

export interface GuardOptions {
  readonly db: Db;
  readonly institution: string;
  readonly transport: GuardTransport;
  readonly log: Log;
  /** Who keeps what runs tell of tests. Left out: nobody. */
  readonly tests?: TestSink;
}

/** What is done with what runs tell of tests; the guard does not know by whom. */
export interface TestSink {
  /** In the commit that takes the entries. */
  takeJournal(tx: Tx, run: string, entries: readonly JournalEntry[]): Promise<void>;
  /** `hold`: the policy holds the run, after the commit. */
  takeFindings(tx: Tx, run: string, host: string, findings: readonly FindingRecord[]): Promise<{ hold: boolean }>;
}

/** What the host needs to know to guard a run with nobody else alive. */
export interface Preparation {
  readonly run: string;
  readonly host: string;
  readonly epoch: number;
  readonly owner: string;
  readonly mode: 'live' | 'rehearsal';
  readonly planHash: string;
  readonly document: unknown;
  readonly limits: RunLimits;
}

/** The guard as the server sees it: hosts, requests to their guardd, and the intake of their journals. */
export interface Guard {
  /** Hands plan and limits to the host, or takes the run over under a higher epoch. Alarms go into `sink`. */
  prepare(preparation: Preparation, sink: JournalSink): Promise<AnswerTo<'prepare'>>;
  /** Begins a step; resolves when it has ended. */
  begin(host: string, run: string, epoch: number, step: string): Promise<AnswerTo<'begin'>>;
  rollback(host: string, run: string, epoch: number, by: string): Promise<void>;
  resume(host: string, run: string, epoch: number, approvedBy: readonly string[]): Promise<void>;
  close(host: string, run: string, epoch: number): Promise<void>;
  /**
   * At the end of a run: ends its guard, takes what is left of the journal, and puts the signed head of the whole of it
   * into the evidence log. Rejects when the host does not answer or does not do it.
   */
  finish(host: string, run: string, epoch: number, sink: JournalSink): Promise<void>;
  /**
   * Pulls a lever at every host at once: which one has the run need not be known. Nothing is checked before, nothing is
   * written, no database is asked. `run` null = every run of every host. Resolves when all have answered or failed.
   */
  stop(
    run: string | null,
    lever: Lever,
    by: string,
  ): Promise<{ answers: readonly StopAnswer[]; unreachable: readonly string[] }>;
  /** Takes the levers for all runs of every host back; `held`: hosts on which one stays that was put there by hand. */
  allowStarts(approvedBy: readonly string[]): Promise<{ held: readonly string[]; unreachable: readonly string[] }>;
  /** The runs of a host as it sees them now. */
  states(host: string, run: string | null): Promise<readonly RunState[]>;
  /** Opens the journal of a run, in the transaction that requests the run. */
  open(tx: Tx, run: string, host: string): Promise<void>;
  /**
   * Takes the entries of a run's journal as the host writes them, until the signal aborts. Goes on through every loss of
   * connection or database; `onTaken` is called after each commit.
   */
  follow(run: string, host: string, sink: JournalSink, onTaken: () => void, signal: AbortSignal): Promise<void>;
  /** What a lease renewal brought: checks and keeps the signed head. */
  renewed(answer: AnswerTo<'renew'>, sink: JournalSink): Promise<void>;
  /** Where the thread that renews leases finds the host; null for a host that is not configured. */
  socketOf(host: string): string | null;
  /** Greets every host; then those that were ever seen, and how they stop work. */
  levels(): Promise<{ host: string; level: string }[]>;
  /** Gives up the connections to hosts and database. */
  end(): Promise<void>;
}

const batchEntries = 200;
const retryMs = 200;
/** Entries after which a host may have findings that were not taken. */
const tellsOfFindings: ReadonlySet<string> = new Set(['cage.finding', 'cage.closed']);
/** Clocks of server and host that are farther apart are an alarm, and narrow the run's window by as much. */
const clocksApartMs = 1000;
/** Heads of a journal that grows are put into the evidence log this often, and always at its end. */
const sealEveryMs = 10_000;

export function createGuard({ db, institution, transport, log, tests }: GuardOptions): Guard {
  const warn = warnSparingly(log);
  const greeted = new WeakSet<GuardConnection>();
  const sealedAt = new Map<string, number>();
  const lastHead = new Map<string, number>();
  /** Where findings of a run were taken up to; after a restart they are taken again, which adds nothing. */
  const findingsTaken = new Map<string, number>();

  const withTests = (sink: JournalSink): JournalSink => ({
    alarm: (tx, alarm) => sink.alarm(tx, alarm),
    async entries(tx, run, entries) {
      await tests?.takeJournal(tx, run, entries);
      await sink.entries(tx, run, entries);
    },
  });

  /** A connection to a host that is enrolled and signs with its enrolled key. */
  async function fit(host: string): Promise<GuardConnection> {
    const connection = await transport.reach(host);
    if (greeted.has(connection)) return connection;
    const fault = await greetHost(db, institution, host, connection.host, connection.clockOffsetMs);
    if (fault !== null) throw new HostUnfit(fault);
    greeted.add(connection);
    return connection;
  }

  async function ask<R extends Asked>(host: string, request: R): Promise<AnswerTo<R['type']>> {
    const facts = { 'breakwater.request': request.type, 'breakwater.host': host };
    return traced(`guardd ${request.type}`, facts, async () => (await fit(host)).ask(request));
  }

  /** The last entry that a host has of a run; -1 when it does not know the run. */
  async function lastSeqOf(connection: GuardConnection, run: string): Promise<number> {
    try {
      const { runs } = await connection.ask({ type: 'status', run });
      return runs.find((state) => state.run === run)?.lastSeq ?? -1;
    } catch (error) {
      if (error instanceof GuarddRefused && error.refusal.reason === 'run-unknown') return -1;
      throw error;
    }
  }

  /** One connection's worth of a journal. */
  async function followOnce(
    run: string,
    host: string,
    sink: JournalSink,
    onTaken: () => void,
    signal: AbortSignal,
  ): Promise<void> {
    const connection = await fit(host);
    const cursor = await readCursor(db, run, false);
    if (cursor === null) throw new Error(`no journal was opened for run ${run}`);
    // Asked after the cursor was read: a host that has less than the cursor has lost what it had.
    const hostSeq = await lastSeqOf(connection, run);
    if (hostSeq < reach(cursor)) {
      await raiseAlarm(db, run, { kind: 'journal-cut', detail: `the journal ends at entry ${hostSeq}` }, sink);
    }
    if (hostSeq < 0) return;
    // What was told before a restart or a failure, and not taken.
    if (!findingsTaken.has(run)) await takeFindings(connection, host, run);
    for await (const batch of batches<JournalEntry>(connection.follow(run, cursor.seq, signal), batchEntries)) {
      if ((await ingest(db, run, batch, withTests(sink))) > 0) onTaken();
      if (batch.some(({ event }) => tellsOfFindings.has(event.type))) await takeFindings(connection, host, run);
    }
  }

  const stop: Guard['stop'] = async (run, lever, by) => {
    const unreachable: string[] = [];
    const answers = await Promise.all(
      transport.hosts().map(async (host) => {
        try {
          return (await (await transport.reach(host)).ask({ type: 'stop', run, lever, by })).stopped;
        } catch (error) {
          if (error instanceof GuarddRefused && error.refusal.reason === 'run-unknown') return [];
          log.error({ run, host, error }, 'a host did not take the lever');
          unreachable.push(host);
          return [];
        }
      }),
    );
    return { answers: answers.flat(), unreachable };
  };

  /** Takes the findings that a host keeps of a run. What failed is taken with the next entry that tells of one, after the next connection, or at the end. */
  async function takeFindings(connection: GuardConnection, host: string, run: string): Promise<void> {
    if (tests === undefined) return;
    try {
      for (;;) {
        const after = findingsTaken.get(run) ?? 0;
        const { findings, next } = await connection.ask({ type: 'findings', run, after });
        if (findings.length > 0) {
          const { hold } = await inTransaction(db, (tx) => tests.takeFindings(tx, run, host, findings));
          if (hold) await stop(run, 'hold', 'policy');
        }
        findingsTaken.set(run, next);
        if (next === after) return;
      }
    } catch (error) {
      findingsTaken.delete(run);
      warn({ run, host, error }, 'taking findings failed');
    }
  }

  async function checkedHead(head: JournalHead): Promise<boolean> {
    const enrolled = (await readHosts(db, institution)).find(({ host }) => host === head.host);
    return enrolled !== undefined && headVerifies(head, enrolled.publicKey);
  }

  return {
    async prepare({ run, host, epoch, owner, mode, planHash, document, limits }, sink) {
      const connection = await fit(host);
      const plan = document as Extract<Asked, { type: 'prepare' }>['plan'];
      const apartMs = Math.ceil(Math.abs(connection.clockOffsetMs));
      const known = apartMs > clocksApartMs ? { ...limits, clockErrorMs: apartMs } : limits;
      const answer = await connection.ask({ type: 'prepare', run, epoch, owner, mode, planHash, plan, limits: known });
      if (apartMs > clocksApartMs) {
        const detail = `the clock of the host is ${Math.round(connection.clockOffsetMs)} ms from the server's`;
        await raiseAlarm(db, run, { kind: 'clock-offset', detail }, sink);
      }
      return answer;
    },
    begin: (host, run, epoch, step) => ask(host, { type: 'begin', run, epoch, step }),
    async rollback(host, run, epoch, by) {
      await ask(host, { type: 'rollback', run, epoch, by });
    },
    async resume(host, run, epoch, approvedBy) {
      await ask(host, { type: 'resume', run, epoch, approvedBy: [...approvedBy] });
    },
    async close(host, run, epoch) {
      await ask(host, { type: 'close', run, epoch });
    },
    stop,
    async allowStarts(approvedBy) {
      const [held, unreachable]: [string[], string[]] = [[], []];
      await Promise.all(
        transport.hosts().map(async (host) => {
          try {
            const connection = await transport.reach(host);
            const answer = await connection.ask({ type: 'allow-starts', approvedBy: [...approvedBy] });
            if (answer.held) held.push(host);
          } catch (error) {
            log.error({ host, error }, 'a host did not take its lever back');
            unreachable.push(host);
          }
        }),
      );
      return { held, unreachable };
    },
    async states(host, run) {
      return (await (await transport.reach(host)).ask({ type: 'status', run })).runs;
    },
    open: (tx, run, host) => openJournal(tx, institution, run, host),
    async follow(run, host, sink, onTaken, signal) {
      while (!signal.aborted) {
        try {
          await followOnce(run, host, sink, onTaken, signal);
        } catch (error) {
          if (signal.aborted) return;
          if (!(error instanceof GuarddUnreachable)) warn({ run, host, error }, 'taking the journal failed');
        }
        await sleep(retryMs, undefined, { signal }).catch(() => undefined);
      }
    },
    async renewed({ head, state }, sink) {
      if (head === null || lastHead.get(state.run) === head.seq) return;
      if (!(await checkedHead(head))) {
        return raiseAlarm(db, state.run, { kind: 'head-invalid', detail: `the head of entry ${head.seq}` }, sink);
      }
      lastHead.set(state.run, head.seq);
      const since = sealedAt.get(state.run) ?? Date.now();
      const due = Date.now() - since > sealEveryMs;
      sealedAt.set(state.run, due ? Date.now() : since);
      await keepHead(db, head, due);
    },
    async finish(host, run, epoch, sink) {
      const connection = await fit(host);
      const { head = null } = await connection.ask({ type: 'close', run, epoch });
      const cursor = await readCursor(db, run, false);
      await ingest(db, run, await connection.entries(run, cursor?.seq ?? -1), withTests(sink));
      await takeFindings(connection, host, run);
      findingsTaken.delete(run);
      sealedAt.delete(run);
      lastHead.delete(run);
      if (head === null) return;
      if (await checkedHead(head)) await keepHead(db, head, true);
      else await raiseAlarm(db, run, { kind: 'head-invalid', detail: `the head of entry ${head.seq}` }, sink);
    },
    socketOf: (host) => transport.address(host),
    async levels() {
      await Promise.allSettled(transport.hosts().map((host) => fit(host)));
      return (await readSeenHosts(db, institution)).map(({ host, level }) => ({ host, level }));
    },
    async end() {
      transport.close();
    },
  };
}
