import { describe, expect, test } from 'vitest';
import {
  calendarYears,
  defaultProtectedDays,
  koreanDay,
  protectedDaysIn,
  publicHolidays,
  type ProtectedDay,
} from './calendar.ts';

const at = (text: string): number => Date.parse(text);
const hour = 3_600_000;
const touched = (start: string, rules: readonly ProtectedDay[] = defaultProtectedDays, hours = 3): string[] =>
  protectedDaysIn(at(start), at(start) + hours * hour, rules).days.map(({ date, name }) =>
    `${date} ${name?.en ?? ''}`.trim(),
  );

describe('lunar holidays', () => {
  const dangi = new Intl.DateTimeFormat('en-u-ca-dangi', { timeZone: 'Asia/Seoul', month: 'numeric', day: 'numeric' });
  const days = Array.from(
    { length: (calendarYears.last - calendarYears.first + 1) * 366 },
    (_, i) => Date.UTC(calendarYears.first, 0, 1, 3) + i * 24 * hour,
  ).filter((instant) => new Date(instant).getUTCFullYear() <= calendarYears.last);

  test.each([
    ['Seollal', '1/1'],
    ["Buddha's birthday", '4/8'],
    ['Chuseok', '8/15'],
  ])('%s stands where the Korean lunisolar calendar puts it', (_, lunar) => {
    const found = days.filter((instant) => {
      const parts = Object.fromEntries(dangi.formatToParts(instant).map(({ type, value }) => [type, value]));
      return `${parts['month']}/${parts['day']}` === lunar;
    });
    expect(found.length).toBe(calendarYears.last - calendarYears.first + 1);
    for (const instant of found) {
      const day = koreanDay(instant);
      expect(publicHolidays(Number(day.slice(0, 4))), day).toContain(day);
    }
  });
});

describe('days in lieu', () => {
  test.each([
    ['Independence Movement Day on a Sunday', 2026, '2026-03-02'],
    ["Buddha's birthday on a Sunday", 2026, '2026-05-25'],
    ['Liberation Day on a Saturday', 2026, '2026-08-17'],
    ['Foundation Day on a Saturday', 2026, '2026-10-05'],
    ['Seollal on a Sunday', 2027, '2027-02-09'],
    ['Christmas on a Saturday', 2027, '2027-12-27'],
    ['Foundation Day within Chuseok', 2028, '2028-10-05'],
  ])('%s', (_, year, day) => {
    expect(publicHolidays(year)).toContain(day);
  });

  test.each([
    ["New Year's Day", 2028, '2028-01-03'],
    ['Memorial Day', 2026, '2026-06-08'],
    ['a day of Chuseok on a Saturday', 2026, '2026-09-28'],
  ])('not for %s', (_, year, day) => {
    expect(publicHolidays(year)).not.toContain(day);
  });
});

describe('protected days by default', () => {
  test.each([
    ['a quiet Sunday', '2026-11-29T01:00:00+09:00', []],
    ['a payday', '2026-11-25T01:00:00+09:00', ['2026-11-25 payday (the 25th)']],
    ['the day before Christmas, to which pay moves', '2026-12-24T01:00:00+09:00', ['2026-12-24 payday (the 25th)']],
    ['Christmas, on which nobody is paid', '2026-12-25T01:00:00+09:00', []],
    ['a Friday before a payday on Sunday', '2026-10-23T01:00:00+09:00', ['2026-10-23 payday (the 25th)']],
    [
      'the last business day of a month that ends on a weekend',
      '2026-10-30T22:00:00+09:00',
      ['2026-10-30 last business day of the month'],
    ],
    ['the weekend after it', '2026-10-31T01:00:00+09:00', []],
    ['the year end', '2026-12-31T01:00:00+09:00', ['2026-12-31 last business day of the month']],
    ['the business day before Seollal', '2027-02-05T01:00:00+09:00', ['2027-02-05 Seollal']],
    ['Seollal itself', '2027-02-08T01:00:00+09:00', ['2027-02-08 Seollal']],
    ['after Seollal', '2027-02-09T01:00:00+09:00', []],
    ['Chuseok', '2026-09-26T10:00:00+09:00', ['2026-09-26 Chuseok']],
    ['Korea decides the day, not UTC', '2026-11-24T15:00:00Z', ['2026-11-25 payday (the 25th)']],
    ['an hour before midnight in Korea', '2026-11-24T13:59:59Z', ['2026-11-25 payday (the 25th)']],
  ])('%s', (_, start, days) => {
    expect(touched(start)).toEqual(days);
  });

  test('midnight belongs to the next day', () => {
    const before = protectedDaysIn(
      at('2026-11-24T22:00:00+09:00'),
      at('2026-11-25T00:00:00+09:00'),
      defaultProtectedDays,
    );
    expect(before.days).toEqual([]);
  });

  test('are not all known outside the years of the table', () => {
    const known = (year: number): boolean =>
      protectedDaysIn(at(`${year}-06-01T00:00:00Z`), at(`${year}-06-02T00:00:00Z`), defaultProtectedDays).complete;
    expect([known(2025), known(2026), known(2035), known(2036)]).toEqual([false, true, true, false]);
    expect(protectedDaysIn(at('2036-06-01T00:00:00Z'), at('2036-06-02T00:00:00Z'), ['2036-06-01']).complete).toBe(true);
  });
});

test('a policy names days, spans and holidays of its own', () => {
  expect(touched('2026-12-03T01:00:00+09:00', ['2026-12-03'])).toEqual(['2026-12-03']);
  expect(
    touched('2026-12-05T01:00:00+09:00', [{ from: '2026-12-04', to: '2026-12-06', name: { ko: '공모', en: 'IPO' } }]),
  ).toEqual(['2026-12-05 IPO']);
  const rules: ProtectedDay[] = [{ payday: 31 }];
  const end = at('2026-11-30T00:00:00+09:00');
  expect(protectedDaysIn(end, end + hour, rules).days).toHaveLength(1);
  expect(protectedDaysIn(end, end + hour, rules, ['2026-11-30']).days).toHaveLength(0);
});
