/** Bounds of a minor disruption, from the policy pack: a limit of a plan is shown beside them. */
import { defaultPackId, getPack } from '@breakwater/rules/criteria';

function bound(criterion: string): number | null {
  return getPack(defaultPackId).criteria.find(({ id }) => id === criterion)?.bound?.value ?? null;
}

/** Outage in ms, damage in won, records; null: the pack has no such bound. */
export const minorBounds = {
  outageMs: bound('minor.outage'),
  damageWon: bound('minor.damage'),
  records: bound('minor.leak'),
} as const;
