import type { Lever, Trip } from '#guard/record';
import type { RunEvent } from './event.ts';

/**
 * Where a run stands. `requested`: asked for, not judged. `ready`: the start gate let it pass. `starting`: the host was
 * asked to prepare. `working`, `held`, `tripped`, `recovering`, `observing`: as the host's journal says. `closed`: the host
 * has closed it. `ended`: the orchestrator has said its last word.
 */
export type RunPhase =
  | 'requested'
  | 'ready'
  | 'starting'
  | 'working'
  | 'held'
  | 'tripped'
  | 'recovering'
  | 'observing'
  | 'closed'
  | 'ended';

/** `begun`: asked for and its end not ingested. `unresolved`: it ended without anybody seeing how. */
export type StepState = 'pending' | 'begun' | 'done' | 'failed' | 'cut' | 'unresolved' | 'undone';

export interface StepView {
  readonly state: StepState;
  readonly attempts: number;
  /** The lease under which it was last begun. */
  readonly epoch: number;
  /** What the host is doing with it now. */
  readonly action: 'check' | 'do' | 'undo' | 'probe' | null;
  readonly beganAt: string | null;
  readonly endedAt: string | null;
  /** Of the last `do`, ms. */
  readonly durationMs: number | null;
}

export interface DisruptionView {
  readonly service: string;
  readonly start: string;
  /** null: not over. */
  readonly end: string | null;
}

/** Everything that follows from the events of a run. */
export interface RunView {
  readonly run: string;
  readonly plan: string;
  readonly planHash: string;
  readonly mode: 'live' | 'rehearsal';
  readonly host: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly phase: RunPhase;
  readonly epoch: number;
  readonly owner: string | null;
  readonly startedAt: string | null;
  /** The host confirmed that it holds plan and limits. */
  readonly prepared: boolean;
  readonly steps: Readonly<Record<string, StepView>>;
  readonly disruptions: Readonly<Record<string, DisruptionView>>;
  readonly pnr: { readonly step: string | null; readonly at: string | null; readonly remainingMs: number | null } | null;
  readonly trip: Trip | null;
  readonly rollbackAskedBy: string | null;
  /** Levers that the orchestrator was asked to pull and the host has not journalled yet. */
  readonly leversAsked: readonly { readonly lever: Lever; readonly by: string }[];
  /** Persons who approved going on after the present hold. */
  readonly resumeApprovals: readonly string[];
  readonly lastRefusal: Extract<RunEvent, { type: 'guard.refused' }>['data'] | null;
  readonly alarms: readonly { readonly kind: string; readonly detail: string }[];
  /** Last journal entry ingested; -1 = none. */
  readonly journalSeq: number;
  readonly closed: { readonly outcome: string; readonly serviceRestored: boolean | null; readonly outageMs: number; readonly at: string } | null;
  readonly outcome: 'completed' | 'rolled-back' | 'stopped' | 'failed' | 'refused' | null;
  readonly seq: number;
  readonly at: string;
}

const newStep: StepView = { state: 'pending', attempts: 0, epoch: 0, action: null, beganAt: null, endedAt: null, durationMs: null };

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
    ...{ run, plan, planHash, mode, host, requestedBy: by, requestedAt: at, phase: 'requested' },
    ...{ epoch: event.epoch, owner: null, startedAt: null, prepared: false, steps: {}, disruptions: {}, pnr: null, trip: null },
    ...{ rollbackAskedBy: null, leversAsked: [], resumeApprovals: [], lastRefusal: null, alarms: [], journalSeq: -1 },
    ...{ closed: null, outcome: null, seq: event.seq, at: event.at },
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
    case 'step.begin':
      return {
        ...stepChange(view, event.data.step, { state: 'begun', attempts: event.data.attempt, epoch: event.epoch, beganAt: event.at }),
        lastRefusal: null,
      };
    case 'step.end':
      return stepChange(view, event.data.step, { state: endState(event.data.outcome), action: null, endedAt: event.at });
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
      return { phase: 'ended', outcome: event.data.outcome };
    case 'guard.entry':
      if (event.data.journalSeq !== view.journalSeq + 1) {
        throw new RangeError(`run ${event.run}: journal entry ${event.data.journalSeq} follows ${view.journalSeq}`);
      }
      return { ...journalChanges(view, event), journalSeq: event.data.journalSeq };
  }
}

function journalChanges(view: RunView, entry: Extract<RunEvent, { type: 'guard.entry' }>): Changes {
  const { event, at } = entry.data;
  switch (event.type) {
    case 'run.prepared':
      return { prepared: true, phase: view.phase === 'starting' ? 'working' : view.phase };
    case 'step.begin':
      return stepChange(view, event.data.step, { action: event.data.action });
    case 'step.end':
      return stepChange(view, event.data.step, {
        action: null,
        ...(event.data.action === 'do' ? { durationMs: event.data.durationMs } : {}),
      });
    case 'disruption.opened':
      return {
        disruptions: { ...view.disruptions, [event.data.disruption]: { service: event.data.service, start: event.data.start, end: null } },
      };
    case 'disruption.closed': {
      const { disruption, service, start, end } = event.data;
      return { disruptions: { ...view.disruptions, [disruption]: { service, start, end } } };
    }
    case 'pnr.set':
      return { pnr: event.data };
    case 'lever.pulled':
      return {
        leversAsked: view.leversAsked.filter(({ lever }) => lever !== event.data.lever),
        resumeApprovals: [],
        ...(event.data.lever === 'hold' && !stopping.has(view.phase) ? { phase: 'held' as const } : {}),
      };
    case 'run.resumed':
      return { phase: 'working', resumeApprovals: [] };
    case 'run.tripped':
      return { trip: event.data.trip, phase: 'tripped' };
    case 'recovery.begin':
      return { phase: 'recovering' };
    case 'recovery.end':
      return event.data.step === null || event.data.measure !== 'rollback'
        ? {}
        : stepChange(view, event.data.step, event.data.outcome === 'done' ? { state: 'undone' } : {});
    case 'run.closed':
      return {
        phase: 'closed',
        closed: { outcome: event.data.outcome, serviceRestored: event.data.serviceRestored, outageMs: event.data.outageMs, at },
      };
    case 'supervisor.started':
    case 'epoch.changed':
    case 'probe.changed':
    case 'meter.read':
    case 'lease.lost':
    case 'lease.renewed':
    case 'work.stopped':
    case 'drill.measured':
      return {};
  }
}

const stopping: ReadonlySet<RunPhase> = new Set<RunPhase>(['tripped', 'recovering', 'closed', 'ended']);

function stepChange(view: RunView, step: string, change: Partial<StepView>): Changes {
  return { steps: { ...view.steps, [step]: { ...(view.steps[step] ?? newStep), ...change } } };
}

function endState(outcome: Extract<RunEvent, { type: 'step.end' }>['data']['outcome']): StepState {
  switch (outcome) {
    case 'done':
    case 'already-done':
      return 'done';
    case 'not-done':
    case 'failed':
    case 'timeout':
      return 'failed';
    case 'cut':
      return 'cut';
    case 'unknown':
      return 'unresolved';
  }
}
