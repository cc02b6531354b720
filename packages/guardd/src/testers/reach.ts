/** The scope as a question that a tester asks before each network action. The gate asks it again, of the packet. */
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { Scope, Transport } from '@breakwater/rules/containment';

/** Never asked for, whatever the scope says: cloud metadata and link-local, multicast, broadcast, "this network". */
const builtInNever = [
  '169.254.0.0/16',
  'fe80::/10',
  'fd00:ec2::254/128',
  '224.0.0.0/4',
  'ff00::/8',
  '0.0.0.0/8',
  '255.255.255.255/32',
];

/** An answer with its reason in words, for a model, an agent or a person. */
export type Reach = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

export interface ReachedAddress {
  readonly address: string;
  readonly reach: Reach;
}

export interface Destinations {
  /** Whether one address and port may be touched. `port` is null for ICMP. */
  reach(address: string, port: number | null, protocol: Transport): Reach;
  /**
   * The address that a host stands for: itself, or what its name was pinned to when the scope was signed. null = neither:
   * no name server is asked, so that nobody can move a name after the signing.
   */
  addressOf(host: string): string | null;
}

/** Reads the scope once. An address that cannot be read is outside. */
export function destinationsOf(scope: Scope): Destinations {
  const never = listOf([...builtInNever, ...(scope.never ?? [])]);
  const targets = scope.targets.map(({ cidr, ports }) => ({ list: listOf([cidr]), ports: ports.map(portsOf) }));
  const names = new Map((scope.names ?? []).map(({ name, address }) => [name, address]));
  return {
    reach(address, port, protocol) {
      const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : null;
      if (family === null) return denied('it is no address');
      if (never.check(address, family)) return denied('it is on the list of what is never touched');
      const networks = targets.filter(({ list }) => list.check(address, family));
      if (networks.length === 0) return denied('the address is outside the scope');
      const open = networks.some(({ ports }) =>
        ports.some(
          (range) => range.protocol === protocol && (port === null || (port >= range.low && port <= range.high)),
        ),
      );
      return open ? { allowed: true } : denied('the port is outside the scope');
    },
    addressOf(host) {
      const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
      return isIPv4(bare) || isIPv6(bare) ? bare : (names.get(bare.replace(/\.$/, '')) ?? null);
    },
  };
}

export interface PortRange {
  readonly protocol: Transport;
  readonly low: number;
  readonly high: number;
}

/** `tcp/8443-8445` as numbers; `icmp` has none. */
export function portsOf(text: string): PortRange {
  const [protocol = '', range = ''] = text.split('/');
  const [low = '0', high = low] = range.split('-');
  return protocol === 'icmp'
    ? { protocol: 'icmp', low: 0, high: 0 }
    : { protocol: protocol === 'udp' ? 'udp' : 'tcp', low: Number(low), high: Number(high) };
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix = ''] = network.split('/');
    list.addSubnet(address, Number(prefix), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return list;
}

function denied(reason: string): Reach {
  return { allowed: false, reason };
}
