/**
 * Days on which a disruption hurts more than on others: paydays, the end of a month, the great holidays.
 * Which days those are is policy; this is the arithmetic, and a default for Korea.
 */
import { z } from 'zod';
import { bilingual } from './field.ts';

const calendarDate = z.iso.date({ error: 'write the day as YYYY-MM-DD' });

/** One rule of a policy for days to be protected. All days are Korean days. */
export const protectedDaySchema = z.union(
  [
    calendarDate,
    z.strictObject({ date: calendarDate, name: bilingual.optional() }),
    z.strictObject({ from: calendarDate, to: calendarDate, name: bilingual.optional() }),
    /** Pay that falls on a day without business is paid on the business day before, which is then protected. */
    z.strictObject({ payday: z.int().min(1).max(31), name: bilingual.optional() }),
    z.strictObject({ lastBusinessDay: z.literal('month'), name: bilingual.optional() }),
    /** The holiday and the last business day before it. */
    z.strictObject({ festival: z.enum(['seollal', 'chuseok']), name: bilingual.optional() }),
  ],
  { error: 'must be a day YYYY-MM-DD, or a map with date, from and to, payday, lastBusinessDay or festival' },
);
export type ProtectedDay = z.infer<typeof protectedDaySchema>;

interface Named {
  readonly ko: string;
  readonly en: string;
}

/** Protected where a policy says nothing: the commonest paydays in Korea, the month end, Seollal and Chuseok. */
export const defaultProtectedDays: readonly ProtectedDay[] = [
  { payday: 10, name: { ko: '급여일(10일)', en: 'payday (the 10th)' } },
  { payday: 21, name: { ko: '급여일(21일)', en: 'payday (the 21st)' } },
  { payday: 25, name: { ko: '급여일(25일)', en: 'payday (the 25th)' } },
  { lastBusinessDay: 'month', name: { ko: '월말 영업일', en: 'last business day of the month' } },
  { festival: 'seollal', name: { ko: '설 연휴', en: 'Seollal' } },
  { festival: 'chuseok', name: { ko: '추석 연휴', en: 'Chuseok' } },
];

/** Public holidays on the same day each year (규정 「관공서의 공휴일에 관한 규정」), and 1 May, on which banks close. */
const fixedHolidays = ['01-01', '03-01', '05-01', '05-05', '06-06', '08-15', '10-03', '10-09', '12-25'];
/** Those of them, beside Buddha's birthday, that get a day in lieu when they fall on a weekend or another holiday. */
const withDayInLieu = new Set(['03-01', '05-05', '08-15', '10-03', '10-09', '12-25']);

/** First day of the lunar year, Buddha's birthday (4/8) and Chuseok (8/15) by the Korean lunisolar calendar. */
const lunarDays: Readonly<Record<number, readonly [seollal: string, buddha: string, chuseok: string]>> = {
  2026: ['02-17', '05-24', '09-25'],
  2027: ['02-07', '05-13', '09-15'],
  2028: ['01-27', '05-02', '10-03'],
  2029: ['02-13', '05-20', '09-22'],
  2030: ['02-03', '05-09', '09-12'],
  2031: ['01-23', '05-28', '10-01'],
  2032: ['02-11', '05-16', '09-19'],
  2033: ['01-31', '05-06', '09-08'],
  2034: ['02-19', '05-25', '09-27'],
  2035: ['02-08', '05-15', '09-16'],
};

/** Years whose lunar holidays are known here. */
export const calendarYears = { first: 2026, last: 2035 } as const;

const day = 86_400_000;
/** Korean time is UTC+9 all year. */
const koreaOffset = 9 * 3_600_000;

/** The Korean day of an instant (epoch ms), `YYYY-MM-DD`. */
export function koreanDay(instant: number): string {
  return new Date(instant + koreaOffset).toISOString().slice(0, 10);
}

const startOf = (date: string): number => Date.parse(`${date}T00:00:00Z`);
const plusDays = (date: string, n: number): string => new Date(startOf(date) + n * day).toISOString().slice(0, 10);
const weekday = (date: string): number => new Date(startOf(date)).getUTCDay();
const yearOf = (date: string): number => Number(date.slice(0, 4));
const isWeekend = (date: string): boolean => weekday(date) === 0 || weekday(date) === 6;

/** Public holidays of a year with their days in lieu; lunar ones only within {@link calendarYears}. */
export function publicHolidays(year: number): Set<string> {
  const at = (monthDay: string): string => `${year}-${monthDay}`;
  const around = (date: string): string[] => [plusDays(date, -1), date, plusDays(date, 1)];
  const [seollal, buddha, chuseok] = lunarDays[year]?.map(at) ?? [];
  const festivals = [seollal, chuseok].flatMap((date) => (date === undefined ? [] : around(date)));
  const single = [...fixedHolidays.map(at), ...(buddha === undefined ? [] : [buddha])];
  const holidays = new Set([...single, ...festivals]);
  const inLieu = [
    ...single
      .filter((date) => date === buddha || withDayInLieu.has(date.slice(5)))
      .filter((date) => isWeekend(date) || festivals.includes(date)),
    ...festivals.filter((date) => weekday(date) === 0 || (single.includes(date) && !withDayInLieu.has(date.slice(5)))),
  ].toSorted();
  for (const lost of inLieu) {
    let free = plusDays(lost, 1);
    while (isWeekend(free) || holidays.has(free)) free = plusDays(free, 1);
    holidays.add(free);
  }
  return holidays;
}

