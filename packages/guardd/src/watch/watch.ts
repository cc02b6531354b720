/** Watching the services and totals of one run: probes and meters on their schedule, the ledger they feed, and its journal entries. */
import {
  disruptionChanges,
  fewestBefore,
  newProbe,
  newResponse,
  serviceVerdict,
  takeAnswer,
  takeSample,
  type Disruption,
  type DisruptionChange,
  type MeterState,
  type ProbeState,
  type ProbeVerdict,
  type ResponseState,
  type RunOnHost,
  type Verification,
} from '@breakwater/rules/guard';
import type { JournalEvent } from '@breakwater/rules/guard/record';
import type { GuardedPlan, GuardedProbe, MeterName } from '../guarded-plan.ts';
import { readMeter, type Reading } from './meter.ts';
import { askProbe, settingsOf, withinOf, type ProbeAnswer, type ProbePlace } from './probe.ts';
import { askEvery, type Schedule } from './schedule.ts';

export interface WatchHost extends ProbePlace {
  /** The age of the run now, ms. */
  age(): number;
  /** The instant of an age, by the wall clock as it stands now. */
  instant(age: number): string;
  /** Journals an event; what it tells has happened already. */
  tell(event: JournalEvent): void;
  /** Something changed that a decision may hang on. */
  changed(): void;
}

interface OpenDisruption extends Disruption {
  readonly id: string;
  readonly startInstant: string;
  readonly earliestInstant: string | null;
}

interface Sampled extends ProbeAnswer {
  readonly asked: number;
  readonly answered: number;
}

interface MeterHeld {
  reading: Reading | null;
  /** Age of the last reading, or of the beginning of watching. */
  readAt: number;
}

/** How long to wait for the word that services are back, at least. */
const leastPatienceMs = 5000;

export class Watch {
  readonly #host: WatchHost;
  readonly #plan: GuardedPlan;
  readonly #probes = new Map<string, ProbeState>();
  readonly #responses = new Map<string, ResponseState>();
  readonly #open = new Map<string, OpenDisruption>();
  readonly #meters = new Map<MeterName, MeterHeld>();
  readonly #schedules: Schedule[] = [];
  #disruptions = 0;
  /** Age since which services are tested. */
  #testedSince: number | null = null;
  /** Good samples in a row asked since a verification began, by probe; null = none is going on. */
  #verifying: { readonly since: number; readonly good: Map<string, number> } | null = null;

  constructor(plan: GuardedPlan, host: WatchHost) {
    this.#plan = plan;
    this.#host = host;
    for (const probe of plan.probes) {
      this.#probes.set(probe.id, newProbe(settingsOf(probe)));
      this.#responses.set(probe.id, newResponse(probe.id, probe.service));
    }
  }

