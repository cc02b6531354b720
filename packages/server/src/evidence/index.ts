/** Evidence: appends records to a transparency log and proves them. It knows no caller. */
export { type LogAudit, auditLog } from './audit.ts';
export { type Erasure, append, appendAccepted, erase } from './append.ts';
export { type EvidenceLog, type EvidenceOptions, createEvidence } from './log.ts';
export type { OutsideCheckpoint } from './outside.ts';
export {
  type SignedCheckpoint,
  bundle,
  consistencyProof,
  inclusionProof,
  lag,
  latestCheckpoint,
  logKeys,
  records,
  recordsAbout,
  size,
  tile,
  timestamps,
  tlogProof,
} from './read.ts';
export type { LogSigner, Signer } from './signer.ts';
export { type LogStatus, keptSize, logPolicy, logStatus, renewKey, renewOrigin } from './upkeep.ts';
export type { KnownWitness } from './witness-client.ts';
export type { Witness, WitnessResponse } from './witness.ts';
export { type ServedWitness, initWitness, serveWitness, watchLog } from './witness-server.ts';
export { evidenceLog, evidenceReadiness, evidenceWorker, originOf } from './worker.ts';
