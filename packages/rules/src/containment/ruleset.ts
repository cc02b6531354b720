/**
 * Compiles a scope into the rule set of its gate, in the words of nftables.
 *
 * Text and not JSON, because nftables 1.0.6 knows only whole seconds in JSON. Everything that comes from a scope is a
 * number or an address that was formatted here, so that no text of a scope reaches the rules.
 */
import { addressRange, joined, networkRange, rangeText, type Family, type Range } from './address.ts';
import { allowedElements } from './allowed-elements.ts';
import { builtInNever } from './never.ts';
import type { Scope } from './scope.ts';

/** What the gate knows that the scope does not: its own links and the machine it stands on. */
export interface GateFacts {
  /** Interfaces in the gate: towards the tool, and towards the targets. */
  readonly inner: string;
  readonly outer: string;
  /** Addresses of the tool; a packet from any other source is denied. */
  readonly tool: Readonly<Record<Family, string>>;
  readonly gate: Readonly<Record<Family, string>>;
  /** Second address beside the tool, from which only the canary speaks, and the port of the gate where it is answered. */
  readonly canary: { readonly address: string; readonly port: number };
  /** Where the proxy at the gate listens for the tool; null = there is none. */
  readonly proxyPort: number | null;
  /** Addresses of the machine and ports there that belong to Breakwater itself. */
  readonly own: { readonly addresses: readonly string[]; readonly ports: readonly number[] };
  /** Broadcast addresses of the networks around, beside the built-in list. */
  readonly never: readonly string[];
}

/** How many destinations each list can hold; what is tried beyond them is listed by address, without its port. */
const listSize = 65_536;
/** Above this a plain rate is used in place of a list of the last second. */
const mostListedPerSecond = 10_000;
/** How long a connection stands in that list: a second, and a margin for the ticks in which the kernel counts. */
const listedMs = 1020;
/**
 * While they are spread, as many connections as the cap take this long: until the first of them has left the list, with
 * what the kernel's collector takes. Sooner, every place but the last would be tried for in vain.
 */
const spreadMs = 1050;
/** How long after a loss new connections are still spread. */
const crowdedMs = 2000;

/**
 * Packets denied, by protocol. A set of its own because nftables 1.0.6 reads every list in full before it tells a
 * counter, which takes seconds when they are long.
 */
export const triedSet = 'tried';
const tried = `  set ${triedSet} { type inet_proto; size 256; flags dynamic; counter; }`;

const ip = { 4: 'ip', 6: 'ip6' } as const;
const families = [4, 6] as const;

/** The end of a connection that was let through, without a payload: small, few, and in the target's interest. */
const farewell =
  'ct mark 1 meta l4proto tcp tcp flags & (fin | rst) != 0 meta length <= 120 limit rate 2000/second meta mark set 1';

