/** What live runs are seen doing, as the notices of their works need it. */
import type { RunInSight } from '#notice';
import type { Runner } from '#runner';

/** Runs that are looked at: the newest, which cannot be many at once. */
const looked = 20;
/** How long after it was asked for a run is still looked at once it ended: a trip that came last is not missed. */
const lateMs = 3_600_000;

/** The live runs of now and of the last hour. */
export async function runsInSight(runner: Runner, now: number): Promise<RunInSight[]> {
  const rows = (await runner.list(looked)).filter(
    ({ mode, outcome, requestedAt }) => mode === 'live' && (outcome === null || now - Date.parse(requestedAt) < lateMs),
  );
  const seen = await Promise.all(
    rows.map(async ({ id, plan }): Promise<RunInSight[]> => {
      const { view } = await runner.status(id);
      const { host } = view;
      if (host === null) return [];
      const disruptions = host.disruptions.map(({ service, start, startAge, endAge, extent }) => ({
        service,
        extent,
        since: Date.parse(start),
        until: endAge === null ? null : Date.parse(start) + endAge - startAge,
      }));
      const isOver = view.phase === 'ended' || view.phase === 'closed';
      return [
        {
          run: id,
          plan,
          readAt: now,
          tripped: host.trip !== null,
          ended: isOver,
          services: isOver ? new Map() : servicesOf(host.probes, disruptions),
          disruptions,
        },
      ];
    }),
  );
  return seen.flat();
}

type Probes = Readonly<Record<string, { readonly service: string; readonly verdict: 'up' | 'down' | 'unknown' }>>;

/** A service is what its open disruption says; without one it is available when every probe of it is up, and else not told of. */
function servicesOf(
  probes: Probes,
  disruptions: readonly { service: string; extent: 'full' | 'partial'; until: number | null }[],
): RunInSight['services'] {
  const services = new Set(Object.values(probes).map(({ service }) => service));
  return new Map(
    [...services].flatMap((service): [string, 'available' | 'limited' | 'down'][] => {
      const open = disruptions.filter((one) => one.service === service && one.until === null);
      if (open.length > 0) return [[service, open.some(({ extent }) => extent === 'full') ? 'down' : 'limited']];
      const verdicts = Object.values(probes).flatMap((probe) => (probe.service === service ? [probe.verdict] : []));
      return verdicts.every((verdict) => verdict === 'up') ? [[service, 'available']] : [];
    }),
  );
}
