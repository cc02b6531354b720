/** What every import of findings takes and gives. A file is taken whole or not at all. */
import { BreakwaterError } from '../error.ts';
import type { FindingRecord } from './finding.ts';

/** What a tool's file does not say of itself. */
export interface ImportOptions {
  /** RFC 3339: when a finding without a time of its own was seen. */
  readonly seenAt: string;
  /** SHA-256 of the file. */
  readonly evidence: string | null;
  /** Whose findings these are when they name a file instead of a host. */
  readonly asset?: string;
}

export interface ImportedFindings {
  readonly findings: readonly FindingRecord[];
  /** Rows of the file that tell of no weakness: passed checks, failed matches, errors of the tool. */
  readonly ignored: number;
}

/** The most findings of one file. */
const mostFindings = 100_000;

/** The most characters of one file. */
export const mostText = 64 * 1024 * 1024;

/** Collects the findings of a file. `place` says where the reader stands, as `line:column`. */
export class FindingCollector {
  readonly #findings: FindingRecord[] = [];
  #ignored = 0;

  ignore(): void {
    this.#ignored += 1;
  }

  /** Adds what `make` gives; what it throws names the place. Throws BreakwaterError `import.too-many` beyond the cap. */
  add(place: string, make: () => FindingRecord): void {
    if (this.#findings.length >= mostFindings) {
      throw new BreakwaterError('import.too-many', `a file has at most ${mostFindings} findings: divide it`, place);
    }
    this.#findings.push(placed(place, make));
  }

  end(): ImportedFindings {
    return { findings: this.#findings, ignored: this.#ignored };
  }
}

/** What `work` gives; a refusal without a place gets this one, and a value outside its type is a refusal. */
export function placed<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof BreakwaterError && error.path !== '') throw error;
    const [code, message] =
      error instanceof BreakwaterError
        ? [error.code, error.message]
        : ['import.invalid', 'this is not a finding: a value has the wrong form'];
    throw new BreakwaterError(code, message, place);
  }
}

/** A CVE number anywhere in a text of an id; null when there is none. */
export function cveIn(text: string): string | null {
  return /\bCVE-\d{4}-\d{4,19}\b/i.exec(text)?.[0].toUpperCase() ?? null;
}

/** An instant as a tool writes it, in RFC 3339; `otherwise` when it is none. */
export function instantOr(text: string | undefined, otherwise: string): string {
  const ms = text === undefined || text.length > 64 ? Number.NaN : Date.parse(text);
  return Number.isFinite(ms) && ms >= 0 && ms < 253_402_300_800_000 ? new Date(ms).toISOString() : otherwise;
}

/** Refuses a text that is larger than an import takes. */
export function requireSize(text: string): void {
  if (text.length > mostText) {
    throw new BreakwaterError('import.too-large', `a file has at most ${mostText} characters: divide it`, '1:1');
  }
}

/** The lines of a text that hold something, with their numbers from 1. */
export function* linesOf(text: string): Generator<{ line: string; number: number }> {
  let number = 1;
  for (let start = 0; start <= text.length; number += 1) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end === -1 ? text.length : end);
    if (line.trim() !== '') yield { line, number };
    if (end === -1) return;
    start = end + 1;
  }
}
