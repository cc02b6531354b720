/** Cages that were not opened: because none can be here, or with the report that says why. */
import { BreakwaterError } from '@breakwater/rules/error';
import type { CageLevel, CageTrip, Containment } from '@breakwater/rules/containment';
import { instantOf, wallNow } from '../clock.ts';
import type { CageOptions } from './cage.ts';

/** A cage of the wanted strength cannot be opened on this machine. */
export class CageUnavailable extends Error {
  override readonly name = 'CageUnavailable';
}

/** The scope asks for something that this machine has no means for, such as its packets or a bandwidth. */
export class CageLacking extends BreakwaterError {}

/** Nothing ran: the window is not open, or the self-test failed. */
export class CageRefused extends Error {
  override readonly name = 'CageRefused';
  readonly containment: Containment;

  constructor(containment: Containment, message: string) {
    super(message);
    this.containment = containment;
  }
}

export function refusedReport(level: CageLevel, { scope }: CageOptions, trip: CageTrip | null): Containment {
  const now = instantOf(wallNow());
  return {
    schema: 'breakwater.containment/1',
    level,
    signed: scope.authority !== undefined,
    outcome: 'refused',
    exitCode: null,
    trip,
    allowed: [],
    denied: [],
    lostToCap: { packets: 0 },
    bytes: { out: 0, in: 0 },
    stoppedAfterMs: null,
    startedAt: now,
    endedAt: now,
  };
}

/** Throws CageRefused when the scope's window is not open at `now`, epoch ms. */
export function refuseOutsideWindow(level: CageLevel, options: CageOptions, now: number): void {
  const { start, end } = options.scope.window;
  const refuse = (trip: CageTrip, why: string): never => {
    throw new CageRefused(refusedReport(level, options, trip), why);
  };
  if (now < Date.parse(start)) refuse({ reason: 'window-start', startsAt: start }, `the window opens at ${start}`);
  if (now >= Date.parse(end)) refuse({ reason: 'window-end', endedAt: end }, `the window was over at ${end}`);
}
