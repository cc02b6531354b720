/** The bank's book: every transfer order that was booked, in order. Balances are the fold of the book, never stored. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Entry = { id: string; at: string; from: string; to: string; krw: number };
/** How one entry changes two balances. */
export type Apply = (balances: Map<string, number>, entry: Entry) => void;

/** Every account begins with this. */
export const openingBalance = 50_000_000;

/** Moves the amount: what leaves one account arrives in the other. */
export const applyRight: Apply = (balances, { from, to, krw }) => {
  balances.set(from, balanceIn(balances, from) - krw);
  balances.set(to, balanceIn(balances, to) + krw);
};

/** A defect of a bad patch: one won of each transfer is lost. */
export const applyWrong: Apply = (balances, { from, to, krw }) => {
  balances.set(from, balanceIn(balances, from) - krw);
  balances.set(to, balanceIn(balances, to) + krw - 1);
};

export function balanceIn(balances: ReadonlyMap<string, number>, account: string): number {
  return balances.get(account) ?? openingBalance;
}

/** A transfer between two made-up accounts: true when no won was lost or made. */
export function selfTest(apply: Apply): boolean {
  const balances = new Map<string, number>();
  apply(balances, { id: 'self-test', at: '', from: 'a', to: 'b', krw: 1000 });
  return balanceIn(balances, 'a') === openingBalance - 1000 && balanceIn(balances, 'b') === openingBalance + 1000;
}

export type Book = {
  balance(account: string): number;
  /** Books an order once and answers how much the receiver was credited; an order booked before is answered from the book. */
  book(entry: Entry): number;
};

/** Opens the book of the bank in `dir`, whoever wrote it before. */
export function openBook(dir: string, apply: Apply): Book {
  const path = join(dir, 'ledger', 'book.jsonl');
  const balances = new Map<string, number>();
  const booked = new Map<string, Entry>();
  const take = (entry: Entry): void => {
    booked.set(entry.id, entry);
    apply(balances, entry);
  };
  for (const line of existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []) {
    if (line !== '') take(JSON.parse(line) as Entry);
  }
  return {
    balance: (account) => balanceIn(balances, account),
    book(entry) {
      const known = booked.get(entry.id);
      if (known !== undefined) return known.krw;
      const before = balanceIn(balances, entry.to);
      appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
      take(entry);
      return balanceIn(balances, entry.to) - before;
    },
  };
}
