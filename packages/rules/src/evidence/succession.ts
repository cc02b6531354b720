/**
 * The note by which the key of a log names its successor: signed by both, so that whoever trusts the old key can follow,
 * and the new one is shown to be held.
 */
import { BreakwaterError } from '../error.ts';
import { type Verifier, type VerifierKey, formatVerifierKey, parseVerifierKey } from './key.ts';
import { openNote } from './note.ts';

const HEADER = 'breakwater.key-succession/1';

/** The text that both keys sign. Both carry the origin as their name. */
export function successionText(oldKey: VerifierKey, newKey: VerifierKey): string {
  return `${HEADER}\n${formatVerifierKey(oldKey)}\n${formatVerifierKey(newKey)}\n`;
}

/**
 * The key that `trusted` names as its successor.
 *
 * @throws BreakwaterError `succession.malformed`, `succession.other-key` when it is not about the trusted key, and
 *   `note.…` unless both keys signed it.
 */
export function openSuccession(note: string, trusted: VerifierKey, verifier: Verifier): VerifierKey {
  const [header, oldKey, newKey = '', end, ...rest] = openNote(note, [trusted], verifier).text.split('\n');
  if (header !== HEADER || end !== '' || rest.length > 0) {
    throw new BreakwaterError('succession.malformed', `a succession is ${HEADER} and two keys, a line each`);
  }
  const successor = parseVerifierKey(newKey);
  if (oldKey !== formatVerifierKey(trusted) || successor.name !== trusted.name || successor.kind !== trusted.kind) {
    throw new BreakwaterError('succession.other-key', `the succession is not of ${trusted.name} by the trusted key`);
  }
  const { verified } = openNote(note, [trusted, successor], verifier);
  if (!verified.some((signature) => signature.key === successor)) {
    throw new BreakwaterError('succession.malformed', 'the successor did not sign');
  }
  return successor;
}
