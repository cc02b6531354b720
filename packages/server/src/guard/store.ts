import { sql } from 'kysely';
import type { JournalEntry, JournalHead } from '@breakwater/rules/guard/record';
import type { Db, Tx } from '#platform/db';

type HostTable = {
  institution: string;
  host: string;
  public_key: string;
  enrolled_by: string;
  enrolled_at: Date;
};

type SeenTable = {
  institution: string;
  host: string;
  boot: string;
  protocol: number;
  level: string;
  clock_offset_ms: number;
  seen_at: Date;
};

type Tables = { execution_host: HostTable; execution_host_seen: SeenTable };

/** An execution host whose signatures count. */
export interface EnrolledHost {
  readonly host: string;
  /** SPKI PEM. */
  readonly publicKey: string;
  readonly enrolledBy: string;
  readonly enrolledAt: string;
}

/** What a host last said of itself. */
export interface SeenHost {
  readonly host: string;
  readonly boot: string;
  readonly protocol: number;
  readonly level: string;
  /** The host's wall clock minus the server's. */
  readonly clockOffsetMs: number;
  readonly seenAt: string;
}

/** How far the journal of a run was taken, and the newest head that the host signed. -1 = nothing. */
export interface JournalCursor {
  readonly run: string;
  readonly institution: string;
  readonly host: string;
  readonly seq: number;
  /** Hash of the last entry taken. */
  readonly head: string | null;
  readonly promised: JournalHead | null;
  /** Up to where heads were put into the evidence log. */
  readonly sealedSeq: number;
  readonly alarms: string[];
}

export async function upsertHost(tx: Tx, institution: string, host: EnrolledHost): Promise<void> {
  await sql`
    insert into execution_host (institution, host, public_key, enrolled_by, enrolled_at)
    values (${institution}, ${host.host}, ${host.publicKey}, ${host.enrolledBy}, ${host.enrolledAt})
    on conflict (institution, host) do update
    set public_key = excluded.public_key, enrolled_by = excluded.enrolled_by, enrolled_at = excluded.enrolled_at`.execute(
    tx,
  );
}

export async function readHosts(db: Db | Tx, institution: string): Promise<EnrolledHost[]> {
  const rows = await db
    .withTables<Tables>()
    .selectFrom('execution_host')
    .selectAll()
    .where('institution', '=', institution)
    .orderBy('host')
    .execute();
  return rows.map((row) => ({
    host: row.host,
    publicKey: row.public_key,
    enrolledBy: row.enrolled_by,
    enrolledAt: row.enrolled_at.toISOString(),
  }));
}

/** Keeps what a host says of itself; returns what it had said before. */
export async function sawHost(db: Db | Tx, institution: string, seen: SeenHost): Promise<void> {
  await sql`
    insert into execution_host_seen (institution, host, boot, protocol, level, clock_offset_ms, seen_at)
    values (${institution}, ${seen.host}, ${seen.boot}, ${seen.protocol}, ${seen.level}, ${seen.clockOffsetMs}, ${seen.seenAt})
    on conflict (institution, host) do update
    set boot = excluded.boot, protocol = excluded.protocol, level = excluded.level,
      clock_offset_ms = excluded.clock_offset_ms, seen_at = excluded.seen_at`.execute(db);
}

export async function readSeenHosts(db: Db | Tx, institution: string): Promise<SeenHost[]> {
  const rows = await db
    .withTables<Tables>()
    .selectFrom('execution_host_seen')
    .selectAll()
    .where('institution', '=', institution)
    .orderBy('host')
    .execute();
  return rows.map((row) => ({
    host: row.host,
    boot: row.boot,
    protocol: row.protocol,
    level: row.level,
    clockOffsetMs: row.clock_offset_ms,
    seenAt: row.seen_at.toISOString(),
  }));
}

/** Opens the journal of a run; opening it again changes nothing. */
export async function openJournal(tx: Tx, institution: string, run: string, host: string): Promise<void> {
  await sql`insert into guard_journal (run, institution, host) values (${run}, ${institution}, ${host})
    on conflict (run) do nothing`.execute(tx);
}

