/** Amounts of an assessment as people read them, each in its unit. */
import type { Finding } from '@breakwater/rules';
import { count, exactWon, hms, type Language, type Say } from '#words';
import type { criteriaWords } from './words.ts';

export type CriteriaSay = Say<keyof (typeof criteriaWords)['ko']>;
type Value = NonNullable<Finding['value']>;
export type Unit = Extract<Value, { unit: unknown }>['unit'];
export interface Range {
  readonly low: number;
  readonly high: number | null;
}

/** One amount. What was used is rounded up, what is left down. */
export function amount(value: number, unit: Unit, language: Language, rounding: 'used' | 'left' = 'used'): string {
  switch (unit) {
    case 'ms':
      return hms(value, rounding);
    case 'KRW':
      return exactWon(value, language);
    case 'ratio':
      return `${Math.floor(value * 1000) / 10}%`;
    case 'records':
    case 'claims':
      return language === 'ko' ? `${count(value)}건` : count(value);
    case 'persons':
      return language === 'ko' ? `${count(value)}명` : count(value);
  }
}

/** A range; an end that nobody knows is said in words. */
export function range({ low, high }: Range, unit: Unit, language: Language, say: CriteriaSay): string {
  const text = (value: number): string => amount(value, unit, language);
  if (high === null) return low === 0 ? say('unknown') : say('noUpper', { low: text(low) });
  return text(low) === text(high) ? text(high) : `${text(low)}–${text(high)}`;
}

/** A reading: a number n is exactly known. */
export const rangeOf = (reading: Finding['readings'][string]): Range =>
  typeof reading === 'number' ? { low: reading, high: reading } : reading;

const operators = { ko: { '<': '미만', '<=': '이하', '>': '초과', '>=': '이상' }, en: null } as const;

/** `4:00:00 이하`, `<= 4:00:00`. */
export function boundText({ operator, value, unit }: NonNullable<Finding['bound']>, language: Language): string {
  const text = amount(value, unit, language, 'left');
  return language === 'ko' ? `${text} ${operators.ko[operator]}` : `${operator} ${text}`;
}
