/** An edition: records with copies of those that name persons. Is nobody named, and does it say of which dossier it is one? */
import type { EvidenceRecord } from '@breakwater/rules/evidence';
import {
  type Edition,
  editionSchema,
  firstNamed,
  redactedPath,
  redactedSchema,
  withCopies,
} from '@breakwater/rules/review';
import type { Dossier } from './dossier.ts';
import { type Ledger, Wrong } from './ledger.ts';

/** The member that makes a dossier an edition. */
export const EDITION = 'edition.json';

export interface OpenedEdition {
  readonly edition: Edition;
  /** Records and copies as one list. */
  readonly records: readonly EvidenceRecord[];
}

/** `null` when the edition is not to be relied on. Its signatures and journals are those of the dossier it is an edition of. */
export function checkEdition(
  ledger: Ledger,
  dossier: Dossier,
  records: readonly EvidenceRecord[],
): OpenedEdition | null {
  let opened: OpenedEdition | null = null;
  ledger.check('edition', EDITION, () => {
    const edition = editionSchema.parse(dossier.json(EDITION));
    if ((edition.edition === 'personal') !== (edition.person !== null))
      throw new Wrong('a copy for an individual names them, and no other edition names anybody');
    const copies = dossier.within('redacted').map((path) => {
      const copy = redactedSchema.parse(dossier.json(path));
      if (path !== redactedPath(copy.index)) throw new Wrong(`${path} holds the copy of record ${copy.index}`);
      return copy;
    });
    if (dossier.within('approvals').length > 0) throw new Wrong('an edition holds no approvals: they name persons');
    const merged = withCopies(records, copies);
    const named = firstNamed(merged, edition.person);
    if (named !== null) throw new Wrong(`it names ${named}`);
    opened = { edition, records: merged };
    return `of the dossier ${edition.of}; ${copies.length} records as copies without persons, which the company vouches for by its seal; signatures are checked in that dossier`;
  });
  return opened;
}
