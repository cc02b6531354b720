/** Findings as they are shown: each once, with everybody who saw it and what became of it. */
import {
  coverageOf,
  historiesOf,
  mergeFindings,
  type ExportedFinding,
  type FindingHistory,
} from '@breakwater/rules/containment';
import type { Db, Tx } from '#platform/db';
import { readFindings, readFollowed, readReports, type FindingFilter } from './store.ts';

/** A finding with its history over the runs. */
export type ListedFinding = ExportedFinding & {
  readonly history: Pick<FindingHistory, 'state' | 'firstRun' | 'lastRun' | 'coverage'>;
};

/**
 * A page of findings in the order of their fingerprints, after `after`. The states are folded over all runs each time, so
 * that a run that is told of late counts in its own place.
 */
export async function listFindings(
  db: Db | Tx,
  institution: string,
  filter: FindingFilter,
  page: { after: string; limit: number },
): Promise<{ findings: ListedFinding[]; next: string | null }> {
  const rows = await readFindings(db, institution, filter, page.after, page.limit);
  const merged = mergeFindings(rows.map(({ record }) => record));
  if (merged.length === 0) return { findings: [], next: null };
  const histories = await follow(db, institution, filter.restricted);
  const findings = merged.flatMap((one): ListedFinding[] => {
    const found = histories.get(one.finding.fingerprint);
    if (found === undefined) return [];
    const { state, firstRun, lastRun, coverage } = found;
    return [{ ...one, state, history: { state, firstRun, lastRun, coverage } }];
  });
  return {
    findings,
    next: merged.length < page.limit ? null : (merged.at(-1)?.finding.fingerprint ?? null),
  };
}

async function follow(
  db: Db | Tx,
  institution: string,
  restricted: boolean,
): Promise<ReadonlyMap<string, FindingHistory>> {
  const { runs, sightings } = await readFollowed(db, institution, restricted);
  const reports = await readReports(db, institution, null);
  const seen = Map.groupBy(sightings, ({ run }) => run);
  const cages = Map.groupBy(reports, ({ run }) => run);
  return historiesOf(
    runs.map((run) => ({
      run,
      findings: seen.get(run) ?? [],
      coverages: (cages.get(run) ?? []).map(({ report, tools, names }) => coverageOf(report, { tools, names })),
    })),
  );
}
