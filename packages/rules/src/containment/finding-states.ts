/** What became of findings from run to run, by what was seen and what was really tested. */
import type { FindingRecord } from './finding.ts';
import { assetId } from './finding-place.ts';
import type { Containment } from './report.ts';

/**
 * What the gate says about a place in one run. Only `tested` says anything about the target: `not-allowed` was kept away by the
 * scope, `lost-to-cap` by a cap, and `untouched` was never tried.
 */
export type PlaceCoverage = 'tested' | 'not-allowed' | 'lost-to-cap' | 'untouched';

/** How a cage of a run covered places, from its report. */
export interface RunCoverage {
  /** Tools that ran in it to their own end: what another tool found, they did not look for. */
  readonly tools: readonly string[];
  of(place: Pick<FindingRecord, 'asset' | 'protocol' | 'port'>): PlaceCoverage;
}

/**
 * The coverage of a cage whose gate reported `report`. `names` are the scope's pinned names. The report counts packets lost to
 * a cap for the whole cage, so after one loss no place is sure to have had all its probes. A finding about a whole asset
 * (`port` null) is at a place that was tested when anything of its protocol there was.
 */
export function coverageOf(
  report: Containment,
  { tools, names = [] }: { tools: readonly string[]; names?: readonly { name: string; address: string }[] },
): RunCoverage {
  const key = (address: string, protocol: string, port: number | null): string =>
    `${address} ${protocol} ${port ?? '*'}`;
  const keysOf = (rows: readonly { address: string; protocol: string; port: number | null }[]): Set<string> =>
    new Set(
      rows.flatMap(({ address, protocol, port }) => {
        const asset = assetId(address);
        return [key(asset, protocol, port), key(asset, protocol, null)];
      }),
    );
  const reached = keysOf(report.allowed.filter(({ connections }) => connections > 0));
  const denied = keysOf(report.denied);
  const pinned = new Map(names.map(({ name, address }) => [assetId(name), assetId(address)]));
  const ended = report.outcome === 'exited' && report.exitCode === 0;
  return {
    tools: ended ? tools : [],
    of({ asset, protocol, port }) {
      const place = key(pinned.get(asset) ?? asset, protocol, port);
      if (reached.has(place)) return report.lostToCap.packets > 0 ? 'lost-to-cap' : 'tested';
      return denied.has(place) ? 'not-allowed' : 'untouched';
    },
  };
}

/** `new`: first seen in the newest run. `regressed`: seen again after it was remediated. */
export type FindingState = 'new' | 'persistent' | 'remediated' | 'regressed';

export interface FindingHistory {
  readonly state: FindingState;
  readonly firstRun: string;
  /** Where it was last seen. */
  readonly lastRun: string;
  /** What the newest run says about its place; null when it was seen there. */
  readonly coverage: PlaceCoverage | null;
  /** Tools that ever saw it. */
  readonly tools: readonly string[];
}

/** What is needed of a finding to follow it. */
export type FollowedFinding = Pick<FindingRecord, 'fingerprint' | 'asset' | 'protocol' | 'port' | 'tool'>;

/** One run: what it saw, and what each of its cages covered. An import without a cage has no coverage. */
export interface FindingRun {
  readonly run: string;
  readonly findings: readonly FollowedFinding[];
  readonly coverages: readonly RunCoverage[];
}

interface Standing extends FindingHistory {
  readonly place: Pick<FindingRecord, 'asset' | 'protocol' | 'port'>;
}

/** Histories by fingerprint. */
export type FindingHistories = ReadonlyMap<string, Standing>;

/**
 * The histories after one more run. What a run did not see is remediated only when its place was tested there by every tool
 * that ever saw it; otherwise it stays as it was.
 */
export function afterRun(before: FindingHistories, { run, findings, coverages }: FindingRun): FindingHistories {
  const after = new Map(before);
  for (const finding of findings) {
    const { fingerprint, asset, protocol, port, tool } = finding;
    // What several tools saw in this run is judged by what stood before it.
    const known = before.get(fingerprint);
    const tools = [...new Set([...(after.get(fingerprint)?.tools ?? []), tool])].toSorted();
    after.set(fingerprint, {
      state: known === undefined ? 'new' : known.state === 'remediated' ? 'regressed' : 'persistent',
      firstRun: known?.firstRun ?? run,
      lastRun: run,
      coverage: null,
      tools,
      place: { asset, protocol, port },
    });
  }
  for (const [fingerprint, standing] of before) {
    if (after.get(fingerprint) !== standing || coverages.length === 0) continue;
    const covered = coverages.map((coverage) => coverage.of(standing.place));
    const looked = standing.tools.every((tool) =>
      coverages.some((coverage, n) => covered[n] === 'tested' && coverage.tools.includes(tool)),
    );
    const best = strongest.find((coverage) => covered.includes(coverage)) ?? 'untouched';
    after.set(fingerprint, { ...standing, state: looked ? 'remediated' : standing.state, coverage: best });
  }
  return after;
}

const strongest: readonly PlaceCoverage[] = ['tested', 'lost-to-cap', 'not-allowed', 'untouched'];

/** The histories after runs in the order in which they were made. */
export function historiesOf(runs: readonly FindingRun[]): FindingHistories {
  return runs.reduce<FindingHistories>(afterRun, new Map());
}
