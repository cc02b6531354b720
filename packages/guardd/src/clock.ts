/**
 * Time of an execution host: CLOCK_BOOTTIME for decisions, the wall clock for what people read, and the boot they belong to.
 *
 * For fault rehearsals only, `BREAKWATER_CLOCK_FILE` names a JSON file `{"wallOffsetMs", "boot"}` that moves the wall
 * clock or imitates another boot. Nothing else can be moved: decisions are made by CLOCK_BOOTTIME.
 */
import { readFileSync } from 'node:fs';

interface Rehearsed {
  readonly wallOffsetMs?: number;
  readonly boot?: string;
}

function rehearsed(): Rehearsed {
  const file = process.env['BREAKWATER_CLOCK_FILE'];
  if (file === undefined) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Rehearsed;
  } catch {
    return {};
  }
}

let boot: string | null = null;

/** The id of this boot of the kernel, the same for the life of a process; `unknown` where /proc does not tell. */
export function bootId(): string {
  boot ??= rehearsed().boot ?? kernelBootId();
  return boot;
}

function kernelBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown';
  }
}

/** Epoch ms of the wall clock. */
export function wallNow(): number {
  return Date.now() + (rehearsed().wallOffsetMs ?? 0);
}

/** An instant for the record: RFC 3339 in UTC. */
export function instantOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** How often CLOCK_MONOTONIC is held against /proc/uptime, and by how much they may differ (its grain is 10 ms). */
const compareEveryMs = 1000;
const grainMs = 50;

let suspendedMs: number | null = null;
let comparedAt = Number.NEGATIVE_INFINITY;

/**
 * CLOCK_BOOTTIME in ms: never goes back, counts while the machine sleeps, and is comparable between processes of one boot
 * to about 10 ms. Node.js has CLOCK_MONOTONIC only, so its distance to /proc/uptime is compared once a second.
 */
export function monoNow(): number {
  const monotonic = Number(process.hrtime.bigint()) / 1e6;
  if (suspendedMs === null || monotonic - comparedAt > compareEveryMs) {
    comparedAt = monotonic;
    const apart = uptimeMs() - monotonic;
    if (suspendedMs === null || apart - suspendedMs > grainMs) suspendedMs = apart;
  }
  return monotonic + suspendedMs;
}

function uptimeMs(): number {
  try {
    return Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000;
  } catch {
    return Number(process.hrtime.bigint()) / 1e6;
  }
}
