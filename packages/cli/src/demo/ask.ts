/** Calls of the server as the demo makes them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ServerAway, type Client, type Schemas } from '@breakwater/client';

export type Run = Schemas['Run'];

/** The body of an answer. The client throws ServerError for anything but success. */
export async function answered<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call;
  if (data === undefined) throw new Error('the server answered without a body');
  return data;
}

const lookEveryMs = 150;
const longestRunMs = 90_000;

/** Follows a run until it has ended. While no server answers it goes on looking: another one may be started. */
export async function watchRun(client: Client, run: string, seen: (run: Run) => void | Promise<void>): Promise<Run> {
  const until = performance.now() + longestRunMs;
  while (performance.now() < until) {
    try {
      const now = await answered(client.GET('/runs/{run}', { params: { path: { run } } }));
      await seen(now);
      if (now.phase === 'ended') return now;
    } catch (error) {
      if (!(error instanceof ServerAway)) throw error;
    }
    await sleep(lookEveryMs);
  }
  throw new Error(`run ${run} did not end within ${longestRunMs / 1000} s`);
}
