/** The caged test of a run: its cage, the tester in it, and what the journal tells of both. */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { durationMs } from '@breakwater/rules';
import { canonicalJson } from '@breakwater/rules/evidence';
import type { CageTrip, Containment, Steps, TesterEvent, TesterOutcome } from '@breakwater/rules/containment';
import type { TestFacts } from '@breakwater/rules/guard';
import type { JournalEvent } from '@breakwater/rules/guard/record';
import { unhurried } from '../cage/unhurried.ts';
import type { Cage, CageMount } from '../cage/index.ts';
import type { TesterSpec } from '@breakwater/rules/plan';
import type { TesterContext } from '../testers/index.ts';
import { monoNow } from '../clock.ts';
import type { GuardedTest } from '../guarded-plan.ts';
import { codeOf, type Log } from '../log.ts';
import type { ActionAnswer, ActionContext, ActionEnd, Driver } from '../work/driver.ts';
import type { Standstill } from '../work/enclosure.ts';
import type { Appended } from './journal.ts';
import type { CageSettings } from './run-file.ts';
import { Attempts } from './attempts.ts';
import { openModel } from './model.ts';
import { keepEvents, type EventFile } from './tester-events.ts';

export interface CagedTestOptions {
  readonly test: GuardedTest;
  readonly cages: CageSettings;
  /** Names the cage among those of this machine; the same for every supervisor of the run. */
  readonly name: string;
  /** Folder for the report and the artefacts. */
  readonly folder: string;
  readonly log: Log;
  /** Age of the run, ms. */
  age(): number;
  append(event: JournalEvent): Appended;
  /** Journals what may be left out when the journal cannot grow. */
  tell(event: JournalEvent): void;
  /** The tester is about to begin. */
  begins(): void;
  /** Something changed that a decision may hang on. */
  changed(): void;
}

/** What the guard knows of a test besides what its probes say. */
export type TestSeen = Omit<TestFacts, 'responses'> & {
  /** Destinations outside the scope that were tried. */
  readonly destinations: number;
  /** New connections inside the scope so far; null = not counted. */
  readonly connections: number | null;
};

/** Traffic ends so long after a guard that hangs, by the kernel. */
const longestLease = 'PT0.8S';
/** The cage's lease is renewed this often at most, ms. */
const renewEveryMs = 100;
/** Findings that get an entry of their own; the rest is counted in the report. */
const mostTold = 100;
/** Rows of each list of the report that go into the journal. */
const mostRows = 200;
/** Outcomes after which nothing is left to be tested. A model that will not go on is an outcome, not an error. */
const answers: Readonly<Record<TesterOutcome, ActionAnswer>> = {
  completed: 'yes',
  'model-refused': 'yes',
  'budget-spent': 'yes',
  stopped: 'cut',
  failed: 'no',
};

/** What a test needs and no other run does. Loading it takes long: see where it is called first. */
export function loadForTests(): Promise<
  [typeof import('../cage/index.ts'), typeof import('../testers/index.ts'), typeof import('../cage/broker/index.ts')]
> {
  return Promise.all([import('../cage/index.ts'), import('../testers/index.ts'), import('../cage/broker/index.ts')]);
}

/** The driver of the step that is the test. It begins once: a test that was begun and not ended is never begun again. */
export class CagedTest implements Driver<unknown> {
  readonly name = 'tester';
  readonly #options: CagedTestOptions;
  readonly #attempts: Attempts;
  readonly #findings = new Set<string>();
  #opening: Promise<Cage | null> | null = null;
  #cage: Cage | null = null;
  #since: number | null = null;
  #renewedAt = 0;
  #running = false;
  #why: CageTrip | null = null;
  #stopped: CageTrip | null = null;

  constructor(options: CagedTestOptions) {
    this.#options = options;
    this.#attempts = new Attempts((event) => options.tell(event));
  }

  /** From the opening of the cage until it is gone. */
  get busy(): boolean {
    return this.#running;
  }

