/**
 * Sets of addresses. All addresses stand on one line, IPv6 first and IPv4 behind it, so that no IPv6 network holds an IPv4
 * address, just as no IPv6 rule at a gate matches an IPv4 packet.
 */
import { addressNumber, addressText as textOf, networkRange } from './address.ts';

/** From `low` to `high`, both included. */
export interface Span {
  readonly low: bigint;
  readonly high: bigint;
}

const behindIpv6 = 1n << 128n;

/** Where an address stands on the line; an IPv4 address mapped into IPv6 is that IPv4 address. null = it is none. */
export function addressValue(text: string): bigint | null {
  if (!/^[0-9a-fA-F:.]+$/.test(text)) return null;
  try {
    const { family, value } = addressNumber(text);
    if (family === 4) return behindIpv6 + value;
    return value >> 32n === 0xffffn ? behindIpv6 + (value & 0xffff_ffffn) : value;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * The addresses of a network such as `10.66.0.0/16`, whatever bits its address has beyond the prefix. An IPv6 network stays
 * one even where it is written with an IPv4 address inside: as such it reaches none.
 */
export function spanOf(network: string): Span {
  const { family, low, high } = networkRange(network);
  const first = family === 4 ? behindIpv6 : 0n;
  return { low: first + low, high: first + high };
}

/** The same addresses in order, as few spans as possible. */
export function merged(spans: readonly Span[]): Span[] {
  const result: { low: bigint; high: bigint }[] = [];
  for (const { low, high } of spans.toSorted((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : 0))) {
    const last = result.at(-1);
    if (last !== undefined && low <= last.high + 1n) last.high = high > last.high ? high : last.high;
    else result.push({ low, high });
  }
  return result;
}

/** What `some` and `others` have in common. */
export function common(some: readonly Span[], others: readonly Span[]): Span[] {
  const against = merged(others);
  return merged(some).flatMap((span) => clipped(span, against));
}

/** What one span has in common with ordered spans. */
export function clipped({ low, high }: Span, ordered: readonly Span[]): Span[] {
  return touching(ordered, low, high).map((other) => ({
    low: other.low > low ? other.low : low,
    high: other.high < high ? other.high : high,
  }));
}

/** What is in `some` and not in `others`. */
export function without(some: readonly Span[], others: readonly Span[]): Span[] {
  const gaps = merged(others);
  return merged(some).flatMap((span) => withoutGaps(span, gaps));
}

/** What is left of one span; `gaps` in order and apart, as {@link merged} gives them. */
export function withoutGaps({ low, high }: Span, gaps: readonly Span[]): Span[] {
  const left: Span[] = [];
  let from = low;
  for (const gap of touching(gaps, low, high)) {
    if (gap.low > from) left.push({ low: from, high: gap.low - 1n });
    from = gap.high + 1n;
  }
  return from <= high ? [...left, { low: from, high }] : left;
}

/** Those of ordered spans that have something of low to high, by bisection. */
export function touching(ordered: readonly Span[], low: bigint, high: bigint): Span[] {
  let first = 0;
  let beyond = ordered.length;
  while (first < beyond) {
    const middle = (first + beyond) >> 1;
    if ((ordered[middle]?.high ?? 0n) < low) first = middle + 1;
    else beyond = middle;
  }
  let end = first;
  while (end < ordered.length && (ordered[end]?.low ?? 0n) <= high) end += 1;
  return ordered.slice(first, end);
}

/** True when the address is in one of ordered spans. */
export function contains(ordered: readonly Span[], value: bigint): boolean {
  return touching(ordered, value, value).length > 0;
}

/** How many addresses. */
export function sizeOf(spans: readonly Span[]): bigint {
  return merged(spans).reduce((total, { low, high }) => total + high - low + 1n, 0n);
}

/** An address of the line in words. */
export function addressText(value: bigint): string {
  return value >= behindIpv6 ? textOf(4, value - behindIpv6) : textOf(6, value);
}

/** Spans in words, each as a network where it is one. */
export function spansText(spans: readonly Span[], most = 5): string {
  const shown = merged(spans).map(({ low, high }) => {
    const size = high - low + 1n;
    const isNetwork = (size & (size - 1n)) === 0n && low % size === 0n;
    const bits = low >= behindIpv6 ? 32 : 128;
    if (isNetwork) return `${addressText(low)}/${bits - (size.toString(2).length - 1)}`;
    return `${addressText(low)}-${addressText(high)}`;
  });
  return shown.length <= most ? shown.join(', ') : `${shown.slice(0, most).join(', ')}, … (${shown.length})`;
}
