/** Signed notes (C2SP signed-note), opened with keys that the caller knows from elsewhere. */
import { BreakwaterError } from '@breakwater/rules';
import { type NoteOptions, openNote as openWith, parseVerifierKey } from '@breakwater/rules/evidence';
import { nodeVerifier } from './node-crypto.ts';

export { nodeVerifier } from './node-crypto.ts';

/** A note whose text is signed by at least one known key. */
export interface OpenedNote {
  /** The signed text, with its last newline. */
  readonly text: string;
  /** Names of the known keys that signed it. */
  readonly verified: string[];
  /** Names on signatures by keys that were not given. They say nothing. */
  readonly unverified: string[];
}

/**
 * Opens a signed note with verifier keys (`name+id+key`, signature types 0x01 and 0x04).
 *
 * @throws BreakwaterError `key.…` when a key is malformed or weak; `note.malformed`; `note.invalid-signature` when a
 *   known key did not sign this text; `note.no-known-signature` when no signature is by a known key.
 */
export function openNote(text: string, vkeys: readonly string[], options: NoteOptions = {}): OpenedNote {
  if (!Array.isArray(vkeys)) throw new BreakwaterError('key.malformed', 'verifier keys are a list of texts');
  const opened = openWith(
    text,
    Array.from(vkeys as readonly string[], (vkey) => parseVerifierKey(vkey)),
    nodeVerifier,
    options,
  );
  return {
    text: opened.text,
    verified: opened.verified.map((signature) => signature.name),
    unverified: opened.unverified.map((signature) => signature.name),
  };
}
