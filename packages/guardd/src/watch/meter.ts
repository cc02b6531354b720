/** Reading a meter once: bounds of a running total of damage (won) or of records. */
import type { GuardedMeter, MeterName } from '../guarded-plan.ts';
import { ended, environment } from '../work/command.ts';
import { atPointer, callHttp, parseJson } from '../work/http-call.ts';
import type { ProbePlace } from './probe.ts';

/** Whole numbers; `high: null` = without an upper bound. */
export interface Bounds {
  readonly low: number;
  readonly high: number | null;
}

export interface Reading extends Bounds {
  /** Of records: those that are, or (unclassified) may be, personal credit information. */
  readonly personalCredit: Bounds | null;
}

const maxOutputBytes = 64 * 1024;

/** Asks once; null when there was no reading. Never rejects. */
export async function readMeter(name: MeterName, meter: GuardedMeter, where: ProbePlace): Promise<Reading | null> {
  const document = meter.kind === 'http-json' ? await fetchJson(meter, where) : await runJson(meter, where);
  return readingOf(name, atPointer(document, meter.pointer));
}

async function fetchJson(
  { url, withinMs }: Extract<GuardedMeter, { kind: 'http-json' }>,
  { place }: ProbePlace,
): Promise<unknown> {
  const { outcome, body } = await callHttp({ url }, { withinMs, targets: place.targets });
  return outcome === 'met' ? parseJson(body) : undefined;
}

async function runJson(
  { run, withinMs }: Extract<GuardedMeter, { kind: 'command' }>,
  where: ProbePlace,
): Promise<unknown> {
  const { place, enclosure } = where;
  const program = enclosure.start(run, { cwd: place.workdir, env: environment(place) });
  const chunks: Buffer[] = [];
  let size = 0;
  program.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxOutputBytes) chunks.push(chunk);
  });
  program.stderr.resume();
  const closed = new Promise((resolve) => program.once('close', resolve));
  const timer = setTimeout(() => enclosure.kill(program), withinMs);
  const code = await ended(program);
  clearTimeout(timer);
  if (code !== 0) return undefined;
  await closed;
  return size > maxOutputBytes ? undefined : parseJson(Buffer.concat(chunks));
}

/**
 * The reading in a value: a number, `{low, high}`, or of records `{personalCredit, other, unclassified}` of such. A plain
 * number of records is unclassified: it counts against the record limit and as possible personal credit information.
 */
export function readingOf(name: MeterName, value: unknown): Reading | null {
  const total = boundsOf(value);
  if (name === 'damage') return total === null ? null : { ...total, personalCredit: null };
  if (total !== null) return { ...total, personalCredit: { low: 0, high: total.high } };
  if (typeof value !== 'object' || value === null) return null;
  const [credit, other, unclassified] = ['personalCredit', 'other', 'unclassified'].map((key) =>
    boundsOf(Reflect.get(value, key)),
  );
  if (!credit || !other || !unclassified) return null;
  return {
    ...plus(other, { low: 0, high: unclassified.high }),
    personalCredit: plus(credit, { low: 0, high: unclassified.high }),
  };
}

function plus(a: Bounds, b: Bounds): Bounds {
  return { low: a.low + b.low, high: a.high === null || b.high === null ? null : a.high + b.high };
}

/** Rounded outwards, so that a fraction never makes a total smaller than it is. */
function boundsOf(value: unknown): Bounds | null {
  if (isTotal(value)) return { low: Math.floor(value), high: Math.ceil(value) };
  if (typeof value !== 'object' || value === null) return null;
  const low: unknown = Reflect.get(value, 'low');
  const high: unknown = Reflect.get(value, 'high');
  if (!isTotal(low) || (high !== null && (!isTotal(high) || high < low))) return null;
  return { low: Math.floor(low), high: high === null ? null : Math.ceil(high) };
}

function isTotal(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Math.ceil(value) <= Number.MAX_SAFE_INTEGER;
}
