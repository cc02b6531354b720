import type { Clock } from './clock/index.ts';
import type { Config } from './config/index.ts';
import type { Db } from './db/index.ts';
import type { Jobs } from './jobs/index.ts';
import type { Log, Metrics } from './telemetry/index.ts';

/** What the platform gives every domain: handed to its routes and workers by the composition root. */
export type Platform = {
  config: Config;
  log: Log;
  metrics: Metrics;
  clock: Clock;
  /** Connected as `breakwater_app`. */
  db: Db;
  /** For connections of their own: other roles, LISTEN, locks. A secret. */
  databaseUrl: string;
  jobs: Jobs;
};

/** Ends what a worker started. Resolves when nothing of it runs any more. */
export type Stop = () => Promise<void>;

/** Work that a domain does in the background of role `worker`, besides jobs: sweeps, followers, sequencers. */
export type Worker = (platform: Platform) => Promise<Stop>;
