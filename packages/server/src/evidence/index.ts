/** Evidence: appends records to a transparency log and proves them. It knows no caller. */
export { type Erasure, append, erase } from './append.ts';
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