type CursorRow = {
  run: string;
  institution: string;
  host: string;
  seq: number;
  head: string | null;
  promised_seq: number;
  promised_hash: string | null;
  promised_signature: string | null;
  sealed_seq: number;
  alarms: string[];
};

/** The cursor of a run's journal; with `lock`, nobody else takes entries of it until the transaction ends. */
export async function readCursor(db: Db | Tx, run: string, lock: boolean): Promise<JournalCursor | null> {
  const { rows } = await sql<CursorRow>`
    select run, institution, host, seq, head, promised_seq, promised_hash, promised_signature, sealed_seq, alarms
    from guard_journal where run = ${run} ${lock ? sql`for update` : sql``}`.execute(db);
  const row = rows[0];
  if (row === undefined) return null;
  const { promised_seq: seq, promised_hash: hash, promised_signature: signature } = row;
  return {
    run: row.run,
    institution: row.institution,
    host: row.host,
    seq: row.seq,
    head: row.head,
    promised: hash === null || signature === null ? null : { run: row.run, host: row.host, seq, hash, signature },
    sealedSeq: row.sealed_seq,
    alarms: row.alarms,
  };
}

/** Moves the cursor behind the last entry that was taken. */
export async function moveCursor(tx: Tx, run: string, last: JournalEntry): Promise<void> {
  await sql`update guard_journal set seq = ${last.seq}, head = ${last.hash} where run = ${run}`.execute(tx);
}

/** Keeps the newest head that the host signed, never an older one. */
export async function promiseHead(db: Db | Tx, head: JournalHead): Promise<void> {
  await sql`
    update guard_journal set promised_seq = ${head.seq}, promised_hash = ${head.hash}, promised_signature = ${head.signature}
    where run = ${head.run} and promised_seq < ${head.seq}`.execute(db);
}

/** Notes that the head of entry `seq` is in the evidence log. */
export async function markSealed(tx: Tx, run: string, seq: number): Promise<void> {
  await sql`update guard_journal set sealed_seq = ${seq} where run = ${run}`.execute(tx);
}

/** Notes that an alarm of this kind was raised. */
export async function markAlarmed(tx: Tx, run: string, kind: string): Promise<void> {
  await sql`update guard_journal set alarms = array_append(alarms, ${kind}) where run = ${run}`.execute(tx);
}

/** Keeps when disruptions of a run began and ended, as its host told. */
export async function keepDisruptions(
  tx: Tx,
  { institution, run }: Pick<JournalCursor, 'institution' | 'run'>,
  entries: readonly JournalEntry[],
): Promise<void> {
  for (const { event } of entries) {
    if (event.type === 'disruption.opened') {
      const { disruption, service, start } = event.data;
      await sql`
        insert into guard_disruption (institution, run, disruption, service, start_at)
        values (${institution}, ${run}, ${disruption}, ${service}, ${start}) on conflict do nothing`.execute(tx);
    }
    if (event.type === 'disruption.closed') {
      const { disruption, end } = event.data;
      await sql`
        update guard_disruption set end_at = ${end}
        where institution = ${institution} and run = ${run} and disruption = ${disruption}`.execute(tx);
    }
  }
}

/** A disruption as an execution host told it; `end` null = it goes on. */
export interface ToldDisruption {
  readonly run: string;
  readonly disruption: string;
  readonly service: string;
  readonly start: Date;
  readonly end: Date | null;
}

/**
 * Disruptions that touch `[from, to]`, of one run or of all, oldest first. Those of rehearsals are among them: what a run
 * was is not known here.
 */
export async function disruptionsBetween(
  db: Db | Tx,
  institution: string,
  { from, to, run = null }: { from: Date; to: Date; run?: string | null },
): Promise<ToldDisruption[]> {
  const { rows } = await sql<ToldDisruption>`
    select run, disruption, service, start_at as start, end_at as "end" from guard_disruption
    where institution = ${institution} and start_at <= ${to} and (end_at is null or end_at >= ${from})
      and (${run}::text is null or run = ${run})
    order by start_at, disruption limit 10000`.execute(db);
  return rows;
}
