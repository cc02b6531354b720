/** Dates with their day of the week as people write them, in Korean and English. */

const koreanDays = '일월화수목금토';
const englishDays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const englishMonths = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const koreaOffset = 9 * 3_600_000;
const yearMs = 365.25 * 86_400_000;

/** A date that was written with a day of the week it does not have, or that no calendar has (`is` null). */
export type WrongWeekday = { written: string; says: number; is: number | null };

type Written = { written: string; year: number | null; month: number; day: number; weekday: number };

const month = `(?<month>${englishMonths.join('|')})[a-z]*\\.?`;
const weekday = `(?<weekday>${englishDays.join('|')})[a-z]*\\.?`;
const day = '(?<day>[0-9]{1,2})(?:st|nd|rd|th)?';
const year = '(?:,?\\s{1,3}(?<year>[0-9]{4}))?';
const english = [
  `\\b${weekday},?\\s{1,3}${day}\\s{1,3}${month}${year}`,
  `\\b${weekday},?\\s{1,3}${month}\\s{1,3}${day}\\b${year}`,
  `\\b${day}\\s{1,3}${month}${year}\\s{0,3}\\(${weekday}\\)`,
  `\\b${month}\\s{1,3}${day}${year}\\s{0,3}\\(${weekday}\\)`,
  `\\b(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})\\s{0,3}\\(${weekday}\\)`,
].map((source) => new RegExp(source, 'g'));

const koreanWeekday =
  '(?:[([]\\s{0,3}(?<weekday>[일월화수목금토])(?:요일)?\\s{0,3}[)\\]]|(?<named>[일월화수목금토])요일)';
/** With its month, or after such a date only the day: `11월 29일(일) 23:00 ~ 30일(월) 02:00`. */
const korean = new RegExp(
  `(?:(?:(?<year>[0-9]{4})\\s{0,3}[년.\\-/]\\s{0,3})?(?<![0-9])(?<month>[0-9]{1,2})\\s{0,3}[월.\\-/]\\s{0,3}(?<day>[0-9]{1,2})\\s{0,3}[일.]?|(?<![0-9])(?<lone>[0-9]{1,2})일)\\s{0,3}${koreanWeekday}`,
  'gu',
);

/** All dates of a text whose day of the week is wrong. A date without a year is taken as the one nearest to `near` (epoch ms). */
export function wrongWeekdays(text: string, near: number): WrongWeekday[] {
  return [...datesIn(text.normalize('NFKC'))].flatMap(({ written, year: stated, month: m, day: d, weekday: says }) => {
    const is = weekdayOf(stated ?? nearestYear(m, d, near), m, d);
    return is === says ? [] : [{ written, says, is }];
  });
}

/** A day of the week by its number (0 = Sunday), in both languages. */
export function weekdayName(number: number): { ko: string; en: string } {
  return { ko: koreanDays[number] ?? '', en: englishDays[number] ?? '' };
}

function* datesIn(text: string): Generator<Written> {
  let before: Written | null = null;
  for (const match of text.matchAll(korean)) {
    const { year: y, month: m, day: d, lone, weekday: w, named } = match.groups ?? {};
    const shown = { written: match[0], weekday: koreanDays.indexOf(w ?? named ?? '') };
    const full = { ...shown, year: y === undefined ? null : Number(y), month: Number(m), day: Number(d) };
    const date: Written | null = lone === undefined ? full : before && { ...following(before, Number(lone)), ...shown };
    if (date === null) continue;
    yield date;
    before = date;
  }
  for (const match of english.flatMap((pattern) => [...text.matchAll(pattern)])) {
    const { year: y, month: m = '', day: d, weekday: w = '' } = match.groups ?? {};
    yield {
      written: match[0],
      year: y === undefined ? null : Number(y),
      month: englishMonths.includes(m) ? englishMonths.indexOf(m) + 1 : Number(m),
      day: Number(d),
      weekday: englishDays.indexOf(w),
    };
  }
}

/** The day of the month that a lone day means after another date: of the same month, or of the next if it is smaller. */
function following({ year, month, day }: Written, lone: number): { year: number | null; month: number; day: number } {
  if (lone >= day) return { year, month, day: lone };
  return month < 12
    ? { year, month: month + 1, day: lone }
    : { year: year === null ? null : year + 1, month: 1, day: lone };
}

function weekdayOf(y: number, m: number, d: number): number | null {
  const date = new Date(Date.UTC(y, m - 1, d));
  return date.getUTCMonth() === m - 1 && date.getUTCDate() === d ? date.getUTCDay() : null;
}

function nearestYear(m: number, d: number, near: number): number {
  const inKorea = near + koreaOffset;
  const own = new Date(inKorea).getUTCFullYear();
  const distance = (y: number): number => Math.abs(Date.UTC(y, m - 1, d) - inKorea) / yearMs;
  return [own - 1, own + 1].reduce((best, y) => (distance(y) < distance(best) ? y : best), own);
}
