/** Offline verification of dossiers and logs: no network, no database, nothing but the bytes and the caller's keys. */
export { type OpenedNote, nodeVerifier, openNote } from './note/index.ts';
export {
  type Policy,
  type PolicyVerdict,
  checkPolicy,
  parseCheckpoint,
  parsePolicy,
  parseTlogProof,
  verifyConsistency,
  verifyInclusion,
} from './tlog/index.ts';
export { type TimestampVerdict, parseRoots, readTimestamp, verifyTimestamp } from './timestamp/index.ts';
export {
  type Crypto,
  type Member,
  type Trust,
  type VerifyOptions,
  containerLimits,
  exitCodeOf,
  nodeCrypto,
  provingTiles,
  readContainer,
  reportOf,
  tileMember,
  timestampMember,
  verifyDossier,
} from './dossier/index.ts';
export type { Check, Verification } from '@breakwater/rules/review';
