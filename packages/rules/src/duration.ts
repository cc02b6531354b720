/** Durations on the wire: ISO 8601, of fixed length only. */
import { z } from 'zod';
import { BreakwaterError } from './error.ts';

const pattern =
  /^P(?=[0-9T])(?:([0-9]{1,6})W|(?:([0-9]{1,6})D)?(?:T(?=[0-9])(?:([0-9]{1,7})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,11})(?:\.([0-9]{1,3}))?S)?)?)$/;

/**
 * Milliseconds of an ISO 8601 duration of weeks, or of days, hours, minutes and seconds (`PT4H`, `PT0.5S`, `P30D`).
 * A day is 24 hours. Years and months have no fixed length and are refused, as is anything finer than a millisecond.
 *
 * Throws BreakwaterError `duration.malformed`.
 */
export function durationMs(text: string, path = ''): number {
  const match = pattern.exec(text);
  if (match === null) {
    throw new BreakwaterError('duration.malformed', `${JSON.stringify(text)} is not a duration: ${durationRule}`, path);
  }
  const [weeks, days, hours, minutes, seconds] = [1, 2, 3, 4, 5].map((i) => Number(match[i] ?? 0)) as Fixed;
  const millis = Number((match[6] ?? '').padEnd(3, '0'));
  return ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + millis;
}

type Fixed = [weeks: number, days: number, hours: number, minutes: number, seconds: number];

const durationRule =
  'write ISO 8601 of weeks, days, hours, minutes and seconds, such as PT30S, PT4H or P30D (no years or months, nothing finer than a millisecond)';

/** A duration that may be zero. */
export const duration = z.string().regex(pattern, { error: durationRule });

/** A duration longer than zero. */
export const positiveDuration = z
  .string()
  .regex(pattern, { error: durationRule, abort: true })
  .refine((text) => durationMs(text) > 0, { error: 'the duration must be longer than zero' });

/** A duration in words, exact to the millisecond: `1시간 30분`, `1 h 30 min`. */
export function spellDuration(ms: number): { ko: string; en: string } {
  if (ms < 0) {
    const { ko, en } = spellDuration(-ms);
    return { ko: `-${ko}`, en: `-${en}` };
  }
  const whole = Math.floor(ms);
  const parts: [number, string, string][] = [
    [Math.floor(whole / 86_400_000), '일', 'd'],
    [Math.floor(whole / 3_600_000) % 24, '시간', 'h'],
    [Math.floor(whole / 60_000) % 60, '분', 'min'],
    [(whole % 60_000) / 1000, '초', 's'],
  ];
  const shown = parts.filter(([n]) => n !== 0);
  if (shown.length === 0) return { ko: '0초', en: '0 s' };
  return {
    ko: shown.map(([n, ko]) => `${n}${ko}`).join(' '),
    en: shown.map(([n, , en]) => `${n} ${en}`).join(' '),
  };
}
