/** Carrying out one action of a step: journalled before, performed by its driver, journalled after. */
import { join } from 'node:path';
import type { RecoveryCourse, RecoveryMeasure } from '@breakwater/rules/guard';
import type { JournalEvent, StepAction, StepOutcome } from '@breakwater/rules/guard/record';
import type { GuardedPlan, GuardedStep } from '../guarded-plan.ts';
import { monoNow } from '../clock.ts';
import { commandDriver } from '../work/command.ts';
import type { ActionAnswer, ActionEnd, Driver, Place } from '../work/driver.ts';
import type { Enclosure } from '../work/enclosure.ts';
import { httpDriver } from '../work/http.ts';
import type { Appended } from './journal.ts';

/** The drivers of this host, by the word that plans use. */
const drivers: Readonly<Record<string, Driver<never>>> = { command: commandDriver, http: httpDriver };

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
   * Does one action of a step and answers how it ended. `unclear` of a `do` is not journalled as its end: its `check`
   * tells first. Rejects when the journal cannot take the beginning; then nothing was done.
   */
  async perform(
    step: GuardedStep,
    action: Exclude<StepAction, 'probe'>,
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
    source: { id: string; driver: string; timeoutMs: number; check?: unknown; do?: unknown; undo?: unknown },
    action: Exclude<StepAction, 'probe'>,
    { enclosure, cut }: ActionSite,
    seq: number,
  ): Promise<ActionEnd> {
    const { run, place, output, epoch, test } = this.#host;
    const driver = source.driver === testerDriver ? test : drivers[source.driver];
    const what = source[action];
    if (driver === undefined || driver === null || what === undefined)
      return Promise.resolve({ answer: 'unclear', exitCode: null, outputDigest: null });
    return driver.perform(what, {
      run,
      epoch: epoch(),
      step: source.id,
      action,
      enclosure,
      cut,
      place,
      idempotencyKey: `${run}/${source.id}/${action}/${seq}`,
      timeoutMs: source.timeoutMs,
      output: join(output, `${String(seq).padStart(5, '0')}-${source.id}-${action}`),
    });
  }
}

function outcomeOf(action: StepAction, answer: ActionAnswer): StepOutcome {
  switch (answer) {
    case 'yes':
      return action === 'check' ? 'already-done' : 'done';
    case 'no':
      return action === 'check' ? 'not-done' : 'failed';
    case 'unclear':
      return action === 'check' ? 'failed' : 'unknown';
    case 'timeout':
    case 'cut':
      return answer;
  }
}
