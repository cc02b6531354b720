/** Scores of CVSS vectors 2.0 to 4.0 (FIRST). The arithmetic is ae-cvss-calculator's. */
import calculator from 'ae-cvss-calculator';
import type { Severity } from './advisory.ts';

/** Longest vector that is read. */
const mostCharacters = 1000;

export interface CvssReading {
  /** `CVSS:4.0`, … */
  readonly kind: string;
  readonly vector: string;
  /** 0 to 10. */
  readonly score: number;
}

/** The newest version of CVSS among the vectors, and of several the highest score; null when none can be read. */
export function cvssOf(severities: readonly Severity[]): CvssReading | null {
  const readings = severities.flatMap(({ kind, value }) => readingOf(kind, value) ?? []);
  return readings.toSorted((a, b) => (a.kind === b.kind ? b.score - a.score : a.kind < b.kind ? 1 : -1))[0] ?? null;
}

function readingOf(kind: string, vector: string): CvssReading | null {
  if (!kind.startsWith('CVSS:') || vector.length > mostCharacters) return null;
  try {
    const score = calculator.fromVector(vector)?.calculateScores(false).overall;
    return score === undefined || Number.isNaN(score) ? null : { kind, vector, score };
  } catch {
    return null;
  }
}

/** What the base metrics of a vector say, metric by metric: `AV` → `N`. */
export function metricsOf(vector: string): ReadonlyMap<string, string> {
  return new Map(
    vector.split('/').flatMap((part): [string, string][] => {
      const [metric, value] = part.split(':');
      return metric === undefined || value === undefined ? [] : [[metric, value]];
    }),
  );
}
