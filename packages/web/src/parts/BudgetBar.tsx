import type { ReactNode } from 'react';
import css from './budget-bar.module.css';

export interface BudgetBarProps {
  /** Share of the whole width that is certainly used, 0 to 1, and the share that may be. */
  low: number;
  high?: number;
  /** Where the plan's limit stands. */
  limit: number | null;
  crossed?: boolean;
  slim?: boolean;
}

const share = (value: number): number => Math.min(100, Math.max(0, value * 100));

/** A budget: full width is the measure's bound, the tick is the plan's limit, hatched is what may be used. */
export function BudgetBar({ low, high = low, limit, crossed = false, slim = false }: BudgetBarProps): ReactNode {
  return (
    <svg className={`${css['bar']} ${slim ? css['slim'] : ''}`} aria-hidden="true">
      <rect className={css['track']} width="100%" height="100%" rx="2" />
      {high > low && <rect className={css['maybe']} width={`${share(high)}%`} height="100%" rx="2" />}
      <rect className={crossed ? css['crossed'] : css['used']} width={`${share(low)}%`} height="100%" rx="2" />
      {limit !== null && <rect className={css['limit']} x={`${share(limit)}%`} y="-3" width="2" height="100" />}
    </svg>
  );
}
