/** Where a run stands on its host, as a fold over its journal: all that a supervisor started again needs to go on. */
import type { CageLevel } from '#containment/record';
import { ageAt, firstAnchor, moveAnchor, type AgeAnchor, type Mark } from './age.ts';
import type { JournalEntry, JournalEvent, Lever, MeasureKind, StepAction, StepOutcome, Trip } from './record.ts';
import type { ProbeVerdict } from './ledger.ts';

/** What became of a step. `maybe`: its `do` was begun and nobody saw it end. `already`: it was done before this run. */
export type StepDid = 'no' | 'maybe' | 'yes' | 'already';

export interface StepOnHost {
  readonly did: StepDid;
  readonly undone: 'no' | 'maybe' | 'yes' | 'failed';
  /** How often its `undo` was begun. */
  readonly undos: number;
  /** The last answer of its `check` since its last effect was begun. */
  readonly checked: StepOutcome | null;
  /** What its driver recorded before its first change; left out when it recorded nothing. */
  readonly before?: unknown;
}

/** An action that was begun and whose end is not in the journal. */
export interface OpenAction {
  readonly step: string;
  readonly action: StepAction;
}

export interface DisruptionOnHost {
  readonly id: string;
  readonly service: string;
  readonly start: string;
  readonly startAge: number;
  readonly earliestStart: string | null;
  readonly extent: 'full' | 'partial';
  readonly endAge: number | null;
}

export interface MeasureOnHost {
  readonly measure: MeasureKind;
  readonly step: string | null;
  /** null: begun and not ended. */
  readonly outcome: StepOutcome | null;
}

/** The cage of a test, as far as the journal tells. */
export interface CageOnHost {
  readonly step: string;
  readonly level: CageLevel;
  /** Destinations outside the scope that were tried. */
  readonly attempts: number;
  readonly findings: number;
  readonly closed: Extract<JournalEvent, { type: 'cage.closed' }>['data'] | null;
}

export interface RunOnHost {
  readonly run: string;
  readonly host: string;
  readonly mode: 'live' | 'rehearsal';
  readonly planHash: string;
  readonly level: string;
  readonly prepared: Mark;
  readonly clockErrorMs: number;
  readonly anchor: AgeAnchor;
  readonly epoch: number;
  readonly owner: string | null;
  readonly lastSeq: number;
  readonly lastHash: string;
  readonly steps: Readonly<Record<string, StepOnHost>>;
  /** Steps in the order in which their `do` was first begun or found done. */
  readonly order: readonly string[];
  readonly openAction: OpenAction | null;
  /** The step that did not come to its end as it should have; null while the work goes well. */
  readonly failed: { readonly step: string; readonly outcome: StepOutcome } | null;
  readonly held: { readonly by: string } | null;
  /** Levers pulled so far; a hold that was ended does not count. */
  readonly pulled: readonly Lever[];
  readonly aborted: boolean;
  readonly trip: Trip | null;
  readonly trippedAge: number | null;
  /** The age since which the lease has been silent, while it is lost. */
  readonly leaseLostSince: number | null;
  readonly probes: Readonly<
    Record<string, { readonly service: string; readonly verdict: ProbeVerdict; readonly sinceAge: number }>
  >;
  /** Past and present spells of probes that were down or unknown, in ages. */
  readonly spells: readonly {
    readonly probe: string;
    readonly kind: 'down' | 'unknown';
    readonly start: number;
    readonly end: number | null;
  }[];
  readonly disruptions: readonly DisruptionOnHost[];
  readonly meters: Readonly<
    Partial<Record<'damage' | 'records', Extract<JournalEvent, { type: 'meter.read' }>['data']>>
  >;
  /** The cage of its test; null before one was opened. */
  readonly cage: CageOnHost | null;
  /** Recovery measures in the order in which they were begun. */
  readonly recovery: readonly MeasureOnHost[];
  readonly closed: Extract<JournalEvent, { type: 'run.closed' }>['data'] | null;
}

const untouched: StepOnHost = { did: 'no', undone: 'no', undos: 0, checked: null };

/** The run after all its entries; null when there are none. Throws RangeError when the first does not prepare it. */
export function foldJournal(entries: Iterable<JournalEntry>): RunOnHost | null {
  let run: RunOnHost | null = null;
  for (const entry of entries) run = applyEntry(run, entry);
  return run;
}