/** The rule set for `nft -f`, to be loaded with TZ=UTC in the gate before its links are up. */
export function compileRuleset(scope: Scope, facts: GateFacts): string {
  const { caps, window } = scope;
  const seconds = (instant: string, round: (n: number) => number): number => round(Date.parse(instant) / 1000);
  return [
    'table inet gate {',
    ...['out', 'in', 'lost', 'late'].map((name) => `  counter count_${name} { }`),
    `  quota volume { over ${caps.bytes} bytes }`,
    tried,
    '  set closed { type ifname; }',
    '  set lease { type ifname; flags timeout; }',
    ...families.flatMap((family) => setsOf(scope, facts, family)),
    ...recentSets(caps.newConnectionsPerSecond),
    ...lists.flatMap(listSets),
    ...lists.flatMap(listChain),
    // The target hears that it is over, and keeps no connection open for nothing.
    ...chain('overdrawn', ['meta l4proto tcp limit rate 200/second reject with tcp reset', 'drop']),
    ...chain('spent', [`${farewell} accept`, 'goto lost']),
    ...chain('pass', ['quota name "volume" goto spent', 'meta mark set 1', 'counter name "count_out"', 'accept']),
    ...chain('lost', ['jump list_lost', 'counter name "count_lost" drop']),
    ...(caps.newConnectionsPerSecond > mostListedPerSecond
      ? []
      : chain('crowd', ['update @crowded { meta nfproto }', 'goto lost'])),
    ...chain('begin', ['jump list_seen', 'ct mark set 1', 'goto pass']),
    ...chain('inside', insideRules(scope)),
    ...chain('refuse', [
      'jump list_denied',
      `add @${triedSet} { meta l4proto }`,
      'limit rate 1000/second burst 200 packets reject with icmpx admin-prohibited',
      'drop',
    ]),
    ...chain('requests', requestRules(facts)),
    ...chain('replies', [
      'ct direction original drop',
      'ct state != { established, related } drop',
      'quota name "volume" goto overdrawn',
      'counter name "count_in"',
      'accept',
    ]),
    ...chain('closing', [
      `iifname "${facts.outer}" meta l4proto tcp ct direction reply limit rate 2000/second reject with tcp reset`,
      `iifname "${facts.outer}" drop`,
      `iifname @closed ${farewell} accept`,
      // What the tool says to its proxy, and the canary to the gate, is no destination.
      `ip daddr ${facts.gate[4]} tcp dport { ${[facts.canary.port, ...(facts.proxyPort === null ? [] : [facts.proxyPort])].join(', ')} } counter name "count_late" drop`,
      'jump list_late',
      'counter name "count_late" drop',
    ]),
    ...chain('before', [
      'type filter hook prerouting priority 0; policy drop;',
      'meta mark set 0',
      `iifname != { "${facts.inner}", "${facts.outer}" } drop`,
      ...families.flatMap((family) => neighbourRules(facts, family)),
      'iifname @closed goto closing',
      'iifname != @lease goto closing',
      `meta time < ${seconds(window.start, Math.floor)} goto closing`,
      `meta time >= ${seconds(window.end, Math.ceil)} goto closing`,
      `iifname "${facts.outer}" goto replies`,
      'goto requests',
    ]),
    ...chain('through', [
      'type filter hook forward priority 0; policy drop;',
      `iifname "${facts.inner}" oifname "${facts.outer}" meta mark 1 accept`,
      `iifname "${facts.outer}" oifname "${facts.inner}" ct direction reply accept`,
    ]),
    ...chain('to_gate', [
      'type filter hook input priority 0; policy drop;',
      `iifname "${facts.inner}" meta mark 2 accept`,
      `iifname "${facts.outer}" ct direction reply accept`,
      'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept',
    ]),
    ...chain('from_gate', fromGateRules(facts)),
    ...chain('hidden', [
      'type nat hook postrouting priority 100; policy accept;',
      `oifname "${facts.outer}" masquerade`,
    ]),
    '}',
    // The kernel drops a loopback address of version 6 on a link before any other hook sees it.
    'table netdev edge {',
    tried,
    `  set denied_port6 { type ipv6_addr . inet_proto . inet_service; size ${listSize}; flags dynamic; counter; }`,
    `  set denied_any6 { type ipv6_addr . inet_proto; size ${listSize}; flags dynamic; counter; }`,
    ...chain('arriving', [
      `type filter hook ingress device "${facts.inner}" priority 0; policy accept;`,
      'ip6 daddr ::1 meta l4proto { tcp, udp } add @denied_port6 { ip6 daddr . meta l4proto . th dport }',
      'ip6 daddr ::1 meta l4proto != { tcp, udp } add @denied_any6 { ip6 daddr . meta l4proto }',
      `ip6 daddr ::1 add @${triedSet} { meta l4proto }`,
      'ip6 daddr ::1 drop',
    ]),
    '}',
    '',
  ].join('\n');
}

function chain(name: string, rules: readonly string[]): string[] {
  return [`  chain ${name} {`, ...rules.map((rule) => `    ${rule}`), '  }'];
}

