/** Addresses and networks as numbers, so that they can be compared, cut and joined exactly. */

export type Family = 4 | 6;

/** Addresses from `low` to `high`, both included. */
export interface Range {
  readonly family: Family;
  readonly low: bigint;
  readonly high: bigint;
}

const bitsOf = { 4: 32, 6: 128 } as const;

/** The number of an IPv4 or IPv6 address in its usual text (no zone). Throws RangeError for what is none. */
export function addressNumber(text: string): { readonly family: Family; readonly value: bigint } {
  return text.includes(':') ? { family: 6, value: number6(text) } : { family: 4, value: number4(text) };
}

function number4(text: string): bigint {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    throw new RangeError('not an IPv4 address');
  }
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function number6(text: string): bigint {
  const [head = '', tail, ...more] = text.split('::');
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const missing = 8 - left.length - right.length;
  if (more.length > 0 || (tail === undefined ? missing !== 0 : missing < 1))
    throw new RangeError('not an IPv6 address');
  const zeros = Array.from({ length: missing }, () => 0n);
  return [...left, ...zeros, ...right].reduce((value, group) => (value << 16n) | group, 0n);
}

function groups(text: string): bigint[] {
  if (text === '') return [];
  return text.split(':').flatMap((group, i, all) => {
    if (i === all.length - 1 && group.includes('.')) {
      const value = number4(group);
      return [value >> 16n, value & 0xffffn];
    }
    if (!/^[0-9a-f]{1,4}$/i.test(group)) throw new RangeError('not an IPv6 address');
    return [BigInt(`0x${group}`)];
  });
}

/** The address as text; IPv6 as RFC 5952 (2010) section 4 writes it. */
export function addressText(family: Family, value: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
  const words = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  const zeros = longestZeros(words);
  if (zeros.length < 2) return words.join(':');
  return `${words.slice(0, zeros.at).join(':')}::${words.slice(zeros.at + zeros.length).join(':')}`;
}

function longestZeros(words: readonly string[]): { at: number; length: number } {
  let best = { at: 0, length: 0 };
  let length = 0;
  words.forEach((word, i) => {
    length = word === '0' ? length + 1 : 0;
    if (length > best.length) best = { at: i - length + 1, length };
  });
  return best;
}

/** All addresses of a network in CIDR notation; bits behind the prefix are ignored. Throws RangeError. */
export function networkRange(cidr: string): Range {
  const [address = '', length = ''] = cidr.split('/');
  const { family, value } = addressNumber(address);
  const bits = bitsOf[family];
  if (!/^\d{1,3}$/.test(length) || Number(length) > bits) throw new RangeError('not a prefix length');
  const size = 1n << BigInt(bits - Number(length));
  const low = value - (value % size);
  return { family, low, high: low + size - 1n };
}

/** The range of one address. Throws RangeError. */
export function addressRange(address: string): Range {
  const { family, value } = addressNumber(address);
  return { family, low: value, high: value };
}

export function overlaps(a: Range, b: Range): boolean {
  return a.family === b.family && a.low <= b.high && b.low <= a.high;
}

/** Joins ranges of one family that touch or overlap; sorted. */
export function joined(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const range of ranges.toSorted((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : 0))) {
    const last = result.at(-1);
    if (last === undefined || range.low > last.high + 1n) result.push(range);
    else if (range.high > last.high) result[result.length - 1] = { ...last, high: range.high };
  }
  return result;
}

/** `low-high`, or the one address: as nftables writes an interval. */
export function rangeText({ family, low, high }: Range): string {
  const from = addressText(family, low);
  return low === high ? from : `${from}-${addressText(family, high)}`;
}
