/** The work of a run: one step at a time, and what a supervisor before this one left half told. */
import type { RunOnHost } from '@breakwater/rules/guard';
import type { JournalEvent, StepOutcome } from '@breakwater/rules/guard/record';
import type { GuardedStep } from '../guarded-plan.ts';
import { testerDriver, type Actions, type ActionSite } from './actions.ts';
import type { Appended } from './journal.ts';

export interface WorkHost {
  readonly actions: Actions;
  site(): ActionSite;
  run(): RunOnHost;
  append(event: JournalEvent): Appended;
}

export class Work {
  readonly #host: WorkHost;
  #busy: { readonly step: GuardedStep; readonly ended: Promise<void> } | null = null;

  constructor(host: WorkHost) {
    this.#host = host;
  }

  /** The step that is being worked on. */
  get step(): GuardedStep | null {
    return this.#busy?.step ?? null;
  }

  /** Resolves when no step is being worked on. */
  async idle(): Promise<void> {
    await this.#busy?.ended;
  }

  /** Check, prepare, then do; `mayGoOn` is asked in between. Rejects when the journal takes no beginning. */
  async perform(step: GuardedStep, mayGoOn: () => boolean): Promise<StepOutcome> {
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    this.#busy = { step, ended };
    try {
      const { actions, site } = this.#host;
      const before = step.check === undefined ? 'not-done' : await actions.perform(step, 'check', site());
      if (before === 'unclear') return 'unknown';
      if (before !== 'not-done') return before;
      if (!mayGoOn()) return 'cut';
      if (step.prepares !== 'no') {
        const prepared = await actions.prepare(step, site());
        if (prepared !== 'done') return prepared;
        if (!mayGoOn()) return 'cut';
      }
      const outcome = await actions.perform(step, 'do', site());
      return outcome === 'unclear' ? await this.#resolve(step) : outcome;
    } finally {
      this.#busy = null;
      resolve();
    }
  }

  /**
   * The end of a `do` that nobody saw: its `check` tells; it is never repeated. A test is over when nobody watches it: its
   * cage went with its supervisor.
   */
  async #resolve(step: GuardedStep): Promise<StepOutcome> {
    const { actions, site } = this.#host;
    if (step.driver === testerDriver) {
      await actions.end(step.id, 'do', 'cut', 0);
      return 'cut';
    }
    const asked = step.check === undefined ? 'unknown' : await actions.perform(step, 'check', site());
    const outcome = asked === 'already-done' ? 'done' : 'unknown';
    await actions.end(step.id, 'do', outcome, 0);
    return outcome;
  }

  /**
   * Ends in the journal what an earlier supervisor began and did not see ending, and asks the checks of steps that it
   * cannot tell about. A run that is being stopped asks nothing: its recovery does.
   */
  async settle(): Promise<void> {
    const { actions, append, run } = this.#host;
    const { openAction, recovery, steps, trip } = run();
    const stopped = trip !== null || recovery.length > 0;
    if (openAction !== null && (openAction.action !== 'do' || stopped)) {
      // A check or a preparation changes nothing: cut short it may be asked again. Of an effect nobody knows how far it got.
      const isTest = actions.step(openAction.step)?.driver === testerDriver;
      const harmless = openAction.action === 'check' || openAction.action === 'prepare';
      const outcome = harmless || isTest ? 'cut' : 'unknown';
      await actions.end(openAction.step, openAction.action, outcome, 0);
    }
    for (const { measure, step, outcome } of recovery) {
      if (outcome !== null || (measure === 'rollback' && (step === null || steps[step]?.undone !== 'yes'))) continue;
      const data = { measure, step, outcome: measure === 'rollback' ? 'done' : 'unknown', durationMs: 0 } as const;
      await append({ type: 'recovery.end', data }).durable;
    }
    if (stopped || run().failed !== null) return;
    for (const id of run().order) {
      const step = run().steps[id]?.did === 'maybe' ? actions.step(id) : undefined;
      if (step !== undefined) await this.#resolve(step);
    }
  }
}
