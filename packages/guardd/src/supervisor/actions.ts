/** Carrying out one action of a step: journalled before, performed by its driver, journalled after. */
import { join } from 'node:path';
import type { RecoveryCourse, RecoveryMeasure, RunOnHost } from '@breakwater/rules/guard';
import type { JournalEvent, StepAction, StepOutcome } from '@breakwater/rules/guard/record';
import type { GuardedPlan, GuardedStep } from '../guarded-plan.ts';
import { monoNow } from '../clock.ts';
import { commandDriver } from '../work/command.ts';
import { driveBy } from '../work/drive.ts';
import type { ActionAnswer, ActionEnd, Driver, Place } from '../work/driver.ts';
import type { Enclosure } from '../work/enclosure.ts';
import { httpDriver } from '../work/http.ts';
import type { Appended } from './journal.ts';

/** The words of the drivers that have a process of their own. */
const driven = [
  'apt',
  'dpkg',
  'rpm',
  'files',
  'symlink',
  'systemd',
  'haproxy',
  'isolate',
  'network-device',
  'kubernetes',
] as const;

/** The drivers of this host, by the word that plans use. */
const drivers: Readonly<Record<string, Driver<never>>> = {
  command: commandDriver,
  http: httpDriver,
  ...Object.fromEntries(driven.map((name) => [name, driveBy(name)])),
};
/** A command on another machine. */
const remoteCommand = driveBy('command');

/** The word of a step that is the plan's caged test; plans themselves have no such driver. */
export const testerDriver = 'tester';

/** True when the guard itself can carry out what uses this driver; a person does the rest by a card. */
export function isAutomatic(driver: string): boolean {
  return Object.hasOwn(drivers, driver);
}

/** What the recovery of the plan consists of on this host. */
export function recoveryCourse({ steps, measures }: GuardedPlan): RecoveryCourse {
  return {
    steps: steps.map(({ id, driver, undo, check, commitPoint }) => ({
      id,
      test: driver === testerDriver,
      undo: undo !== undefined,
      check: check !== undefined,
      commitPoint,
    })),
    measures,
  };
}

/** Where actions run and what they are journalled through. */
export interface ActionHost {
  readonly run: string;
  /** The run as its journal says now. */
  state(): RunOnHost;
  readonly plan: GuardedPlan;
  readonly place: Place;
  /** Carries out the step that is the plan's caged test; null in a plan without one. */
  readonly test: Driver<unknown> | null;
  /** Folder for what actions say. */
  readonly output: string;
  epoch(): number;
  append(event: JournalEvent): Appended;
}

/** Where an action runs, and what makes it end now. */
export interface ActionSite {
  readonly enclosure: Enclosure;
  readonly cut: AbortSignal;
}

export class Actions {
  readonly #host: ActionHost;

  constructor(host: ActionHost) {
    this.#host = host;
  }

  step(id: string): GuardedStep | undefined {
    return this.#host.plan.steps.find((step) => step.id === id);
  }

