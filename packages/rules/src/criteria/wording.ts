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

/** Kinds of work, activities and measures in Korean; English uses the words of the facts themselves. */
const koreanNames: Readonly<Record<string, string>> = {
  'emergency-patch': '긴급 패치',
  'security-test': '보안 점검',
  'vulnerability-scan': '취약점 스캔',
  'port-scan': '포트 스캔',
  'automated-pentest': '자동화 모의침투',
  'os-patch': '운영체제 패치',
  'software-patch': '소프트웨어 패치',
  'equipment-change': '장비 변경',
  other: '기타',
  rollback: '원복(롤백)',
  'kill-switch': '킬스위치',
  'module-isolation': '서비스 모듈 격리',
  failover: '페일오버',
  'manual-processing': '수작업 처리',
  FSC: '금융위원회',
  FSS: '금융감독원',
  FSI: '금융보안원',
};

/** A list of words of the facts as people read them. */
export function named(words: readonly string[]): Words {
  return { ko: words.map((word) => koreanNames[word] ?? word).join(', '), en: words.join(', ') };
}
