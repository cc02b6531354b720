/**
 * Numbers and times as they stand on the pages. Nothing here asks the machine for a locale or a time zone, so the same
 * record gives the same characters everywhere. KST is UTC+9 all year.
 */
import type { Finding } from '@breakwater/rules/criteria';

export type Lang = 'ko' | 'en';
export type Words = { readonly ko: string; readonly en: string };
export type Unit = NonNullable<Finding['bound']>['unit'];
/** What is known of an amount: a number, its two ends (`high: null` = no upper bound), or nothing. */
export type Amount = number | { readonly low: number; readonly high?: number | null | undefined } | null | undefined;

const KST_MS = 9 * 3_600_000;

/** `2026-07-10 01:20:00`, with milliseconds where there are any. */
function clock(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/(?:\.000)?Z$/, '');
}

/** An instant in Korean time. */
export function kst(at: string): string {
  return clock(Date.parse(at) + KST_MS);
}

/** An instant in UTC. */
export function utc(at: string): string {
  return clock(Date.parse(at));
}

export function isKnown<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

/** An instant in Korean time, or the word for what is not known. */
export function kstOr(at: string | null | undefined, lang: Lang): string {
  return isKnown(at) ? kst(at) : unknownWord[lang];
}

/** `2026-07-10 01:00:00–04:00:00`, the date once when both ends share it. */
export function kstSpan(start: string, end: string | null | undefined): string {
  if (!isKnown(end)) return `${kst(start)}–`;
  const [from, to] = [kst(start), kst(end)];
  return from.slice(0, 10) === to.slice(0, 10) ? `${from}–${to.slice(11)}` : `${from} – ${to}`;
}

/** `1,200,000` */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `0:42:22`, with milliseconds where there are any. */
export function duration(ms: number): string {
  const [whole, rest] = [Math.floor(Math.abs(ms) / 1000), Math.abs(ms) % 1000];
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${ms < 0 ? '-' : ''}${h}:${two(m)}:${two(s)}${rest === 0 ? '' : `.${String(Math.round(rest)).padStart(3, '0')}`}`;
}

/** A number that stands for an amount, with its unit. */
function withUnit(text: string, unit: Unit, lang: Lang): string {
  switch (unit) {
    case 'KRW':
      return lang === 'ko' ? `${text}원` : `KRW ${text}`;
    case 'records':
      return lang === 'ko' ? `${text}건` : `${text} records`;
    case 'claims':
      return lang === 'ko' ? `${text}건` : `${text} claims`;
    case 'persons':
      return lang === 'ko' ? `${text}명` : `${text} persons`;
    case 'ms':
    case 'ratio':
      return text;
  }
}

/** The number alone. A ratio is cut to two decimals of a per cent, never rounded up. */
function digits(value: number, unit: Unit): string {
  if (unit === 'ms') return duration(value);
  return unit === 'ratio' ? `${Math.floor(value * 10_000 + 1e-9) / 100}%` : grouped(value);
}

/** One amount with its unit. */
export function amount(value: number, unit: Unit, lang: Lang): string {
  return withUnit(digits(value, unit), unit, lang);
}

export const unknownWord: Words = { ko: '알 수 없음', en: 'unknown' };

/** An amount whose ends may differ. What is not known is said, never left empty and never zero. */
export function range(value: Amount, unit: Unit, lang: Lang): string {
  if (!isKnown(value)) return unknownWord[lang];
  if (typeof value === 'number') return amount(value, unit, lang);
  const low = amount(value.low, unit, lang);
  if (!isKnown(value.high))
    return lang === 'ko' ? `${low} 이상(상한 알 수 없음)` : `at least ${low} (upper bound unknown)`;
  return value.high === value.low
    ? low
    : withUnit(`${digits(value.low, unit)}–${digits(value.high, unit)}`, unit, lang);
}

const bounds: Readonly<Record<string, string>> = { '<': '미만', '<=': '이하', '>': '초과', '>=': '이상' };

/** A limit as the Korean text words it: 4:00:00 이하. */
export function bound(operator: string, value: number, unit: Unit, lang: Lang): string {
  const limit = amount(value, unit, lang);
  return lang === 'ko' ? `${limit} ${bounds[operator] ?? operator}` : `${operator} ${limit}`;
}

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g;

/** A sentence of the assessment, with the times in it as the pages write times. */
export function withLocalTimes(text: string): string {
  return text.replace(INSTANT, (at) => `${kst(at)} KST`);
}
