/** Running above ordinary work, so that a busy host does not delay a stop. */
import { setPriority } from 'node:os';

const aboveWork = -10;

/** Raises this process where that is allowed; what it starts for a run is put back to ordinary priority. */
export function prioritise(): void {
  try {
    setPriority(aboveWork);
  } catch {
    // Only root may; the stop is a little later on a busy host then.
  }
}
