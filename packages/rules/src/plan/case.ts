/** What every check of readiness is given. */
import type { PlanContext } from './context.ts';
import type { PlanFinding } from './finding.ts';
import type { Plan } from './schema.ts';

export interface PlanCase {
  readonly plan: Plan;
  readonly hash: string;
  /** Empty when nothing is known. */
  readonly context: PlanContext;
  readonly start: number;
  readonly end: number;
  /** Epoch ms; null = not known. */
  readonly now: number | null;
}

export type PlanCheck = (given: PlanCase) => PlanFinding[];
