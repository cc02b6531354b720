/** Evidence: appends records to a transparency log and proves them. It knows no caller. */
export { type Erasure, append, appendAccepted, erase } from './append.ts';
export { type EvidenceLog, type EvidenceOptions, createEvidence } from './log.ts';
export { type NewKey, type NewOrigin, openNewOrigin, succeedKey } from './origin.ts';
export { type OutsideCheckpoint, checkpointFolder } from './outside.ts';
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
export { type LogSigner, type Signer, createKeyFile, keyFileSigner } from './signer.ts';
export type { KnownWitness } from './witness-client.ts';
export { type Witness, type WitnessResponse, addLog, createWitnessState, openWitness } from './witness.ts';
export { evidenceLog, evidenceWorker, originOf, outsideOf, signerOf } from './worker.ts';