  /** null before it was begun by this supervisor. */
  seen(): TestSeen | null {
    const { stopAfter = null } = this.#options.test.scope.attempts ?? {};
    if (this.#since === null) return null;
    return {
      running: this.#running,
      since: this.#since,
      attempts: this.#attempts.soFar.packets,
      destinations: this.#attempts.soFar.destinations,
      stopAfter,
      stopped: this.#stopped,
      connections: null,
    };
  }

  /** Says in the cage's report why it will be stopped; the first word counts. */
  because(why: CageTrip): void {
    this.#why ??= why;
  }

  /** The guard is alive and the orchestrator's lease is held: the cage may stay open. */
  renew(): void {
    const now = monoNow();
    if (this.#cage === null || !this.#running || now - this.#renewedAt < renewEveryMs) return;
    this.#renewedAt = now;
    this.#cage.renew();
  }

  /** Stops all traffic and every program of the test. A cage that is being opened is stopped before it lets anything out. */
  async stop(): Promise<Standstill> {
    const since = monoNow();
    const cage = this.#cage ?? (await this.#opening);
    if (cage === null || !this.#running) return { method: 'idle', latencyMs: 0 };
    await cage.stop(this.#why);
    return { method: `cage-${cage.level}`, latencyMs: Math.round((monoNow() - since) * 100) / 100 };
  }

  async perform(_action: unknown, context: ActionContext): Promise<ActionEnd> {
    this.#running = true;
    this.#since = this.#options.age();
    try {
      return await this.#test(context);
    } catch (error) {
      this.#options.log('test-failed', { code: codeOf(error) });
      return { answer: context.cut.aborted ? 'cut' : 'no', exitCode: null, outputDigest: null };
    } finally {
      this.#running = false;
      this.#options.changed();
    }
  }

  async #test(context: ActionContext): Promise<ActionEnd> {
    const { test, folder, cages } = this.#options;
    const place = join(folder, 'tester');
    mkdirSync(place, { recursive: true, mode: 0o700 });
    // A cooperative cage mounts nothing: what stands in a cage elsewhere stands where it is.
    const bare = cages.level === 'cooperative';
    const model = await openModel(test.tester, cages, { folder: place, bare });
    try {
      return await this.#inCage(context, model === null ? [] : [model.mount], {
        scope: test.scope,
        tester: test.tester,
        folder: place,
        ...(model === null ? {} : { modelSocket: model.mount.at }),
        ...(bare ? { inside: { given: join(place, 'given'), out: place } } : {}),
      });
    } finally {
      await model?.close();
    }
  }

  async #inCage({ step, cut }: ActionContext, more: readonly CageMount[], own: TesterContext): Promise<ActionEnd> {
    const { test, folder, cages, name } = this.#options;
    const [{ openCage }, { testerOf }] = await loadForTests();
    const testers = testersOf(test.tester).map((spec) => ({
      tester: testerOf(spec),
      context: { ...own, tester: spec },
    }));
    const needs = testers.map(({ tester, context }) => tester.prepare(context));
    if (cut.aborted) return { answer: 'cut', exitCode: null, outputDigest: null };
    const opening = openCage({
      scope: { ...test.scope, lease: shorterLease(test.scope.lease) },
      name,
      folder,
      mounts: [...needs.flatMap(({ mounts }) => mounts), ...more],
      env: Object.assign({}, ...needs.map(({ env }) => env)) as Record<string, string>,
      onAttempts: (seen) => {
        this.#attempts.take(seen);
        this.#options.changed();
      },
      onTrip: (trip) => this.#tripped(trip),
      ...(cages.level === undefined ? {} : { level: cages.level }),
    });
    this.#opening = opening.catch(() => null);
    const cage = await opening.catch((error: unknown) => this.#refused(step, error));
    this.#cage = cage;
    const events = keepEvents(own.folder);
    let outcome: Extract<TesterEvent, { kind: 'outcome' }> | null = null;
    try {
      await this.#opened(step, cage);
      if (!cut.aborted) {
        this.#since = this.#options.age();
        this.#options.begins();
        for (const { tester, context } of testers) {
          for await (const event of tester.start(cage, context)) outcome = this.#heard(event, events) ?? outcome;
          if (outcome?.outcome !== 'completed') break;
        }
      }
    } finally {
      events.end();
      const report = await cage.close();
      this.#attempts.end();
      await this.#closed(step, report, outcome);
    }
    const stopped = cut.aborted || this.#stopped !== null;
    const answer = stopped ? 'cut' : outcome === null ? 'no' : answers[outcome.outcome];
    return { answer, exitCode: outcome?.exitCode ?? null, outputDigest: events.digest };
  }

  /** A cage that does not open says why, where it can. */
  async #refused(step: string, error: unknown): Promise<never> {
    if (error instanceof Error && 'containment' in error) {
      const containment = error.containment as Containment;
      this.#stopped = containment.trip;
      await this.#closed(step, containment, null);
    }
    throw error;
  }

