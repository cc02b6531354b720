import { requirePlan } from '@breakwater/rules/plan';
import type { Refusal } from '@breakwater/rules/guard';
import type { GuardAlarm, JournalEntry } from '@breakwater/rules/guard/record';
import {
  applyRunEvent,
  isUnheard,
  nextMove,
  refusalMeans,
  rehearsalTimes,
  stepEndOf,
  type RunCourse,
  type RunEventBody,
  type RunMove,
  type RunView,
} from '@breakwater/rules/runner';
import { GuarddRefused, GuarddUnreachable, HostUnfit, type Guard, type JournalSink } from '#guard';
import { inTransaction, type Tx } from '#platform/db';
import { warnSparingly, type Log } from '#platform/telemetry';
import { findPlan, planRunEnded, recordRehearsal, type PlanRevision } from '#plan';
import { courseOf, judgeStart, limitsOf, rehearsalCourseOf, type Gate, type GateSources } from './gate.ts';
import type { Hub } from './hub.ts';
import { LeaseLost, write } from './log.ts';
import type { Ownership } from './ownership.ts';
import { endRun, readEvents, type Lease, type RunRow } from './store.ts';
import { Signal } from './signal.ts';
import type { Writer } from './writer.ts';

export interface OwnerDeps extends GateSources {
  readonly guard: Guard;
  readonly hub: Hub;
  readonly log: Log;
  readonly ownership: Ownership;
  readonly writer: Writer;
  readonly worker: string;
  now(): Date;
}

/** Why an owner's work on a run is over. */
export type OwnerEnd = 'ended' | 'lost' | 'stopped';

/** How long to wait before asking a host again that refused for now or did not answer. */
const againMs = 200;
/** A host that closed a run is asked for the end of its journal for so long. */
const lastWithinMs = 60_000;
/** Looked at without being told, in case a notification was lost. */
const lookMs = 1000;

/** One worker's work on one run, under one lease: reads what happened, decides the next move, makes it. */
export class Owner {
  readonly #deps: OwnerDeps;
  readonly #row: RunRow;
  readonly #lease: Lease;
  readonly #warn: (fields: object, message: string) => void;
  readonly #wake = new Signal();
  readonly #sent = new Set<string>();
  readonly #entries: JournalEntry[] = [];
  #view: RunView | null = null;
  #prepared = false;
  /** The step that the host was asked to begin and need not be asked again; compared by identity. */
  #asked: { readonly step: string } | null = null;
  #lost = false;

  constructor(deps: OwnerDeps, row: RunRow, lease: Lease) {
    this.#deps = deps;
    this.#row = row;
    this.#lease = lease;
    this.#warn = warnSparingly(deps.log);
  }

  /** Something was asked of the run, or its journal grew. */
  wake(): void {
    this.#wake.raise();
  }

