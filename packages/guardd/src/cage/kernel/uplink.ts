/** The side on which a cage's packets go on: the network namespace in which it was started. What is changed here is put back. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { networkRange, overlaps, addressRange, type Range, type Scope } from '@breakwater/rules/containment';
import { z } from 'zod';
import { attempt, command } from '../command.ts';
import type { CageAddresses } from './addresses.ts';
import { listSlots, ownNamespace, readRecord, writeRecord, type Slot } from './slot.ts';

/** What lies around: networks that have a route, broadcast addresses, and the machine's own addresses. */
export interface Surroundings {
  readonly routes: readonly { readonly range: Range; readonly dev: string; readonly local: boolean }[];
  readonly broadcast: readonly string[];
  readonly addresses: readonly string[];
}

const routeSchema = z.array(z.object({ dst: z.string(), dev: z.string().optional(), type: z.string().optional() }));
const addressSchema = z.array(
  z.object({ addr_info: z.array(z.object({ local: z.string().optional(), broadcast: z.string().optional() })) }),
);

export async function lookAround(): Promise<Surroundings> {
  const [four, six, own] = await Promise.all([
    command(['ip', '-j', '-4', 'route', 'show', 'table', 'all']),
    attempt(['ip', '-j', '-6', 'route', 'show', 'table', 'all']),
    command(['ip', '-j', 'address']),
  ]);
  const read = (text: string | null, all: string): Surroundings['routes'] =>
    routeSchema.parse(JSON.parse(text === null || text === '' ? '[]' : text)).map(({ dst, dev = '', type }) => ({
      range: dst === 'default' ? networkRange(all) : dst.includes('/') ? networkRange(dst) : addressRange(dst),
      dev,
      local: dev === 'lo' || type === 'local' || type === 'broadcast' || type === 'anycast',
    }));
  const known = addressSchema.parse(JSON.parse(own)).flatMap(({ addr_info }) => addr_info);
  return {
    routes: [...read(four, '0.0.0.0/0'), ...read(six, '::/0')],
    broadcast: known.flatMap(({ broadcast }) => (broadcast === undefined ? [] : [broadcast])),
    addresses: known.flatMap(({ local }) => (local === undefined ? [] : [local])),
  };
}

/** Interfaces through which targets are reached, by the narrowest route of each. */
function waysOut(
  { routes }: Surroundings,
  targets: readonly Range[],
): { readonly dev: string; readonly family: 4 | 6 }[] {
  const found = new Map<string, { dev: string; family: 4 | 6 }>();
  for (const target of targets) {
    const inside = routes.filter(({ range }) => overlaps(range, target));
    const around = inside.filter(({ range }) => range.low <= target.low && target.high <= range.high);
    const [narrowest] = around.toSorted((a, b) => (sizeOf(a.range) < sizeOf(b.range) ? -1 : 1));
    const smaller = inside.filter((route) => !around.includes(route));
    for (const { dev, local } of [...smaller, ...(narrowest === undefined ? [] : [narrowest])]) {
      if (!local && dev !== '') found.set(`${target.family} ${dev}`, { dev, family: target.family });
    }
  }
  return [...found.values()];
}

function sizeOf({ low, high }: Range): bigint {
  return high - low;
}

/** Gives the uplink its end of the link, its routes and its rules. Call it {@link alone}. */
export async function openUplink(
  slot: Slot,
  addresses: CageAddresses,
  scope: Scope,
  around: Surroundings,
): Promise<void> {
  const { link } = slot;
  const targets = scope.targets.map(({ cidr }) => networkRange(cidr));
  const ways = waysOut(around, targets);
  const has6 = existsSync('/proc/net/if_inet6');
  for (const [path, value] of [
    [`ipv4/conf/${link}/rp_filter`, '0'],
    [`ipv4/conf/${link}/route_localnet`, '1'],
    [`ipv6/conf/${link}/addr_gen_mode`, '1'],
    [`ipv6/conf/${link}/accept_ra`, '0'],
    [`ipv6/conf/${link}/router_solicitations`, '0'],
  ] as const) {
    write(path, value);
  }
  await command(
    ['ip', '-batch', '-'],
    [
      `addr add ${addresses.host[4]}/30 dev ${link}`,
      ...(has6 ? [`addr add ${addresses.host[6]}/126 dev ${link} nodad`] : []),
      `link set ${link} up`,
      '',
    ].join('\n'),
  );
  const wanted = [
    ...forwarding(
      4,
      link,
      ways.filter(({ family }) => family === 4).map(({ dev }) => dev),
    ),
    ...forwarding(
      6,
      link,
      ways.filter(({ family }) => family === 6).map(({ dev }) => dev),
    ),
  ];
  const opened = change(slot, wanted);
  await command(
    ['nft', '-f', '-'],
    uplinkRules(
      link,
      addresses,
      ways.map(({ dev }) => dev).filter((dev) => opened.has(dev)),
    ),
  );
}

