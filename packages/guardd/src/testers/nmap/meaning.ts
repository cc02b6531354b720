/** What an answer to nmap means, when a gate stands between it and the target: never "closed", never "filtered" for the gate's own. */
import {
  findingOf,
  ungraded,
  type ProbeResult,
  type Scope,
  type TesterEvent,
  type Transport,
} from '@breakwater/rules/containment';
import { findingEvent, logEvent, probeEvent, progressEvent, stamp } from '../events.ts';
import { plainText } from '../plain.ts';
import { reach } from '../reach.ts';
import type { NmapPort, NmapSeen } from './report-reader.ts';

/** Ports of one answer that are told one by one; of more only their number is told, and the report is kept. */
const mostTold = 1024;

export interface Meaning {
  readonly scope: Scope;
  /** Addresses of the gate. */
  readonly gate: ReadonlySet<string>;
}

/** Events for what the report told. */
export function eventsOf(seen: NmapSeen, meaning: Meaning): TesterEvent[] {
  switch (seen.kind) {
    case 'progress':
      return [progressEvent(null, `${seen.task} ${seen.percent} %`)];
    case 'host':
      return [logEvent('info', `host ${seen.address} ${seen.state} (${seen.reason})`)];
    case 'finished':
      return seen.error === '' ? [] : [logEvent('error', seen.error)];
    case 'port':
      return portEvents(seen, meaning);
  }
}

function portEvents(seen: NmapPort, meaning: Meaning): TesterEvent[] {
  const protocol = protocolOf(seen.protocol);
  const ports = seen.ports === null ? null : portNumbers(seen.ports);
  const said = `${seen.state} (${seen.reason}${seen.reasonAddress === null ? '' : ` from ${seen.reasonAddress}`})`;
  if (ports === null || protocol === null)
    return [logEvent('warn', `${seen.address}: ports that are not told one by one are ${said}`)];
  return ports.flatMap((port) => {
    const { result, note } = resultOf(seen, port, protocol, meaning);
    const probe = probeEvent({
      probe: 'nmap-port',
      asset: plainText(seen.address, 255),
      protocol,
      port,
      result,
      detail: note === null ? said : `${said}: ${note}`,
    });
    return result === 'answered' ? [probe, ...findings(seen, port, protocol)] : [probe];
  });
}

/** The states in which somebody answered; all others are told by an ICMP error, or by silence. */
const answered: Readonly<Record<string, ProbeResult>> = { open: 'answered', closed: 'refused', unfiltered: 'refused' };
const silent: ReadonlySet<string> = new Set(['no-response']);

function resultOf(
  { address, state, reason, reasonAddress }: NmapPort,
  port: number,
  protocol: Transport,
  { scope, gate }: Meaning,
): { result: ProbeResult; note: string | null } {
  if (reasonAddress !== null && gate.has(reasonAddress)) return { result: 'not-allowed', note: 'the gate answered' };
  const { allowed } = reach(scope, address, port, protocol);
  if (state === 'open') {
    return { result: 'answered', note: allowed ? null : 'it is outside the scope, and answered all the same' };
  }
  // A gate may reset a connection in the name of its target.
  if (!allowed) return { result: 'not-allowed', note: 'it is outside the scope' };
  const answer = Object.hasOwn(answered, state) ? answered[state] : undefined;
  if (answer !== undefined) return { result: answer, note: null };
  if (silent.has(reason)) return { result: 'silent', note: 'true only if the gate lost nothing to a cap' };
  return reasonAddress === null || gate.size === 0
    ? { result: 'failed', note: 'nobody can tell who answered' }
    : { result: 'refused', note: 'something on the way answered for the target' };
}

/** An open port is an observation, no weakness; what scripts say is kept in their own words, ungraded. */
function findings(seen: NmapPort, port: number, protocol: Transport): TesterEvent[] {
  const place = { asset: seen.address, protocol, port, tool: 'nmap', seenAt: stamp() };
  const told = [
    {
      ...place,
      rule: 'open-port',
      title: plainText(`Open port${seen.service === '' ? '' : `: ${seen.service}`}`, 500),
      severity: { level: 'info' as const, given: null },
    },
    ...seen.scripts.map(({ id, output }) => ({
      ...place,
      rule: plainText(id, 200) || 'script',
      title: plainText(`${id}: ${output}`, 500),
      severity: ungraded,
    })),
  ];
  return told.flatMap((one) => {
    try {
      return [findingEvent(findingOf(one))];
    } catch {
      return [logEvent('warn', `a finding at ${seen.address} could not be read`)];
    }
  });
}

function protocolOf(text: string): Transport | null {
  return text === 'tcp' || text === 'udp' ? text : null;
}

/** `1-3,80` as numbers; null when it is no such list, or is longer than is told one by one. */
export function portNumbers(text: string): number[] | null {
  if (text.length > 65_536) return null;
  const numbers: number[] = [];
  for (const word of text.split(',')) {
    const [, low = '', high = low] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(word) ?? [];
    const [from, to] = [Number(low), Number(high)];
    if (low === '' || to > 65_535 || to < from || numbers.length + to - from >= mostTold) return null;
    for (let port = from; port <= to; port++) numbers.push(port);
  }
  return numbers;
}
