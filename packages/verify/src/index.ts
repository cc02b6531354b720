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
  nodeCrypto,
  provingTiles,
  readContainer,
  tileMember,
  timestampMember,
  verifyDossier,
} from './dossier/index.ts';
