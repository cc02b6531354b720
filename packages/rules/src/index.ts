export {
  assess,
  assessmentSchema,
  defaultPackId,
  diffPacks,
  factsFromRecords,
  factsSchema,
  getPack,
  listPacks,
  packDigest,
  packInForce,
  packSchema,
  parseFacts,
  parsePack,
  statusFromExplanation,
  unionMillis,
  type Assessment,
  type Facts,
  type Finding,
  type PackChange,
  type PolicyPack,
} from './criteria/index.ts';
export { readDocument, type DocumentLimits, type SourceDocument } from './document.ts';
export { durationMs } from './duration.ts';
export { BreakwaterError } from './error.ts';
export { pointOfNoReturn } from './guard/index.ts';
export {
  compareVersions,
  formatPurl,
  parsePurl,
  parseVers,
  versContains,
  versionKey,
  type Purl,
  type Vers,
} from './inventory/index.ts';
export { lintNotice } from './notice/index.ts';
export { checkPlan, parsePlan, planHash, stepDigests } from './plan/index.ts';
export {
  claimDecisionStatement,
  enrolmentStatement,
  noticeDecisionStatement,
  packDecisionStatement,
  exceptionDecisionStatement,
  restrictedStatement,
  resumeStatement,
  revocationStatement,
  signature,
  signedValue,
  startsStatement,
  statementBytes,
  waiverStatement,
  type ClaimDecisionStatement,
  type EnrolmentStatement,
  type NoticeDecisionStatement,
  type PackDecisionStatement,
  type ExceptionDecisionStatement,
  type RestrictedStatement,
  type ResumeStatement,
  type RevocationStatement,
  type Signature,
  type StartsStatement,
  type Statement,
  type WaiverStatement,
} from './statement.ts';
export { jsonSchema, schemaTitles, type SchemaName } from './schemas.ts';
export { conform } from './shape.ts';
export { assertedBytes, challengeOf, shortCode, signedBytes, type Assertion, type PasskeyPlace } from './assertion.ts';
