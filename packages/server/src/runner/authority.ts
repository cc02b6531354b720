/**
 * Until when this worker may act for the runs it owns, by the monotonic clock, shared between the thread that confirms it
 * with the database and the event loop that acts. A worker that cannot confirm falls silent by itself.
 */
export type Authority = SharedArrayBuffer;

/** An authority that holds nothing yet. */
export function createAuthority(): Authority {
  return new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT);
}

const untilIndex = 0;
const aliveIndex = 1;

/** Nanoseconds of the monotonic clock, the same for all threads of a process. */
export function monotonicNs(): bigint {
  return process.hrtime.bigint();
}

/** Lets the worker act until `untilNs`; 0n ends it at once. */
export function setAuthority(authority: Authority, untilNs: bigint): void {
  Atomics.store(new BigInt64Array(authority), untilIndex, untilNs);
}

/** Whether the worker may act now. */
export function holdsAuthority(authority: Authority): boolean {
  return monotonicNs() < Atomics.load(new BigInt64Array(authority), untilIndex);
}

/** Said by the event loop, every now and then: it is not hung. */
export function sayAlive(authority: Authority): void {
  Atomics.store(new BigInt64Array(authority), aliveIndex, monotonicNs());
}

/** How long the event loop has said nothing, ns. */
export function silentNs(authority: Authority): bigint {
  return monotonicNs() - Atomics.load(new BigInt64Array(authority), aliveIndex);
}
