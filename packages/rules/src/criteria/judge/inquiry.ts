import type { WorkRows } from '../downtime.ts';
import type { Facts } from '../facts.ts';
import type { Criterion } from '../pack.ts';

/** What every judge is given: the facts as of an instant, and the criterion with the offset its authority reckons time in. */
export type Inquiry = {
  readonly facts: Facts;
  readonly asOf: number;
  /** The disruptions of the work. */
  readonly rows: WorkRows;
  readonly offset: string;
  readonly criterion: Criterion;
  /** Whether the pack has the carve-out of personal credit information. */
  readonly carvesOut: boolean;
};
