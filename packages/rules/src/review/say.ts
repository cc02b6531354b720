/** Numbers in the sentences of a time line. */

/** A sentence in both languages. */
export interface Words {
  readonly ko: string;
  readonly en: string;
}

export const seconds = (ms: number): string => (ms / 1000).toFixed(ms % 1000 === 0 ? 0 : 1);
export const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
export const counted = (n: number | null, ko: string): string => (n === null ? '알 수 없음' : `${grouped(n)}${ko}`);
export const countedEn = (n: number | null): string => (n === null ? 'unknown' : grouped(n));
