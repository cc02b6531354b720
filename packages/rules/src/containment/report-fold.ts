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

/** Work that takes long where lists are full, in steps of some milliseconds; whoever drives it may do other things in between. */
export type Steps<T> = Generator<void, T, void>;

/** What a listing is cut at, so that none of it is parsed at once: its items, and the elements of its sets. */
const betweenItems = /, (?=\{"(?:table|set|map|counter|quota|limit|flowtable|chain|rule)": \{"family": )/;
const betweenElements = /, (?=\{"elem": \{"val": \{"concat": )/;
const elementsBegin = '"elem": [{"elem": {"val": {"concat": ';
/** Elements that are parsed in one step. */
const elementsAtOnce = 2000;

/**
 * Reads what `nft -j list ruleset` or `nft -j list counters` wrote. Throws TypeError when it is neither: a report must not
 * be made of half of it.
 */
export function* readGate(listing: string): Steps<GateCounts> {
  const counters = new Map<string, { packets: number; bytes: number }>();
  const attempts: Record<AttemptList, Attempt[]> = { seen: [], lost: [], late: [], denied: [] };
  const inside = /^\s*\{"nftables": \[(.*)\]\}\s*$/s.exec(listing)?.[1];
  if (inside === undefined) throw new TypeError(notAsWritten);
  for (const text of inside.split(betweenItems)) {
    const { item, elements } = cut(text);
    const counter = fieldOf(item, 'counter');
    if (counter !== undefined) {
      const name = String(fieldOf(counter, 'name'));
      counters.set(name, {
        packets: (counters.get(name)?.packets ?? 0) + countOf(fieldOf(counter, 'packets')),
        bytes: (counters.get(name)?.bytes ?? 0) + countOf(fieldOf(counter, 'bytes')),
      });
    }
    const set = fieldOf(item, 'set');
    const [, list] = listName.exec(String(fieldOf(set, 'name'))) ?? [];
    if (list === undefined) continue;
    if (listOf(fieldOf(set, 'elem') ?? []).length > 0) throw new TypeError(notAsWritten);
    for (let from = 0; from < elements.length; from += elementsAtOnce) {
      for (const one of listOf(parsed(`[${elements.slice(from, from + elementsAtOnce).join(',')}]`)))
        attempts[list as AttemptList].push(attemptOf(one));
      yield;
    }
  }
  return { counters, attempts };
}

const notAsWritten = 'the listing of the gate is not as nft writes it';

/** An item, and apart from it the texts of the elements of a set that has counted ones. */
function cut(text: string): { item: unknown; elements: readonly string[] } {
  const begin = text.indexOf(elementsBegin);
  if (begin === -1) return { item: parsed(text), elements: [] };
  const from = begin + '"elem": ['.length;
  // Within elements no object is the last of a list.
  const end = text.indexOf('}]', from);
  if (end === -1) throw new TypeError(notAsWritten);
  const item = parsed(`${text.slice(0, from)}${text.slice(end + 1)}`);
  return { item, elements: text.slice(from, end + 1).split(betweenElements) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError(notAsWritten);
  }
}

function attemptOf(item: unknown): Attempt {
  const elem = fieldOf(item, 'elem');
  const [address, protocol, port] = listOf(fieldOf(fieldOf(elem, 'val'), 'concat'));
  if (typeof address !== 'string') throw new TypeError('an attempt of the gate has no address');
  return {
    address: usualText(address),
    port: port === undefined ? null : countOf(port),
    protocol: transports[String(protocol)] ?? 'other',
    packets: countOf(fieldOf(fieldOf(elem, 'counter'), 'packets')),
  };
}

/** As the address is usually written. Hundreds of thousands are read at once: version 4 has one way to be written only. */
function usualText(address: string): string {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) return address;
  const { family, value } = addressNumber(address);
  return addressText(family, value);
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(notAsWritten);
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
export function* foldTraffic(
  { counters, attempts }: GateCounts,
  ours: readonly Attempt[] = [],
  elsewhere: readonly Attempt[] = [],
): Steps<Traffic> {
  const inside = new Map<string, Attempt>();
  yield* addTo(inside, attempts.seen);
  yield* addTo(inside, attempts.lost, 0);
  const outside = new Map<string, Attempt>();
  for (const some of [attempts.denied, attempts.late, elsewhere]) yield* addTo(outside, some);
  yield* addTo(outside, ours, -1);
  const denied: Attempt[] = [];
  for (const [key, attempt] of outside) if (!inside.has(key) && attempt.packets > 0) denied.push(attempt);
  yield;
  const allowed = yield* ordered([...inside.values()]);
  return {
    allowed: allowed.map(({ packets, ...destination }): AllowedTraffic => ({ ...destination, connections: packets })),
    denied: yield* ordered(denied),
    lostToCap: { packets: counters.get('count_lost')?.packets ?? 0 },
    bytes: { out: counters.get('count_out')?.bytes ?? 0, in: counters.get('count_in')?.bytes ?? 0 },
  };
}

/** One name for a destination, to tell two apart. */
export function destinationKey({ address, port, protocol }: Omit<Attempt, 'packets'>): string {
  return `${protocol} ${address} ${port ?? ''}`;
}

/** Adds packets, `times` each, to what is known of their destinations. */
function* addTo(known: Map<string, Attempt>, attempts: readonly Attempt[], times = 1): Steps<void> {
  for (const [i, attempt] of attempts.entries()) {
    const key = destinationKey(attempt);
    known.set(key, { ...attempt, packets: (known.get(key)?.packets ?? 0) + times * attempt.packets });
    if (i % elementsAtOnce === 0) yield;
  }
}

/** By address, protocol and port. */
function* ordered(attempts: readonly Attempt[]): Steps<Attempt[]> {
  const byAddress = new Map<string, { at: string; of: Attempt[] }>();
  for (const [i, attempt] of attempts.entries()) {
    const known = byAddress.get(attempt.address);
    if (known === undefined) byAddress.set(attempt.address, { at: place(attempt.address), of: [attempt] });
    else known.of.push(attempt);
    if (i % elementsAtOnce === 0) yield;
  }
  const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const places = [...byAddress.values()].toSorted((a, b) => inOrder(a.at, b.at));
  yield;
  return places.flatMap(({ of }) =>
    of.toSorted((a, b) => inOrder(a.protocol, b.protocol) || (a.port ?? -1) - (b.port ?? -1)),
  );
}

/** Where an address stands among others; a proxy is also asked for names that were not pinned. */
function place(address: string): string {
  if (!/^[\d.]+$|:/.test(address)) return address;
  if (!address.includes(':')) return `4${address.replaceAll(/\d+/g, (part) => part.padStart(3, '0'))}`;
  const { family, value } = addressNumber(address);
  return `${family}${value.toString(16).padStart(32, '0')}`;
}