  /** Works until the run has ended, another worker owns it, or the signal aborts. Never rejects for what comes back. */
  async work(stopping: AbortSignal): Promise<OwnerEnd> {
    const { guard, hub, ownership, db } = this.#deps;
    const { id: run, host, institution, planHash } = this.#row;
    const following = new AbortController();
    const stop = (): void => {
      following.abort();
      this.#wake.raise();
    };
    stopping.addEventListener('abort', stop);
    const unsubscribe = hub.on(run, () => this.wake());
    try {
      const revision = await this.#persist(() => findPlan(db, institution, planHash), stopping);
      if (revision === null) return 'stopped';
      const taken = (): void => {
        this.wake();
        hub.grown(run);
      };
      void guard.follow(run, host, this.#sink(), taken, following.signal);
      const socket = guard.socketOf(host);
      if (socket !== null) ownership.hold({ run, epoch: this.#lease.epoch, socket });
      return await this.#moves(revision, stopping);
    } finally {
      following.abort();
      ownership.release(run);
      unsubscribe();
      stopping.removeEventListener('abort', stop);
    }
  }

  async #moves(revision: PlanRevision, stopping: AbortSignal): Promise<OwnerEnd> {
    const course = courseOf(requirePlan(revision.document));
    while (!stopping.aborted) {
      try {
        const move = await this.#decide(course);
        if (move.move === 'none') return 'ended';
        if (this.#deps.ownership.holds()) await this.#make(move, revision);
        await this.#wake.wait(this.#pauseFor(move));
      } catch (error) {
        if (error instanceof LeaseLost) return 'lost';
        this.#warn({ run: this.#row.id, error }, 'the run waits');
        await this.#wake.wait(againMs);
      }
    }
    return 'stopped';
  }

  /** How long to wait for news after a move. */
  #pauseFor(move: RunMove): number {
    if (move.move === 'observe') return Math.min(lookMs, move.untilMs - this.#deps.now().getTime());
    return move.move === 'wait' ? lookMs : againMs;
  }

  /** Reads what was added to the log and decides. Throws LeaseLost when a later epoch wrote to it. */
  async #decide(course: RunCourse): Promise<RunMove> {
    await this.#read();
    if (this.#view === null) throw new Error(`run ${this.#row.id} has no events`);
    if (this.#lost || this.#view.epoch !== this.#lease.epoch) throw new LeaseLost(this.#row.id);
    return nextMove(this.#view, course, this.#deps.now().getTime());
  }

  async #read(): Promise<void> {
    for (const event of await readEvents(this.#deps.db, this.#row.id, this.#view?.seq ?? -1)) {
      this.#view = applyRunEvent(this.#view, event);
      if (event.type === 'guard.entry') this.#entries.push(event.data);
    }
  }

  #sink(): JournalSink {
    return journalSink(this.#row, this.#deps.worker, () => this.#deps.now());
  }

  async #make(move: RunMove, revision: PlanRevision): Promise<void> {
    const { guard } = this.#deps;
    const { id, host } = this.#row;
    const { epoch } = this.#lease;
    if (this.#isOnHost() && !this.#prepared && move.move !== 'end') await this.#prepare(revision);
    switch (move.move) {
      case 'start':
        return this.#start(revision);
      case 'prepare':
        return this.#prepare(revision);
      case 'begin':
        await this.#write([{ type: 'step.begin', data: { step: move.step, attempt: move.attempt } }]);
        return this.#begin(move.step);
      case 'wait':
        // The host may not have heard of the step: asking again is safe, it answers that it is busy or resolves it.
        if (move.for === 'step' && this.#asked === null) this.#begin(this.#begunStep());
        return;
      case 'stop':
        return this.#once(`stop ${move.lever} ${move.by}`, () => guard.stop(id, move.lever, move.by));
      case 'rollback':
        return this.#once('rollback', () => guard.rollback(host, id, epoch, move.by));
      case 'resume':
        return this.#once(`resume ${this.#view?.hold}`, () => guard.resume(host, id, epoch, move.approvedBy));
      case 'close':
        return this.#once('close', () => guard.close(host, id, epoch));
      case 'end':
        return this.#end(move.outcome, revision);
      case 'observe':
      case 'none':
        return;
    }
  }

  /** The host has journalled the run: it may have been touched. */
  #isOnHost(): boolean {
    return this.#view !== null && this.#view.host !== null;
  }

  #begunStep(): string {
    return Object.entries(this.#view?.steps ?? {}).find(([, { state }]) => state === 'begun')?.[0] ?? '';
  }

  async #start(revision: PlanRevision): Promise<void> {
    const gate = await this.#gate(revision);
    const at = this.#deps.now().toISOString();
    if (gate.passes)
      return this.#write([{ type: 'run.started', data: { run: this.#row.id, planHash: this.#row.planHash, at } }]);
    await this.#finish([gate.event], 'refused');
  }

  /** Judged again at the start itself: between the request and now a notice, an approval or the window may have gone. */
  async #gate(revision: PlanRevision): Promise<Gate> {
    const events = await readEvents(this.#deps.db, this.#row.id);
    const overrides = events.flatMap((event) => (event.type === 'run.gated' ? event.data.overrides : []));
    const { planHash } = revision;
    return judgeStart(this.#deps, {
      run: this.#row.id,
      mode: this.#row.mode,
      revision,
      now: this.#deps.now(),
      waivers: overrides.map(({ rule, by, reason }) => ({
        planHash,
        rule,
        person: by,
        reason,
      })),
    });
  }

  /** Hands the plan to the host, or takes the run over there under this epoch. */
  async #prepare(revision: PlanRevision): Promise<void> {
    const limits = await limitsOf(this.#deps, revision, this.#row.mode, this.#deps.now());
    const { id: run, host, mode, planHash } = this.#row;
    const preparation = {
      run,
      host,
      mode,
      planHash,
      epoch: this.#lease.epoch,
      owner: this.#deps.worker,
      document: revision.document,
      limits,
    };
    await this.#tell(null, async () => {
      await this.#deps.guard.prepare(preparation, this.#sink());
      this.#prepared = true;
    });
  }

  /** Asks the host to begin a step. Its end comes with the journal, so nobody waits here. */
  #begin(step: string): void {
    const asked = { step };
    this.#asked = asked;
    const askAgain = (): void => {
      setTimeout(() => {
        if (this.#asked === asked) this.#asked = null;
        this.wake();
      }, againMs);
    };
    const { host, id } = this.#row;
    this.#tell(step, () => this.#deps.guard.begin(host, id, this.#lease.epoch, step)).then(
      (refusal) => {
        if (refusal === 'held' || (refusal !== null && refusalMeans[refusal] === 'retry')) askAgain();
      },
      (error: unknown) => {
        if (error instanceof LeaseLost) this.#lost = true;
        else this.#warn({ run: id, step, error }, 'the host did not answer about a step');
        askAgain();
      },
    );
  }

