/** Evidence: hashing, proofs, notes and policies of the transparency log. Pure; signatures come through `Verifier`. */
export { logPolicySchema } from './log-policy.ts';
export { decodeBase64, encodeBase64 } from './base64.ts';
export { type Checkpoint, formatCheckpoint, parseCheckpoint, parseSize } from './checkpoint.ts';
export {
  SALT_BYTES,
  canonicalJson,
  commit,
  commitText,
  digestOf,
  formatDigest,
  leafBytes,
  parseDigest,
  recordLeafHash,
} from './commitment.ts';
export { HASH_BYTES, type Sha256, emptyRoot, hashLeaf, hashNode, isHash, sameBytes, sha256 } from './hash.ts';
export {
  COSIGNATURE_V1,
  ED25519,
  type Statement,
  type Verifier,
  type VerifierKey,
  cosignature,
  cosignedMessage,
  formatKeyId,
  formatVerifierKey,
  isKeyName,
  isWeakEd25519Key,
  parseVerifierKey,
  verifierKey,
  verifySignature,
} from './key.ts';
export {
  type Note,
  type NoteOptions,
  type NoteSignature,
  type OpenedNote,
  type VerifiedSignature,
  formatNote,
  formatSignatureLine,
  openNote,
  parseNote,
  parseSignatureLine,
} from './note.ts';
export {
  type KnownLog,
  type KnownWitness,
  type Policy,
  type PolicyVerdict,
  type WitnessGroup,
  checkPolicy,
  parsePolicy,
} from './policy.ts';
export {
  type ConsistencyProof,
  type InclusionProof,
  type Size,
  type SubtreeConsistencyProof,
  type SubtreeInclusionProof,
  verifyConsistency,
  verifyInclusion,
  verifySubtreeConsistency,
  verifySubtreeInclusion,
} from './proof.ts';
export { openSuccession, successionText } from './succession.ts';
export {
  type Growth,
  MAX_ENTRY_BYTES,
  type ReadTile,
  TILE_WIDTH,
  type Tile,
  type TileName,
  edgeTiles,
  formatBundle,
  growTree,
  hashRanges,
  parseBundle,
  parseTilePath,
  tileOf,
  tilePath,
  tilesOf,
} from './tile.ts';
export { type TlogProof, formatTlogProof, parseTlogProof } from './tlog-proof.ts';
export {
  type Node,
  type Range,
  type ReadNode,
  consistencyRanges,
  hashRange,
  inclusionRanges,
  nodesOf,
} from './tree.ts';
export type { Actor, DisclosedRecord, EvidenceEntry, EvidenceRecord, Leaf, WithheldRecord } from './record.ts';
