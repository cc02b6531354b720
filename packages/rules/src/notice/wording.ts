/** How a notice says times and numbers, in Korean time. */
import { weekdayName } from './weekday.ts';

const koreaOffset = 9 * 3_600_000;
const minute = 60_000;
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

interface Korean {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly clock: string;
}

function korean(at: number): Korean {
  const date = new Date(at + koreaOffset);
  const two = (n: number): string => String(n).padStart(2, '0');
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    clock: `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`,
  };
}

/** An instant (epoch ms) to the minute: `11월 22일(일) 01:00`, `Sun 22 Nov, 01:00 KST`. */
export function spellInstant(at: number): { ko: string; en: string } {
  const { month, day, weekday, clock } = korean(at);
  const name = weekdayName(weekday);
  return {
    ko: `${month}월 ${day}일(${name.ko}) ${clock}`,
    en: `${name.en} ${day} ${(months[month - 1] ?? '').slice(0, 3)}, ${clock} KST`,
  };
}

/** The date of an instant: `2026년 11월 22일(일)`, `Sunday 22 November 2026`. */
export function spellDate(at: number): { ko: string; en: string } {
  const { year, month, day, weekday } = korean(at);
  return {
    ko: `${year}년 ${month}월 ${day}일(${weekdayName(weekday).ko})`,
    en: `${days[weekday]} ${day} ${months[month - 1]} ${year}`,
  };
}

/**
 * A window (epoch ms) to the minute, widened to whole minutes so that nothing falls outside of what was announced:
 * `11월 22일(일) 01:00 ~ 04:00`, `Sunday 22 November 2026, 01:00 - 04:00 KST`. `year` adds the year in Korean.
 */
export function spellWindow(start: number, end: number, { year = false } = {}): { ko: string; en: string } {
  const from = Math.floor(start / minute) * minute;
  const to = Math.ceil(end / minute) * minute;
  const [a, b] = [korean(from), korean(to)];
  const date = (at: number): { ko: string; en: string } => {
    const spelt = spellDate(at);
    return { ko: year ? spelt.ko : spelt.ko.replace(/^\d+년 /, ''), en: spelt.en };
  };
  const sameDay = a.year === b.year && a.month === b.month && a.day === b.day;
  const [first, last] = [date(from), date(to)];
  return sameDay
    ? { ko: `${first.ko} ${a.clock} ~ ${b.clock}`, en: `${first.en}, ${a.clock} - ${b.clock} KST` }
    : {
        ko: `${first.ko} ${a.clock} ~ ${last.ko} ${b.clock}`,
        en: `${first.en}, ${a.clock} - ${last.en}, ${b.clock} KST`,
      };
}

/** Windows (epoch ms) one after the other: those of a series, or a single one. */
export function spellWindows(
  windows: readonly { readonly start: number; readonly end: number }[],
  options: { year?: boolean } = {},
): { ko: string; en: string } {
  const spelt = windows.map(({ start, end }) => spellWindow(start, end, options));
  return { ko: spelt.map(({ ko }) => ko).join(', '), en: spelt.map(({ en }) => en).join('; ') };
}

/** A Korean telephone number as people read it: `1588-1234`, `02-2100-2500`. Other text is given back. */
export function spellPhone(phone: string): string {
  const digits = phone.replace(/[^0-9+]/g, '');
  if (/^1\d{7}$/.test(digits)) return `${digits.slice(0, 4)}-${digits.slice(4)}`;
  const parts = /^(02|0\d{2})(\d{3,4})(\d{4})$/.exec(digits);
  return parts === null ? phone : parts.slice(1).join('-');
}
