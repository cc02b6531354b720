/** Addresses of a cage's links, out of ranges that no scope means and no route of the machine uses. */
import { addressNumber, addressText, networkRange, overlaps, type Range } from '@breakwater/rules/containment';

export interface CageAddresses {
  readonly tool: Readonly<Record<4 | 6, string>>;
  readonly gate: Readonly<Record<4 | 6, string>>;
  readonly canary: string;
  /** The link between gate and uplink: a /30 and a /126. */
  readonly up: Readonly<Record<4 | 6, string>>;
  readonly host: Readonly<Record<4 | 6, string>>;
}

/** Benchmarks (RFC 2544), carrier-grade NAT (RFC 6598), and a private corner. A /15 at least holds all slots. */
const pools4 = ['198.18.0.0/15', '100.72.0.0/15', '10.212.0.0/15', '172.28.0.0/15'];
const pool6 = 'fd6b:7265:616b::';

/**
 * The addresses of slot `number`. `taken` are networks that they must stay out of: targets and routes. Null when every
 * range is taken.
 */
export function cageAddresses(number: number, taken: readonly Range[]): CageAddresses | null {
  const pool = pools4.map(networkRange).find((range) => !taken.some((other) => overlaps(range, other)));
  if (pool === undefined) return null;
  const at = (offset: number): string => addressText(4, pool.low + BigInt(number * 8 + offset));
  const base = addressNumber(pool6).value + (BigInt(number) << 64n);
  const at6 = (offset: bigint): string => addressText(6, base + offset);
  return {
    host: { 4: at(1), 6: at6(1n) },
    up: { 4: at(2), 6: at6(2n) },
    gate: { 4: at(4), 6: at6(0x11n) },
    tool: { 4: at(5), 6: at6(0x12n) },
    canary: at(6),
  };
}
