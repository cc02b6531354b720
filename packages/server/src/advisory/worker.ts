import { Gauge } from 'prom-client';
import { z } from 'zod';
import type { Platform, Worker } from '#platform';
import { queue } from '#platform/jobs';
import type { Metrics } from '#platform/telemetry';
import { pollFeed } from './feeds.ts';
import { matchEverything, renewOrders } from './matching.ts';

/** Matches everything anew at night: the kept matches must be what the rule gives. */
export const rematch = queue({
  name: 'advisory.rematch',
  payload: z.strictObject({ institution: z.string() }),
  expireSeconds: 3600,
  retries: 3,
  retryDelaySeconds: 60,
  oncePerKey: true,
});

/** Looks at every feed of advisories that is due. */
export const pollFeeds = queue({
  name: 'advisory.poll-feeds',
  payload: z.strictObject({ institution: z.string() }),
  expireSeconds: 3600,
  retries: 0,
  retryDelaySeconds: 0,
  oncePerKey: true,
});

const everyQuarter = '*/15 * * * *';

/** 03:20 in Seoul: after the lists of the day are out, before people come. */
const nightly = '20 3 * * *';

/** Brings sort keys to the present orders of versions, and matches everything each night. */
export const advisoryWorker: Worker = async (platform) => {
  const { db, config, jobs, clock, log } = platform;
  const renewed = await renewOrders(db, config.institution, clock.now());
  if (renewed > 0) log.info({ packages: renewed }, 'orders of versions changed: packages were matched again');
  const gauges = nightlyMetrics(platform.metrics);
  await jobs.work(rematch, async ({ payload }) => runNightly(platform, payload.institution, gauges));
  await jobs.schedule(rematch, nightly, { institution: config.institution }, 'Asia/Seoul');
  await jobs.work(pollFeeds, async ({ payload, signal }) => {
    for (const feed of config.advisory.feeds) {
      const { networks, proxy } = config.advisory;
      const polled = await pollFeed(feed, {
        db,
        institution: payload.institution,
        networks,
        proxy,
        log,
        now: clock.now(),
        signal,
      });
      if (polled !== null) log.info({ feed: feed.name, ...polled }, 'a feed of advisories was looked at');
    }
  });
  await jobs.schedule(pollFeeds, everyQuarter, { institution: config.institution }, 'Asia/Seoul');
  return async () => undefined;
};

/** What the last full run found: for an alarm that need not read the log. */
function nightlyMetrics(metrics: Metrics): { differences: Gauge; ranAt: Gauge } {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [metrics] });
  return {
    differences: gauge(
      'breakwater_advisory_match_differences',
      'Matches that the last full run found wrong: anything but 0 is an alarm.',
    ),
    ranAt: gauge('breakwater_advisory_match_run_seconds', 'When the last full run ended, Unix time.'),
  };
}

async function runNightly(
  { db, clock, log }: Platform,
  institution: string,
  { differences: found, ranAt }: ReturnType<typeof nightlyMetrics>,
): Promise<void> {
  const { differences, matches } = await matchEverything(
    db,
    institution,
    'nightly',
    { kind: 'system', id: 'advisory' },
    clock.now(),
  );
  found.set(differences);
  ranAt.set(clock.now().getTime() / 1000);
  if (differences > 0)
    log.error({ differences, matches }, 'kept matches were not what the rule gives: they were put right');
  else log.info({ matches }, 'kept matches are what the rule gives');
}