  /** Goes on from what the journal of an earlier supervisor says. */
  restore(run: RunOnHost): void {
    const last = run.anchor.age;
    for (const [id, fresh] of this.#probes) {
      const known = run.probes[id];
      if (known === undefined) continue;
      const spells = run.spells.filter(({ probe }) => probe === id);
      const lastGood = known.verdict === 'up' ? known.sinceAge : null;
      this.#probes.set(id, { ...fresh, verdict: known.verdict, lastSample: last, lastGood, spells });
    }
    for (const { id, service, start, startAge, earliestStart, extent, endAge } of run.disruptions) {
      if (endAge !== null) continue;
      this.#open.set(service, {
        id,
        service,
        start: startAge,
        earliestStart: null,
        extent,
        startInstant: start,
        earliestInstant: earliestStart,
      });
    }
    this.#disruptions = run.disruptions.length;
    for (const [name, read] of Object.entries(run.meters) as [MeterName, RunOnHost['meters']['damage']][]) {
      if (read === undefined || read.low === null) continue;
      const reading = { low: read.low, high: read.high, personalCredit: read.personalCredit ?? null };
      this.#meters.set(name, { reading, readAt: last });
    }
  }

  /** Begins asking. Resolves when every probe has been asked once. */
  async start(): Promise<void> {
    const { probes, meters } = this.#plan;
    const firstAnswers = probes.map((probe) => {
      const ask = (): Promise<Sampled> => this.#ask(probe);
      return this.#schedule(probe.everyMs, ask, (sampled) => this.#sample(probe, sampled));
    });
    for (const [name, meter] of Object.entries(meters) as [MeterName, NonNullable<typeof meters.damage>][]) {
      this.#meters.set(name, this.#meters.get(name) ?? { reading: null, readAt: this.#host.age() });
      const ask = (): Promise<Reading | null> => readMeter(name, meter, this.#host);
      void this.#schedule(meter.everyMs, ask, (reading) => this.#read(name, reading));
    }
    await Promise.all(firstAnswers);
  }

  stop(): void {
    for (const schedule of this.#schedules.splice(0)) schedule.stop();
  }

  get probes(): readonly ProbeState[] {
    return [...this.#probes.values()];
  }

  /** What answering takes, by probe. */
  get responses(): readonly ResponseState[] {
    return [...this.#responses.values()];
  }

  /** From now on answers are those of services under test. */
  beginTest(): void {
    this.#testedSince = this.#host.age();
  }

  /** A probe of one of the services whose usual answer times are not known yet; null when all are. */
  withoutBaseline(services: readonly string[]): { probe: string; answers: number } | null {
    const lacking = this.responses.find(
      ({ service, before }) => services.includes(service) && before.length < fewestBefore,
    );
    return lacking === undefined ? null : { probe: lacking.probe, answers: lacking.before.length };
  }

  /** The total as it stands; null when a person attests it instead. */
  meter(name: MeterName): MeterState | null {
    return this.#meterState(name, (reading) => reading);
  }

  personalCredit(): MeterState | null {
    return this.#meterState('records', ({ personalCredit }) => personalCredit);
  }

  #meterState(
    name: MeterName,
    part: (reading: Reading) => { low: number; high: number | null } | null,
  ): MeterState | null {
    const held = this.#meters.get(name);
    if (held === undefined) return null;
    const bounds = held.reading === null ? null : part(held.reading);
    const everyMs = this.#plan.meters[name]?.everyMs ?? 0;
    const silent = this.#host.age() - held.readAt;
    return {
      low: bounds?.low ?? null,
      high: bounds === null ? null : bounds.high,
      blindMs: silent > 2 * everyMs ? silent : 0,
    };
  }

  /** The verdict on every service of the plan. */
  services(): Record<string, ProbeVerdict> {
    return Object.fromEntries(this.#plan.services.map((service) => [service, serviceVerdict(this.#probesOf(service))]));
  }

  get anyDisruption(): boolean {
    return this.#open.size > 0;
  }

  /** From now on only samples that are asked later count for {@link verification}. */
  beginVerification(): void {
    this.#verifying = { since: this.#host.age(), good: new Map() };
  }

  /**
   * What the probes say since the verification began: `restored` when each has been good `upAfter` times in a row,
   * another word than `pending` only after `patienceMs`.
   */
  verification(patienceMs: number): Verification {
    const begun = this.#verifying;
    const all = this.probes;
    if (all.length === 0) return { verdict: 'unknown', notUp: this.#plan.services };
    const lacking = all.filter(({ settings }) => (begun?.good.get(settings.id) ?? 0) < settings.upAfter);
    if (lacking.length === 0) return { verdict: 'restored', notUp: [] };
    const notUp = [...new Set(lacking.map(({ settings }) => settings.service))];
    if (begun === null || this.#host.age() - begun.since < patienceMs) return { verdict: 'pending', notUp };
    const seen = lacking.some(({ verdict, blindSince }) => verdict !== 'unknown' && blindSince === null);
    return { verdict: seen ? 'down' : 'unknown', notUp };
  }

  /** How long a verification waits for services to come back, ms. */
  patienceMs(rehearsedMs: number): number {
    const rounds = this.#plan.probes.map((probe) => Math.max(probe.everyMs, withinOf(probe)) * probe.upAfter);
    return Math.max(leastPatienceMs, 2 * Math.max(0, ...rounds), 1.5 * rehearsedMs);
  }

  /** Resolves when the first answer was taken. */
  #schedule<Answer>(everyMs: number, ask: () => Promise<Answer>, take: (answer: Answer) => void): Promise<void> {
    return new Promise((resolve) => {
      const schedule = askEvery(everyMs, ask, (answer) => {
        take(answer);
        resolve();
      });
      this.#schedules.push(schedule);
    });
  }

  async #ask(probe: GuardedProbe): Promise<Sampled> {
    const asked = this.#host.age();
    const answer = await askProbe(probe, this.#host);
    return { ...answer, asked, answered: this.#host.age() };
  }

  #sample(probe: GuardedProbe, sampled: Sampled): void {
    const { asked, answered, result, reason } = sampled;
    const state = this.#probes.get(probe.id);
    if (state === undefined) return;
    this.#time(probe, sampled);
    const at = Math.max(result === 'good' ? answered : asked, state.lastSample ?? 0);
    const taken = takeSample(state, { at, result, reason });
    this.#probes.set(probe.id, taken.state);
    if (this.#verifying !== null && asked >= this.#verifying.since) {
      const { good } = this.#verifying;
      good.set(probe.id, result === 'good' ? (good.get(probe.id) ?? 0) + 1 : 0);
    }
    if (taken.change !== null) {
      const { probe: id, service, verdict, since } = taken.change;
      const instant = this.#host.instant(since);
      this.#host.tell({
        type: 'probe.changed',
        data: { probe: id, service, state: verdict, since: instant, reason: taken.change.reason },
      });
      const open = this.#open.get(service) ?? null;
      for (const change of disruptionChanges(this.#probesOf(service), open, taken.change))
        this.#disrupt(change, change.start === since ? instant : this.#host.instant(change.start));
    }
    this.#host.changed();
  }

  /** How long an answer took, or was waited for; of one that was begun before the test and ended in it nobody can say whose it is. */
  #time({ id }: GuardedProbe, { asked, answered, result, reason }: Sampled): void {
    const state = this.#responses.get(id);
    const timed = result === 'good' || (result === 'bad' && reason === 'timeout');
    const since = this.#testedSince;
    if (state === undefined || !timed || (since !== null && asked < since)) return;
    this.#responses.set(id, takeAnswer(state, { at: asked, ms: answered - asked }, since !== null));
  }

  #probesOf(service: string): ProbeState[] {
    return this.probes.filter(({ settings }) => settings.service === service);
  }

  /** The end of a disruption is its start and its length by the monotonic clock: a wall clock that jumps changes neither. */
  #disrupt(change: DisruptionChange, startInstant: string): void {
    const { service, start, earliestStart, extent } = change;
    if (change.change === 'opened') {
      const id = `d${++this.#disruptions}`;
      const earliestInstant = earliestStart === null ? null : this.#host.instant(earliestStart);
      this.#open.set(service, { id, service, start, earliestStart, extent, startInstant, earliestInstant });
      const data = { disruption: id, service, start: startInstant, earliestStart: earliestInstant, extent };
      return this.#host.tell({ type: 'disruption.opened', data });
    }
    const open = this.#open.get(service);
    if (open === undefined) return;
    this.#open.delete(service);
    const ms = Math.max(0, Math.round(change.end - open.start));
    const end = new Date(Date.parse(open.startInstant) + ms).toISOString();
    const data = { disruption: open.id, service, start: open.startInstant, end, durationMs: ms };
    this.#host.tell({ type: 'disruption.closed', data });
  }

  #read(name: MeterName, reading: Reading | null): void {
    const held = this.#meters.get(name);
    if (held === undefined) return;
    if (reading !== null) {
      const before = JSON.stringify(held.reading);
      held.reading = reading;
      held.readAt = this.#host.age();
      if (JSON.stringify(reading) !== before) {
        this.#host.tell({ type: 'meter.read', data: { meter: name, ...reading } });
      }
    }
    this.#host.changed();
  }
}
