/** Drills of a rehearsal: how long seeing a failure and stopping a process tree take on this host. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { GuardedProbe } from '../guarded-plan.ts';
import { drillDetection } from '../watch/drill.ts';
import type { ProbePlace } from '../watch/probe.ts';
import type { Place } from '../work/driver.ts';
import type { Enclosure, Standstill } from '../work/enclosure.ts';

/** The longest time until a probe says `down`, ms; null without probes. */
export async function drillDetections(probes: readonly GuardedProbe[], where: ProbePlace): Promise<number | null> {
  const times = await Promise.all(probes.map((probe) => drillDetection(probe, where)));
  return times.length === 0 ? null : Math.max(...times);
}

/** A tree that detaches itself, as work may: the drill is worth nothing if only the direct child dies. */
const tree = 'setsid sleep 60 & setsid sh -c "sleep 60 & wait" & wait';
const treeGrowsMs = 50;

/** Starts a tree of processes in the work's enclosure and stops it. */
export async function drillStop(work: Enclosure, place: Place): Promise<Standstill> {
  const program = work.start(['/bin/sh', '-c', tree], { cwd: place.workdir, env: { PATH: process.env['PATH'] } });
  program.stdout.resume();
  program.stderr.resume();
  await sleep(treeGrowsMs);
  return work.stop();
}
