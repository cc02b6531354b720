import { BreakwaterError } from '@breakwater/rules';
import { PgBoss, fromKysely, type SendOptions } from 'pg-boss';
import type { z } from 'zod';
import { clientConfig, type Tx } from '#platform/db';
import { traced, type Log } from '#platform/telemetry';

/**
 * A kind of background work, declared as data. A job is a batch or a sweep, never one recipient, and its handler may run
 * more than once: after a crash, or when it took longer than `expireSeconds`.
 */
export type Queue<T extends object> = {
  /** `domain.work`, e.g. `notice.send-batch`. */
  name: string;
  /** What a job carries: ids, never personal data. */
  payload: z.ZodType<T>;
  /** A job that takes longer is taken from its worker and tried again. */
  expireSeconds: number;
  /** Tries after the first; then the job goes to the queue `<name>.dead` and stays there for people to look at. */
  retries: number;
  /** Wait before the first further try; doubled for each one after, up to an hour. */
  retryDelaySeconds: number;
  /** At most one waiting or running job for the same `key`. Default false. */
  oncePerKey?: boolean;
};

/** Declares a queue. */
export function queue<T extends object>(definition: Queue<T>): Queue<T> {
  return definition;
}

export type EnqueueOptions = {
  /** Enqueues in this transaction: the job exists exactly when the change it belongs to does. */
  tx?: Tx;
  /** Not before this time. */
  after?: Date;
  /** For queues with `oncePerKey`: the key. Letters, digits, `-`, `_`, `.`, `/`. */
  key?: string;
};

/** A job as its handler sees it. `signal` aborts when the job expired or the worker is told to stop. */
export type Job<T> = { id: string; payload: T; attempt: number; signal: AbortSignal };

export type Jobs = {
  /** Adds a job; null when `oncePerKey` found one already. */
  enqueue<T extends object>(queue: Queue<T>, payload: T, options?: EnqueueOptions): Promise<string | null>;
  /** Works on a queue in this process until stopped. A handler that throws fails the job. */
  work<T extends object>(queue: Queue<T>, handler: (job: Job<T>) => Promise<void>): Promise<void>;
  /** Enqueues a job at the times of a cron expression, once over all servers. The same name again replaces the schedule. */
  schedule<T extends object>(queue: Queue<T>, cron: string, payload: T, timeZone: string): Promise<void>;
  /** Jobs that wait and that run, by queue; of a queue `<name>.dead`, those that were given up. As the last count had it. */
  depths(): Promise<{ queue: string; waiting: number; running: number }[]>;
  /** Lets running jobs end, for at most `seconds`; the rest is taken up again elsewhere. */
  stop(seconds: number): Promise<void>;
};

/** For a program that has nothing to work on: what is enqueued is forgotten. */
export const noJobs: Jobs = {
  enqueue: async () => null,
  work: async () => undefined,
  schedule: async () => undefined,
  depths: async () => [],
  stop: async () => undefined,
};

export type JobsOptions = {
  url: string;
  queues: readonly Queue<object>[];
  log: Log;
  /** Jobs of one queue that this process does at once. */
  concurrency: number;
};

const pollSeconds = 2;

/** Where jobs end that failed every try. */
export function deadLetter(name: string): string {
  return `${name}.dead`;
}

/**
 * Starts background work on the database at `url`: makes the queues, or brings their settings up to date. Work is
 * distributed over every process that calls `work`.
 */
export async function startJobs(options: JobsOptions): Promise<Jobs> {
  const { log } = options;
  const { connectionString, options: session } = clientConfig(options.url);
  const boss = new PgBoss({
    connectionString,
    options: session,
    application_name: 'breakwater jobs',
    max: 4,
    createSchema: false,
    useListenNotify: true,
  });
  boss.on('error', (error) => log.error({ error }, 'background work failed'));
  boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'background work warns'));
  await boss.start();
  for (const definition of options.queues) await declare(boss, definition);
  const stopping = new AbortController();
  return {
    async enqueue(definition, payload, { tx, after, key } = {}) {
      const data = check(definition, payload);
      const send: SendOptions = {
        ...(tx === undefined ? {} : { db: fromKysely(tx) }),
        ...(after === undefined ? {} : { startAfter: after }),
        ...(key === undefined ? {} : { singletonKey: key }),
      };
      return boss.send(definition.name, data, send);
    },
    async work(definition, handler) {
      // New jobs are announced; the poll finds the ones that a delay or a further try made due.
      const poll = { pollingIntervalSeconds: pollSeconds, notifyPollingIntervalSeconds: pollSeconds };
      const settings = { batchSize: 1, localConcurrency: options.concurrency, ...poll };
      await boss.work<object>(definition.name, settings, async ([job]) => {
        if (job === undefined) return;
        const signal = AbortSignal.any([job.signal, stopping.signal]);
        const started = performance.now();
        const attempt = job.retryCount + 1;
        const facts = { 'breakwater.queue': definition.name, 'breakwater.attempt': attempt };
        const payload = check(definition, job.data);
        const failure = await traced(`job ${definition.name}`, facts, () =>
          handler({ id: job.id, payload, attempt, signal }),
        ).then(
          () => null,
          (error: unknown) => asError(error),
        );
        const fields = { queue: definition.name, job: job.id, ms: performance.now() - started };
        if (failure === null) {
          log.debug(fields, 'job done');
        } else {
          log.error({ ...fields, attempt, error: failure }, 'job failed');
          // This is stored with the job, so it says no more than the kind: the text of an error may quote data.
          throw new Error(failure.name);
        }
      });
    },
    async schedule(definition, cron, payload, timeZone) {
      await boss.schedule(definition.name, cron, check(definition, payload), { tz: timeZone });
    },
    async depths() {
      return (await boss.getQueues()).map(({ name, queuedCount, activeCount }) => ({
        queue: name,
        waiting: queuedCount,
        running: activeCount,
      }));
    },
    async stop(seconds) {
      stopping.abort();
      await boss.stop({ graceful: true, timeout: seconds * 1000 });
    },
  };
}

async function declare(boss: PgBoss, definition: Queue<object>): Promise<void> {
  const dead = deadLetter(definition.name);
  const settings = {
    expireInSeconds: definition.expireSeconds,
    retryLimit: definition.retries,
    retryDelay: definition.retryDelaySeconds,
    ...(definition.retryDelaySeconds > 0 ? { retryBackoff: true, retryDelayMax: 3600 } : { retryBackoff: false }),
    deadLetter: dead,
    notify: true,
  };
  const kept = { retentionSeconds: 10 * 365 * 86_400, deleteAfterSeconds: 0 };
  await boss.createQueue(dead, kept);
  await boss.createQueue(definition.name, {
    ...settings,
    policy: definition.oncePerKey === true ? 'exclusive' : 'standard',
  });
  await boss.updateQueue(definition.name, settings);
}

function check<T extends object>(definition: Queue<T>, payload: unknown): T {
  const parsed = definition.payload.safeParse(payload);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue === undefined ? '' : `/${issue.path.join('/')}`;
  throw new BreakwaterError(
    'jobs.payload',
    `the job does not have the shape of ${definition.name}: ${issue?.message ?? ''}`,
    path,
  );
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('failed');
}
