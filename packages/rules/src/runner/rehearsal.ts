import type { JournalEntry, JournalEvent } from '#guard/record';

/** What a rehearsal is measured against: the steps in order, and what detecting and confirming take at most by the probes. */
export interface RehearsalCourse {
  readonly steps: readonly {
    readonly id: string;
    readonly digest: string;
    readonly undone: boolean;
    /** The caged test: its way back is that it is stopped. */
    readonly test?: boolean;
  }[];
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
 * full rollback that ends a rehearsal, and whatever that rollback took besides. Detection, stop and verification are the
 * longest that drills measured, never less than the probes' settings allow. Passed = every step was done by this
 * rehearsal, every way back succeeded, services are back, and nothing made the guard trip.
 */
export function rehearsalTimes(entries: readonly JournalEntry[], course: RehearsalCourse): RehearsalTimes {
  const all = <T extends JournalEvent['type']>(type: T): Of<T>[] =>
    entries.flatMap(({ event }) => (event.type === type ? [event.data as Of<T>] : []));
  const ended = (step: string, action: 'do' | 'undo'): Of<'step.end'> | undefined =>
    all('step.end').findLast((end) => end.step === step && end.action === action && end.outcome === 'done');

  const undoMs = course.steps.map(({ id, undone }) => (undone ? ended(id, 'undo')?.durationMs : 0));
  const whole = all('recovery.end').findLast(({ measure, step }) => measure === 'rollback' && step === null);
  const besides = Math.max(0, (whole?.durationMs ?? 0) - undoMs.reduce<number>((sum, ms) => sum + (ms ?? 0), 0));
  const stepMs: Record<string, number> = {};
  const rollbackMs: Record<string, number> = {};
  const nothingToUndo = course.steps.every(({ test }) => test === true);
  let soFar: number | null = whole?.outcome === 'done' ? besides : nothingToUndo ? 0 : null;
  course.steps.forEach(({ id }, i) => {
    const did = ended(id, 'do');
    if (did !== undefined) stepMs[id] = did.durationMs;
    const back = undoMs[i];
    soFar = soFar === null || back === undefined ? null : soFar + back;
    if (soFar !== null) rollbackMs[id] = soFar;
  });
  const drill = (which: Of<'drill.measured'>['drill']): number =>
    Math.ceil(
      Math.max(0, ...all('drill.measured').map(({ drill: one, durationMs }) => (one === which ? durationMs : 0))),
    );
  const stops = all('work.stopped').map(({ latencyMs }) => latencyMs);
  const closed = all('run.closed').at(-1);
  return {
    passed:
      closed?.serviceRestored === true &&
      all('run.tripped').length === 0 &&
      course.steps.every(({ id }) => ended(id, 'do') !== undefined && id in rollbackMs),
    stepDigests: Object.fromEntries(course.steps.map(({ id, digest }) => [id, digest])),
    stepMs,
    rollbackMs,
    detectMs: Math.max(course.detectMs, drill('detect')),
    stopMs: Math.max(drill('stop'), Math.ceil(Math.max(0, ...stops))),
    verifyMs: Math.max(course.verifyMs, drill('verify')),
  };
}
