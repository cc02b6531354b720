/** Review: what a dossier consists of, what speaks against the applicant, and one time line of everything. */
export { type RunSubjects, openForRun, runSubjects, withheld } from './about.ts';
export { approvalMember, approvalPath } from './approval-file.ts';
export { type AdverseFact, type AdverseKind, LATE_MS, adverseFacts, adverseKinds } from './adverse.ts';
export { type AssessmentChange, type FormerDossier, changesBetween, formerDossier } from './former.ts';
export { type KnownKey, type Keys, keyHolds, keysSchema } from './keys.ts';
export { type Cited, cited, rehearsalRuns } from './live.ts';
export { type Manifest, isSealing, manifestSchema, recordPath } from './manifest.ts';
export { cageLevelWords, cageWords } from './cage-words.ts';
export { endsOfPulses, type Pulsing } from './pulse.ts';
export { type Words } from './say.ts';
export { type TimelineRow, measureWords, timelineOf } from './timeline.ts';
export { tripWords } from './trip-words.ts';
export {
  type Check,
  type CheckId,
  type Verification,
  checkIds,
  verificationOf,
  verificationSchema,
} from './verification.ts';
export { type Demo, demoSchema } from './demo.ts';
export * from './audit/index.ts';
export * from './casework/index.ts';
export * from './edition/index.ts';
export * from './filing/index.ts';
export { type NegligenceSection, negligenceOf } from './negligence.ts';
export { type OpenQuestion, type Reading, openQuestions } from './readings.ts';
