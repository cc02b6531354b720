/** The end of a run: its last word in the journal, watching on while a service is down, and letting everything go. */
import { outageMs, type RunOnHost } from '@breakwater/rules/guard';
import type { JournalEvent } from '@breakwater/rules/guard/record';
import type { Watch } from '../watch/watch.ts';
import type { Enclosure } from '../work/enclosure.ts';
import type { Appended } from './journal.ts';
import type { Closing } from './recover.ts';

export interface EndingHost {
  readonly watch: Watch;
  readonly enclosures: readonly Enclosure[];
  /** How long a closed run is watched while a service is down, ms. */
  readonly observeMs: number;
  run(): RunOnHost;
  /** Age of the run, ms. */
  age(): number;
  append(event: JournalEvent): Appended;
  /** Nothing is to be looked at any more. */
  rest(): void;
}

export type Outcome = Closing['outcome'] | 'completed';

/** A closed run is looked at this often, ms. */
const lookMs = 25;

export class Ending {
  /** Resolves when the run is closed and nothing of it is left to watch. */
  readonly over: Promise<void>;
  readonly #host: EndingHost;
  readonly #over = Promise.withResolvers<void>();
  #lingering = false;
  #finished: Promise<void> | null = null;

  constructor(host: EndingHost) {
    this.#host = host;
    this.over = this.#over.promise;
  }

  /** Closed, and still watched because a service was down. */
  get lingering(): boolean {
    return this.#lingering;
  }

  async close({ outcome, serviceRestored }: { outcome: Outcome; serviceRestored: boolean | null }): Promise<void> {
    const { age, run, watch, append } = this.#host;
    const now = age();
    const { trippedAge } = run();
    const data = {
      outcome,
      serviceRestored,
      outageMs: Math.round(outageMs(watch.probes, now)),
      recoveryMs: trippedAge === null ? null : Math.round(now - trippedAge),
    };
    await append({ type: 'run.closed', data }).durable;
    this.watchOn();
  }

  /** A closed run is watched on while a service is down, so that the record tells when it came back. */
  watchOn(): void {
    const { age, watch, observeMs } = this.#host;
    this.#lingering = true;
    const until = age() + observeMs;
    const look = setInterval(() => {
      if (watch.anyDisruption && age() < until) return;
      clearInterval(look);
      void this.finish();
    }, lookMs);
  }

  /** Once, however often it is asked for. */
  finish(): Promise<void> {
    this.#finished ??= this.#finish();
    return this.#finished;
  }

  async #finish(): Promise<void> {
    const { enclosures, watch, rest } = this.#host;
    this.#lingering = false;
    rest();
    watch.stop();
    await Promise.all(enclosures.map((enclosure) => enclosure.stop()));
    for (const enclosure of enclosures) enclosure.remove();
    this.#over.resolve();
  }
}
