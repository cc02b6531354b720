import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import { failedDuring, proactiveAmount, readFailedTransactions, type FailedTransaction } from './index.ts';
import { customerDamage } from './damage.ts';

const transaction: FailedTransaction = {
  id: 't-1',
  at: '2026-11-29T01:20:00+09:00',
  subject: 'c-1a2b',
  service: 'transfer',
  krw: 50_000,
  feeKrw: 500,
  reason: 'timeout',
};

describe('an export of failed transactions', () => {
  test('is read as it is', () => {
    expect(readFailedTransactions({ transactions: [transaction], next: null })).toEqual({
      transactions: [transaction],
      next: null,
    });
  });

  test.each([
    [
      'a telephone number for a pseudonym',
      { subject: '01012345678' },
      'failed-transactions.personal-data',
      '/transactions/0/subject',
    ],
    [
      'a resident registration number',
      { subject: '900101-1234567' },
      'failed-transactions.personal-data',
      '/transactions/0/subject',
    ],
    ['negative money', { krw: -1 }, 'failed-transactions.invalid', '/transactions/0/krw'],
    ['money with a fraction', { krw: 0.5 }, 'failed-transactions.wrong-type', '/transactions/0/krw'],
    ['a time without an offset', { at: '2026-11-29T01:20:00' }, 'failed-transactions.invalid', '/transactions/0/at'],
    ['an unknown field', { phone: '1' }, 'failed-transactions.unknown-key', '/transactions/0/phone'],
  ])('with %s is refused with its place', (_name, change, code, path) => {
    const read = () => readFailedTransactions({ transactions: [{ ...transaction, ...change }] });
    expect(read).toThrow(BreakwaterError);
    expect(read).toThrow(expect.objectContaining({ code, path }));
  });

  test('of any shape is read or refused, never an error of ours', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          readFailedTransactions(value);
        } catch (error) {
          expect(error).toBeInstanceOf(BreakwaterError);
        }
      }),
    );
  });
});

test('a failed transaction costs its fee at least, and its amount and fee at most', () => {
  expect(proactiveAmount(transaction)).toEqual({ low: 500, high: 50_500 });
});

describe('a transaction belongs to a disruption of its own service', () => {
  const start = Date.parse('2026-11-29T01:20:00+09:00');
  const during = (offsetMs: number, service = 'transfer', end: number | null = start + 60_000) =>
    failedDuring({ ...transaction, service, at: new Date(start + offsetMs).toISOString() }, [
      { service: 'transfer', start, end },
    ]);
  test.each([
    { at: 0, inside: true },
    { at: -60_000, inside: true },
    { at: -60_001, inside: false },
    { at: 119_999, inside: true },
    { at: 120_000, inside: false },
  ])('$at ms from its start: $inside', ({ at, inside }) => expect(during(at)).toBe(inside));
  test('not to that of another', () => expect(during(0, 'cards')).toBe(false));
  test('for ever, while the service is still down', () => expect(during(1e9, 'transfer', null)).toBe(true));
});

describe("customers' damage", () => {
  const none = { openLow: 0, openHigh: 0, acceptedAmount: 0, count: 0 };
  test('without claims is unknown, and nothing only when all transactions were looked at', () => {
    expect(customerDamage(none, false)).toBe(null);
    expect(customerDamage(none, true)).toEqual({ low: 0, high: 0 });
  });
  test('has no upper bound while an open claim has none', () => {
    expect(customerDamage({ openLow: 5, openHigh: null, acceptedAmount: 7, count: 2 }, true)).toEqual({
      low: 12,
      high: null,
    });
  });
  test('deciding a claim never widens the range', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(1e6), fc.nat(1e6), (low, more, decided) => {
        const amount = Math.min(low + more, low + decided);
        const before = customerDamage({ openLow: low, openHigh: low + more, acceptedAmount: 0, count: 1 }, false);
        const after = customerDamage({ openLow: 0, openHigh: 0, acceptedAmount: amount, count: 1 }, false);
        expect(after?.low).toBeGreaterThanOrEqual(before?.low ?? 0);
        expect(after?.high).toBeLessThanOrEqual(before?.high ?? 0);
      }),
    );
  });
});
