/**
 * Editions of a dossier: the same range of the log under the same numbers, with less of it opened.
 *
 * `en`: the whole dossier in English for transfer abroad. A record that names a person stands as its bare leaf hash, and
 * beside it a copy in which persons are numbered; facts and assessment follow from records and copies. `personal`: what
 * concerns one individual's own acts, others numbered.
 */
import { z } from 'zod';
import { type DisclosedRecord, type EvidenceRecord, disclosedRecord, leaf, sha256Digest } from '#evidence/record';
import { BreakwaterError } from '../../error.ts';
import { withheld } from '../about.ts';
import { boundary, namedIn, personsIn, replaced } from './persons.ts';

export const editions = ['en', 'personal'] as const;
export type EditionName = (typeof editions)[number];

/** `edition.json`: what the dossier is an edition of, by the digest of that manifest, and whom it is for. */
export const editionSchema = z.strictObject({
  schema: z.literal('breakwater.edition/1'),
  edition: z.enum(editions),
  of: sha256Digest,
  person: z.string().min(1).max(128).nullable(),
});
export type Edition = z.infer<typeof editionSchema>;

/** A copy of a record with persons replaced. What it says is the company's word: only the record itself is a leaf of the log. */
export const redactedSchema = z.strictObject({
  schema: z.literal('breakwater.redacted/1'),
  index: z.int().min(0),
  leaf,
  payload: z.json(),
});
export type RedactedRecord = z.infer<typeof redactedSchema>;

/** The member that holds the copy of the record at `index`. */
export function redactedPath(index: number): string {
  return `redacted/${String(index).padStart(8, '0')}.json`;
}

/** Of these not even a copy is given: keys of persons, who signed in, and what happens in cases. */
const neverCopied = /^(?:auth\.|review\.case-|review\.copy-)/;

/** The records of an edition, and the copies that stand beside those that are withheld for the sake of a person. */
export function redact(
  records: readonly EvidenceRecord[],
  { edition, person }: Pick<Edition, 'edition' | 'person'>,
): { records: EvidenceRecord[]; redacted: RedactedRecord[] } {
  const others = personsIn(records).filter((one) => one !== person);
  const names = new Map(others.map((one, i) => [one, `person-${i + 1}`]));
  const words = others.map(boundary);
  const isMentioned = (record: DisclosedRecord): boolean => {
    const text = JSON.stringify([record.leaf, record.payload]);
    return words.some((word) => text.search(word) >= 0);
  };
  const redacted: RedactedRecord[] = [];
  const opened = records.map((record): EvidenceRecord => {
    if (!('leaf' in record)) return record;
    const named = namedIn(record);
    const isOwn = person !== null && named.has(person);
    if (edition === 'personal' && !isOwn) return withheld(record);
    if (!isMentioned(record)) return record;
    if (neverCopied.test(record.leaf.type)) return withheld(record);
    const keepsWords = person !== null && record.leaf.actor.id === person;
    redacted.push({
      schema: 'breakwater.redacted/1',
      index: record.index,
      leaf: leaf.parse(replaced(record.leaf, { names, keepsWords: true })),
      payload: replaced(record.payload, { names, keepsWords }),
    });
    return withheld(record);
  });
  return { records: opened, redacted };
}

/** Of a copy: it opens no leaf. */
const noSalt = `${'A'.repeat(43)}=`;

/**
 * Records and copies as one list, each under its number.
 *
 * Throws BreakwaterError `edition.copy` for a copy of what is not withheld, of what lies outside, or given twice.
 */
export function withCopies(records: readonly EvidenceRecord[], redacted: readonly RedactedRecord[]): EvidenceRecord[] {
  const copies = new Map(redacted.map((copy) => [copy.index, copy]));
  if (copies.size !== redacted.length) throw new BreakwaterError('edition.copy', 'a record is copied twice');
  const merged = records.map((record): EvidenceRecord => {
    const copy = copies.get(record.index);
    if (copy === undefined) return record;
    if ('leaf' in record)
      throw new BreakwaterError('edition.copy', `record ${record.index} is open and copied besides`);
    copies.delete(record.index);
    const { index, leaf: own, payload } = copy;
    return disclosedRecord.parse({ schema: 'breakwater.record/1', index, leaf: own, salt: noSalt, payload });
  });
  const [outside] = copies.keys();
  if (outside !== undefined) throw new BreakwaterError('edition.copy', `record ${outside} is outside the range`);
  return merged;
}

/** Whether everybody whom the records name is a number, or the individual for whom the edition is. The first who is not; null: nobody. */
export function firstNamed(records: readonly EvidenceRecord[], person: string | null): string | null {
  return personsIn(records).find((one) => one !== person && !/^person-[1-9]\d*$/.test(one)) ?? null;
}
