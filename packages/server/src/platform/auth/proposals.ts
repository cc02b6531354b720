import { BreakwaterError } from '@breakwater/rules';
import { inTransaction, type Db } from '#platform/db';
import { requirePossession } from './keys.ts';
import { keyDigest } from './signing.ts';
import { putProposal, readProposals, type KeyProposal } from './store-passkeys.ts';

/**
 * Keeps an enrolment that the holder of the key has signed, for the second person whom it names. It permits nothing: only
 * their signature enrols the key. Throws BreakwaterError `key.*`.
 */
export async function proposeKey(db: Db, institution: string, proposal: KeyProposal): Promise<string> {
  const { statement, possession } = proposal;
  if (statement.institution !== institution) {
    throw new BreakwaterError('key.institution', `the statement is of ${statement.institution}`, '/institution');
  }
  requirePossession(statement, possession);
  const key = keyDigest(statement.publicKey, statement.webauthn);
  await inTransaction(db, (tx) => putProposal(tx, institution, key, proposal));
  return key;
}

/** What waits for a second person, oldest first. */
export async function listProposals(db: Db, institution: string): Promise<KeyProposal[]> {
  return readProposals(db, institution);
}
