/** Carrying out `breakwater guard`: a guardd of its own, one run, its progress on standard error. */
import { existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { connectGuardd, GuarddRefused, startGuardd, startRenewer, type GuarddClient } from '@breakwater/guardd';
import { refusalText, type RunLimits, type RunState } from '@breakwater/rules/guard';
import type { JournalEntry, Trip } from '@breakwater/rules/guard/record';
import { tripWords } from '@breakwater/rules/review';
import { startProgress, type Progress } from '../frame.ts';
import { host, step } from './one-step.ts';

/** How it ended. */
export interface Ending {
  readonly outcome: 'completed' | 'rolled-back' | 'stopped' | 'failed';
  readonly exitCode: number | null;
  readonly trip: Trip | null;
  readonly outageMs: number;
  readonly serviceRestored: boolean | null;
  readonly level: string;
  readonly journal: string;
}

const run = 'guarded-command';
const owner = 'breakwater-guard';
const ref = { run, epoch: 1 } as const;
const relayMs = 100;

/** Guards the one step of the plan in `runDir` to its end. Rejects with GuarddRefused when it cannot begin. */
export async function guardCommand(
  prepared: { plan: unknown; planHash: string; limits: RunLimits },
  runDir: string,
): Promise<Ending> {
  const progress = startProgress();
  const guardd = await startGuardd({ runDir, host, log: () => undefined });
  const renewer = startRenewer({
    address: guardd.orchestratorSocket,
    onAnswer: (_run, { state }) => progress.update(liveLine(state)),
  });
  renewer.hold({ ...ref, owner });
  const client = await connectGuardd(guardd.orchestratorSocket);
  const signals = onSignals(client, progress);
  const folder = join(guardd.folder, 'runs', run);
  const relay = relayOutput(join(folder, 'output'));
  try {
    const request = {
      type: 'prepare',
      ...ref,
      owner,
      mode: 'live',
      planHash: prepared.planHash,
      limits: prepared.limits,
    } as const;
    await client.ask({ ...request, plan: prepared.plan as never }, { timeoutMs: 20_000 });
    progress.note(`guarding, stopping by ${guardd.level}`);
    const told = follow(client, progress);
    // Where the run cannot begin, how it was closed is not waited for.
    told.catch(() => undefined);
    try {
      const { outcome } = await client.ask({ type: 'begin', ...ref, step });
      if (outcome === 'done' || outcome === 'already-done') await client.ask({ type: 'close', ...ref });
    } catch (error) {
      if (!(error instanceof GuarddRefused)) throw error;
      const stopped = new Set(['tripped', 'run-closed', 'held']).has(error.refusal.reason);
      if (!stopped) await refuseToStart(client, error);
    }
    return { ...(await told), level: guardd.level, journal: join(folder, 'journal.jsonl') };
  } finally {
    relay.stop();
    progress.end();
    signals.stop();
    await renewer.stop();
    client.end();
    await guardd.close();
  }
}

async function refuseToStart(client: GuarddClient, error: GuarddRefused): Promise<never> {
  await client.ask({ type: 'stop', run, lever: 'abort-all', by: owner }).catch(() => undefined);
  throw error;
}

/** Says what happens, and answers how the run was closed. */
async function follow(client: GuarddClient, progress: Progress): Promise<Omit<Ending, 'level' | 'journal'>> {
  let trip: Trip | null = null;
  let exitCode: number | null = null;
  for await (const { event } of client.follow(run, -1)) {
    const words = wordsOf(event);
    if (words !== null) progress.note(words);
    if (event.type === 'run.tripped') trip = event.data.trip;
    if (event.type === 'step.end' && event.data.action === 'do') exitCode = event.data.exitCode;
    if (event.type === 'run.closed') {
      const { outcome, outageMs, serviceRestored } = event.data;
      return { outcome, exitCode, trip, outageMs, serviceRestored };
    }
  }
  throw new Error('the journal ended before the run was closed');
}

function wordsOf(event: JournalEntry['event']): string | null {
  switch (event.type) {
    case 'probe.changed':
      return `${event.data.probe} is ${event.data.state}${event.data.reason === null ? '' : ` (${event.data.reason})`}`;
    case 'step.begin':
      return event.data.action === 'check' ? null : `${event.data.action} begun`;
    case 'step.end':
      return event.data.action === 'check'
        ? null
        : `${event.data.action} ended: ${event.data.outcome}, ${seconds(event.data.durationMs)}`;
    case 'disruption.closed':
      return `the service was down for ${seconds(event.data.durationMs)}`;
    case 'run.tripped':
      return `stopping: ${tripWords(event.data.trip).en}`;
    case 'work.stopped':
      return `stopped within ${event.data.latencyMs} ms (${event.data.method})`;
    case 'run.closed':
      return `${event.data.outcome}; ${restored(event.data.serviceRestored)}`;
    default:
      return null;
  }
}

function restored(serviceRestored: boolean | null): string {
  if (serviceRestored === null) return 'no probe can say whether the service is up';
  return serviceRestored ? 'the service is up' : 'the service is DOWN';
}

function liveLine({ phase, outageMs, outageLimitMs, pnrRemainingMs, services }: RunState): string {
  const states = Object.values(services).join(', ');
  const room = pnrRemainingMs === null ? '' : `, ${seconds(pnrRemainingMs)} to the point of no return`;
  return `${phase}: service ${states}, down ${seconds(outageMs)} of ${seconds(outageLimitMs)}${room}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** The first signal cuts and undoes, the second leaves everything as it is. */
function onSignals(client: GuarddClient, progress: Progress): { stop(): void } {
  let pulled = 0;
  const pull = (): void => {
    const lever = pulled++ === 0 ? 'cut' : 'abort-all';
    progress.note(lever === 'cut' ? 'stopping; once more leaves everything as it is' : 'leaving everything as it is');
    client.ask({ type: 'stop', run, lever, by: owner }).catch((error: unknown) => {
      progress.note(error instanceof GuarddRefused ? refusalText(error.refusal).en : String(error));
    });
  };
  process.on('SIGINT', pull);
  process.on('SIGTERM', pull);
  return {
    stop() {
      process.off('SIGINT', pull);
      process.off('SIGTERM', pull);
    },
  };
}

/** Passes on to standard error what the programs of the run say, as they say it. */
function relayOutput(folder: string): { stop(): void } {
  const open = new Map<string, number>();
  const buffer = Buffer.alloc(64 * 1024);
  const look = (): void => {
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder).toSorted()) {
      if (!open.has(name)) open.set(name, openSync(join(folder, name), 'r'));
    }
    for (const file of open.values()) {
      for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer))
        process.stderr.write(buffer.subarray(0, size));
    }
  };
  const timer = setInterval(look, relayMs);
  return {
    stop() {
      clearInterval(timer);
      look();
    },
  };
}
