/** What `/metrics` says of the whole server, asked for when it is read. A value that cannot be found out is NaN, never zero. */
import { Gauge } from 'prom-client';
import type { Platform } from '#platform';
import { streamsOf, type Http } from '#platform/http';
import { openDeliveries } from '#platform/webhook';
import { certificatesOf, hostsSeen } from '#guard';
import { openRuns } from '#runner';

type Values = readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];

/** Registers the gauges of a server with role `api`. */
export function measureServer(app: Http, platform: Platform): void {
  const { metrics, jobs, db, config, clock } = platform;
  const gauge = (name: string, help: string, labelNames: readonly string[], ask: () => Promise<Values>): void => {
    const made = new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [],
      async collect() {
        this.reset();
        const values = await ask().catch((): Values => (labelNames.length === 0 ? [{ value: Number.NaN }] : []));
        for (const { labels = {}, value } of values) this.set(labels, value);
      },
    });
    metrics.registerMetric(made);
  };
  const seconds = (from: number, to: number): number => Math.round((to - from) / 1000);

  gauge('breakwater_event_streams', 'Open streams of server-sent events', [], async () => [
    { value: streamsOf(app.server).length },
  ]);
  gauge('breakwater_jobs_waiting', 'Jobs that wait; of a queue `….dead`, those given up', ['queue'], async () =>
    (await jobs.depths()).map(({ queue, waiting }) => ({ labels: { queue }, value: waiting })),
  );
  gauge('breakwater_jobs_running', 'Jobs that run', ['queue'], async () =>
    (await jobs.depths()).map(({ queue, running }) => ({ labels: { queue }, value: running })),
  );
  gauge('breakwater_webhook_open', 'What was told to webhooks and nobody has taken', [], async () => [
    { value: await openDeliveries(db, config.institution) },
  ]);
  gauge('breakwater_runs_open', 'Runs that are not over', ['mode'], async () => {
    const open = await openRuns(db, config.institution);
    return (['live', 'rehearsal'] as const).map((mode) => ({
      labels: { mode },
      value: open.filter((run) => run.mode === mode).length,
    }));
  });
  gauge('breakwater_host_silent_seconds', 'Time since a host last said who it is', ['host'], async () =>
    (await hostsSeen(platform)).map(({ host, seenAt }) => ({
      labels: { host },
      value: seconds(Date.parse(seenAt), clock.now().getTime()),
    })),
  );
  gauge('breakwater_certificate_seconds', 'Time that the newest certificate still counts', ['role', 'name'], async () =>
    (await certificatesOf(platform)).map(({ role, name, notAfter }) => ({
      labels: { role, name },
      value: seconds(clock.now().getTime(), notAfter.getTime()),
    })),
  );
}
