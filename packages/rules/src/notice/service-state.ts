/** What customers are told of a service at one instant. */
import { windowsOf, type Notice } from './document.ts';

/**
 * `planned`: works, and an interruption is announced. `unknown`: the announced time is over and nobody said that the
 * service is back, so nothing is claimed.
 */
export type ServiceState = 'available' | 'limited' | 'down' | 'planned' | 'unknown';

/** What the probes of a running work say of a service. `at` = when it was read, epoch ms. */
export interface ObservedService {
  readonly state: 'available' | 'limited' | 'down';
  readonly at: number;
}

/** A reading older than this says nothing about now (our own measure: probes run every second, and are read every five). */
const freshMs = 60_000;

/** Where `now` lies among the announced windows of a notice. Between the windows of a series the next one is scheduled. */
export function phaseAt(notice: Pick<Notice, 'window' | 'windows'>, now: number): 'scheduled' | 'under-way' | 'over' {
  const windows = windowsOf(notice);
  if (windows.some(({ start, end }) => Date.parse(start) <= now && now < Date.parse(end))) return 'under-way';
  return windows.some(({ start }) => now < Date.parse(start)) ? 'scheduled' : 'over';
}

/** The state of a service that the newest notice of a work names. What probes saw counts before what was announced. */
export function serviceStateOf(newest: Notice, observed: ObservedService | null, now: number): ServiceState {
  if (observed !== null && now - observed.at <= freshMs) return observed.state;
  if (newest.kind === 'cancel' || newest.kind === 'end' || newest.kind === 'result') return 'available';
  if (newest.kind === 'disruption') return 'down';
  return ({ scheduled: 'planned', 'under-way': 'down', over: 'unknown' } as const)[phaseAt(newest, now)];
}
