/**
 * The guard of one run: takes requests and levers, lets steps begin, decides trips by its own clock, ledger and limits,
 * and recovers. Nobody else has to be alive.
 */
import {
  ageOf,
  ageOfDeadline,
  applyEntry,
  decideTrip,
  isDone,
  leaseMs,
  leverEffects,
  mayBegin,
  outageMs,
  tripCuts,
  turnBackBy,
  type AnswerTo,
  type BeginFacts,
  type GuardFacts,
  type Request,
  type RunOnHost,
  type RunState,
  type StopAnswer,
} from '@breakwater/rules/guard';
import type { JournalEvent, JournalHead, Lever, Trip } from '@breakwater/rules/guard/record';
import { bootId, instantOf, monoNow, wallNow } from '../clock.ts';
import type { GuardedTest } from '../guarded-plan.ts';
import type { HostKey } from '../host-key.ts';
import { codeOf, type Log } from '../log.ts';
import { Refused } from '../refused.ts';
import { Watch } from '../watch/watch.ts';
import type { Enclosure } from '../work/enclosure.ts';
import { Actions, recoveryCourse } from './actions.ts';
import { CagedTest } from './caged-test.ts';
import { Cutter } from './cutter.ts';
import { Ending } from './ending.ts';
import type { Appended, Journal } from './journal.ts';
import { recover, restoredNow } from './recover.ts';
import { drillDetections, drillStop, verifyRehearsed } from './rehearse.ts';
import { cageName, type RunFile } from './run-file.ts';
import { runState, turnBackNow, type Shown } from './run-state.ts';
import { Work } from './work.ts';

type Of<T extends Request['type']> = Extract<Request, { type: T }>;

export interface RunGuardOptions {
  readonly file: RunFile;
  readonly journal: Journal;
  /** The run as its journal says. */
  readonly run: RunOnHost;
  readonly work: Enclosure;
  readonly recovery: Enclosure;
  readonly watching: Enclosure;
  readonly output: string;
  /** Folder for what a caged test leaves. */
  readonly cage: string;
  readonly key: HostKey;
  readonly log: Log;
  startsForbidden(): { by: string; since: string } | null;
  /** Takes the file of a hold away; throws when it cannot. */
  releaseHold(): void;
}

/** Limits are looked at this often besides at every change, ms. */
const tickMs = 25;
/** What is left of a journal's reserve is not spent on these. */
const chatty: ReadonlySet<JournalEvent['type']> = new Set([
  'meter.read',
  'pnr.set',
  'probe.changed',
  'cage.attempts',
  'cage.finding',
]);

export class RunGuard {
  /** Resolves when the run is closed and nothing of it is left to watch. */
  readonly over: Promise<void>;
  readonly #options: RunGuardOptions;
  readonly #watch: Watch;
  readonly #actions: Actions;
  readonly #steps: readonly string[];
  readonly #windowEnd: number;
  readonly #work: Work;
  readonly #cutter: Cutter;
  readonly #ending: Ending;
  readonly #test: CagedTest | null;
  #run: RunOnHost;
  #epoch: number;
  #renewedAt: number;
  #ready: Promise<void> = Promise.resolve();
  #isReady = false;
  #drilled: Promise<void> = Promise.resolve();
  /** Set once the run is being stopped: by a trip, a lever or the end of a rehearsal. */
  #stopping: Promise<void> | null = null;
  #tick: NodeJS.Timeout | null = null;

