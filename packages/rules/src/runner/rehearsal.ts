import type { JournalEntry, JournalEvent } from '#guard/record';

/** What a rehearsal is measured against: the steps in order, and what detecting and confirming take at most by the probes. */
export interface RehearsalCourse {
  readonly steps: readonly { readonly id: string; readonly digest: string; readonly undone: boolean }[];
  /** Longest time from a failure to a probe's word that the service is down, as the plan's probes are set, ms. */
  readonly detectMs: number;
  /** Longest time from a recovered service to a probe's word that it is up, ms. */
  readonly verifyMs: number;
}

/** The times of one rehearsal, all ms. A step that is missing in `stepMs` or `rollbackMs` was not measured: unknown, not zero. */
export interface RehearsalTimes {
  readonly passed: boolean;
  readonly stepDigests: Record<string, string>;
  readonly stepMs: Record<string, number>;
  readonly rollbackMs: Record<string, number>;
  readonly detectMs: number;
  readonly stopMs: number;
  readonly verifyMs: number;
}

type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>['data'];

/**
 * Reads the times of a rehearsal from the host's journal of it.
 *
 * Rolling back everything up to a step takes the undoing of that step and of all before it, each as measured in the one
 * full rollback that ends a rehearsal. Detection and verification are the larger of what was measured and what the
 * probes' settings allow. Passed = every step was done by this rehearsal, every way back succeeded, services are back.
 */
export function rehearsalTimes(entries: readonly JournalEntry[], course: RehearsalCourse): RehearsalTimes {
  const all = <T extends JournalEvent['type']>(type: T): Of<T>[] =>
    entries.flatMap(({ event }) => (event.type === type ? [event.data as Of<T>] : []));
  const dos = all('step.end').filter(({ action }) => action === 'do');
  const recoveries = all('recovery.end').filter(({ step }) => step !== null);
  const doneBy = (step: string) => dos.find((end) => end.step === step && end.outcome === 'done');
  const undoneBy = (step: string) => recoveries.find((end) => end.step === step && end.outcome === 'done');

  const stepMs: Record<string, number> = {};
  const rollbackMs: Record<string, number> = {};
  let soFar: number | null = 0;
  for (const { id, undone } of course.steps) {
    const did = doneBy(id);
    if (did !== undefined) stepMs[id] = did.durationMs;
    const back = undone ? undoneBy(id)?.durationMs : 0;
    soFar = soFar === null || back === undefined ? null : soFar + back;
    if (soFar !== null) rollbackMs[id] = soFar;
  }
  const closed = all('run.closed').at(-1);
  const drilled = (drill: Of<'drill.measured'>['drill']): number[] =>
    all('drill.measured').flatMap((measured) => (measured.drill === drill ? [Math.ceil(measured.durationMs)] : []));
  return {
    passed:
      closed?.serviceRestored === true &&
      course.steps.every(({ id, undone }) => doneBy(id) !== undefined && (!undone || undoneBy(id) !== undefined)),
    stepDigests: Object.fromEntries(course.steps.map(({ id, digest }) => [id, digest])),
    stepMs,
    rollbackMs,
    detectMs: Math.max(course.detectMs, ...drilled('detect'), ...all('disruption.opened').map(measuredDetection(entries))),
    stopMs: Math.ceil(Math.max(0, ...drilled('stop'), ...all('work.stopped').map(({ latencyMs }) => latencyMs))),
    verifyMs: Math.max(course.verifyMs, ...drilled('verify'), measuredVerification(entries)),
  };
}

/** From the last good sample to the entry that opened the disruption. */
function measuredDetection(entries: readonly JournalEntry[]): (opened: Of<'disruption.opened'>) => number {
  return (opened) => {
    const entry = entries.find(({ event }) => event.type === 'disruption.opened' && event.data.disruption === opened.disruption);
    return entry === undefined ? 0 : Math.max(0, Date.parse(entry.at) - Date.parse(opened.earliestStart ?? opened.start));
  };
}

/** From the end of the last recovery to the entry that closed the last disruption after it; 0 when none was open then. */
function measuredVerification(entries: readonly JournalEntry[]): number {
  const recovered = entries.findLast(({ event }) => event.type === 'recovery.end');
  const back = entries.findLast(({ event }) => event.type === 'disruption.closed');
  if (recovered === undefined || back === undefined || back.boot !== recovered.boot) return 0;
  return Math.max(0, Math.ceil(back.mono - recovered.mono));
}
