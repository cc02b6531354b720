/** Ports that listen, as `ss` prints them or as Linux shows them in /proc/net. */
import type { ListenerRecord } from '../snapshot.ts';

/** What prints them, in the order of preference. */
export const listenerCommands = {
  ss: 'ss -H -tulnp',
  proc: 'cat /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6',
} as const;

const mostListeners = 20_000;

/** Reads the output of `ss -H -tuln`, with or without `-p`. Lines that are none of it are passed over. */
export function readSs(source: string): ListenerRecord[] {
  return distinct(
    source.split('\n').flatMap((line) => {
      const [, protocol, state, local] = /^(tcp|udp)\s+(LISTEN|UNCONN)\s+\d+\s+\d+\s+(\S+)\s/.exec(line) ?? [];
      if (protocol === undefined || state === undefined || local === undefined) return [];
      const [, address, port] = /^(.*):(\d+)$/.exec(local) ?? [];
      if (address === undefined || port === undefined) return [];
      const [, service = null] = /users:\(\("([^"]{1,64})"/.exec(line) ?? [];
      return [
        listener(
          protocol as 'tcp' | 'udp',
          address.replace(/%.*$/, '').replaceAll(/^\[|\]$/g, ''),
          Number(port),
          service,
        ),
      ];
    }),
  );
}

/** Reads what /proc/net/tcp, tcp6, udp and udp6 show, one after the other. Each begins with its own head line. */
export function readProcNet(source: string): ListenerRecord[] {
  const order = ['tcp', 'tcp', 'udp', 'udp'] as const;
  let table = -1;
  const found: ListenerRecord[] = [];
  for (const line of source.split('\n')) {
    if (/^\s*sl\s+local_address/.test(line)) {
      table += 1;
      continue;
    }
    const [, hex, port, state] =
      /^\s*\d+:\s+([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})\s+[0-9A-F]+:[0-9A-F]{4}\s+([0-9A-F]{2})/.exec(line) ?? [];
    const protocol = order[table];
    if (hex === undefined || port === undefined || protocol === undefined) continue;
    // 0A: a TCP socket that listens; 07: a UDP socket that is bound.
    if (state !== (protocol === 'tcp' ? '0A' : '07')) continue;
    found.push(listener(protocol, addressOf(hex), Number.parseInt(port, 16), null));
  }
  return distinct(found);
}

/** Each 32-bit word stands with its lowest byte first. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).toReversed());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  if (bytes.every((byte) => byte === '00')) return '::';
  const groups = bytes.flatMap((byte, i) => (i % 2 === 0 ? [`${byte}${bytes[i + 1] ?? ''}`] : []));
  return groups.map((group) => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':');
}

function listener(protocol: 'tcp' | 'udp', address: string, port: number, service: string | null): ListenerRecord {
  return {
    address: address === '*' ? '0.0.0.0' : address,
    protocol,
    port,
    service,
    product: null,
    version: null,
    asset: null,
  };
}

function distinct(listeners: readonly ListenerRecord[]): ListenerRecord[] {
  const once = new Map(listeners.map((one) => [`${one.protocol} ${one.address} ${one.port}`, one]));
  return [...once.values()].slice(0, mostListeners);
}