  constructor(options: RunGuardOptions) {
    const { file, run, watching } = options;
    this.#options = options;
    this.#run = run;
    this.#epoch = run.epoch;
    this.#renewedAt = run.leaseLostSince ?? this.age();
    this.#steps = file.plan.steps.map(({ id }) => id);
    this.#windowEnd = ageOfDeadline(file.limits.windowEndEpochMs, run.prepared, run.clockErrorMs);
    this.#test = file.plan.test === null ? null : this.#cagedTest(file.plan.test);
    this.#actions = new Actions({
      run: file.run,
      state: () => this.#run,
      plan: file.plan,
      place: file.place,
      test: this.#test,
      output: options.output,
      epoch: () => this.#epoch,
      append: (event) => this.#append(event),
    });
    this.#cutter = new Cutter({
      work: options.work,
      test: this.#test,
      recovery: options.recovery,
      working: () => this.#work.step !== null,
      append: (event) => this.#append(event),
    });
    this.#work = new Work({
      actions: this.#actions,
      site: () => this.#cutter.workSite,
      run: () => this.#run,
      append: (event) => this.#append(event),
    });
    this.#watch = new Watch(file.plan, {
      place: file.place,
      enclosure: watching,
      age: () => this.age(),
      instant: (age) => instantOf(wallNow() - (this.age() - age)),
      tell: (event) => this.#tell(event),
      changed: () => this.#evaluate(),
    });
    this.#ending = new Ending({
      watch: this.#watch,
      enclosures: [options.work, options.recovery, watching],
      observeMs: this.#observeMs(),
      run: () => this.#run,
      age: () => this.age(),
      append: (event) => this.#append(event),
      rest: () => this.#tick !== null && clearInterval(this.#tick),
    });
    this.over = this.#ending.over;
  }

  #cagedTest(test: GuardedTest): CagedTest {
    const { file, cage, log } = this.#options;
    return new CagedTest({
      test,
      log,
      cages: file.cages,
      name: cageName(file),
      folder: cage,
      age: () => this.age(),
      append: (event) => this.#append(event),
      tell: (event) => this.#tell(event),
      begins: () => this.#watch.beginTest(),
      changed: () => this.#evaluate(),
    });
  }

  /** Begins to guard, going on from wherever the journal ends. */
  start(because: 'prepared' | 'replaced' | 'boot'): void {
    if (because !== 'prepared') this.#watch.restore(this.#run);
    if (because === 'boot') this.#renewedAt = this.#run.leaseLostSince ?? this.#run.anchor.age;
    this.#append({ type: 'supervisor.started', data: { pid: process.pid, because } });
    this.#tick = setInterval(() => this.#evaluate(), tickMs);
    const watched = this.#watch.start();
    if (this.#run.closed !== null) return this.#ending.watchOn();
    if (this.#run.mode === 'rehearsal' && because === 'prepared') {
      const where = { place: this.#options.file.place, enclosure: this.#options.watching };
      this.#drilled = drillDetections(this.#options.file.plan, where, (event) => void this.#append(event));
    }
    if (this.#run.aborted) this.#cutter.abort();
    const settled = this.#work.settle();
    if (this.#run.trip !== null || this.#run.recovery.length > 0) return this.#stopFrom(settled);
    this.#ready = Promise.all([watched, settled]).then(() => {
      if (because === 'prepared') this.#renewedAt = this.age();
      this.#isReady = true;
      this.#afterWork();
    });
    this.#ready.catch((error: unknown) => this.#options.log('not-ready', { code: codeOf(error) }));
  }

  /** Age of the run, ms. */
  age(): number {
    return ageOf(this.#run, { wall: wallNow(), mono: monoNow(), boot: bootId() });
  }

  /** Resolves when every probe has been asked once and nothing of an earlier supervisor is unresolved. */
  async ready(): Promise<void> {
    await this.#ready;
  }

  state(): RunState {
    return runState(this.#run, this.#shown());
  }

  /** The last durable entry, signed by the host. */
  head(): JournalHead | null {
    const { journal, key } = this.#options;
    const { durable } = journal;
    return durable === null
      ? null
      : key.signHead({ run: durable.run, host: durable.host, seq: durable.seq, hash: durable.hash });
  }

  /** A new owner takes the run over by a higher epoch; the same epoch again changes nothing. Throws Refused. */
  prepare({ epoch, owner, planHash, run }: Of<'prepare'>): AnswerTo<'prepare'> {
    if (planHash !== this.#run.planHash) throw new Refused({ reason: 'run-exists', run });
    if (epoch < this.#epoch) throw new Refused({ reason: 'epoch-stale', epoch, current: this.#epoch });
    if (epoch > this.#epoch) {
      const from = this.#epoch;
      this.#epoch = epoch;
      this.#append({ type: 'epoch.changed', data: { from, owner } });
    }
    if (this.#run.closed === null) this.#renewed();
    return { level: this.#run.level, state: this.state() };
  }

  renew({ epoch, run }: Of<'renew'>): AnswerTo<'renew'> {
    this.#fence(epoch);
    if (this.#run.closed !== null) throw new Refused({ reason: 'run-closed', run, outcome: this.#run.closed.outcome });
    this.#renewed();
    return { head: this.head(), state: this.state() };
  }

  /** Lets a step begin and answers when it has ended. Throws Refused. */
  async begin({ epoch, step }: Of<'begin'>): Promise<AnswerTo<'begin'>> {
    this.#fence(epoch);
    await this.#ready;
    const { limits } = this.#options.file;
    const refusal = mayBegin(this.#run, limits, step, {
      now: this.age(),
      steps: this.#steps,
      windowEnd: this.#windowEnd,
      windowEndEpochMs: limits.windowEndEpochMs,
      outageMs: outageMs(this.#watch.probes, this.age()),
      leaseSilentMs: this.#silentMs(),
      startsForbidden: this.#options.startsForbidden(),
      busy: this.#work.step?.id ?? null,
      test: this.#testToBegin(),
      stopping: this.#stopping !== null,
    });
    if (refusal !== null) throw new Refused(refusal);
    const planned = this.#actions.step(step);
    if (planned === undefined) throw new Refused({ reason: 'step-unknown', step });
    this.#tellReturn(step);
    try {
      const outcome = await this.#work.perform(planned, () => this.#stopping === null);
      return { step, outcome, state: this.state() };
    } finally {
      this.#evaluate();
      this.#afterWork();
    }
  }

  /** Ends a hold. Throws Refused while starts are forbidden on this host. */
  resume({ epoch, approvedBy }: Of<'resume'>): AnswerTo<'resume'> {
    this.#fence(epoch);
    const forbidden = this.#options.startsForbidden();
    if (forbidden !== null) throw new Refused({ reason: 'starts-forbidden', ...forbidden });
    if (this.#run.held !== null) {
      this.#options.releaseHold();
      this.#append({ type: 'run.resumed', data: { approvedBy } });
    }
    return { state: this.state() };
  }

  /** Recovery by will. A rehearsal whose steps are done rolls back by itself. */
  async rollback({ epoch, by }: Of<'rollback'>): Promise<AnswerTo<'rollback'>> {
    this.#fence(epoch);
    const rehearsed = this.#run.mode === 'rehearsal' && this.#allDone() && this.#run.trip === null;
    if (!rehearsed) await this.pull('cut', by, 'orchestrator');
    return { state: this.state() };
  }

  /**
   * Closes a run whose steps are all done, or of which none was begun. While a service is not up, work that is done is
   * rolled back instead. Throws Refused.
   */
  async close({ epoch }: Of<'close'>): Promise<AnswerTo<'close'>> {
    this.#fence(epoch);
    if (this.#run.closed !== null) {
      if (this.#ending.lingering) await this.#ending.finish();
      return { state: this.state(), head: this.head() };
    }
    if (this.#stopping !== null) throw new Refused({ reason: 'tripped', trip: this.#run.trip?.reason ?? 'recovery' });
    if (this.#work.step !== null) throw new Refused({ reason: 'step-busy', step: this.#work.step.id });
    const done = this.#steps.filter((step) => isDone(this.#run, step)).length;
    if (done < this.#steps.length && this.#run.order.length > 0)
      throw new Refused({ reason: 'steps-left', done, of: this.#steps.length });
    const serviceRestored = restoredNow(this.#watch);
    if (done === this.#steps.length && serviceRestored !== true && this.#facts().probes.length > 0) {
      // A patch that leaves a service down when it is no longer watched has failed, however it ended.
      this.#trip({ reason: 'window-end', endedAt: instantOf(wallNow()) }, null);
      throw new Refused({ reason: 'tripped', trip: 'window-end' });
    }
    await this.#ending.close({ outcome: done === this.#steps.length ? 'completed' : 'stopped', serviceRestored });
    return { state: this.state(), head: this.head() };
  }

  /** Pulls a lever. The kernel acts before anything is written; stopping is never refused. */
  async pull(lever: Lever, by: string, through: 'socket' | 'file' | 'signal' | 'orchestrator'): Promise<StopAnswer> {
    const { run, closed } = this.#run;
    const effect = leverEffects[lever];
    const since = monoNow();
    if (closed !== null) return { run, method: 'closed', latencyMs: null };
    if (effect.stopsWork) this.#test?.because({ reason: 'lever', by });
    const standstill = effect.stopsWork ? this.#cutter.cut(since, effect.stopsRecovery) : null;
    if (!this.#run.pulled.includes(lever)) this.#append({ type: 'lever.pulled', data: { lever, by, through } });
    if (standstill === null) return { run, method: 'hold', latencyMs: null };
    if (this.#stopping === null) this.#trip({ reason: 'lever', lever, by }, standstill);
    const { method, latencyMs } = await standstill;
    return { run, method, latencyMs };
  }

  #fence(epoch: number): void {
    if (epoch !== this.#epoch) throw new Refused({ reason: 'epoch-stale', epoch, current: this.#epoch });
  }

  #append(event: JournalEvent): Appended {
    const appended = this.#options.journal.append(this.#epoch, event);
    this.#run = applyEntry(this.#run, appended.entry);
    return appended;
  }

  /** Journals what the watch saw. */
  #tell(event: JournalEvent): void {
    if (this.#options.journal.trouble !== null && chatty.has(event.type)) return;
    this.#append(event);
    if (event.type === 'disruption.opened' || event.type === 'disruption.closed')
      this.#tellReturn(this.#work.step?.id ?? null);
  }

  /** Journals the point of no return: an instant while it is running out, otherwise only the room there is. */
  #tellReturn(step: string | null): void {
    if (this.#run.closed !== null) return;
    const shown = this.#shown();
    const { mode } = this.#run;
    const by =
      step !== null && mode === 'live'
        ? turnBackBy(shown.limits, step, outageMs(shown.probes, shown.now), shown.now)
        : turnBackNow(this.#run, shown);
    const running = this.#watch.anyDisruption;
    const remainingMs = by === null ? null : Math.floor(by - shown.now);
    const at = by === null || !running ? null : instantOf(wallNow() + (by - shown.now));
    this.#append({ type: 'pnr.set', data: { step, at, remainingMs } });
  }

  /** Silence of the orchestrator; it cannot speak before its `prepare` is answered. */
  #silentMs(): number {
    return this.#isReady || this.#stopping !== null ? this.age() - this.#renewedAt : 0;
  }

  #renewed(): void {
    const silentMs = Math.round(this.#silentMs());
    this.#renewedAt = this.age();
    if (this.#run.leaseLostSince !== null) this.#append({ type: 'lease.renewed', data: { silentMs } });
  }

  #allDone(): boolean {
    return this.#work.step === null && this.#steps.every((step) => isDone(this.#run, step));
  }

  #shown(): Shown {
    return {
      steps: this.#steps,
      limits: this.#options.file.limits,
      now: this.age(),
      probes: this.#watch.probes,
      services: this.#watch.services(),
      damage: this.#watch.meter('damage'),
      records: this.#watch.meter('records'),
      leaseSilentMs: this.#silentMs(),
      busy: this.#work.step?.id ?? null,
      responses: this.#watch.responses,
      test: this.#test?.seen() ?? null,
    };
  }

  #facts(): GuardFacts {
    const shown = this.#shown();
    const { trouble } = this.#options.journal;
    return {
      now: shown.now,
      probes: shown.probes,
      damage: shown.damage,
      records: shown.records,
      personalCredit: this.#watch.personalCredit(),
      leaseSilentMs: shown.leaseSilentMs,
      windowEnd: this.#windowEnd,
      windowEndsAt: instantOf(this.#options.file.limits.windowEndEpochMs),
      turnBackBy: turnBackNow(this.#run, shown),
      allDone: this.#allDone(),
      journal: trouble,
      failed: this.#run.failed,
      test: shown.test === null ? null : { ...shown.test, responses: shown.responses },
    };
  }

  /** A test may begin when it is known how fast the services answer that it must not slow down. */
  #testToBegin(): BeginFacts['test'] {
    if (this.#test === null) return null;
    const slowed = Object.keys(this.#options.file.limits.slowerBy ?? {});
    return { step: this.#steps.at(-1) ?? '', lacking: this.#watch.withoutBaseline(slowed) };
  }

  #evaluate(): void {
    if (this.#run.closed !== null) return;
    const silentMs = this.#silentMs();
    if (silentMs >= leaseMs && this.#run.leaseLostSince === null && this.#stopping === null) {
      this.#append({ type: 'lease.lost', data: { silentMs: Math.round(silentMs) } });
    }
    if (silentMs < leaseMs && this.#stopping === null) this.#test?.renew();
    const trip = decideTrip(this.#facts(), this.#options.file.limits);
    if (trip === null) return this.#closeUnowned(silentMs);
    if (this.#stopping === null) this.#trip(trip, null);
    else if (tripCuts[trip.reason] === 'at-once' && this.#work.step !== null) void this.#cutter.cut(monoNow(), false);
  }

  /** Work that is wholly done and whose orchestrator never comes back is watched for as long as the plan says. */
  #closeUnowned(silentMs: number): void {
    const watchedOut = this.age() >= this.#windowEnd + this.#observeMs();
    if (watchedOut && silentMs >= leaseMs && this.#allDone() && this.#stopping === null) {
      this.#stopping = this.#ending.close({ outcome: 'completed', serviceRestored: restoredNow(this.#watch) });
    }
  }

  #observeMs(): number {
    return this.#options.file.plan.observeMs;
  }

  /** Stops the run: lets the step end first where the trip and the step say so, then recovers. */
  #trip(trip: Trip, standstill: Promise<unknown> | null): void {
    if (trip.reason === 'lease-lost') this.#test?.because({ reason: 'lease-lost', silentMs: trip.silentMs });
    this.#append({ type: 'run.tripped', data: { trip } });
    this.#stopFrom(standstill ?? this.#letFinish(trip).then(() => this.#cutter.cut(monoNow(), false)));
  }

  #stopFrom(standstill: Promise<unknown>): void {
    this.#stopping = standstill
      .then(() => this.#work.idle())
      .then(() => this.#recover())
      .catch((error: unknown) => this.#options.log('recovery-impossible', { code: codeOf(error) }));
  }

  /** Waits for the end of the step that is running, unless the trip or the step does not let it, or it is cut. */
  async #letFinish(trip: Trip): Promise<void> {
    const { step } = this.#work;
    if (step === null || step.onStop === 'cut' || tripCuts[trip.reason] === 'at-once') return;
    const cut = new Promise<void>((resolve) => {
      this.#cutter.workSite.cut.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([this.#work.idle(), cut]);
  }

  /** A rehearsal whose steps are all done goes back by itself. */
  #afterWork(): void {
    if (this.#run.mode === 'rehearsal' && this.#allDone() && this.#stopping === null)
      this.#stopFrom(this.#endRehearsal());
  }

  async #endRehearsal(): Promise<void> {
    const { work, file } = this.#options;
    const append = (event: JournalEvent): void => void this.#append(event);
    await verifyRehearsed(this.#watch, append);
    await this.#drilled;
    await drillStop(work, file.place.workdir, append);
  }

  async #recover(): Promise<void> {
    const { file } = this.#options;
    const closing = await recover({
      actions: this.#actions,
      watch: this.#watch,
      course: recoveryCourse(file.plan),
      site: this.#cutter.recoverySite,
      patienceMs: this.#watch.patienceMs(file.limits.rehearsed.verifyMs),
      run: () => this.#run,
      append: (event) => this.#append(event),
    });
    await this.#ending.close(closing);
  }
}