interface Setting {
  readonly path: string;
  readonly value: string;
  readonly dev: string;
}

/** Forwarding on the ways to the targets alone; before Linux 6.17 version 6 knows it only for all links together. */
function forwarding(family: 4 | 6, link: string, ways: readonly string[]): Setting[] {
  if (ways.length === 0) return [];
  if (family === 4) return [link, ...ways].map((dev) => ({ path: `ipv4/conf/${dev}/forwarding`, value: '1', dev }));
  const each = [link, ...ways].map((dev) => ({ path: `ipv6/conf/${dev}/force_forwarding`, value: '1', dev }));
  if (each.every(({ path }) => existsSync(`/proc/sys/net/${path}`))) return each;
  return [
    // A router takes no advertisements any more unless it is told to.
    ...ways
      .filter((dev) => read(`ipv6/conf/${dev}/accept_ra`) === '1')
      .map((dev) => ({ path: `ipv6/conf/${dev}/accept_ra`, value: '2', dev })),
    { path: 'ipv6/conf/all/forwarding', value: '1', dev: ways[0] ?? link },
  ];
}

/** Writes settings and notes what they were before any cage. Gives the interfaces that did not forward before. */
function change(slot: Slot, settings: readonly Setting[]): Set<string> {
  const others = neighbours(slot);
  const before: Record<string, string> = {};
  const opened = new Set<string>();
  for (const { path, value, dev } of settings) {
    if (path.includes(`/${slot.link}/`)) {
      write(path, value);
      continue;
    }
    const noted = others.find(({ changed }) => changed[path] !== undefined)?.changed[path];
    const was = noted ?? read(path);
    if (was === null || was === value) continue;
    before[path] = was;
    opened.add(dev);
  }
  const record = readRecord(slot);
  if (record !== null) writeRecord(slot, { ...record, changed: before });
  for (const { path, value } of settings) if (before[path] !== undefined) write(path, value);
  return opened;
}

/** Other cages whose uplink is this namespace too. */
function neighbours(slot: Slot): readonly { readonly changed: Readonly<Record<string, string>> }[] {
  const here = ownNamespace();
  return listSlots().flatMap(({ slot: other, record }) =>
    record !== null && other.number !== slot.number && record.uplink === here ? [record] : [],
  );
}

/** Takes the rules away and puts settings back that no other cage needs. Call it {@link alone}, in the uplink's namespace. */
export async function closeUplink(slot: Slot): Promise<void> {
  await attempt(['nft', 'delete', 'table', 'inet', slot.link]);
  const others = neighbours(slot);
  for (const [path, value] of Object.entries(readRecord(slot)?.changed ?? {})) {
    if (!others.some(({ changed }) => changed[path] !== undefined)) write(path, value);
  }
}

function uplinkRules(link: string, { up }: CageAddresses, opened: readonly string[]): string {
  const guarded = opened.map((dev) => `"${dev}"`).join(', ');
  return [
    `table inet ${link} {`,
    '  chain through { type filter hook forward priority 0; policy accept;',
    `    oifname "${link}" ct direction original drop`,
    // Forwarding that was switched on for a cage is for cages alone.
    ...(guarded === '' ? [] : [`    iifname { ${guarded} } oifname != "bwc*" drop`]),
    '  }',
    '  chain hidden { type nat hook postrouting priority 100; policy accept;',
    `    ip saddr ${up[4]} oifname != "${link}" masquerade`,
    `    ip6 saddr ${up[6]} oifname != "${link}" masquerade`,
    '  }',
    '}',
    '',
  ].join('\n');
}

function read(path: string): string | null {
  try {
    return readFileSync(`/proc/sys/net/${path}`, 'utf8').trim();
  } catch {
    return null;
  }
}

function write(path: string, value: string): void {
  try {
    writeFileSync(`/proc/sys/net/${path}`, value);
  } catch {
    // This kernel has no such setting, or the interface is gone.
  }
}
