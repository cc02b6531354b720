/** The cage's two network namespaces: the tool's, which leads to the gate only, and the gate's, which leads to the uplink. */
import { existsSync } from 'node:fs';
import type { Scope } from '@breakwater/rules/containment';
import { attempt, command } from '../command.ts';
import { CageLacking } from '../refused.ts';
import type { CageAddresses } from './addresses.ts';
import type { Slot } from './slot.ts';

/** Interfaces: in the tool's namespace, and in the gate towards the tool and towards the uplink. */
export const links = { tool: 'eth0', inner: 'tool0', outer: 'up0' } as const;

export const enter = (namespace: string): [command: string, ...words: string[]] => [
  'nsenter',
  `--net=/run/netns/${namespace}`,
  '--',
];
const hasIpv6 = (): boolean => existsSync('/proc/net/if_inet6');

/** Writes settings given as `path value` lines up to `--`, leaves out those that this kernel has not, then runs ip on the rest. */
const configure =
  'while read -r f v && [ "$f" != -- ]; do [ -w "/proc/sys/net/$f" ] && echo "$v" >"/proc/sys/net/$f" 2>/dev/null; done; exec ip -batch -';

/** Makes namespaces and links. Nothing passes before {@link openGate}. */
export async function makeNamespaces(slot: Slot): Promise<void> {
  await command(
    ['ip', '-batch', '-'],
    lines([
      `netns add ${slot.tool}`,
      `netns add ${slot.gate}`,
      `link add ${links.tool} netns ${slot.tool} type veth peer name ${links.inner} netns ${slot.gate}`,
      `link add ${slot.link} type veth peer name ${links.outer} netns ${slot.gate}`,
    ]),
  );
}

/** Gives the tool's namespace its addresses and the one way out. Its loopback has none, so that those packets leave, too, and are seen. */
export async function setUpTool(slot: Slot, { tool, gate, canary }: CageAddresses): Promise<void> {
  const dev = links.tool;
  await command(
    [...enter(slot.tool), '/bin/sh', '-c', configure],
    lines([
      ...quiet(dev),
      'ipv4/ping_group_range 0 2147483647',
      '--',
      'link set lo up',
      'addr flush dev lo',
      `addr add ${tool[4]}/32 dev ${dev}`,
      `addr add ${canary}/32 dev ${dev}`,
      `link set ${dev} up`,
      `route add ${gate[4]} dev ${dev} src ${tool[4]}`,
      `route add default via ${gate[4]} dev ${dev} src ${tool[4]}`,
      ...ipv6([
        `addr add ${tool[6]}/128 dev ${dev} nodad`,
        `route add ${gate[6]} dev ${dev}`,
        `route add default via ${gate[6]} dev ${dev} src ${tool[6]}`,
      ]),
    ]),
  );
}

/** Loads the rules, then brings the gate's links up. */
export async function openGate(slot: Slot, addresses: CageAddresses, rules: string, scope: Scope): Promise<void> {
  const { tool, gate, canary, up, host } = addresses;
  const { inner, outer } = links;
  await command([...enter(slot.gate), 'nft', '-f', '-'], rules);
  await command(
    [...enter(slot.gate), '/bin/sh', '-c', configure],
    lines([
      ...quiet(inner),
      ...quiet(outer),
      'ipv4/ip_forward 1',
      'ipv6/conf/all/forwarding 1',
      // Otherwise the kernel keeps half of the answers that tell a tool of a denial.
      'ipv4/icmp_ratelimit 0',
      'ipv4/icmp_msgs_per_sec 100000',
      'ipv6/icmp/ratelimit 0',
      // What gets no answer must not count as concurrent for minutes.
      'netfilter/nf_conntrack_tcp_timeout_syn_sent 5',
      'netfilter/nf_conntrack_udp_timeout 5',
      'netfilter/nf_conntrack_icmp_timeout 3',
      'netfilter/nf_conntrack_icmpv6_timeout 3',
      'netfilter/nf_conntrack_tcp_be_liberal 1',
      '--',
      'link set lo up',
      'addr flush dev lo',
      `addr add ${gate[4]}/32 dev ${inner}`,
      `addr add ${up[4]}/30 dev ${outer}`,
      `link set ${inner} up`,
      `link set ${outer} up`,
      `route add ${tool[4]} dev ${inner} src ${gate[4]}`,
      `route add ${canary} dev ${inner} src ${gate[4]}`,
      `route add default via ${host[4]} dev ${outer}`,
      ...ipv6([
        `addr add ${gate[6]}/128 dev ${inner} nodad`,
        `addr add ${up[6]}/126 dev ${outer} nodad`,
        `route add ${tool[6]} dev ${inner}`,
        `route add default via ${host[6]} dev ${outer}`,
      ]),
    ]),
  );
  const { bytesPerSecond } = scope.caps;
  if (bytesPerSecond !== undefined) await shape(slot, bytesPerSecond);
}

/** A bucket in each direction. Its queue is short, so that little is left in it at a stop. */
async function shape(slot: Slot, bytesPerSecond: number): Promise<void> {
  const burst = Math.max(16_000, Math.floor(bytesPerSecond / 50));
  const rule = ['root', 'tbf', 'rate', `${bytesPerSecond}bps`, 'burst', `${burst}b`, 'latency', '50ms'];
  for (const dev of [links.inner, links.outer]) {
    await command([...enter(slot.gate), 'tc', 'qdisc', 'add', 'dev', dev, ...rule]).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : 'unknown';
      throw new CageLacking(
        'cage.bandwidth',
        `the scope has a bandwidth, and tc does not hold it (${why}): install iproute2 by sh scripts/system-packages, or leave bytesPerSecond out`,
        '/caps/bytesPerSecond',
      );
    });
  }
}

/** Takes the gate's links down: the last stage of a stop, and the first when the rules cannot be reached. */
export async function cutLinks(slot: Slot): Promise<void> {
  await attempt(
    ['ip', '-n', slot.gate, '-batch', '-'],
    lines([`link set ${links.outer} down`, `link set ${links.inner} down`]),
  );
}

/** Takes links and namespaces away; what is absent is passed over. */
export async function removeNamespaces(slot: Slot): Promise<void> {
  await attempt(
    ['ip', '-force', '-batch', '-'],
    lines([`link del ${slot.link}`, `netns del ${slot.tool}`, `netns del ${slot.gate}`]),
  );
}

/** Settings by which a link sends nothing of its own and takes loopback addresses. */
function quiet(dev: string): string[] {
  return ['all', 'default', dev].flatMap((name) => [
    `ipv4/conf/${name}/rp_filter 0`,
    `ipv4/conf/${name}/route_localnet 1`,
    `ipv4/conf/${name}/send_redirects 0`,
    `ipv6/conf/${name}/disable_ipv6 0`,
    `ipv6/conf/${name}/accept_ra 0`,
    `ipv6/conf/${name}/router_solicitations 0`,
    `ipv6/conf/${name}/dad_transmits 0`,
    `ipv6/conf/${name}/addr_gen_mode 1`,
  ]);
}

function ipv6(commands: readonly string[]): readonly string[] {
  return hasIpv6() ? commands : [];
}

function lines(words: readonly string[]): string {
  return `${words.join('\n')}\n`;
}
