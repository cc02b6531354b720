import type { Platform } from '#platform';
import { connect } from '#platform/db';
import { guardOf } from '#guard';
import { companyOf } from '#plan';
import { createRunner, type Runner, type RunnerOptions } from './runner.ts';

const runners = new WeakMap<Platform, Runner>();

/** Few statements, run often, by few writers at once. A worker that is stopped in a transaction holds its rows so long. */
const pool = { max: 4, name: 'breakwater runs', prepared: true, idleInTransactionMs: 1000 };

/** The runner of a process: one, whoever asks. `noticesOf` gives the notices of a plan as they were delivered so far. */
export function runnerOf(platform: Platform, noticesOf: RunnerOptions['noticesOf']): Runner {
  const known = runners.get(platform);
  if (known !== undefined) return known;
  const { config, databaseUrl, log, clock } = platform;
  const db = connect(databaseUrl, {
    ...pool,
    onLost: (error) => log.warn({ error }, 'a database connection of the runner was lost'),
  });
  const runner = createRunner({
    db,
    url: databaseUrl,
    institution: config.institution,
    log,
    noticesOf,
    guard: guardOf(platform),
    company: companyOf(platform),
    now: () => clock.now(),
  });
  const composed: Runner = {
    ...runner,
    async close() {
      await runner.close();
      await db.destroy();
      await guardOf(platform).end();
      runners.delete(platform);
    },
  };
  runners.set(platform, composed);
  return composed;
}
