import type { ResumeStatement, Signature, StartsStatement } from '@breakwater/rules';
import type { Actor } from '@breakwater/rules/evidence';
import type { Lever } from '@breakwater/rules/guard/record';
import type { RunLimits, RunState } from '@breakwater/rules/guard';
import { requirePlan, type Plan } from '@breakwater/rules/plan';
import {
  applyRunEvent,
  type RunEvent,
  type RunLogRow,
  type RunView,
  type StartsReason,
} from '@breakwater/rules/runner';
import type { Guard } from '#guard';
import { findPlan, type CompanyPolicy, type Surroundings } from '#plan';
import type { Db } from '#platform/db';
import type { Log } from '#platform/telemetry';
import { createFeeds, type FeedItem } from './feed.ts';
import { limitsOf, type Gate } from './gate.ts';
import { startHub } from './hub.ts';
import {
  askResume,
  askRollback,
  askStop,
  askStopAll,
  findRun,
  judgeNow,
  requestRun,
  viewOf,
  type Requested,
  type RequestDeps,
  type RunRequest,
  type Stopped,
} from './requests.ts';
import { Signal } from './signal.ts';
import { allowStarts, giveReason, type Released, type Why } from './starts.ts';
import { readBan, type StartBan } from './starts-store.ts';
import { listRuns, readEvents, readLog, type RunRow } from './store.ts';
import { startRunWorker } from './worker.ts';

export interface RunnerOptions {
  /** For what people ask; a pool of few connections is enough. */
  readonly db: Db;
  /** For the workers, listeners and locks, each with a connection of its own. */
  readonly url: string;
  readonly institution: string;
  readonly guard: Guard;
  readonly company: CompanyPolicy;
  readonly log: Log;
  now(): Date;
  /** The notices of a plan as they were delivered so far. */
  noticesOf(plan: string): Promise<Surroundings['notices']>;
}

/** A run as it stands: its row, its plan, what follows from its events, and what its host says now (null: it does not answer). */
export interface RunStatus {
  readonly row: RunRow;
  readonly plan: Plan;
  readonly view: RunView;
  readonly host: RunState | null;
}

export interface Runner {
  request(request: RunRequest): Promise<Requested>;
  /** Whether a plan could start live now, judged as its start would be; nothing is written. */
  judge(plan: string): Promise<Gate>;
  stop(run: string, lever: Lever, by: Actor): Promise<Stopped>;
  /** Pulls a lever of every run of every host; the hosts then refuse new runs. */
  stopAll(lever: Lever, by: Actor, why: Why): Promise<Stopped>;
  /** Why starts are forbidden; null: they are not. */
  starts(): Promise<StartBan | null>;
  sayWhy(by: Actor, why: { reason: StartsReason; note: string | null }): Promise<StartBan>;
  /** One person's signature that starts are allowed again; the second one's allows them. */
  allowStarts(statement: StartsStatement, signature: Signature): Promise<Released>;
  rollback(run: string, by: Actor): Promise<void>;
  /** Returns the persons who approved going on so far; with two the run goes on. */
  resume(run: string, statement: ResumeStatement, signature: Signature): Promise<readonly string[]>;
  status(run: string): Promise<RunStatus>;
  list(limit: number): Promise<RunRow[]>;
  events(run: string, after: number): Promise<RunEvent[]>;
  /** The rows of a run's log as they were hashed; `brokenRunLogAt` of rules/runner checks them. */
  log(run: string): Promise<RunLogRow[]>;
  /** The run now, and again each time it changed, until it ended or the signal aborts. */
  watch(run: string, signal: AbortSignal): AsyncIterable<RunStatus>;
  /** As {@link watch}, told by its events: those after event `after` (-1: all), then each new one, and the host's word. */
  feed(run: string, after: number, signal: AbortSignal): AsyncIterable<FeedItem>;
  /** What the host guards a run by: the plan's limits as its policy narrows them, and the rehearsed times up to its start. */
  limits(run: string): Promise<RunLimits>;
  /** Claims and works on runs in this process until the returned function is called. */
  work(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** How often a watcher looks without being told: the host's budgets move without events. */
const watchEveryMs = 500;

export function createRunner(options: RunnerOptions): Runner {
  const { db, url, institution, guard, log } = options;
  const hub = startHub(db, url, log);
  const deps: RequestDeps = {
    db,
    institution,
    company: options.company,
    guard,
    hub,
    log,
    now: () => options.now(),
    noticesOf: (plan) => options.noticesOf(plan),
    hosts: () => guard.levels(),
  };

  const hostState = async (row: RunRow): Promise<RunState | null> => {
    try {
      return (await guard.states(row.host, row.id)).find(({ run }) => run === row.id) ?? null;
    } catch {
      return null;
    }
  };

  const planOf = async (row: RunRow): Promise<Plan> =>
    requirePlan((await findPlan(db, institution, row.planHash)).document);

  async function* watch(run: string, signal: AbortSignal): AsyncGenerator<RunStatus> {
    const row = await findRun(db, institution, run);
    const plan = await planOf(row);
    const changed = new Signal();
    const unsubscribe = hub.on(run, () => changed.raise());
    const abort = (): void => changed.raise();
    signal.addEventListener('abort', abort);
    let view: RunView | null = null;
    try {
      while (!signal.aborted) {
        for (const event of await readEvents(db, run, view?.seq ?? -1)) view = applyRunEvent(view, event);
        if (view === null) return;
        const ended = view.phase === 'ended';
        yield { row, plan, view, host: ended ? null : await hostState(row) };
        if (ended) return;
        await changed.wait(watchEveryMs);
      }
    } finally {
      unsubscribe();
      signal.removeEventListener('abort', abort);
    }
  }

  const feeds = createFeeds({
    events: (run, after) => readEvents(db, run, after),
    host: async (run) => hostState(await findRun(db, institution, run)),
    onGrown: (run, told) => hub.on(run, told),
    now: () => options.now(),
  });

  return {
    request: (request) => requestRun(deps, request),
    judge: (plan) => judgeNow(deps, plan),
    stop: (run, lever, by) => askStop(deps, run, lever, by),
    stopAll: (lever, by, why) => askStopAll(deps, lever, by, why),
    starts: () => readBan(db, institution),
    sayWhy: (by, why) => giveReason(deps, by, why),
    allowStarts: (statement, signature) => allowStarts(deps, statement, signature),
    rollback: async (run, by) => askRollback(deps, await findRun(db, institution, run), by),
    resume: async (run, statement, signature) =>
      askResume(deps, await findRun(db, institution, run), statement, signature),
    async status(run) {
      // The row after the view: an ended run then has its outcome.
      const view = await viewOf(db, (await findRun(db, institution, run)).id);
      const row = await findRun(db, institution, run);
      return { row, plan: await planOf(row), view, host: view.phase === 'ended' ? null : await hostState(row) };
    },
    list: (limit) => listRuns(db, institution, limit),
    events: async (run, after) => readEvents(db, (await findRun(db, institution, run)).id, after),
    log: async (run) => readLog(db, (await findRun(db, institution, run)).id),
    watch,
    async *feed(run, after, signal) {
      yield* feeds.watch((await findRun(db, institution, run)).id, after, signal);
    },
    async limits(run) {
      const row = await findRun(db, institution, run);
      const { startedAt } = await viewOf(db, row.id);
      const revision = await findPlan(db, institution, row.planHash);
      return limitsOf(deps, revision, row.mode, new Date(startedAt ?? options.now()));
    },
    work: () => startRunWorker({ ...deps, url }),
    close: () => hub.close(),
  };
}
