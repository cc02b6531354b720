import type { EvidenceEntry } from '@breakwater/rules/evidence';
import {
  guardAlarm,
  journalHeadRecord,
  journalRecord,
  type GuardAlarm,
  type JournalEntry,
  type JournalHead,
} from '@breakwater/rules/guard/record';
import * as evidence from '#evidence';
import { inTransaction, type Db, type Tx } from '#platform/db';
import { followingEntries } from './chain.ts';
import {
  keepDisruptions,
  markAlarmed,
  markSealed,
  moveCursor,
  promiseHead,
  readCursor,
  type JournalCursor,
} from './store.ts';

/** What is done with entries and alarms in the commit that takes them; the guard does not know by whom. */
export interface JournalSink {
  entries(tx: Tx, run: string, entries: readonly JournalEntry[]): Promise<void>;
  alarm(tx: Tx, alarm: GuardAlarm): Promise<void>;
}

/**
 * Takes entries of a run exactly once: those that were taken before are passed over, those that do not follow are not
 * taken and raise one alarm. Evidence and what `sink` writes are one commit. Returns how many were taken.
 */
export async function ingest(
  db: Db,
  run: string,
  entries: readonly JournalEntry[],
  sink: JournalSink,
): Promise<number> {
  if (entries.length === 0) return 0;
  return inTransaction(db, async (tx) => {
    const cursor = await readCursor(tx, run, true);
    if (cursor === null) throw new Error(`no journal was opened for run ${run}`);
    const { taken, fault } = followingEntries(cursor, entries);
    const last = taken.at(-1);
    if (last !== undefined) {
      await moveCursor(tx, run, last);
      await evidence.append(
        tx,
        taken.map((entry) => recordOf(cursor, journalRecord.type, { kind: 'host', id: cursor.host }, entry.at, entry)),
      );
      await keepDisruptions(tx, cursor, taken);
      await sink.entries(tx, run, taken);
    }
    if (fault !== null) await raise(tx, cursor, fault, sink);
    return taken.length;
  });
}

/** How far a journal reached when `cursor` was read: what was taken, or what the host had signed. */
export function reach(cursor: JournalCursor): number {
  return Math.max(cursor.seq, cursor.promised?.seq ?? -1);
}

/** Raises an alarm about a run's host or its journal, in evidence and sink; each kind once a run. */
export async function raiseAlarm(
  db: Db,
  run: string,
  alarm: { kind: GuardAlarm['kind']; detail: string },
  sink: JournalSink,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const cursor = await readCursor(tx, run, true);
    if (cursor !== null) await raise(tx, cursor, alarm, sink);
  });
}

/**
 * Keeps a head whose signature was held good. The head is put into the evidence log when `seal` asks for it and the
 * entries up to it were taken.
 */
export async function keepHead(db: Db, head: JournalHead, seal: boolean): Promise<void> {
  await promiseHead(db, head);
  if (seal) await sealHead(db, head.run);
}

/** Puts the newest signed head that the taken entries reach into the evidence log, if it is not there. */
export async function sealHead(db: Db, run: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    const cursor = await readCursor(tx, run, true);
    const head = cursor?.promised;
    if (!cursor || !head || head.seq > cursor.seq || head.seq <= cursor.sealedSeq) return;
    await markSealed(tx, run, head.seq);
    await evidence.append(
      tx,
      recordOf(cursor, journalHeadRecord.type, { kind: 'host', id: cursor.host }, new Date().toISOString(), head),
    );
  });
}

async function raise(
  tx: Tx,
  cursor: JournalCursor,
  { kind, detail }: { kind: GuardAlarm['kind']; detail: string },
  sink: JournalSink,
): Promise<void> {
  if (cursor.alarms.includes(kind)) return;
  const alarm: GuardAlarm = {
    host: cursor.host,
    run: cursor.run,
    kind,
    detail,
    ingestedSeq: cursor.seq < 0 ? null : cursor.seq,
    promisedSeq: cursor.promised?.seq ?? null,
    at: new Date().toISOString(),
  };
  await markAlarmed(tx, cursor.run, kind);
  await evidence.append(tx, recordOf(cursor, guardAlarm.type, { kind: 'system', id: 'guard' }, alarm.at, alarm));
  await sink.alarm(tx, alarm);
}

function recordOf(
  { institution, run, host }: JournalCursor,
  type: string,
  actor: EvidenceEntry['actor'],
  at: string,
  payload: EvidenceEntry['payload'],
): EvidenceEntry {
  return { type, institution, subjects: { run, host }, actor, at, payload };
}
