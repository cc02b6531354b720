/** Attempts outside the scope by destination, without those of the self-test. */
import type { DeniedTraffic } from '@breakwater/rules/containment';
import { canaryHost, canaryPort } from './canary.ts';

export class DeniedList {
  readonly #byPlace = new Map<string, DeniedTraffic>();
  readonly #onAttempt: (attempt: DeniedTraffic, packets: number) => void;
  /** Canaries that were sent, and those that were refused: what comes from there beyond them is the tool's. */
  canariesSent = 0;
  canariesSeen = 0;

  /** `packets`: of all destinations so far. */
  constructor(onAttempt: (attempt: DeniedTraffic, packets: number) => void) {
    this.#onAttempt = onAttempt;
  }

  get list(): DeniedTraffic[] {
    return [...this.#byPlace.values()];
  }

  take(attempt: DeniedTraffic): void {
    const isCanarys = attempt.address === canaryHost && attempt.port === canaryPort;
    if (isCanarys && this.canariesSeen < this.canariesSent) {
      this.canariesSeen++;
      return;
    }
    const tools = isCanarys ? { ...attempt, packets: attempt.packets - this.canariesSeen } : attempt;
    this.#byPlace.set(`${tools.address} ${tools.port}`, tools);
    let sum = 0;
    for (const { packets } of this.#byPlace.values()) sum += packets;
    this.#onAttempt(tools, sum);
  }
}
