import { applyEntry, type RunOnHost } from '#guard';
import type { GuardAlarm, JournalEntry, Lever, StepOutcome } from '#guard/record';
import type { RunEvent, RunEventBody } from './event.ts';

/**
 * Where a run stands. `requested`: asked for, not judged. `ready`: the start gate let it pass. `starting`: the host was
 * asked to prepare. `working`, `held`, `tripped`, `recovering`: as the host's journal says. `closed`: the host has closed
 * it. `ended`: the orchestrator has said its last word.
 */
export type RunPhase =
  | 'requested'
  | 'ready'
  | 'starting'
  | 'working'
  | 'held'
  | 'tripped'
  | 'recovering'
  | 'closed'
  | 'ended';

/** `begun`: asked for and its end not ingested. `unresolved`: it ended without anybody seeing how. */
export type StepState = 'pending' | 'begun' | 'done' | 'failed' | 'cut' | 'unresolved' | 'undone';

export interface StepView {
  readonly state: StepState;
  readonly attempts: number;
  /** The lease under which it was last begun. */
  readonly epoch: number;
  readonly beganAt: string | null;
  readonly endedAt: string | null;
}

/** Everything that follows from the events of a run. */
export interface RunView {
  readonly run: string;
  readonly plan: string;
  readonly planHash: string;
  readonly mode: 'live' | 'rehearsal';
  readonly hostName: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly phase: RunPhase;
  readonly epoch: number;
  readonly owner: string | null;
  readonly startedAt: string | null;
  readonly steps: Readonly<Record<string, StepView>>;
  /** The run as its host has journalled it, as far as that was ingested; null before the first entry. */
  readonly host: RunOnHost | null;
  readonly pnr: {
    readonly step: string | null;
    readonly at: string | null;
    readonly remainingMs: number | null;
  } | null;
  readonly rollbackAskedBy: string | null;
  /** Levers that the orchestrator was asked to pull and the host has not journalled yet. */
  readonly leversAsked: readonly { readonly lever: Lever; readonly by: string }[];
  /** Journal entry that began the present hold. */
  readonly hold: number | null;
  /** Persons who approved going on after the present hold. */
  readonly resumeApprovals: readonly string[];
  readonly lastRefusal: Extract<RunEventBody, { type: 'guard.refused' }>['data'] | null;
  readonly alarms: readonly GuardAlarm[];
  /** Last journal entry ingested; -1 = none. */
  readonly journalSeq: number;
  readonly closedAt: string | null;
  readonly outcome: 'completed' | 'rolled-back' | 'stopped' | 'failed' | 'refused' | null;
  readonly seq: number;
  readonly at: string;
}

const newStep: StepView = { state: 'pending', attempts: 0, epoch: 0, beganAt: null, endedAt: null };

/**
 * The view after all events, in order of `seq`. Returns null for no events.
 * Throws RangeError when the events are not one gapless log: such a log was not written by Breakwater.
 */
export function foldRun(events: Iterable<RunEvent>): RunView | null {
  let view: RunView | null = null;
  for (const event of events) view = applyRunEvent(view, event);
  return view;
}

/** The view after one more event; `view` is null before the first, which must be `run.requested`. */
export function applyRunEvent(view: RunView | null, event: RunEvent): RunView {
  if (event.seq !== (view === null ? 0 : view.seq + 1)) {
    throw new RangeError(`run ${event.run}: event ${event.seq} follows ${view?.seq ?? 'nothing'}`);
  }
  if (view === null) return firstView(event);
  return { ...view, ...changesOf(view, event), seq: event.seq, at: event.at };
}

function firstView(event: RunEvent): RunView {
  if (event.type !== 'run.requested') throw new RangeError(`run ${event.run}: the first event is ${event.type}`);
  const { run, plan, planHash, mode, host, by, at } = event.data;
  return {
    run,
    plan,
    planHash,
    mode,
    hostName: host,
    requestedBy: by,
    requestedAt: at,
    phase: 'requested',
    epoch: event.epoch,
    owner: null,
    startedAt: null,
    steps: {},
    host: null,
    pnr: null,
    rollbackAskedBy: null,
    leversAsked: [],
    hold: null,
    resumeApprovals: [],
    lastRefusal: null,
    alarms: [],
    journalSeq: -1,
    closedAt: null,
    outcome: null,
    seq: event.seq,
    at: event.at,
  };
}

type Changes = Partial<RunView>;

