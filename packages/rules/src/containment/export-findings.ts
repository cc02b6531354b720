/** What every export of findings takes. */
import type { MergedFinding } from './finding-duplicates.ts';
import type { FindingState } from './finding-states.ts';

/** A finding as it leaves: with everybody who saw it, and what became of it where that is known. */
export interface ExportedFinding extends MergedFinding {
  readonly state?: FindingState | undefined;
}
