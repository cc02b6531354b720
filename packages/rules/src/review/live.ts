/** Reading records with their place in the log, and telling the live run from its rehearsals. */
import { type EvidenceRecord, type Leaf, type RecordKind, payloadOf } from '#evidence/record';
import { type JournalEntry, journalRecord } from '#guard/record';
import { runRequested } from '#runner/record';

/** An opened record of one kind. `index` is its place in the log, the number that every page and table cites. */
export interface Cited<T> {
  readonly index: number;
  readonly leaf: Leaf;
  readonly payload: T;
}

/** The opened records of one kind, in log order. Throws BreakwaterError `record.*` when one does not have its shape. */
export function cited<T>(records: readonly EvidenceRecord[], kind: RecordKind<T>): Cited<T>[] {
  return records.flatMap((record) =>
    'leaf' in record && record.leaf.type === kind.type
      ? [{ index: record.index, leaf: record.leaf, payload: payloadOf(record, kind) }]
      : [],
  );
}

/** Ids of the runs that were rehearsals: what happened in them happened to a stand-in. */
export function rehearsalRuns(
  records: readonly EvidenceRecord[],
  journal: readonly Cited<JournalEntry>[] = cited(records, journalRecord),
): ReadonlySet<string> {
  const asked = cited(records, runRequested).filter(({ payload }) => payload.mode === 'rehearsal');
  const prepared = journal.filter(
    ({ payload: { event } }) => event.type === 'run.prepared' && event.data.mode === 'rehearsal',
  );
  return new Set([...asked, ...prepared].map(({ payload }) => payload.run));
}
