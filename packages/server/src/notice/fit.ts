import { lintNotice, type Notice } from '@breakwater/rules/notice';
import type { Clock } from '#platform/clock';
import { refuse } from './refusal.ts';

/** By what a notice is judged besides itself. */
export type FitOptions = {
  clock: Clock;
  /** Sender numbers that are registered with the carriers; left out: each notice's own list is judged by. */
  registeredSenders?: string[];
};

/** Throws Refused `notice-lint` for a notice that may be neither published nor sent. */
export function requireFit({ clock, registeredSenders }: FitOptions, document: Notice): void {
  const judged = registeredSenders === undefined ? document : { ...document, registeredSenders };
  const { findings } = lintNotice(judged, clock.now().toISOString());
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw refuse({ reason: 'notice-lint', findings: errors });
}
