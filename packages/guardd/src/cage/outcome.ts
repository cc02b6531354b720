/** How a cage ended, in the word of its report. */
import type { CageTrip, Containment } from '@breakwater/rules/containment';

const outcomes: Readonly<Record<CageTrip['reason'], Containment['outcome']>> = {
  'proxy-gone': 'stopped',
  'window-start': 'refused',
  'window-end': 'window-closed',
  'lease-lost': 'lease-lost',
  attempts: 'stopped',
  'self-test': 'stopped',
  lever: 'stopped',
};

/** `byItself`: every program had ended before the cage was stopped. */
export function outcomeAfter(trip: CageTrip | null, byItself: boolean): Containment['outcome'] {
  if (trip !== null) return outcomes[trip.reason];
  return byItself ? 'exited' : 'stopped';
}