  async #opened(step: string, { level, selfTest: found }: Cage): Promise<void> {
    const selfTest =
      found === undefined ? null : { outsideBlocked: found.outsideBlocked, insideAnswered: found.insideAnswered };
    const scope = digestOf(canonicalJson(this.#options.test.scope));
    const { durable } = this.#options.append({ type: 'cage.opened', data: { step, level, scope, selfTest } });
    await durable;
  }

  /** Keeps what the tester says, and answers how it ended when it says so. */
  #heard(event: TesterEvent, events: EventFile): Extract<TesterEvent, { kind: 'outcome' }> | null {
    events.take(event);
    if (event.kind === 'finding') {
      const { fingerprint } = event.finding;
      const isNew = !this.#findings.has(fingerprint);
      this.#findings.add(fingerprint);
      if (isNew && this.#findings.size <= mostTold) this.#options.tell({ type: 'cage.finding', data: { fingerprint } });
    }
    return event.kind === 'outcome' ? event : null;
  }

  /** Only what the cage decided by itself: what we had it do is known. */
  #tripped(trip: CageTrip): void {
    if (this.#why !== null) return;
    this.#stopped ??= trip;
    this.#options.changed();
  }

  /** The whole report stays on the host; what goes into the journal is bounded. */
  async #closed(step: string, whole: Containment, outcome: { outcome: TesterOutcome } | null): Promise<void> {
    const text = await unhurried(canonicalReport(whole));
    try {
      await writeFile(join(this.#options.folder, 'containment.json'), text, { mode: 0o600 });
    } catch (error) {
      this.#options.log('report-not-written', { code: codeOf(error) });
    }
    const totals = {
      allowed: whole.allowed.length,
      connections: sum(whole.allowed.map(({ connections }) => connections)),
      denied: whole.denied.length,
      deniedPackets: sum(whole.denied.map(({ packets }) => packets)),
      findings: this.#findings.size,
    };
    const containment = {
      ...whole,
      allowed: whole.allowed.slice(0, mostRows),
      denied: whole.denied.slice(0, mostRows),
      ...(whole.evidence === undefined ? {} : { evidence: whole.evidence.slice(0, mostRows) }),
    };
    const { durable } = this.#options.append({
      type: 'cage.closed',
      data: { step, report: digestOf(text), containment, totals, tester: outcome?.outcome ?? null },
    });
    await durable;
  }
}

/** An agent whose plan names a program has that program look first: nmap is read as nmap, any other is a command. */
function testersOf(spec: TesterSpec): TesterSpec[] {
  if (spec.kind !== 'agent' || spec.run === undefined) return [spec];
  const { usesAi, run } = spec;
  return [{ kind: run[0] === 'nmap' ? 'nmap' : 'command', run, usesAi }, spec];
}

/** The RFC 8785 form of a report, whose lists may be long. */
function* canonicalReport(report: Containment): Steps<string> {
  const members: string[] = [];
  for (const [name, member] of Object.entries(report).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (member === undefined) continue;
    if (!Array.isArray(member)) {
      members.push(`"${name}":${canonicalJson(member)}`);
      continue;
    }
    const rows: string[] = [];
    for (const row of member as readonly unknown[]) if (rows.push(canonicalJson(row)) % 1000 === 0) yield;
    members.push(`"${name}":[${rows.join(',')}]`);
  }
  return `{${members.join(',')}}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A supervised test is silent sooner than a test by hand, whatever its scope allows. */
function shorterLease(lease: string): string {
  return durationMs(lease) <= durationMs(longestLease) ? lease : longestLease;
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
