import { journalRecord, guardAlarm, type GuardAlarm, type JournalEntry } from '@breakwater/rules/guard/record';
import * as evidence from '#evidence';
import { inTransaction, type Db, type Tx } from '#platform/db';
import { followingEntries, type ChainFault } from './chain.ts';
import { insertEntries, markAlarmed, readCursor, type JournalCursor } from './store.ts';

/** What is done with entries and alarms in the commit that takes them; the guard does not know by whom. */
export interface JournalSink {
  entries(tx: Tx, run: string, entries: readonly JournalEntry[]): Promise<void>;
  alarm(tx: Tx, alarm: GuardAlarm): Promise<void>;
}

/**
 * Takes entries of a run exactly once: those that were taken before are passed over, those that do not follow are not
 * taken and raise one alarm. Entry, evidence and what `sink` writes are one commit. Returns how many were taken.
 */
export async function ingest(db: Db, run: string, entries: readonly JournalEntry[], sink: JournalSink): Promise<number> {
  if (entries.length === 0) return 0;
  return inTransaction(db, async (tx) => {
    const cursor = await readCursor(tx, run, true);
    if (cursor === null) throw new Error(`no journal was opened for run ${run}`);
    const { taken, fault } = followingEntries(cursor, entries);
    if (taken.length > 0) {
      await insertEntries(tx, cursor, taken);
      for (const entry of taken) {
        await evidence.append(tx, {
          type: journalRecord.type,
          institution: cursor.institution,
          subjects: { run, host: cursor.host },
          actor: { kind: 'host', id: cursor.host },
          at: entry.at,
          payload: entry,
        });
      }
      await sink.entries(tx, run, taken);
    }
    if (fault !== null) await raise(tx, cursor, fault, sink);
    return taken.length;
  });
}

/** Raises the alarm that the host now has less than was taken from it, or than it had signed. Once a run. */
export async function raiseCut(db: Db, run: string, hostSeq: number, sink: JournalSink): Promise<void> {
  await inTransaction(db, async (tx) => {
    const cursor = await readCursor(tx, run, true);
    if (cursor === null || hostSeq >= Math.max(cursor.seq, cursor.promisedSeq)) return;
    await raise(tx, cursor, { kind: 'journal-cut', seq: hostSeq, detail: `the journal ends at entry ${hostSeq}` }, sink);
  });
}

async function raise(tx: Tx, cursor: JournalCursor, fault: ChainFault, sink: JournalSink): Promise<void> {
  if (cursor.alarmed) return;
  const alarm: GuardAlarm = {
    host: cursor.host,
    run: cursor.run,
    kind: fault.kind,
    detail: fault.detail,
    ingestedSeq: cursor.seq < 0 ? null : cursor.seq,
    promisedSeq: cursor.promisedSeq < 0 ? null : cursor.promisedSeq,
    at: new Date().toISOString(),
  };
  await markAlarmed(tx, cursor.run);
  await evidence.append(tx, {
    type: guardAlarm.type,
    institution: cursor.institution,
    subjects: { run: cursor.run, host: cursor.host },
    actor: { kind: 'system', id: 'guard' },
    at: alarm.at,
    payload: alarm,
  });
  await sink.alarm(tx, alarm);
}
