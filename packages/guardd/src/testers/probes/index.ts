/** The safe probes by name, and the one way to run them: asked about first, paced, told as events. */
import { findingOf, type Scope, type TesterEvent } from '@breakwater/rules/containment';
import { setTimeout as sleep } from 'node:timers/promises';
import { monoNow } from '../../clock.ts';
import { findingEvent, probeEvent, stamp } from '../events.ts';
import { plainText } from '../plain.ts';
import { approveHost, type Approval } from '../reach.ts';
import { banner, tcpConnect } from './connect.ts';
import { httpGet } from './http.ts';
import { dnsPinned } from './names.ts';
import type { Hands, Probe, ProbeAnswer } from './probe.ts';
import { tlsInspect } from './tls.ts';

export const safeProbes: readonly Probe[] = [tcpConnect, banner, tlsInspect, httpGet, dnsPinned] as readonly Probe[];

/** Share of the cap on new connections that probes use: the rest is for what retries. */
const shareOfCap = 0.8;

/** What all probes of one tester share. */
export function handsFor(scope: Scope, signal: AbortSignal): Hands {
  const { newConnectionsPerSecond, newConnectionsPerSecondPerDestination = newConnectionsPerSecond } = scope.caps;
  const everyMs = 1000 / (Math.min(newConnectionsPerSecond, newConnectionsPerSecondPerDestination) * shareOfCap);
  let next = 0;
  return {
    scope,
    signal,
    async pace() {
      const now = monoNow();
      const turn = Math.max(now, next);
      next = turn + everyMs;
      if (turn > now) await sleep(turn - now, undefined, { signal }).catch(() => undefined);
    },
  };
}

/** The first gate: whether the scope lets a probe be made. The kernel is the second, and asks nobody. */
export function approve(probe: Probe, input: unknown, scope: Scope): Approval {
  const parsed = probe.input.safeParse(input);
  if (!parsed.success) return { allowed: false, reason: 'these are not the arguments of this probe' };
  if (probe.approve !== undefined) return probe.approve(parsed.data, scope);
  const { host, port } = probe.destination(parsed.data);
  return approveHost(scope, host, port);
}

/** Makes one probe and tells it. What is not approved is told and not made. Never throws. */
export async function makeProbe(
  probe: Probe,
  input: unknown,
  hands: Hands,
  tell: (event: TesterEvent) => void,
): Promise<ProbeAnswer> {
  const approval = approve(probe, input, hands.scope);
  if (!approval.allowed) return tellDenied(probe, input, approval.reason, tell);
  const parsed = probe.input.parse(input);
  const { host, port, protocol } = probe.destination(parsed);
  const place = { asset: approval.address, protocol, port };
  const answer = await probe
    .perform(parsed, approval.address, hands)
    .catch((): ProbeAnswer => ({ result: 'failed', said: { error: 'the probe failed' }, found: [] }));
  tell(probeEvent({ probe: probe.name, ...place, result: answer.result, detail: plainText(host, 253) }));
  for (const found of answer.found) {
    tell(findingEvent(findingOf({ ...found, ...place, tool: 'breakwater', seenAt: stamp() })));
  }
  return answer;
}

/** Tells a probe that the first gate held. */
export function tellDenied(
  probe: Probe,
  input: unknown,
  reason: string,
  tell: (event: TesterEvent) => void,
): ProbeAnswer {
  const parsed = probe.input.safeParse(input);
  const { host, port, protocol } = parsed.success
    ? probe.destination(parsed.data)
    : { host: '', port: null, protocol: 'other' as const };
  const asset = plainText(host, 255) || 'unknown';
  tell(probeEvent({ probe: probe.name, asset, protocol, port, result: 'not-allowed', detail: reason }));
  return { result: 'not-allowed', said: { notAllowed: reason }, found: [] };
}
