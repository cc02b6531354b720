import { z } from 'zod';
import { BreakwaterError } from '../error.ts';
import { durationMs, duration as fixedDuration } from '../duration.ts';

const RFC_3339 =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;
const MONTHS = /^P([1-9]\d{0,2})M$/;

const MINUTE = 60_000;

/**
 * The instant of an RFC 3339 time with offset, in ms since the epoch; null if the text is none.
 * Digits beyond the millisecond are dropped. A leap second (`:60`) has no instant in this scale and is refused.
 */
export function instantOf(text: string): number | null {
  const found = RFC_3339.exec(text);
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((i) => Number(found[i])) as SixNumbers;
  if (day > 28 && day > lastDay(year, month)) return null;
  const east = found[8] === undefined ? 0 : (found[8] === '-' ? -1 : 1) * (Number(found[9]) * 60 + Number(found[10]));
  const ms = Number((found[7] ?? '').padEnd(3, '0').slice(0, 3));
  const date = new Date(Date.UTC(2000, month - 1, day, hour, minute, second, ms));
  return date.setUTCFullYear(year, month - 1, day) - east * MINUTE;
}

type SixNumbers = [year: number, month: number, day: number, hour: number, minute: number, second: number];

function lastDay(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Minutes east of UTC of `Z` or `+09:00`; null if it is no offset. */
export function offsetMinutes(offset: string): number | null {
  if (offset === 'Z') return 0;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):(\d{2})$/.exec(offset) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59) return null;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/**
 * The RFC 3339 time of an instant at an offset such as `+09:00`; ms only where there are any.
 *
 * Throws BreakwaterError `time.out-of-range` for what RFC 3339 cannot write.
 */
export function stampOf(instant: number, offset: string): string {
  const date = new Date(instant + (offsetMinutes(offset) ?? 0) * MINUTE);
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999))
    throw new BreakwaterError('time.out-of-range', 'the time is outside the years 0000 to 9999', '');
  const shifted = date.toISOString();
  return `${shifted.replace(/(?:\.000)?Z$/, '')}${offset}`;
}

/** A length of time: a fixed number of ms, or calendar months. */
export type Span = { readonly months: number } | { readonly ms: number };

/** The span of an ISO 8601 duration: of months alone (`P12M`), or of fixed length (`P7D`, `PT24H`). Throws BreakwaterError `duration.malformed`. */
export function spanOf(text: string): Span {
  const months = MONTHS.exec(text)?.[1];
  return months === undefined ? { ms: durationMs(text) } : { months: Number(months) };
}

/** `instant` moved by a span, `times` = 1 forward or -1 back; months by the calendar at `offset`, the day cut to the month's last. */
export function moved(instant: number, span: Span, times: 1 | -1, offset: string): number {
  if ('ms' in span) return instant + times * span.ms;
  if (!Number.isFinite(instant)) return instant;
  const shift = (offsetMinutes(offset) ?? 0) * MINUTE;
  const date = new Date(instant + shift);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + times * span.months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime() - shift;
}

/** A time in facts and packs. */
export const time = z
  .string()
  .refine((text) => instantOf(text) !== null, {
    error: 'not an RFC 3339 time with offset: write it as 2026-07-10T01:00:00+09:00',
  })
  .meta({ format: 'date-time' });

/** A length of a window: a fixed duration, or whole months. */
export const windowLength = z.union([fixedDuration, z.string().regex(MONTHS)], {
  error: 'not the length of a window: write it as PT24H, P7D or P12M',
});

/** The instant of a time that a schema let through; null or left out is unknown. */
export function at(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : instantOf(text);
}