/** Destinations by what became of the attempt: `seen` was let through, `late` came outside window, lease or after the stop. */
const lists = ['seen', 'lost', 'late', 'denied'] as const;
type List = (typeof lists)[number];

function listSets(list: List): string[] {
  return families.flatMap((family) => [
    `  set ${list}_port${family} { type ipv${family}_addr . inet_proto . inet_service; size ${listSize}; flags dynamic; counter; }`,
    `  set ${list}_any${family} { type ipv${family}_addr . inet_proto; size ${listSize}; flags dynamic; counter; }`,
  ]);
}

function listChain(list: List): string[] {
  return chain(
    `list_${list}`,
    families.flatMap((family) => {
      const to = `${ip[family]} daddr . meta l4proto`;
      const of = `meta nfproto ipv${family}`;
      return [
        `${of} meta l4proto { tcp, udp } add @${list}_port${family} { ${to} . th dport } return`,
        `${of} add @${list}_any${family} { ${to} } return`,
      ];
    }),
  );
}

function setsOf(scope: Scope, facts: GateFacts, family: Family): string[] {
  const type = `ipv${family}_addr`;
  const { ported, ping } = allowedElements(scope.targets, family);
  const never = rangesOf(family, [
    ...builtInNever.map(({ cidr }) => networkRange(cidr)),
    ...(scope.never ?? []).map(networkRange),
    ...facts.never.map(addressRange),
  ]);
  const machine = rangesOf(family, [
    ...facts.own.addresses.map(addressRange),
    networkRange('127.0.0.0/8'),
    networkRange('::1/128'),
  ]);
  const own = machine.flatMap((address) => facts.own.ports.map((port) => `${address} . ${port}`));
  const perSecond = scope.caps.newConnectionsPerSecondPerDestination;
  return [
    interval(`never${family}`, type, never),
    interval(`own${family}`, `${type} . inet_service`, own),
    interval(`allow${family}`, `${type} . inet_proto . inet_service`, ported),
    interval(`ping${family}`, type, ping),
    ...(perSecond === undefined
      ? []
      : [`  set each${family} { type ${type}; size 65536; flags dynamic,timeout; timeout 60s; }`]),
  ];
}

function interval(name: string, type: string, elements: readonly string[]): string {
  const listed = elements.length === 0 ? '' : ` elements = { ${elements.join(', ')} }`;
  return `  set ${name} { type ${type}; flags interval;${listed} }`;
}

function rangesOf(family: Family, ranges: readonly Range[]): string[] {
  return joined(ranges.filter((range) => range.family === family)).map(rangeText);
}

/**
 * The connections of the last second, each by its number. When the list is full nothing new passes, so that no second
 * ever has more; a token bucket would let its burst through on top. What stays below the cap loses nothing, however much
 * of it comes at once. What goes beyond is crowded: then the next seconds are spread evenly, so that a target never gets
 * all of one second and all of the next within a moment.
 */
function recentSets(perSecond: number): string[] {
  if (perSecond > mostListedPerSecond) return [];
  return [
    `  set recent { typeof ct id; size ${perSecond}; flags dynamic,timeout; timeout ${listedMs}ms; gc-interval 20ms; }`,
    `  set crowded { type nf_proto; size 2; flags dynamic,timeout; timeout ${crowdedMs}ms; }`,
  ];
}

/** Takes its place among the connections of the last second, or is lost. */
function beginRules(perSecond: number): string[] {
  if (perSecond > mostListedPerSecond)
    return [`limit rate over ${perSecond}/second burst 1 packets goto lost`, 'goto begin'];
  return [
    `meta nfproto @crowded limit rate over ${Math.floor((perSecond * 60_000) / spreadMs)}/minute burst ${Math.ceil(perSecond / 20)} packets goto crowd`,
    'add @recent { ct id } goto begin',
    'goto crowd',
  ];
}