/** Instants whose Korean days are reckoned at all: four-digit years, with room around them. */
const reckoned = { from: Date.UTC(1900, 0, 1), to: Date.UTC(2200, 0, 1) };

/** A protected day that a window touches. */
export interface TouchedDay {
  readonly date: string;
  readonly name: Named | null;
}

/**
 * Protected Korean days that the half-open window [start, end) (epoch ms) touches, and whether all of them are
 * known: outside {@link calendarYears} the festivals are not.
 */
export function protectedDaysIn(
  start: number,
  end: number,
  rules: readonly ProtectedDay[],
  extraHolidays: readonly string[] = [],
): { days: TouchedDay[]; complete: boolean } {
  if (start < reckoned.from || end > reckoned.to) return { days: [], complete: false };
  const first = koreanDay(start);
  const last = koreanDay(end - 1);
  const extra = new Set(extraHolidays);
  const holidaysOf = cached(publicHolidays);
  const isBusinessDay = (date: string): boolean =>
    !isWeekend(date) && !extra.has(date) && !holidaysOf(yearOf(date)).has(date);
  const lastBusinessDayUntil = (date: string): string => {
    let found = date;
    while (!isBusinessDay(found)) found = plusDays(found, -1);
    return found;
  };
  const days = rules.flatMap((rule) =>
    spansOf(rule, first, last, lastBusinessDayUntil)
      .filter(({ from, to }) => from <= last && first <= to)
      .map(({ from }) => ({
        date: from > first ? from : first,
        name: typeof rule === 'string' ? null : (rule.name ?? null),
      })),
  );
  const festive = rules.some((rule) => typeof rule === 'object' && !('date' in rule) && !('from' in rule));
  const complete = !festive || (yearOf(first) >= calendarYears.first && yearOf(last) <= calendarYears.last);
  return { days, complete };
}

interface Span {
  readonly from: string;
  readonly to: string;
}

function spansOf(rule: ProtectedDay, first: string, last: string, businessDayUntil: (date: string) => string): Span[] {
  if (typeof rule === 'string') return [{ from: rule, to: rule }];
  if ('date' in rule) return [{ from: rule.date, to: rule.date }];
  if ('from' in rule) return [rule];
  if ('festival' in rule) {
    const which = rule.festival === 'seollal' ? 0 : 2;
    return yearsBetween(yearOf(first), yearOf(plusDays(last, 31))).flatMap((year) => {
      const monthDay = lunarDays[year]?.[which];
      if (monthDay === undefined) return [];
      const date = `${year}-${monthDay}`;
      return [{ from: businessDayUntil(plusDays(date, -2)), to: plusDays(date, 1) }];
    });
  }
  return monthsBetween(first, plusDays(last, 31)).flatMap((month) => {
    const length = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
    const wanted = 'payday' in rule ? Math.min(rule.payday, length) : length;
    const date = businessDayUntil(`${month}-${String(wanted).padStart(2, '0')}`);
    return [{ from: date, to: date }];
  });
}

function yearsBetween(first: number, last: number): number[] {
  return Array.from({ length: Math.min(last - first, 100) + 1 }, (_, i) => first + i);
}

function monthsBetween(first: string, last: string): string[] {
  const index = (date: string): number => yearOf(date) * 12 + Number(date.slice(5, 7)) - 1;
  return Array.from({ length: Math.min(index(last) - index(first), 1200) + 1 }, (_, i) => {
    const month = index(first) + i;
    return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;
  });
}

function cached<K, V>(compute: (key: K) => V): (key: K) => V {
  const values = new Map<K, V>();
  return (key) => {
    const known = values.get(key);
    if (known !== undefined) return known;
    const value = compute(key);
    values.set(key, value);
    return value;
  };
}

const hour = 3_600_000;

/** An instant on the Korean clock, RFC 3339, to the second. */
export function koreanInstant(instant: number): string {
  return `${new Date(instant + koreaOffset).toISOString().slice(0, 19)}+09:00`;
}

/** 01:00 in Korea on the first Sunday at least a week after `now` whose next four hours touch no protected day; ms. */
export function quietNight(now: number): number {
  let midnight = Math.floor((now + koreaOffset) / day) * day - koreaOffset + 7 * day;
  const quiet = (start: number): boolean =>
    new Date(start + koreaOffset).getUTCDay() === 0 &&
    protectedDaysIn(start, start + 4 * hour, defaultProtectedDays).days.length === 0;
  while (!quiet(midnight)) midnight += day;
  return midnight + hour;
}
