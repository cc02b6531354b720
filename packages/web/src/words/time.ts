/** Instants as people read them, in Korean time whatever the zone of the browser. */
import type { Language } from './words.ts';

const zone = 'Asia/Seoul';
const clockFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const partsFormat = new Intl.DateTimeFormat('en-US', {
  timeZone: zone,
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  weekday: 'short',
});
const weekdays: Readonly<Record<string, string>> = {
  Sun: '일',
  Mon: '월',
  Tue: '화',
  Wed: '수',
  Thu: '목',
  Fri: '금',
  Sat: '토',
};

/** An instant as it comes: RFC 3339, or ms since the epoch. */
export type Instant = string | number;

const dateOf = (at: Instant): Date => new Date(at);

/** `01:47:36`. */
export function clockTime(at: Instant): string {
  return clockFormat.format(dateOf(at));
}

/** `01:47`. */
export function hourMinute(at: Instant): string {
  return clockTime(at).slice(0, 5);
}

function parts(at: Instant): Record<'year' | 'month' | 'day' | 'weekday', string> {
  const found = Object.fromEntries(partsFormat.formatToParts(dateOf(at)).map(({ type, value }) => [type, value]));
  return { year: '', month: '', day: '', weekday: '', ...found };
}

/** `11월 22일(일)`, with the year when it is not that of `now`. */
export function longDay(at: Instant, language: Language, now: Instant = Date.now()): string {
  const { year, month, day, weekday } = parts(at);
  const other = year === parts(now).year ? '' : year;
  if (language === 'en') return `${weekday} ${day}/${month}${other === '' ? '' : `/${other}`}`;
  return `${other === '' ? '' : `${other}년 `}${month}월 ${day}일(${weekdays[weekday] ?? ''})`;
}

/** `11-22(일)`, for lists. */
export function shortDay(at: Instant, language: Language, now: Instant = Date.now()): string {
  const { year, month, day, weekday } = parts(at);
  const two = (text: string): string => text.padStart(2, '0');
  const name = language === 'ko' ? (weekdays[weekday] ?? '') : weekday;
  return `${year === parts(now).year ? '' : `${year}-`}${two(month)}-${two(day)}(${name})`;
}

/** `11-22(일) 01:47`. */
export function dayTime(at: Instant, language: Language, now: Instant = Date.now()): string {
  return `${shortDay(at, language, now)} ${hourMinute(at)}`;
}

/** For the `datetime` of `<time>` and its tooltip: RFC 3339 in Korean time, with offset. */
export function withOffset(at: Instant): string {
  const { year, month, day } = parts(at);
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${clockTime(at)}+09:00`;
}
