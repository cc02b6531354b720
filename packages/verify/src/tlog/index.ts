/** Transparency log proofs, checkpoints and policies, checked with OpenSSL's signatures. */
import { type Policy, type PolicyVerdict, checkPolicy as checkWith } from '@breakwater/rules/evidence';
import { nodeVerifier } from '../note/index.ts';

export {
  type Policy,
  type PolicyVerdict,
  parseCheckpoint,
  parsePolicy,
  parseTlogProof,
} from '@breakwater/rules/evidence';
export { verifyConsistency, verifyInclusion } from '@breakwater/rules/evidence';

/**
 * Holds a signed checkpoint against a policy at the time `now` (milliseconds since 1970): it is valid when `log` is
 * not null and `quorum` is true.
 *
 * @throws BreakwaterError `note.…` or `checkpoint.…` when it is malformed or a known signature on it fails.
 */
export function checkPolicy(policy: Policy, checkpoint: string, now: number): PolicyVerdict {
  return checkWith(policy, checkpoint, nodeVerifier, now);
}
