/** What a test tries outside its scope, told at once and then at a pace: every attempt is in an entry, and a flood makes few of them. */
import { destinationKey } from '@breakwater/rules/containment';
import type { AttemptsSoFar, DeniedTraffic } from '@breakwater/rules/containment/record';
import type { JournalEvent } from '@breakwater/rules/guard/record';
import type { AttemptsSeen } from '../cage/index.ts';

/** Time between two entries. Counting, this, and the way to a webhook together stay below a second. */
const paceMs = 300;
/** Destinations that an entry names; all of them are in the report. */
const mostNamed = 50;

export class Attempts {
  readonly #tell: (event: JournalEvent) => void;
  /** Packets of each destination that was named, until it was named last. */
  readonly #byPlace = new Map<string, number>();
  /** What is to be named: packets since the destination was named last. */
  #fresh = new Map<string, DeniedTraffic>();
  #changed = new Map<string, DeniedTraffic>();
  #soFar: AttemptsSoFar = { packets: 0, destinations: 0 };
  #told = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(tell: (event: JournalEvent) => void) {
    this.#tell = tell;
  }

  get soFar(): AttemptsSoFar {
    return this.#soFar;
  }

  take({ packets, destinations, changed }: AttemptsSeen): void {
    this.#soFar = { packets, destinations };
    for (const attempt of changed) {
      const key = destinationKey(attempt);
      const before = this.#byPlace.get(key);
      this.#byPlace.set(key, attempt.packets);
      const waiting = before === undefined || this.#fresh.has(key) ? this.#fresh : this.#changed;
      const named = waiting.get(key)?.packets ?? 0;
      waiting.set(key, { ...attempt, packets: named + attempt.packets - (before ?? 0) });
    }
    if (this.#timer === null) this.#next();
  }

  /** Tells what was not told yet, and no more after it at a pace. */
  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#say();
  }

  /** Says what there is; as long as there is something, again after a while. */
  #next(): void {
    this.#timer = this.#say() ? setTimeout(() => this.#next(), paceMs) : null;
  }

  #say(): boolean {
    const attempts = [...this.#fresh.values(), ...this.#changed.values()].slice(0, mostNamed);
    const packets = this.#soFar.packets - this.#told;
    if (packets === 0 && attempts.length === 0) return false;
    this.#fresh = new Map();
    this.#changed = new Map();
    this.#told = this.#soFar.packets;
    this.#tell({ type: 'cage.attempts', data: { packets, attempts, soFar: this.soFar } });
    return true;
  }
}
