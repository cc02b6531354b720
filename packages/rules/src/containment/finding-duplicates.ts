/** One finding that several tools saw, told once. */
import type { FindingRecord } from './finding.ts';
import { severityLevel } from './severity.ts';

/** Who saw a finding, and how they graded it. */
export type Sighting = Pick<FindingRecord, 'tool' | 'rule' | 'severity' | 'seenAt' | 'evidence'>;

/** A finding with everybody who saw it. */
export interface MergedFinding {
  /** Of the worst grade that was given; of equals the one seen first. */
  readonly finding: FindingRecord;
  readonly seenBy: readonly Sighting[];
}

/** Findings of one fingerprint become one, by fingerprint. The order in which they come does not matter. */
export function mergeFindings(findings: readonly FindingRecord[]): MergedFinding[] {
  const groups = Map.groupBy(findings.toSorted(byWeight), ({ fingerprint }) => fingerprint);
  return [...groups.values()]
    .flatMap((group): MergedFinding[] => {
      const [finding] = group;
      if (finding === undefined) return [];
      const sightings = new Map(
        group.map(({ tool, rule, severity, seenAt, evidence }) => {
          const sighting = { tool, rule, severity, seenAt, evidence };
          return [JSON.stringify(sighting), sighting] as const;
        }),
      );
      return [{ finding, seenBy: [...sightings.values()] }];
    })
    .toSorted((a, b) => compare(a.finding.fingerprint, b.finding.fingerprint));
}

const weights: readonly (string | null)[] = [...severityLevel.options, null];

/** Worst first; an ungraded finding stands behind graded ones, because it says less. */
function byWeight(a: FindingRecord, b: FindingRecord): number {
  return (
    weights.indexOf(a.severity.level) - weights.indexOf(b.severity.level) ||
    Date.parse(a.seenAt) - Date.parse(b.seenAt) ||
    compare(JSON.stringify(a), JSON.stringify(b))
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
