/** Review: what a dossier consists of, what speaks against the applicant, and one time line of everything. */
export { type RunSubjects, openForRun, runSubjects, withheld } from './about.ts';
export { approvalMember, approvalPath } from './approval-file.ts';
export { type AdverseFact, type AdverseKind, LATE_MS, adverseFacts, adverseKinds } from './adverse.ts';
export { type KnownKey, type Keys, keyHolds, keysSchema } from './keys.ts';
export { type Cited, cited, rehearsalRuns } from './live.ts';
export { type Manifest, isSealing, manifestSchema, recordPath } from './manifest.ts';
export { type TimelineRow, type Words, measureWords, timelineOf, tripWords } from './timeline.ts';
export {
  type Check,
  type CheckId,
  type Verification,
  checkIds,
  verificationOf,
  verificationSchema,
} from './verification.ts';
