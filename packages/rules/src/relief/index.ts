/** Relief: what claims and rows say about damage, how claims are decided, what leaks start, and what a company sets for it. */
export {
  damageOf,
  damageStates,
  damageStep,
  damageTotals,
  damageTypes,
  evidenceItem,
  type ClaimTotals,
  type Damage,
  type DamageRow,
  type DamageState,
  type DamageTotals,
  type DamageType,
  type EvidenceItem,
  type Range,
} from './damage.ts';
export {
  answerDue,
  decisions,
  escalationStages,
  isReasonFor,
  needsSecondPerson,
  reasonCodeNames,
  reasonCodes,
  reminderOf,
  type Decision,
  type ReasonCode,
} from './decision.ts';
export {
  failedDuring,
  failedTransactionSchema,
  proactiveAmount,
  readFailedTransactions,
  type Disruption,
  type FailedTransaction,
} from './failed-transaction.ts';
export {
  classifyLeak,
  leakClasses,
  leakEntrySchema,
  leakSummary,
  type ClassifiedLeak,
  type LeakClass,
  type LeakCount,
  type LeakEntry,
  type LeakSummary,
} from './leak.ts';
export { dutiesOfLeak, leakDuties, leakDutyNames, type LeakDuty, type LeakDutyState } from './leak-duty.ts';
export { draftLeakNotice, type LeakNoticeDraft } from './leak-notice.ts';
export { downWithin, matchDisruption, type DisruptionMatch, type SeenDisruption } from './match.ts';
export {
  defaultReliefPolicy,
  readReliefPolicy,
  reliefPolicySchema,
  reliefSources,
  type ReliefPolicy,
} from './policy.ts';
