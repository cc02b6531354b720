export {
  advisoryFormats,
  matchRules,
  type AdvisoryDocument,
  type AdvisoryFormat,
  type AffectedPackage,
  type Interval,
  type IntervalEnd,
  type MatchRule,
  type Severity,
  type VexStatement,
} from './advisory.ts';
export { mostCsafCharacters, readCsaf } from './csaf.ts';
export { readCve } from './cve.ts';
export { intervalsOfEvents, keyIntervals, type KeyInterval, type RangeEvent } from './match/interval.ts';
export { matchComponent, matchDoubts, type ComponentMatch, type MatchDoubt, type MatchVerdict } from './match/match.ts';
export { readOsv } from './osv.ts';
export { aliasClosure, type AliasClosure } from './alias.ts';
export { cvssOf, type CvssReading } from './cvss.ts';
export { coverage, proofBySignature, type AuthorityKey, type Proof, type ProofDoubt } from './dissemination.ts';
export { byPriority, decisions, priorityOf, type Decision, type Priority, type PriorityFacts } from './priority.ts';
export {
  ageDays,
  remediationDue,
  remediationLimits,
  type RemediationDue,
  type RemediationPolicy,
  type RemediationSource,
} from './remediation.ts';
export { readEpss, readKev, type EpssEntry, type KevEntry } from './signal.ts';
export { isAbout, readVex, standingStatement, type VexDocument } from './vex.ts';
export { readChanges, readFeedPage, type FeedEntry } from './feed.ts';