function changesOf(view: RunView, event: RunEvent): Changes {
  switch (event.type) {
    case 'run.requested':
      throw new RangeError(`run ${event.run}: requested twice`);
    case 'run.gated':
      return event.data.ready ? { phase: 'ready' } : {};
    case 'run.claimed':
      return { epoch: event.data.epoch, owner: event.data.owner };
    case 'run.started':
      return { phase: 'starting', startedAt: event.data.at };
    case 'step.begin': {
      const { step, attempt } = event.data;
      // Asked for again by a new owner while its end was on its way: a step that is done stays done.
      const state = view.steps[step]?.state === 'done' ? 'done' : 'begun';
      return {
        ...stepChange(view, step, { state, attempts: attempt, epoch: event.epoch, beganAt: event.at }),
        lastRefusal: null,
      };
    }
    case 'step.end':
      return stepChange(view, event.data.step, { state: endStates[event.data.outcome], endedAt: event.at });
    case 'guard.refused':
      return { lastRefusal: event.data };
    case 'guard.alarm':
      return { alarms: [...view.alarms, event.data] };
    case 'stop.asked':
      return { leversAsked: [...view.leversAsked, event.data] };
    case 'rollback.asked':
      return { rollbackAskedBy: event.data.by };
    case 'resume.asked':
      return { resumeApprovals: [...new Set([...view.resumeApprovals, event.data.by])] };
    case 'run.ended':
      return { phase: 'ended', outcome: event.data.outcome, steps: settled(view.steps, view.host) };
    case 'guard.entry':
      return entryChanges(view, event.data);
  }
}

function entryChanges(view: RunView, entry: JournalEntry): Changes {
  if (entry.seq !== view.journalSeq + 1) {
    throw new RangeError(`run ${view.run}: journal entry ${entry.seq} follows ${view.journalSeq}`);
  }
  const host = applyEntry(view.host, entry);
  return { journalSeq: entry.seq, host, ...eventChanges(view, host, entry) };
}

function eventChanges(view: RunView, host: RunOnHost, { event, seq, at }: JournalEntry): Changes {
  switch (event.type) {
    case 'run.prepared':
      return view.phase === 'starting' ? { phase: 'working', lastRefusal: null } : {};
    case 'step.end':
      return event.data.action === 'undo' && event.data.outcome === 'done'
        ? stepChange(view, event.data.step, { state: 'undone' })
        : {};
    case 'pnr.set':
      return { pnr: event.data };
    case 'lever.pulled':
      return {
        leversAsked: view.leversAsked.filter(({ lever }) => lever !== event.data.lever),
        ...(event.data.lever === 'hold' && view.phase === 'working'
          ? { phase: 'held' as const, hold: seq, resumeApprovals: [] }
          : {}),
      };
    case 'run.resumed':
      return { phase: 'working', hold: null, resumeApprovals: [] };
    case 'run.tripped':
      return { phase: 'tripped', hold: null };
    case 'recovery.begin':
      return { phase: 'recovering', steps: settled(view.steps, host) };
    case 'run.closed':
      return { phase: 'closed', closedAt: at, steps: settled(view.steps, host) };
    case 'step.begin':
    case 'step.prepared':
    case 'supervisor.started':
    case 'epoch.changed':
    case 'probe.changed':
    case 'disruption.opened':
    case 'disruption.closed':
    case 'meter.read':
    case 'lease.lost':
    case 'lease.renewed':
    case 'work.stopped':
    case 'drill.measured':
    case 'cage.opened':
    case 'cage.attempts':
    case 'cage.finding':
    case 'cage.closed':
    case 'recovery.end':
      return {};
  }
}

function stepChange(view: RunView, step: string, change: Partial<StepView>): Changes {
  return { steps: { ...view.steps, [step]: { ...(view.steps[step] ?? newStep), ...change } } };
}

/** Once no step is worked on any more, one that was asked for and whose end never came is what its host made of it. */
function settled(steps: RunView['steps'], host: RunOnHost | null): RunView['steps'] {
  return Object.fromEntries(
    Object.entries(steps).map(([id, step]) => [
      id,
      step.state === 'begun' ? { ...step, state: stateOnHost(host, id) } : step,
    ]),
  );
}

/** A host that did not touch a step may have been stopped before it, or have failed at its `check`. */
function stateOnHost(host: RunOnHost | null, id: string): StepState {
  if (host === null) return 'unresolved';
  const { did, undone } = host.steps[id] ?? { did: 'no', undone: 'no' };
  switch (did) {
    case 'no':
      return host.failed?.step === id ? 'failed' : 'cut';
    case 'maybe':
      return undone === 'yes' ? 'undone' : 'unresolved';
    case 'yes':
    case 'already':
      return undone === 'yes' ? 'undone' : 'done';
  }
}

const endStates: Readonly<Record<StepOutcome, StepState>> = {
  done: 'done',
  'already-done': 'done',
  'not-done': 'failed',
  failed: 'failed',
  timeout: 'failed',
  cut: 'cut',
  unknown: 'unresolved',
};

/**
 * The events that an ingested journal entry adds to a run beside itself: the end of the step that was begun, once its `do`
 * ended or its `check` found it done.
 */
export function stepEndOf(entry: JournalEntry): Extract<RunEventBody, { type: 'step.end' }> | null {
  const { event, seq } = entry;
  if (event.type !== 'step.end') return null;
  const { step, action, outcome } = event.data;
  const ends = action === 'do' || (action === 'check' && outcome === 'already-done');
  return ends ? { type: 'step.end', data: { step, outcome, journalSeq: seq } } : null;
}
