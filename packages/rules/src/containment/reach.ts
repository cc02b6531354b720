/** What a scope lets through: the exact set of destinations, less what is never touched. */
import { addressValue, contains, merged, spanOf, withoutGaps, type Span } from './network.ts';
import { builtInNever } from './never.ts';
import type { Transport } from './report.ts';
import type { Scope } from './scope.ts';

/** In order and apart. */
export const builtInSpans: readonly Span[] = merged(builtInNever.map(({ cidr }) => spanOf(cidr)));

/** Ports of one protocol, both ends included; `icmp` has the one port 0. */
export interface Ports {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly low: number;
  readonly high: number;
}

/** `tcp/8443-8445` in numbers. */
export function portsOf(text: string): Ports {
  const [protocol = '', range = ''] = text.split('/');
  if (protocol === 'icmp') return { protocol, low: 0, high: 0 };
  const [low = '0', high = low] = range.split('-');
  return { protocol: protocol === 'udp' ? 'udp' : 'tcp', low: Number(low), high: Number(high) };
}

/** Addresses on which certain ports are open. */
export interface Opening {
  readonly addresses: readonly Span[];
  readonly ports: readonly Ports[];
}

/** What the scope lets through, target by target: its network less the never-list and the built-in denials. */
export function openingsOf({ targets, never = [] }: Scope): Opening[] {
  const closed = merged([...builtInSpans, ...never.map(spanOf)]);
  return targets.map(({ cidr, ports }) => ({
    addresses: withoutGaps(spanOf(cidr), closed),
    ports: ports.map(portsOf),
  }));
}

/** Why a destination is closed; null = it is open. */
export type Closed = 'not-an-address' | 'built-in' | 'never' | 'address' | 'port';

interface Numbers {
  readonly never: readonly Span[];
  readonly targets: readonly { readonly span: Span; readonly ports: readonly Ports[] }[];
}
const known = new WeakMap<Scope, Numbers>();

/** A scope in numbers, made once: a scope that is in force does not change. */
function inNumbers(scope: Scope): Numbers {
  const before = known.get(scope);
  if (before !== undefined) return before;
  const made: Numbers = {
    never: merged((scope.never ?? []).map(spanOf)),
    targets: scope.targets.map(({ cidr, ports }) => ({ span: spanOf(cidr), ports: ports.map(portsOf) })),
  };
  known.set(scope, made);
  return made;
}

/** Holds one destination against a scope. `port` is null where the protocol has none. */
export function closedBy(scope: Scope, address: string, port: number | null, protocol: Transport): Closed | null {
  const value = addressValue(address);
  if (value === null) return 'not-an-address';
  if (contains(builtInSpans, value)) return 'built-in';
  const { never, targets } = inNumbers(scope);
  if (contains(never, value)) return 'never';
  const here = targets.filter(({ span }) => span.low <= value && value <= span.high);
  if (here.length === 0) return 'address';
  const number = port ?? 0;
  const isOpen = here.some(({ ports }) =>
    ports.some((one) => one.protocol === protocol && one.low <= number && number <= one.high),
  );
  return isOpen ? null : 'port';
}
