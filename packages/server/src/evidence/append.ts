import type { RawBuilder } from 'kysely';
import { BreakwaterError } from '@breakwater/rules';
import type { Actor, EvidenceEntry } from '@breakwater/rules/evidence';
import { payloadErased } from '@breakwater/rules/evidence/record';
import type { Tx } from '#platform/db';
import { sealEntry } from './entry.ts';
import { appendExpression, eraseEntry, insertEntries } from './store.ts';

/** Entries of one statement; more are appended in several, in the same transaction. */
const STATEMENT_ENTRIES = 1_000;

/**
 * Appends records in the caller's transaction: they are in the log if and only if it commits. Their places in the log are
 * given when they are integrated.
 *
 * @throws BreakwaterError `evidence.bad-entry`, `evidence.leaf-too-long` or `evidence.not-json`, before anything is written.
 */
export async function append(tx: Tx, entries: EvidenceEntry | readonly EvidenceEntry[]): Promise<void> {
  const sealed = (Array.isArray(entries) ? (entries as readonly EvidenceEntry[]) : [entries as EvidenceEntry]).map(
    sealEntry,
  );
  for (let from = 0; from < sealed.length; from += STATEMENT_ENTRIES) {
    await insertEntries(tx, sealed.slice(from, from + STATEMENT_ENTRIES));
  }
}

/**
 * An SQL expression that appends, as part of a caller's own statement, the entries whose place in `accepted` (an SQL
 * integer array of the same length) is not null. For callers whose statement itself decides what happened; its value is
 * how many were appended.
 *
 * @throws BreakwaterError as `append`.
 */
export function appendAccepted(entries: readonly EvidenceEntry[], accepted: RawBuilder<unknown>): RawBuilder<unknown> {
  return appendExpression(entries.map(sealEntry), accepted);
}

export interface Erasure {
  readonly institution: string;
  /** Place in the log of the record whose payload goes. */
  readonly index: number;
  /** Why, in words that name no person: it stays in the log for ever. */
  readonly reason: string;
  readonly actor: Actor;
  readonly at: string;
}

/**
 * Erases the payload and salt of a record and appends `evidence.payload-erased` in the same transaction. The leaf and
 * every proof over it stay valid; what was in the payload can no longer be opened from this database. Copies in backups
 * and in exported dossiers are for their owners to remove.
 *
 * @throws BreakwaterError `evidence.nothing-to-erase` when the institution has no such record or it was erased before.
 */
export async function erase(tx: Tx, erasure: Erasure): Promise<void> {
  const { institution, index, reason, actor, at } = erasure;
  const entry: EvidenceEntry = {
    type: payloadErased.type,
    institution,
    subjects: { record: String(index) },
    actor,
    at,
    payload: { index, reason, by: actor.id },
  };
  if (!(await eraseEntry(tx, index, sealEntry(entry)))) {
    throw new BreakwaterError(
      'evidence.nothing-to-erase',
      `${institution} has no record ${index} with a payload`,
      '/index',
    );
  }
}
