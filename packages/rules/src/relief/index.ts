/** Relief: what a failed transaction may come to, and what the claims of a run say about damage. */
export { customerDamage, type ClaimTotals, type Range } from './damage.ts';
export {
  failedDuring,
  failedTransactionSchema,
  proactiveAmount,
  readFailedTransactions,
  type Disruption,
  type FailedTransaction,
} from './failed-transaction.ts';
