export { readDocument, type DocumentLimits, type SourceDocument } from './document.ts';
export { BreakwaterError } from './error.ts';
export { pointOfNoReturn } from './guard/index.ts';
export { lintNotice } from './notice/index.ts';
export { checkPlan, parsePlan, planHash, stepDigests } from './plan/index.ts';
export {
  enrolmentStatement,
  resumeStatement,
  revocationStatement,
  signature,
  statementBytes,
  waiverStatement,
  type EnrolmentStatement,
  type ResumeStatement,
  type RevocationStatement,
  type Signature,
  type Statement,
  type WaiverStatement,
} from './statement.ts';
