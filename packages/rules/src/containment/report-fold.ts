/** From what the gate counted to what the report says: every destination that was tried, in exactly one of two lists. */
import { addressNumber, addressText } from './address.ts';
import type { AllowedTraffic, Containment, DeniedTraffic, Transport } from './report.ts';

/** What the gate counted, of `nft -j list ruleset`. */
export interface GateCounts {
  /** Counters by name. */
  readonly counters: ReadonlyMap<string, { readonly packets: number; readonly bytes: number }>;
  /** Attempts by list (`seen`, `lost`, `late`, `denied`). */
  readonly attempts: Readonly<Record<AttemptList, readonly Attempt[]>>;
}

/** Packets to one destination that were put in one list. */
export type Attempt = DeniedTraffic;
type AttemptList = 'seen' | 'lost' | 'late' | 'denied';

const listName = /^(seen|lost|late|denied)_(?:port|any)[46]$/;
const transports: Readonly<Record<string, Transport>> = { tcp: 'tcp', udp: 'udp', icmp: 'icmp', 'ipv6-icmp': 'icmp' };

/**
 * Reads the listing of a gate, `JSON.parse`d. Throws TypeError when it is none: a report must not be made of half of it.
 */
export function readGate(listing: unknown): GateCounts {
  const counters = new Map<string, { packets: number; bytes: number }>();
  const attempts: Record<AttemptList, Attempt[]> = { seen: [], lost: [], late: [], denied: [] };
  for (const item of listOf(fieldOf(listing, 'nftables'))) {
    const counter = fieldOf(item, 'counter');
    const set = fieldOf(item, 'set');
    if (counter !== undefined) {
      const name = String(fieldOf(counter, 'name'));
      counters.set(name, {
        packets: (counters.get(name)?.packets ?? 0) + countOf(fieldOf(counter, 'packets')),
        bytes: (counters.get(name)?.bytes ?? 0) + countOf(fieldOf(counter, 'bytes')),
      });
    }
    const [, list] = listName.exec(String(fieldOf(set, 'name'))) ?? [];
    if (list === undefined) continue;
    for (const one of listOf(fieldOf(set, 'elem') ?? [])) attempts[list as AttemptList].push(attemptOf(one));
  }
  return { counters, attempts };
}

function attemptOf(item: unknown): Attempt {
  const elem = fieldOf(item, 'elem');
  const [address, protocol, port] = listOf(fieldOf(fieldOf(elem, 'val'), 'concat'));
  if (typeof address !== 'string') throw new TypeError('an attempt of the gate has no address');
  const { family, value } = addressNumber(address);
  return {
    address: addressText(family, value),
    port: port === undefined ? null : countOf(port),
    protocol: transports[String(protocol)] ?? 'other',
    packets: countOf(fieldOf(fieldOf(elem, 'counter'), 'packets')),
  };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError('the listing of the gate is not as nft writes it');
  return value;
}

function countOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new TypeError('a count of the gate is no number');
  return value;
}

/** The counted part of a report. */
export type Traffic = Pick<Containment, 'allowed' | 'denied' | 'lostToCap' | 'bytes'>;

/**
 * Folds counts into the report. In scope is what passed or what a cap took (then with 0 connections); denied is everything
 * else, also what came inside the scope but outside window or lease and never passed. `ours` are the attempts of the
 * self-test, which are not the tool's; `elsewhere` what a proxy refused before it reached the gate.
 */
export function foldTraffic(
  { counters, attempts }: GateCounts,
  ours: readonly Attempt[] = [],
  elsewhere: readonly Attempt[] = [],
): Traffic {
  const inside = sum([...attempts.seen, ...attempts.lost.map((attempt) => ({ ...attempt, packets: 0 }))]);
  const denied = sum([
    ...attempts.denied,
    ...attempts.late,
    ...elsewhere,
    ...ours.map((own) => ({ ...own, packets: -own.packets })),
  ]);
  return {
    allowed: ordered([...inside.values()]).map(({ packets, ...destination }): AllowedTraffic => ({
      ...destination,
      connections: packets,
    })),
    denied: ordered(
      [...denied].flatMap(([key, attempt]) => (inside.has(key) || attempt.packets <= 0 ? [] : [attempt])),
    ),
    lostToCap: { packets: counters.get('count_lost')?.packets ?? 0 },
    bytes: { out: counters.get('count_out')?.bytes ?? 0, in: counters.get('count_in')?.bytes ?? 0 },
  };
}

/** One name for a destination, to tell two apart. */
export function destinationKey({ address, port, protocol }: Omit<Attempt, 'packets'>): string {
  return `${protocol} ${address} ${port ?? ''}`;
}

function sum(attempts: readonly Attempt[]): Map<string, Attempt> {
  const result = new Map<string, Attempt>();
  for (const attempt of attempts) {
    const key = destinationKey(attempt);
    const before = result.get(key);
    result.set(key, before === undefined ? attempt : { ...before, packets: before.packets + attempt.packets });
  }
  return result;
}

function ordered(attempts: readonly Attempt[]): Attempt[] {
  const place = ({ address }: Attempt): string => {
    // A proxy is also asked for names that were not pinned.
    if (!/^[\d.]+$|:/.test(address)) return address;
    const { family, value } = addressNumber(address);
    return `${family}${value.toString(16).padStart(32, '0')}`;
  };
  const keyed = attempts.map((attempt) => ({ attempt, at: place(attempt) }));
  keyed.sort((a, b) =>
    a.at === b.at
      ? a.attempt.protocol.localeCompare(b.attempt.protocol) || (a.attempt.port ?? -1) - (b.attempt.port ?? -1)
      : a.at < b.at
        ? -1
        : 1,
  );
  return keyed.map(({ attempt }) => attempt);
}
