/**
 * The bank's customer directory: the only place where a pseudonym meets a phone number.
 *
 * It stays in the bank's own folder (mode 0600). Everything that leaves the bank names customers by pseudonym.
 */
import { createHash, createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A customer. `phone` is a number of the unassigned 010-0 block, so that no text can reach a person. */
export type Customer = { pseudonym: string; phone: string; account: string; card: string };

const file = 'customers.jsonl';

/** Customers 0 … count-1 of a bank: the same for the same seed. */
export function makeCustomers(count: number, seed: number): Customer[] {
  return Array.from({ length: count }, (_, index) => {
    const digest = createHash('sha256').update(`sample-bank customer ${seed} ${index}`).digest('hex');
    const serial = String(index + 1).padStart(7, '0');
    return {
      pseudonym: `c-${digest.slice(0, 12)}`,
      phone: `0100${serial}`,
      account: `110-${serial}`,
      card: `9410-${serial}`,
    };
  });
}

/** Writes the directory, readable by its owner only. */
export function writeCustomers(dir: string, customers: readonly Customer[]): void {
  const text = customers.map((customer) => `${JSON.stringify(customer)}\n`).join('');
  writeFileSync(join(dir, file), text, { mode: 0o600 });
}

/** Reads the directory of the bank in `dir`. */
export function readCustomers(dir: string): Customer[] {
  return readFileSync(join(dir, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Customer);
}

/** The customer's password at log-in, derived from the bank's secret so that it is stored nowhere. */
export function passwordOf(pseudonym: string, secret: string): string {
  return createHmac('sha256', secret).update(`password ${pseudonym}`).digest('base64url').slice(0, 16);
}
