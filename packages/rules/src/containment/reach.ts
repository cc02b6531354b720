/** What a scope lets through: the exact set of destinations, less what is never touched. */
import { addressValue, contains, merged, spanOf, withoutGaps, type Span } from './network.ts';
import type { Transport } from './report.ts';
import type { Scope } from './scope.ts';

/** A network that no scope opens, and why. `source`: where the network is set apart. */
export interface BuiltInNever {
  readonly cidr: string;
  readonly source: string;
  readonly why: { readonly ko: string; readonly en: string };
}

/** Denied ahead of every target. A cage adds its own gate, and the addresses and ports on which Breakwater listens. */
export const builtInNever: readonly BuiltInNever[] = [
  { cidr: '0.0.0.0/8', source: 'RFC 6890, table 1', why: { ko: '"이 네트워크" 주소', en: '"this network"' } },
  {
    cidr: '169.254.0.0/16',
    source: 'RFC 3927',
    why: { ko: '링크 로컬과 클라우드 메타데이터 주소', en: 'link-local and cloud metadata addresses' },
  },
  { cidr: '224.0.0.0/4', source: 'RFC 5771', why: { ko: '멀티캐스트', en: 'multicast' } },
  {
    cidr: '240.0.0.0/4',
    source: 'RFC 1112, section 4; RFC 8190',
    why: { ko: '예약 주소와 브로드캐스트', en: 'reserved addresses and broadcast' },
  },
  { cidr: '::/128', source: 'RFC 4291, section 2.5.2', why: { ko: '미지정 주소', en: 'the unspecified address' } },
  {
    cidr: '::ffff:0:0/96',
    source: 'RFC 4291, section 2.5.5.2',
    why: { ko: 'IPv6에 매핑된 IPv4 주소', en: 'IPv4 addresses mapped into IPv6' },
  },
  { cidr: 'fe80::/10', source: 'RFC 4291, section 2.5.6', why: { ko: '링크 로컬', en: 'link-local addresses' } },
  { cidr: 'ff00::/8', source: 'RFC 4291, section 2.7', why: { ko: '멀티캐스트', en: 'multicast' } },
  {
    cidr: 'fd00:ec2::254/128',
    source: 'metadata service of Amazon EC2 over IPv6',
    why: { ko: '클라우드 메타데이터 주소', en: 'a cloud metadata address' },
  },
];

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