/** Neighbour discovery of version 6 is to a link what ARP is; reports of the kernel itself are no attempts of the tool. */
function neighbourRules({ inner, outer, gate }: GateFacts, family: Family): string[] {
  if (family === 4) return [];
  const solicit = 'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255';
  const solicited = `ff02::1:ff00:0-ff02::1:ffff:ffff`;
  return [
    `iifname "${outer}" ${solicit} accept`,
    `iifname "${inner}" ip6 daddr ${gate[6]} ${solicit} accept`,
    `iifname "${inner}" ip6 daddr ${solicited} ${solicit} accept`,
    `iifname "${inner}" ip6 daddr { ff02::2, ff02::16 } icmpv6 type { nd-router-solicit, mld2-listener-report } drop`,
  ];
}

function requestRules({ tool, gate, canary, proxyPort }: GateFacts): string[] {
  // With a proxy, it alone speaks TCP to targets: what it enforces cannot be gone round.
  const direct = proxyPort === null ? '{ tcp, udp }' : 'udp';
  return [
    `ip saddr ${canary.address} ip daddr ${gate[4]} tcp dport ${canary.port} meta mark set 2 accept`,
    ...(proxyPort === null
      ? []
      : [`ip saddr ${tool[4]} ip daddr ${gate[4]} tcp dport ${proxyPort} meta mark set 2 accept`]),
    ...families.map((family) => `meta nfproto ipv${family} ${ip[family]} saddr != ${tool[family]} goto refuse`),
    ...families.map((family) => `${ip[family]} daddr @never${family} goto refuse`),
    // Errors that the tool's own kernel reports about connections that were let through.
    'ct state related ct mark 1 meta l4proto { icmp, icmpv6 } drop',
    ...families.flatMap((family) => [
      `meta l4proto { tcp, udp } ${ip[family]} daddr . th dport @own${family} goto refuse`,
      `meta l4proto ${direct} ${ip[family]} daddr . meta l4proto . th dport @allow${family} goto inside`,
    ]),
    'icmp type echo-request ip daddr @ping4 goto inside',
    'icmpv6 type echo-request ip6 daddr @ping6 goto inside',
    'goto refuse',
  ];
}

function insideRules({ caps }: Scope): string[] {
  const each = caps.newConnectionsPerSecondPerDestination;
  const burst = Math.max(1, Math.floor(caps.packetsPerSecond / 10));
  const atOnce = Math.floor((each ?? 0) / 5);
  return [
    'ct state invalid tcp flags & (fin | rst) != 0 drop',
    'ct state invalid goto lost',
    // Rate and burst together are the cap: no second has more.
    `limit rate over ${Math.max(1, caps.packetsPerSecond - burst)}/second burst ${burst} packets goto lost`,
    'ct mark 1 goto pass',
    `ct count over ${caps.concurrent} goto lost`,
    ...(each === undefined
      ? []
      : families.map(
          (family) =>
            `add @each${family} { ${ip[family]} daddr limit rate over ${each - atOnce}/second burst ${atOnce + 1} packets } goto lost`,
        )),
    ...beginRules(caps.newConnectionsPerSecond),
  ];
}

/** What the gate itself sends: answers, and what its proxy asks inside the scope. */
function fromGateRules({ inner, outer }: GateFacts): string[] {
  return [
    'type filter hook output priority 0; policy drop;',
    `oifname "${inner}" accept`,
    'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept',
    `oifname != "${outer}" drop`,
    `meta l4proto tcp tcp flags & rst != 0 accept`,
    'oifname @closed drop',
    'oifname != @lease drop',
    'ct direction reply accept',
    ...families.flatMap((family) => [
      `${ip[family]} daddr @never${family} drop`,
      `meta l4proto { tcp, udp } ${ip[family]} daddr . th dport @own${family} drop`,
      `meta l4proto tcp ${ip[family]} daddr . meta l4proto . th dport @allow${family} goto inside`,
    ]),
  ];
}
