/** Measuring, in a rehearsal, how long it takes to see that a service went down, without touching the service. */
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { newProbe, takeSample } from '@breakwater/rules/guard';
import type { GuardedProbe } from '../guarded-plan.ts';
import { monoNow } from '../clock.ts';
import { askProbe, settingsOf, withinOf, type ProbeAnswer, type ProbePlace } from './probe.ts';
import { askEvery } from './schedule.ts';

/**
 * Milliseconds from a failure to the word `down` of one probe, in the worst case: the service stops answering the moment
 * after it was asked. An `http` probe really asks, an address of this host that takes connections and never answers;
 * programs and ports are counted as silent for as long as they may be.
 */
export async function drillDetection(probe: GuardedProbe, where: ProbePlace): Promise<number> {
  const silent = await listenSilently();
  const { everyMs } = probe;
  const ask = (): Promise<ProbeAnswer> => askSilent(probe, where, silent.origin);
  let state = takeSample(newProbe(settingsOf(probe)), { at: 0, result: 'good', reason: null }).state;
  const failedAt = monoNow();
  await sleep(everyMs);
  await new Promise<void>((resolve) => {
    const schedule = askEvery(everyMs, ask, ({ result, reason }) => {
      const taken = takeSample(state, { at: monoNow() - failedAt, result, reason });
      state = taken.state;
      if (taken.change === null) return;
      schedule.stop();
      resolve();
    });
  });
  silent.close();
  return monoNow() - failedAt;
}

async function askSilent(probe: GuardedProbe, where: ProbePlace, origin: string): Promise<ProbeAnswer> {
  if (probe.kind === 'http')
    return askProbe(probe, { ...where, place: { ...where.place, targets: standIns(probe, origin) } });
  await sleep(withinOf(probe));
  return { result: 'bad', reason: 'timeout' };
}

function standIns({ calls }: Extract<GuardedProbe, { kind: 'http' }>, origin: string): Record<string, string> {
  return Object.fromEntries(calls.map(({ url }) => [new URL(url).origin, origin]));
}

async function listenSilently(): Promise<{ origin: string; close(): void }> {
  const server = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { origin: `http://127.0.0.1:${port}`, close: () => void server.close() };
}
