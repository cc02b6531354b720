/** A claim as a consumer filled it in: read field by field, each fault with the field it belongs to. */
import { mobileNumber } from '#notice';

export const bases = ['fee', 'interest', 'price-difference', 'penalty', 'other'] as const;
export const alternatives = ['worked', 'failed', 'not-tried'] as const;

/** What the form asks. `amount` in won, null = not known; `at` epoch ms. */
export type FilledForm = {
  service: string;
  at: number;
  reference: string | null;
  amount: number | null;
  basis: (typeof bases)[number];
  alternative: (typeof alternatives)[number];
  phone: string;
};

export type FormField = keyof Omit<FilledForm, 'at'> | 'date' | 'time';
export type FormFault = 'missing' | 'unknown' | 'malformed' | 'future' | 'too-old' | 'too-much';
export type FormFaults = Partial<Record<FormField, FormFault>>;

/** Oldest event that a form takes: claims after a disruption are filed within months, not years. */
const oldestMs = 3 * 366 * 86_400_000;
const mostWon = 1_000_000_000_000;

/** Reads a filled form. `services` are those that may be named. Gives the form, or what is wrong with which field. */
export function readForm(
  fields: URLSearchParams,
  { services, now }: { services: readonly string[]; now: number },
): { form: FilledForm } | { faults: FormFaults } {
  const text = (name: string): string => (fields.get(name) ?? '').normalize('NFKC').trim();
  const faults: FormFaults = {};
  const oneOf = <T extends string>(field: FormField, allowed: readonly T[]): T | null => {
    const value = text(field);
    const found = allowed.find((one) => one === value);
    if (found === undefined) faults[field] = value === '' ? 'missing' : 'unknown';
    return found ?? null;
  };
  const service = oneOf('service', services);
  const basis = oneOf('basis', bases);
  const alternative = oneOf('alternative', alternatives);
  const at = instantOf(text('date'), text('time'), now, faults);
  const reference = text('reference');
  if (reference !== '' && !/^[\p{L}\p{N}][\p{L}\p{N} ._:/-]{0,63}$/u.test(reference)) faults.reference = 'malformed';
  const amount = wonOf(text('amount'), faults);
  const phone = mobileNumber(text('phone'));
  if (phone === null) faults.phone = text('phone') === '' ? 'missing' : 'malformed';
  if (service === null || basis === null || alternative === null || at === null || phone === null) return { faults };
  if (Object.keys(faults).length > 0) return { faults };
  return { form: { service, basis, alternative, at, phone, amount, reference: reference === '' ? null : reference } };
}

function instantOf(date: string, time: string, now: number, faults: FormFaults): number | null {
  if (date === '') faults.date = 'missing';
  else if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || new Date(date).toJSON()?.slice(0, 10) !== date)
    faults.date = 'malformed';
  if (time === '') faults.time = 'missing';
  else if (!/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(time)) faults.time = 'malformed';
  if (faults.date !== undefined || faults.time !== undefined) return null;
  const at = Date.parse(`${date}T${time}:00+09:00`);
  if (at > now + 60_000) faults.date = 'future';
  else if (at < now - oldestMs) faults.date = 'too-old';
  else return at;
  return null;
}

/** Won with or without separators: `12,500`, `12500원`; null for nothing, undefined for what is no amount. */
export function readWon(text: string): number | null | undefined {
  const entered = text.normalize('NFKC').trim();
  if (entered === '') return null;
  const digits = entered.replace(/[,\s]|원$/g, '');
  return /^\d{1,16}$/.test(digits) ? Number(digits) : undefined;
}

function wonOf(text: string, faults: FormFaults): number | null {
  const amount = readWon(text);
  if (amount === undefined) faults.amount = 'malformed';
  else if (amount !== null && amount > mostWon) faults.amount = 'too-much';
  else return amount;
  return null;
}
