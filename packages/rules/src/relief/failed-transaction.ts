/** Transactions that customers saw fail, as a company's own records list them. */
import { z } from 'zod';
import { instant } from '#evidence/record';
import { BreakwaterError } from '../error.ts';
import { conform } from '../shape.ts';
import type { Range } from './damage.ts';

/** `subject` is a pseudonym the company can resolve; names, numbers of accounts and telephones have no place here. */
export const failedTransactionSchema = z.strictObject({
  id: z.string().min(1).max(128),
  at: instant,
  subject: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, {
    error: 'must be a pseudonym of letters, digits, dots, dashes and underscores',
  }),
  service: z.string().min(1).max(128),
  /** What the transaction was about. */
  krw: z.int().min(0),
  /** What it cost, or would have cost, the customer. */
  feeKrw: z.int().min(0),
  reason: z.string().max(200).nullish(),
});
export type FailedTransaction = z.infer<typeof failedTransactionSchema>;

const exportSchema = z.strictObject({
  transactions: z.array(failedTransactionSchema).max(100_000),
  /** Where the next part begins; null = this is the last. */
  next: z.int().min(0).nullish(),
});

/** A Korean mobile number, or a resident registration number, in a field that should hold a pseudonym. */
const personal = /^0?1[016789]\d{7,8}$|^\d{6}-?[1-8]\d{6}$/;

/**
 * Reads an export of failed transactions. Throws BreakwaterError `failed-transactions.*` with the JSON Pointer of the
 * fault, also when a subject has the shape of a telephone or resident registration number.
 */
export function readFailedTransactions(value: unknown): z.infer<typeof exportSchema> {
  const read = conform(exportSchema, value, { name: 'failed-transactions' });
  const at = read.transactions.findIndex(({ subject }) => personal.test(subject));
  if (at !== -1) {
    throw new BreakwaterError(
      'failed-transactions.personal-data',
      'a subject has the shape of a telephone or resident registration number: give pseudonyms',
      `/transactions/${at}/subject`,
    );
  }
  return read;
}

/**
 * What a failed transaction may have cost its customer: at least the fee, which is made good in any case, and at most the
 * amount and the fee, until somebody decides. An estimate for the company's own prudence; no authority gives a formula.
 */
export function proactiveAmount({ krw, feeKrw }: FailedTransaction): Range {
  return { low: feeKrw, high: krw + feeKrw };
}

/** An interval in which a service was down, epoch ms; `end` null = still down. */
export interface Disruption {
  readonly service: string;
  readonly start: number;
  readonly end: number | null;
}

/**
 * True when the transaction failed while its service was down. A minute on either side belongs to it: a customer saw the
 * failure before the first probe did, and waited for an answer after the service was back.
 */
export function failedDuring({ at, service }: FailedTransaction, disruptions: readonly Disruption[]): boolean {
  const instantOf = Date.parse(at);
  return disruptions.some(
    (disruption) =>
      disruption.service === service &&
      instantOf >= disruption.start - marginMs &&
      (disruption.end === null || instantOf < disruption.end + marginMs),
  );
}

const marginMs = 60_000;
