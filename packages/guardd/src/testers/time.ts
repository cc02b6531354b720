/** How long a tester may take. */
import { durationMs } from '@breakwater/rules';
import { wallNow } from '../clock.ts';
import type { TesterContext } from './tester.ts';

/** A timer holds no longer than this. */
const mostMs = 2_147_483_647;

/** The budget of time that a plan gives, ms; null = none. */
export function timeGiven({ tester }: Pick<TesterContext, 'tester'>): number | null {
  const { time } = tester.budgets ?? {};
  return time === undefined ? null : durationMs(time);
}

/** The same within the scope's window, which the cage holds in any case. */
export function timeBudget(context: Pick<TesterContext, 'scope' | 'tester'>): number {
  const left = Math.max(1, Date.parse(context.scope.window.end) - wallNow());
  return Math.min(mostMs, left, timeGiven(context) ?? mostMs);
}
