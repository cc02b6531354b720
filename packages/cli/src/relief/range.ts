import { BreakwaterError } from '@breakwater/rules';

/** A quantity of the command line that need not be known exactly; `null` = unknown. */
export type Quantity = { low: number; high: number | null } | null;

/**
 * Reads `12500`, `1000000..3000000`, `1000000..` (no upper bound) or `unknown`.
 * Throws BreakwaterError `usage.quantity`, whose path is the option.
 */
export function parseQuantity(text: string, option: string): Quantity {
  if (text === 'unknown') return null;
  const [, low, dots, high] = /^(\d[\d,_]*)(\.\.)?(\d[\d,_]*)?$/.exec(text) ?? [];
  const from = low === undefined ? NaN : whole(low);
  const to = dots === undefined ? from : high === undefined ? null : whole(high);
  const known = Number.isSafeInteger(from) && (to === null || (Number.isSafeInteger(to) && from <= to));
  if (known && !(dots === undefined && high !== undefined)) return { low: from, high: to };
  throw new BreakwaterError(
    'usage.quantity',
    `${JSON.stringify(text)} is no quantity: write 12500, 1000000..3000000, 1000000.. (no upper bound) or unknown`,
    option,
  );
}

const whole = (digits: string): number => Number(digits.replace(/[,_]/g, ''));

/** A quantity for people, Korean first where it is not known. */
export function spellQuantity(quantity: Quantity, unit: string): string {
  if (quantity === null) return '알 수 없음 · unknown';
  const amount = (value: number): string => `${value.toLocaleString('en-US')}${unit}`;
  if (quantity.low === quantity.high) return amount(quantity.low);
  return `${amount(quantity.low)} ~ ${quantity.high === null ? '상한 알 수 없음 · no upper bound' : amount(quantity.high)}`;
}