  /** Asks the host for something once; again only when it did not answer, or refused for now. */
  async #once(what: string, request: () => Promise<unknown>): Promise<void> {
    if (this.#sent.has(what)) return;
    const refusal = await this.#tell(null, request);
    if (refusal === null || refusalMeans[refusal] !== 'retry') this.#sent.add(what);
  }

  /** Asks the host. A refusal is written down once and returned; an unreachable host rejects and is asked again later. */
  async #tell(step: string | null, request: () => Promise<unknown>): Promise<Refusal['reason'] | null> {
    try {
      await request();
      return null;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      if (refusalMeans[refusal.reason] === 'lost') throw new LeaseLost(this.#row.id);
      const last = this.#view?.lastRefusal;
      const known = last?.step === step && last.refusal.reason === refusal.reason;
      if (!known) await this.#write([{ type: 'guard.refused', data: { step, refusal } }]);
      return refusal.reason;
    }
  }

  async #end(outcome: NonNullable<RunView['outcome']>, revision: PlanRevision): Promise<void> {
    const before = this.#view?.journalSeq;
    if (this.#isOnHost()) await this.#takeLast();
    await this.#read();
    // What came last is folded before the last word: it may have been the end of a disruption.
    if (this.#view?.journalSeq !== before) return this.wake();
    await this.#finish([], outcome, revision);
  }

  /** Takes the end of the journal. A host that stays away after it closed the run does not keep it open for ever. */
  async #takeLast(): Promise<void> {
    const { guard, now } = this.#deps;
    try {
      await this.#tell(null, () => guard.finish(this.#row.host, this.#row.id, this.#lease.epoch, this.#sink()));
    } catch (error) {
      const silentMs = now().getTime() - Date.parse(this.#view?.closedAt ?? this.#view?.at ?? '');
      if (silentMs < lastWithinMs) throw error;
      this.#warn(
        { run: this.#row.id, host: this.#row.host },
        'the host gave no last signed head: the one before stands',
      );
    }
  }

  /** The last words: the run ends, and a rehearsal's result is kept, in one commit. */
  async #finish(
    before: readonly RunEventBody[],
    outcome: NonNullable<RunView['outcome']>,
    revision?: PlanRevision,
  ): Promise<void> {
    const now = this.#deps.now();
    const closedAt = this.#view?.closedAt ?? null;
    const ended: RunEventBody = {
      type: 'run.ended',
      data: {
        run: this.#row.id,
        outcome,
        at: now.toISOString(),
        observedUntil: closedAt,
        journalSeq: this.#view?.host?.lastSeq ?? null,
      },
    };
    await inTransaction(this.#deps.db, async (tx) => {
      await write(tx, this.#row, this.#author(), [...before, ended], now);
      await endRun(tx, this.#row.id, outcome, now.toISOString());
      const { institution, id, plan, mode } = this.#row;
      const at = now.toISOString();
      await planRunEnded(tx, institution, { id, plan, mode, outcome, at, workEndedAt: this.#workEndedAt() ?? at });
      if (revision !== undefined && this.#row.mode === 'rehearsal' && closedAt !== null)
        await this.#keepRehearsal(tx, revision, closedAt);
    });
    this.#deps.hub.grown(this.#row.id);
    this.wake();
  }

  /** When the last step ended; null when none did. */
  #workEndedAt(): string | null {
    const ends = Object.values(this.#view?.steps ?? {}).flatMap(({ endedAt }) => (endedAt === null ? [] : [endedAt]));
    return ends.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null;
  }

  async #keepRehearsal(tx: Tx, revision: PlanRevision, at: string): Promise<void> {
    const times = rehearsalTimes(this.#entries, rehearsalCourseOf(requirePlan(revision.document)));
    const { id: run, planHash, host, institution, plan } = this.#row;
    await recordRehearsal(tx, institution, this.#deps.company, plan, { run, planHash, host, at, ...times });
  }

  async #write(bodies: readonly RunEventBody[]): Promise<void> {
    for (const body of bodies) await this.#deps.writer.write(this.#row, this.#author(), body);
    this.#deps.hub.grown(this.#row.id);
    this.wake();
  }

  #author(): { actor: { kind: 'system'; id: string }; epoch: number } {
    return { actor: { kind: 'system', id: this.#deps.worker }, epoch: this.#lease.epoch };
  }

  /** Tries until it succeeds; null when stopped before. */
  async #persist<T>(attempt: () => Promise<T>, stopping: AbortSignal): Promise<T | null> {
    while (!stopping.aborted) {
      try {
        return await attempt();
      } catch (error) {
        this.#warn({ run: this.#row.id, error }, 'the run waits for the database');
        await this.#wake.wait(againMs);
      }
    }
    return null;
  }
}

/** The refusal in an error; null when the host did not answer, or nobody there heard. */
function refusalOf(error: unknown): Refusal | null {
  if (error instanceof GuarddRefused) return isUnheard(error.refusal) ? null : error.refusal;
  if (error instanceof HostUnfit) return { reason: 'host-unfit', code: error.fault.reason, detail: error.message };
  if (error instanceof GuarddUnreachable) return null;
  throw error;
}

/** Makes run events of journal entries and alarms, in the commit that takes them. */
export function journalSink(row: RunRow, worker: string, now: () => Date): JournalSink {
  const author = { actor: { kind: 'system' as const, id: worker }, epoch: null };
  return {
    async entries(tx: Tx, _run: string, entries: readonly JournalEntry[]): Promise<void> {
      const bodies = entries.flatMap((entry): RunEventBody[] => {
        const end = stepEndOf(entry);
        return [{ type: 'guard.entry', data: entry }, ...(end === null ? [] : [end])];
      });
      await write(tx, row, author, bodies, now());
    },
    async alarm(tx: Tx, alarm: GuardAlarm): Promise<void> {
      await write(tx, row, author, [{ type: 'guard.alarm', data: alarm }], now());
    },
  };
}
