/** Cutting: bringing the work, and if it must be the recovery, to a standstill by the kernel. */
import type { JournalEvent } from '@breakwater/rules/guard/record';
import { monoNow } from '../clock.ts';
import type { Enclosure, Standstill } from '../work/enclosure.ts';
import type { ActionSite } from './actions.ts';
import type { Appended } from './journal.ts';

export interface CutterHost {
  readonly work: Enclosure;
  /** The caged test of the run, whose cage stops it; null in a run without one. */
  readonly test: { stop(): Promise<Standstill> } | null;
  readonly recovery: Enclosure;
  /** True while an action of the work is under way, also one that is no program. */
  working(): boolean;
  append(event: JournalEvent): Appended;
}

export class Cutter {
  readonly #host: CutterHost;
  readonly #work = new AbortController();
  readonly #recovery = new AbortController();
  #halted: Promise<Standstill> | null = null;

  constructor(host: CutterHost) {
    this.#host = host;
  }

  get workSite(): ActionSite {
    return { enclosure: this.#host.work, cut: this.#work.signal };
  }

  get recoverySite(): ActionSite {
    return { enclosure: this.#host.recovery, cut: this.#recovery.signal };
  }

  /** Goes on as one whose recovery was stopped before. */
  abort(): void {
    this.#recovery.abort();
  }

  /**
   * Kills at once, then journals what was killed. `since`: when it was asked for, for the latency. Again after a cut it
   * answers the same; a recovery is only stopped when that is asked for too.
   */
  cut(since: number, alsoRecovery: boolean): Promise<Standstill> {
    if (this.#halted === null || alsoRecovery) this.#halted = this.#cutNow(since, alsoRecovery);
    return this.#halted;
  }

  async #cutNow(since: number, alsoRecovery: boolean): Promise<Standstill> {
    const { work, test, recovery, working, append } = this.#host;
    const inFlight = working() || (alsoRecovery && recovery.busy);
    this.#work.abort();
    if (alsoRecovery) this.#recovery.abort();
    const stops = await Promise.all([
      ...(test === null ? [] : [test.stop()]),
      work.stop(),
      ...(alsoRecovery ? [recovery.stop()] : []),
    ]);
    const killed = stops.find(({ method }) => method !== 'idle');
    const latencyMs = Math.round((monoNow() - since) * 100) / 100;
    if (!inFlight) return { method: 'idle', latencyMs };
    const method = killed?.method ?? 'abort';
    append({ type: 'work.stopped', data: { method, latencyMs } });
    if (!alsoRecovery) {
      append({ type: 'recovery.begin', data: { measure: 'kill-switch', step: null } });
      const data = { measure: 'kill-switch', step: null, outcome: 'done', durationMs: Math.ceil(latencyMs) } as const;
      append({ type: 'recovery.end', data });
    }
    return { method, latencyMs };
  }
}