  /**
   * Lets the step's driver record what is there, which is journalled before anything is changed. Answers `done`, or how it
   * ended otherwise: also `failed` when the step must have an undo and there is none.
   */
  async prepare(step: GuardedStep, site: ActionSite): Promise<StepOutcome> {
    const begun = this.#host.append({
      type: 'step.begin',
      data: { step: step.id, action: 'prepare', digest: step.digest },
    });
    await begun.durable;
    const from = monoNow();
    const end = await this.#drive(step, 'prepare', site, begun.entry.seq);
    let outcome = outcomeOf('prepare', end.answer);
    if (end.prepared !== undefined) {
      const { before, unavailable } = end.prepared;
      this.#host.append({ type: 'step.prepared', data: { step: step.id, before: before as Json, unavailable } });
      if (unavailable !== null && step.prepares === 'required') outcome = 'failed';
    }
    await this.end(step.id, 'prepare', outcome, monoNow() - from, end);
    return outcome;
  }

  /**
   * Does one action of a step and answers how it ended. `unclear` of a `do` is not journalled as its end: its `check`
   * tells first. Rejects when the journal cannot take the beginning; then nothing was done.
   */
  async perform(
    step: GuardedStep,
    action: 'check' | 'do' | 'undo',
    site: ActionSite,
  ): Promise<StepOutcome | 'unclear'> {
    const begun = this.#host.append({ type: 'step.begin', data: { step: step.id, action, digest: step.digest } });
    await begun.durable;
    if (action === 'do' && site.cut.aborted) {
      await this.end(step.id, action, 'not-done', 0);
      return 'not-done';
    }
    const from = monoNow();
    const end = await this.#drive(step, action, site, begun.entry.seq);
    if (action === 'do' && end.answer === 'unclear') return 'unclear';
    const outcome = outcomeOf(action, end.answer);
    await this.end(step.id, action, outcome, monoNow() - from, end);
    return outcome;
  }

  /** Journals how an action ended. */
  async end(
    step: string,
    action: StepAction,
    outcome: StepOutcome,
    durationMs: number,
    end?: ActionEnd,
  ): Promise<void> {
    const data = { step, action, outcome, durationMs: Math.round(durationMs) };
    const { exitCode = null, outputDigest = null } = end ?? {};
    await this.#host.append({ type: 'step.end', data: { ...data, exitCode, outputDigest } }).durable;
  }

  /** Carries out a measure, which has no check and is never repeated; journalled before and after. */
  async measure({ kind, id }: RecoveryMeasure, site: ActionSite): Promise<StepOutcome> {
    const planned = this.#host.plan.measures.find((one) => one.kind === kind && one.id === id);
    const begun = this.#host.append({ type: 'recovery.begin', data: { measure: kind, step: id } });
    await begun.durable;
    const from = monoNow();
    const name = id === null ? kind : `${kind}-${id}`;
    const answer =
      planned === undefined
        ? 'unclear'
        : (await this.#drive({ ...planned, id: name }, 'do', site, begun.entry.seq)).answer;
    const outcome = outcomeOf('do', answer);
    const data = { measure: kind, step: id, outcome, durationMs: Math.round(monoNow() - from) };
    await this.#host.append({ type: 'recovery.end', data }).durable;
    return outcome;
  }

  #drive(
    source: Pick<GuardedStep, 'id' | 'driver' | 'timeoutMs' | 'on' | 'check' | 'do' | 'undo'>,
    action: Exclude<StepAction, 'probe'>,
    { enclosure, cut }: ActionSite,
    seq: number,
  ): Promise<ActionEnd> {
    const { run, place, output, epoch, test, state } = this.#host;
    const driver = driverOf(source, test);
    const what = action === 'prepare' ? source.do : source[action];
    const known = state().steps[source.id];
    if (driver === undefined || driver === null || what === undefined)
      return Promise.resolve({ answer: 'unclear', exitCode: null, outputDigest: null });
    return driver.perform(what as never, {
      run,
      epoch: epoch(),
      step: source.id,
      action,
      enclosure,
      cut,
      place,
      on: source.on,
      before: known?.before ?? null,
      undoing: known !== undefined && known.undone !== 'no',
      idempotencyKey: `${run}/${source.id}/${action}/${seq}`,
      timeoutMs: source.timeoutMs,
      output: join(output, `${String(seq).padStart(5, '0')}-${source.id}-${action}`),
    });
  }
}

function driverOf(
  { driver, on }: Pick<GuardedStep, 'driver' | 'on'>,
  test: Driver<unknown> | null,
): Driver<never> | null | undefined {
  if (driver === testerDriver) return test;
  return driver === 'command' && on.length > 0 ? remoteCommand : drivers[driver];
}

type Json = Extract<JournalEvent, { type: 'step.prepared' }>['data']['before'];

function outcomeOf(action: StepAction, answer: ActionAnswer): StepOutcome {
  switch (answer) {
    case 'yes':
      return action === 'check' ? 'already-done' : 'done';
    case 'no':
      return action === 'check' ? 'not-done' : 'failed';
    case 'unclear':
      return action === 'check' || action === 'prepare' ? 'failed' : 'unknown';
    case 'timeout':
    case 'cut':
      return answer;
  }
}
