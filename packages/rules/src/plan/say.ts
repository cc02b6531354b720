/** Saying things with numbers in Korean and English. */
import { spellDuration } from '../duration.ts';
import { koreanDay } from './calendar.ts';

/** A text in Korean and English. */
export interface Said {
  readonly ko: string;
  readonly en: string;
}

export const say = (ko: string, en: string): Said => ({ ko, en });

/** A duration in words. */
export const ko = (duration: number): string => spellDuration(duration).ko;
export const en = (duration: number): string => spellDuration(duration).en;

/** An instant on the Korean clock, to the minute. */
export const at = (instant: number): string =>
  `${koreanDay(instant)} ${new Date(instant + 9 * 3_600_000).toISOString().slice(11, 16)} KST`;

/** A whole number with thousands set apart. */
export const amount = (n: number): string => String(Math.trunc(n)).replace(/\B(?=(\d{3})+$)/g, ',');

/** Says that something was not judged, because nothing is known about `what`. */
export const unknown = (what: Said): Said =>
  say(
    `${what.ko} 확인할 자료가 없어 판단하지 않았습니다. --context로 제공하십시오.`,
    `Not judged: the context says nothing about ${what.en}. Add it with --context.`,
  );
