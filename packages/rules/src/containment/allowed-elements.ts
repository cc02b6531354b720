/** The targets of a scope as elements of kernel sets, no two of which overlap: the kernel refuses those that do. */
import { networkRange, rangeText, joined, type Family, type Range } from './address.ts';
import type { ScopeTarget } from './scope.ts';

interface Ports {
  readonly low: number;
  readonly high: number;
}

type Portable = 'tcp' | 'udp';
interface Network {
  readonly range: Range;
  readonly ports: Record<Portable, Ports[]>;
  ping: boolean;
}

/** Elements `addresses . protocol . ports` and, for ICMP echo, `addresses`, in the words of nftables. */
export interface AllowedElements {
  readonly ported: readonly string[];
  readonly ping: readonly string[];
}

const protocols: readonly Portable[] = ['tcp', 'udp'];

/**
 * What `targets` allow for one IP version. Networks in CIDR notation lie in each other or apart, so an inner network
 * needs only the ports that none around it has.
 */
export function allowedElements(targets: readonly ScopeTarget[], family: Family): AllowedElements {
  const networks = byNetwork(targets, family);
  const ported = networks.flatMap((network) => {
    const around = networks.filter((other) => other !== network && contains(other.range, network.range));
    return protocols.flatMap((protocol) => {
      const covered = around.flatMap(({ ports }) => ports[protocol]);
      return without(network.ports[protocol], covered).map(
        ({ low, high }) => `${rangeText(network.range)} . ${protocol} . ${low === high ? low : `${low}-${high}`}`,
      );
    });
  });
  const ping = joined(networks.filter((network) => network.ping).map(({ range }) => range)).map(rangeText);
  return { ported, ping };
}

function byNetwork(targets: readonly ScopeTarget[], family: Family): Network[] {
  const networks = new Map<string, Network>();
  for (const { cidr, ports } of targets) {
    const range = networkRange(cidr);
    if (range.family !== family) continue;
    const key = rangeText(range);
    const network = networks.get(key) ?? { range, ports: { tcp: [], udp: [] }, ping: false };
    networks.set(key, network);
    for (const text of ports) {
      const [protocol, span = ''] = text.split('/');
      const [low = 0, high = low] = span.split('-').map(Number);
      if (protocol === 'tcp' || protocol === 'udp') network.ports[protocol].push({ low, high });
      else network.ping = true;
    }
  }
  return [...networks.values()];
}

function contains(outer: Range, inner: Range): boolean {
  return outer.low <= inner.low && inner.high <= outer.high;
}

/** The ports of `wanted` that `covered` has not, as few spans as possible. */
function without(wanted: readonly Ports[], covered: readonly Ports[]): Ports[] {
  const taken = merged(covered);
  return merged(wanted).flatMap((span) => {
    const left: Ports[] = [];
    let { low } = span;
    for (const hole of taken) {
      if (hole.high < low || hole.low > span.high) continue;
      if (hole.low > low) left.push({ low, high: hole.low - 1 });
      low = Math.max(low, hole.high + 1);
    }
    if (low <= span.high) left.push({ low, high: span.high });
    return left;
  });
}

function merged(spans: readonly Ports[]): Ports[] {
  const result: Ports[] = [];
  for (const span of spans.toSorted((a, b) => a.low - b.low)) {
    const last = result.at(-1);
    if (last === undefined || span.low > last.high + 1) result.push(span);
    else if (span.high > last.high) result[result.length - 1] = { low: last.low, high: span.high };
  }
  return result;
}