/** The run after one more entry. */
export function applyEntry(run: RunOnHost | null, entry: JournalEntry): RunOnHost {
  const mark: Mark = { wall: Date.parse(entry.at), mono: entry.mono, boot: entry.boot };
  if (run === null) return firstRun(entry, mark);
  const anchor = moveAnchor(run.anchor, mark);
  const moved: RunOnHost = { ...run, anchor, epoch: entry.epoch, lastSeq: entry.seq, lastHash: entry.hash };
  return { ...moved, ...changes(moved, entry) };
}

/** The age of the run now. */
export function ageOf(run: RunOnHost, now: Mark): number {
  return ageAt(run.anchor, now);
}

function firstRun(entry: JournalEntry, mark: Mark): RunOnHost {
  const { event } = entry;
  if (event.type !== 'run.prepared') throw new RangeError(`the journal of ${entry.run} begins with ${event.type}`);
  return {
    run: entry.run,
    host: entry.host,
    mode: event.data.mode,
    planHash: event.data.planHash,
    level: event.data.level,
    prepared: mark,
    clockErrorMs: event.data.clockErrorMs,
    anchor: firstAnchor(mark),
    epoch: entry.epoch,
    owner: null,
    lastSeq: entry.seq,
    lastHash: entry.hash,
    steps: {},
    order: [],
    openAction: null,
    failed: null,
    held: null,
    pulled: [],
    aborted: false,
    trip: null,
    trippedAge: null,
    leaseLostSince: null,
    probes: {},
    spells: [],
    disruptions: [],
    meters: {},
    cage: null,
    recovery: [],
    closed: null,
  };
}

type Changes = Partial<RunOnHost>;

function changes(run: RunOnHost, entry: JournalEntry): Changes {
  const { event } = entry;
  const now = run.anchor.age;
  switch (event.type) {
    case 'epoch.changed':
      return { owner: event.data.owner };
    case 'step.begin':
      return { openAction: { step: event.data.step, action: event.data.action }, ...stepBegun(run, event.data) };
    case 'step.end':
      return { openAction: null, ...failure(run, event.data), ...stepEnded(run, event.data) };
    case 'step.prepared': {
      const { step, before } = event.data;
      return withStep(run, step, { ...(run.steps[step] ?? untouched), before });
    }
    case 'probe.changed':
      return probeChanged(run, entry, event.data);
    case 'disruption.opened': {
      const { disruption: id, service, start, earliestStart, extent } = event.data;
      const opened = {
        id,
        service,
        start,
        startAge: ageAtInstant(run, entry, start),
        earliestStart,
        extent,
        endAge: null,
      };
      return { disruptions: [...run.disruptions, opened] };
    }
    case 'disruption.closed': {
      const { disruption, durationMs } = event.data;
      return {
        disruptions: run.disruptions.map((one) =>
          one.id === disruption ? { ...one, endAge: one.startAge + durationMs } : one,
        ),
      };
    }
    case 'meter.read':
      return { meters: { ...run.meters, [event.data.meter]: event.data } };
    case 'lease.lost':
      return { leaseLostSince: now - event.data.silentMs };
    case 'lease.renewed':
      return { leaseLostSince: null };
    case 'lever.pulled':
      return leverPulled(run, event.data);
    case 'run.resumed':
      return { held: null, pulled: run.pulled.filter((lever) => lever !== 'hold') };
    case 'run.tripped':
      return { trip: run.trip ?? event.data.trip, trippedAge: run.trippedAge ?? now, held: null };
    case 'cage.opened': {
      const { step, level } = event.data;
      return { cage: { step, level, attempts: 0, findings: 0, closed: null } };
    }
    case 'cage.attempts':
      return run.cage === null ? {} : { cage: { ...run.cage, attempts: event.data.soFar.destinations } };
    case 'cage.finding':
      return run.cage === null ? {} : { cage: { ...run.cage, findings: run.cage.findings + 1 } };
    case 'cage.closed':
      return run.cage === null
        ? {}
        : {
            cage: {
              ...run.cage,
              attempts: event.data.totals.denied,
              findings: event.data.totals.findings,
              closed: event.data,
            },
          };
    case 'recovery.begin':
      return { recovery: [...run.recovery, { ...event.data, outcome: null }] };
    case 'recovery.end':
      return {
        recovery: run.recovery.map((one) => (isSame(one, event.data) ? { ...one, outcome: event.data.outcome } : one)),
      };
    case 'run.closed':
      return { closed: event.data };
    case 'run.prepared':
    case 'supervisor.started':
    case 'pnr.set':
    case 'work.stopped':
    case 'drill.measured':
      return {};
  }
}

