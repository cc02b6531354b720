/** Numbers and times as they stand in reasons, in Korean and English. */
import { spellDuration } from '../duration.ts';
import type { Operator, Range } from './range.ts';

/** One text in both languages of the product. */
export type Words = { readonly ko: string; readonly en: string };

export const units = ['ms', 'KRW', 'records', 'persons', 'claims', 'ratio'] as const;
export type Unit = (typeof units)[number];

/** Thousands separated: 1,200,000. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** One amount with its unit. A ratio is shown as a percentage, cut (never rounded up) to two decimals. */
export function tell(value: number, unit: Unit): Words {
  switch (unit) {
    case 'ms':
      return spellDuration(value);
    case 'KRW':
      return { ko: `${grouped(value)}원`, en: `KRW ${grouped(value)}` };
    case 'records':
      return { ko: `${grouped(value)}건`, en: `${grouped(value)} records` };
    case 'persons':
      return { ko: `${grouped(value)}명`, en: `${grouped(value)} persons` };
    case 'claims':
      return { ko: `${grouped(value)}건`, en: `${grouped(value)} claims` };
    case 'ratio': {
      const percent = `${Math.floor(value * 10_000 + 1e-9) / 100}%`;
      return { ko: percent, en: percent };
    }
  }
}

/** A range: one amount where both ends agree. */
export function tellRange(range: Range, unit: Unit): Words {
  const low = tell(range.low, unit);
  if (range.high === null)
    return { ko: `${low.ko} 이상(상한 미확인)`, en: `at least ${low.en} (no upper bound known)` };
  if (range.high === range.low) return low;
  const high = tell(range.high, unit);
  return { ko: `${low.ko} 이상 ${high.ko} 이하`, en: `${low.en} to ${high.en}` };
}

const boundWords: Record<Operator, string> = { '<': '미만', '<=': '이하', '>': '초과', '>=': '이상' };

/** A bound as the legal text says it: 4시간 이하. */
export function tellBound(operator: Operator, value: number, unit: Unit): Words {
  const amount = tell(value, unit);
  return { ko: `${amount.ko} ${boundWords[operator]}`, en: `${operator} ${amount.en}` };
}

/** Several texts as one paragraph. */
export function joined(texts: readonly Words[]): Words {
  return { ko: texts.map(({ ko }) => ko).join(' '), en: texts.map(({ en }) => en).join(' ') };
}
