/**
 * Numbers as people read them. Rounding is always to the unsafe side: what is left is rounded down, what is used up is
 * rounded up.
 */
import type { Language } from './words.ts';

const separated = new Intl.NumberFormat('en-US');

/** A whole number with separators: `1,000`. */
export function count(value: number): string {
  return separated.format(value);
}

const manwon = 10_000;

/** Won for a panel: `840만원` from ten thousand on, rounded up; in English exact, because its readers have no unit of 만. */
export function won(value: number, language: Language): string {
  if (language === 'en') return `KRW ${count(value)}`;
  return value >= manwon ? `${count(Math.ceil(value / manwon))}만원` : `${count(value)}원`;
}

/** Won to the last one, for tables, titles and exports. */
export function exactWon(value: number, language: Language): string {
  return language === 'en' ? `KRW ${count(value)}` : `${count(value)}원`;
}

/** Which way a duration is rounded: time that is left goes down, time that was used goes up. */
export type Rounding = 'left' | 'used';

/** Whole seconds of a duration in ms. */
export function wholeSeconds(ms: number, rounding: Rounding): number {
  return rounding === 'left' ? Math.floor(ms / 1000) : Math.ceil(ms / 1000);
}

/** `0:42:22`: hours without a leading zero, negative with a minus sign. */
export function hms(ms: number, rounding: Rounding): string {
  const seconds = wholeSeconds(ms, rounding);
  const whole = Math.abs(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const sign = seconds < 0 ? '−' : '';
  return `${sign}${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** `7:02` for columns that are headed 분:초. */
export function minutesSeconds(ms: number): string {
  const seconds = wholeSeconds(ms, 'used');
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A duration in words, for screen readers: `42분 22초`. */
export function spokenDuration(ms: number, rounding: Rounding, language: Language): string {
  const seconds = Math.max(0, wholeSeconds(ms, rounding));
  const parts: [number, string, string][] = [
    [Math.floor(seconds / 3600), '시간', 'h'],
    [Math.floor(seconds / 60) % 60, '분', 'min'],
    [seconds % 60, '초', 's'],
  ];
  const shown = parts.filter(([value], at) => value > 0 || (at === 2 && seconds === 0));
  return shown.map(([value, ko, en]) => (language === 'ko' ? `${value}${ko}` : `${value} ${en}`)).join(' ');
}
