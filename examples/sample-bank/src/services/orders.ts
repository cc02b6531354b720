/** The channel's ledger of customer orders: each with its outcome, so that failed ones can be counted, shown and made good. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An order as the customer saw it end. `refused` is the customer's own matter (no funds); `failed` is the bank's. */
export type Order = {
  id: string;
  at: string;
  /** Pseudonym. */
  customer: string;
  service: 'transfer';
  krw: number;
  /** The fee the customer would not have got back. */
  feeKrw: number;
  outcome: 'done' | 'refused' | 'failed';
  /** Why it failed: `http-500`, `timeout`, `unreachable`, `wrong-answer`, `drained`, `isolated`. */
  reason: string | null;
};

export type OrderLedger = {
  record(order: Order): void;
  failed(from: number, to: number): Order[];
};

/** Opens the ledger of the bank in `dir`. */
export function openOrders(dir: string): OrderLedger {
  const path = join(dir, 'ledger', 'orders.jsonl');
  const failed: Order[] = [];
  const keep = (order: Order): void => void (order.outcome === 'failed' && failed.push(order));
  for (const line of existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []) {
    if (line !== '') keep(JSON.parse(line) as Order);
  }
  return {
    record(order) {
      appendFileSync(path, `${JSON.stringify(order)}\n`, { mode: 0o600 });
      keep(order);
    },
    failed: (from, to) => failed.filter((order) => Date.parse(order.at) >= from && Date.parse(order.at) < to),
  };
}
