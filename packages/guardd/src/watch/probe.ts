/** Asking one probe once: is its service good, bad, or could it not be asked? */
import { connect } from 'node:net';
import type { ProbeSettings } from '@breakwater/rules/guard';
import type { GuardedProbe } from '../guarded-plan.ts';
import { monoNow } from '../clock.ts';
import { ended, environment } from '../work/command.ts';
import type { Place } from '../work/driver.ts';
import type { Enclosure } from '../work/enclosure.ts';
import { callHttp, targetOf } from '../work/http-call.ts';

type Of<K extends GuardedProbe['kind']> = Extract<GuardedProbe, { kind: K }>;

export interface ProbeAnswer {
  readonly result: 'good' | 'bad' | 'blind';
  /** A short code without personal data; null when good. */
  readonly reason: string | null;
}

/** What a probe is asked with. */
export interface ProbePlace {
  readonly place: Place;
  /** Where programs of probes run. */
  readonly enclosure: Enclosure;
}

/** How much later than its schedule a sample may come before the time between is unseen, ms. */
const slackMs = 1000;

/** The settings that the outage ledger reads. */
export function settingsOf(probe: GuardedProbe): ProbeSettings {
  const { id, service, everyMs, downAfter, upAfter } = probe;
  return { id, service, downAfter, upAfter, gapMs: Math.max(everyMs, withinOf(probe)) + slackMs };
}

/** The longest that one sample may take, ms. */
export function withinOf(probe: GuardedProbe): number {
  return probe.kind === 'http' ? probe.calls.reduce((sum, { withinMs }) => sum + withinMs, 0) : probe.withinMs;
}

/** Asks once. Never rejects. */
export function askProbe(probe: GuardedProbe, where: ProbePlace): Promise<ProbeAnswer> {
  switch (probe.kind) {
    case 'http':
      return askHttp(probe, where);
    case 'tcp':
      return askTcp(probe, where);
    case 'command':
      return askCommand(probe, where);
  }
}

const good: ProbeAnswer = { result: 'good', reason: null };

async function askHttp({ calls }: Of<'http'>, { place }: ProbePlace): Promise<ProbeAnswer> {
  for (const call of calls) {
    const { outcome, reason } = await callHttp(call, { withinMs: call.withinMs, targets: place.targets });
    if (outcome === 'unasked') return { result: 'blind', reason };
    if (outcome !== 'met') return { result: 'bad', reason };
  }
  return good;
}

function askTcp({ host, port, withinMs }: Of<'tcp'>, { place }: ProbePlace): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const { hostname, port: at } = targetOf(`tcp://${host.includes(':') ? `[${host}]` : host}:${port}`, place.targets);
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(at) });
    const settle = (answer: ProbeAnswer): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => settle({ result: 'bad', reason: 'timeout' }), withinMs);
    socket.once('connect', () => settle(good));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code ?? 'failed';
      settle({ result: ourErrors.has(reason) ? 'blind' : 'bad', reason });
    });
  });
}

const ourErrors: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'EADDRNOTAVAIL',
  'ENETDOWN',
  'ENETUNREACH',
  'EAI_AGAIN',
]);

/** A program that could not be started says nothing of the service. */
async function askCommand({ run, withinMs }: Of<'command'>, { place, enclosure }: ProbePlace): Promise<ProbeAnswer> {
  const began = monoNow();
  const program = enclosure.start(run, { cwd: place.workdir, env: environment(place) });
  program.stdout.resume();
  program.stderr.resume();
  const timer = setTimeout(() => enclosure.kill(program), withinMs);
  const code = await ended(program);
  clearTimeout(timer);
  if (code === 0) return good;
  if (monoNow() - began >= withinMs) return { result: 'bad', reason: 'timeout' };
  const started = code !== null && code !== 125 && code !== 126 && code !== 127;
  return { result: started ? 'bad' : 'blind', reason: code === null ? 'signal' : `exit-${code}` };
}
