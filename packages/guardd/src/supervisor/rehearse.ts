/** What a rehearsal measures on this host besides its steps: seeing a failure, and stopping a tree of processes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JournalEvent } from '@breakwater/rules/guard/record';
import type { GuardedPlan } from '../guarded-plan.ts';
import { drillDetection } from '../watch/drill.ts';
import type { ProbePlace } from '../watch/probe.ts';
import type { Watch } from '../watch/watch.ts';
import type { Enclosure } from '../work/enclosure.ts';

/** A tree that detaches itself, as work may: the drill is worth nothing if only the direct child dies. */
const tree = 'setsid sleep 60 & setsid sh -c "sleep 60 & wait" & wait';
const treeGrowsMs = 50;
const lookMs = 25;

/** Journals the longest time until a probe says `down`. */
export async function drillDetections(
  { probes }: GuardedPlan,
  where: ProbePlace,
  append: (event: JournalEvent) => void,
): Promise<void> {
  if (probes.length === 0) return;
  const times = await Promise.all(probes.map((probe) => drillDetection(probe, where)));
  append({ type: 'drill.measured', data: { drill: 'detect', durationMs: Math.round(Math.max(...times)) } });
}

/** Starts a tree of processes in the work's enclosure, stops it, and journals how long that took. */
export async function drillStop(
  work: Enclosure,
  workdir: string,
  append: (event: JournalEvent) => void,
): Promise<void> {
  const program = work.start(['/bin/sh', '-c', tree], { cwd: workdir, env: { PATH: process.env['PATH'] } });
  program.stdout.resume();
  program.stderr.resume();
  await sleep(treeGrowsMs);
  const { latencyMs } = await work.stop();
  append({ type: 'drill.measured', data: { drill: 'stop', durationMs: latencyMs } });
}

/** Waits for services to be up with every step done. One that is not makes the rehearsal fail, by a trip in its journal. */
export async function verifyRehearsed(watch: Watch, append: (event: JournalEvent) => void): Promise<void> {
  const limitMs = Math.round(watch.patienceMs(0));
  watch.beginVerification();
  while (watch.verification(limitMs).verdict === 'pending') await sleep(lookMs);
  const { verdict, notUp } = watch.verification(limitMs);
  if (verdict === 'restored' || watch.probes.length === 0) return;
  const [service = ''] = notUp;
  const probe = watch.probes.find(({ settings }) => settings.service === service)?.settings.id ?? '';
  append({
    type: 'run.tripped',
    data: { trip: { reason: 'service-down', service, probe, limitMs, observedMs: limitMs } },
  });
}