function isSame(begun: MeasureOnHost, ended: { measure: MeasureKind; step: string | null }): boolean {
  return begun.outcome === null && begun.measure === ended.measure && begun.step === ended.step;
}

type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>['data'];

function stepBegun(run: RunOnHost, { step, action }: Of<'step.begin'>): Changes {
  const before = run.steps[step] ?? untouched;
  switch (action) {
    case 'do':
      return withStep(run, step, { ...before, did: 'maybe', checked: null });
    case 'undo':
      return withStep(run, step, { ...before, undone: 'maybe', undos: before.undos + 1, checked: null });
    case 'check':
    case 'prepare':
    case 'probe':
      return {};
  }
}

function stepEnded(run: RunOnHost, { step, action, outcome }: Of<'step.end'>): Changes {
  const before = run.steps[step] ?? untouched;
  switch (action) {
    case 'check':
      return withStep(run, step, {
        ...before,
        checked: outcome,
        did: outcome === 'already-done' && before.did === 'no' ? 'already' : before.did,
      });
    case 'do':
      return withStep(run, step, { ...before, did: didAfter(outcome), checked: null });
    case 'undo':
      return withStep(run, step, { ...before, undone: undoneAfter(outcome), checked: null });
    case 'prepare':
    case 'probe':
      return {};
  }
}

/** While the work goes on, every end of a check or an effect that nobody meant is a failure of its step. */
function failure(run: RunOnHost, { step, action, outcome }: Of<'step.end'>): Changes {
  const cutBefore = outcome === 'cut' && (action === 'check' || action === 'prepare');
  const meant = outcome === 'done' || outcome === 'already-done' || outcome === 'not-done' || cutBefore;
  const resolving = action === 'check' && run.steps[step]?.did === 'maybe';
  const going = run.trip === null && run.recovery.length === 0;
  return meant || resolving || !going ? {} : { failed: { step, outcome } };
}

/** A `do` that failed, was cut or ran out of time may have done a part: only one that never ran has done nothing. */
function didAfter(outcome: StepOutcome): StepDid {
  switch (outcome) {
    case 'done':
      return 'yes';
    case 'already-done':
      return 'already';
    case 'not-done':
      return 'no';
    case 'failed':
    case 'timeout':
    case 'cut':
    case 'unknown':
      return 'maybe';
  }
}

function undoneAfter(outcome: StepOutcome): StepOnHost['undone'] {
  switch (outcome) {
    case 'done':
    case 'already-done':
      return 'yes';
    case 'not-done':
      return 'no';
    case 'failed':
    case 'timeout':
      return 'failed';
    case 'cut':
    case 'unknown':
      return 'maybe';
  }
}

function withStep(run: RunOnHost, step: string, state: StepOnHost): Changes {
  const order = state.did === 'no' || run.order.includes(step) ? run.order : [...run.order, step];
  return { steps: { ...run.steps, [step]: state }, order };
}

const leverChanges: Readonly<Record<Lever, (run: RunOnHost, by: string) => Changes>> = {
  hold: (run, by) => (run.trip === null ? { held: { by } } : {}),
  cut: () => ({}),
  'abort-all': () => ({ aborted: true }),
};

function leverPulled(run: RunOnHost, { lever, by }: Of<'lever.pulled'>): Changes {
  return { pulled: [...run.pulled, lever], ...leverChanges[lever](run, by) };
}

function probeChanged(
  run: RunOnHost,
  entry: JournalEntry,
  { probe, service, state, since }: Of<'probe.changed'>,
): Changes {
  const sinceAge = ageAtInstant(run, entry, since);
  const ended = run.spells
    .map((spell) => (spell.probe === probe && spell.end === null ? { ...spell, end: sinceAge } : spell))
    .filter(({ start, end }) => end === null || end > start);
  return {
    probes: { ...run.probes, [probe]: { service, verdict: state, sinceAge } },
    spells: state === 'up' ? ended : [...ended, { probe, kind: state, start: sinceAge, end: null }],
  };
}

/** The age of an instant that an entry tells, by the wall clock that stamped the entry. */
function ageAtInstant(run: RunOnHost, entry: JournalEntry, instant: string): number {
  return run.anchor.age - (Date.parse(entry.at) - Date.parse(instant));
}
