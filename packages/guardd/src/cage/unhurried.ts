/** Long work in steps, between which everything else of this process gets its turn: a supervisor that is silent is replaced. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Steps } from '@breakwater/rules/containment';

/** Time at a stretch, ms. */
const stretchMs = 10;

export async function unhurried<T>(steps: Steps<T>): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < stretchMs) continue;
    await turn();
    since = performance.now();
  }
}
