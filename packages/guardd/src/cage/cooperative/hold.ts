/** What must last for anything to pass: the window and the lease, by the monotonic clock. */
import { durationMs } from '@breakwater/rules';
import type { CageTrip, Scope } from '@breakwater/rules/containment';
import { monoNow } from '../../clock.ts';

/** The end of the window is converted once, at the start. A lease that ran out is never taken up again. */
export class Hold {
  readonly #endsAt: number;
  readonly #leaseMs: number;
  readonly #scope: Scope;
  #renewedAt = monoNow();

  constructor(scope: Scope, startedAt: number) {
    this.#scope = scope;
    this.#leaseMs = durationMs(scope.lease);
    this.#endsAt = monoNow() + Date.parse(scope.window.end) - startedAt;
  }

  renew(): void {
    if (this.reason() === null) this.#renewedAt = monoNow();
  }

  /** Why nothing may pass any more; null = it may. */
  reason(): CageTrip | null {
    const now = monoNow();
    if (now >= this.#endsAt) return { reason: 'window-end', endedAt: this.#scope.window.end };
    const silentMs = Math.round(now - this.#renewedAt);
    return silentMs > this.#leaseMs ? { reason: 'lease-lost', silentMs } : null;
  }
}
