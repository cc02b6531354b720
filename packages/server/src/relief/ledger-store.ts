/** The SQL of the ledgers of a run: rows of damage, leaks with their duties, what was attested, steps and changes. */
import { sql } from 'kysely';
import type { DamageRow, EvidenceItem, LeakClass, LeakDuty, LeakEntry, Range } from '@breakwater/rules/relief';
import type { Db, Tx } from '#platform/db';

export type AttestedLeaks = Record<LeakClass, Range | null>;
/** `step`: percent of the limit that the damage had reached when it was last summed. */
export type LedgerRow = { isComplete: boolean; step: number; leaks: AttestedLeaks | null };

const ledgerColumns = sql`is_complete as "isComplete", step, leaks`;

/** Locks the ledger of a run until the transaction ends, and makes it when there is none. */
export async function lockLedger(tx: Tx, institution: string, run: string): Promise<LedgerRow> {
  await sql`insert into relief_ledger (institution, run) values (${institution}, ${run}) on conflict do nothing`.execute(
    tx,
  );
  const { rows } = await sql<LedgerRow>`
    select ${ledgerColumns} from relief_ledger where institution = ${institution} and run = ${run} for update`.execute(
    tx,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the ledger that was made is there');
  return row;
}

export async function readLedger(db: Db | Tx, institution: string, run: string): Promise<LedgerRow | null> {
  const { rows } = await sql<LedgerRow>`
    select ${ledgerColumns} from relief_ledger where institution = ${institution} and run = ${run}`.execute(db);
  return rows[0] ?? null;
}

/** Says that all failed transactions of the run were looked at. */
export async function completeLedger(tx: Tx, institution: string, run: string): Promise<void> {
  await sql`update relief_ledger set is_complete = true where institution = ${institution} and run = ${run}`.execute(
    tx,
  );
}

/** Keeps the step that was reached, and that something changed at `at`. */
export async function changeLedger(tx: Tx, institution: string, run: string, step: number, at: Date): Promise<void> {
  await sql`
    update relief_ledger set step = ${step}, changed_at = ${at} where institution = ${institution} and run = ${run}`.execute(
    tx,
  );
}

export async function attestLeaks(tx: Tx, institution: string, run: string, leaks: AttestedLeaks): Promise<void> {
  await sql`
    update relief_ledger set leaks = ${JSON.stringify(leaks)} where institution = ${institution} and run = ${run}`.execute(
    tx,
  );
}

/** Runs in which something changed before `before` and that were not assessed since, and not after `assessedBefore`. */
export async function changedRuns(
  db: Db | Tx,
  institution: string,
  before: Date,
  assessedBefore: Date,
): Promise<{ run: string; changedAt: Date }[]> {
  const { rows } = await sql<{ run: string; changedAt: Date }>`
    select run, changed_at as "changedAt" from relief_ledger
    where institution = ${institution} and changed_at <= ${before}
      and (assessed_at is null or (assessed_at < changed_at and assessed_at < ${assessedBefore}))
    order by changed_at limit 100`.execute(db);
  return rows;
}

export async function markAssessed(tx: Tx, institution: string, run: string, at: Date): Promise<void> {
  await sql`update relief_ledger set assessed_at = ${at} where institution = ${institution} and run = ${run}`.execute(
    tx,
  );
}

export type StoredDamageRow = DamageRow & {
  id: string;
  revision: number;
  evidence: EvidenceItem[];
  by: string;
  at: Date;
};

/** The rows of a run as they stand: the newest revision of each, in the order they were begun. */
export async function readDamageRows(db: Db | Tx, institution: string, run: string): Promise<StoredDamageRow[]> {
  type Row = Omit<StoredDamageRow, 'amount'> & { isKnown: boolean; low: number; high: number | null };
  const { rows } = await sql<Row>`
    select * from (
      select distinct on (id) id, revision, type, state, is_known as "isKnown", low, high, evidence, recorded_by as by,
        recorded_at as at, min(recorded_at) over (partition by id) as begun
      from relief_damage_row where institution = ${institution} and run = ${run} order by id, revision desc
    ) newest order by begun, id`.execute(db);
  return rows.map(({ isKnown, low, high, id, revision, type, state, evidence, by, at }) => ({
    id,
    revision,
    type,
    state,
    evidence,
    by,
    at,
    amount: isKnown ? { low, high } : null,
  }));
}

export async function insertDamageRow(tx: Tx, institution: string, run: string, row: StoredDamageRow): Promise<void> {
  await sql`
    insert into relief_damage_row (institution, run, id, revision, type, state, is_known, low, high, evidence, recorded_by, recorded_at)
    values (${institution}, ${run}, ${row.id}, ${row.revision}, ${row.type}, ${row.state}, ${row.amount !== null},
      ${row.amount?.low ?? 0}, ${row.amount?.high ?? null}, ${JSON.stringify(row.evidence)}, ${row.by}, ${row.at})`.execute(
    tx,
  );
}

export type StoredLeak = {
  id: string;
  run: string;
  revision: number;
  entry: LeakEntry;
  class: LeakClass;
  special: boolean | null;
  by: string;
  at: Date;
};

const leakColumns = sql`id, run, revision, entry, class, special, recorded_by as by, recorded_at as at`;

/** The leaks of a run as they stand, in the order they were found. */
export async function readLeaks(db: Db | Tx, institution: string, run: string): Promise<StoredLeak[]> {
  const { rows } = await sql<StoredLeak>`
    select distinct on (id) ${leakColumns} from relief_leak where institution = ${institution} and run = ${run}
    order by id, revision desc`.execute(db);
  return rows.toSorted((a, b) => Date.parse(a.entry.discoveredAt) - Date.parse(b.entry.discoveredAt));
}

export async function runsWithLeaks(db: Db | Tx, institution: string): Promise<string[]> {
  const { rows } = await sql<{ run: string }>`
    select distinct run from relief_leak where institution = ${institution} order by run`.execute(db);
  return rows.map(({ run }) => run);
}

/** A leak as it stands. */
export async function readLeak(db: Db | Tx, institution: string, id: string): Promise<StoredLeak | null> {
  const { rows } = await sql<StoredLeak>`
    select ${leakColumns} from relief_leak where institution = ${institution} and id = ${id}
    order by revision desc limit 1`.execute(db);
  return rows[0] ?? null;
}

export async function insertLeak(tx: Tx, institution: string, leak: StoredLeak): Promise<void> {
  await sql`
    insert into relief_leak (institution, run, id, revision, entry, class, special, recorded_by, recorded_at)
    values (${institution}, ${leak.run}, ${leak.id}, ${leak.revision}, ${JSON.stringify(leak.entry)}, ${leak.class},
      ${leak.special}, ${leak.by}, ${leak.at})`.execute(tx);
}

export type LeakDutyRow = {
  leak: string;
  duty: LeakDuty;
  /** `lapsed`: what is known now rules it out. */
  status: 'due' | 'possible' | 'lapsed';
  dueAt: Date;
  doneAt: Date | null;
  reference: string | null;
  doneBy: string | null;
  reminded: string | null;
};

const dutyColumns = sql`leak, duty, status, due_at as "dueAt", done_at as "doneAt", reference, done_by as "doneBy", reminded`;

export async function readLeakDuties(db: Db | Tx, institution: string, leak: string): Promise<LeakDutyRow[]> {
  const { rows } = await sql<LeakDutyRow>`
    select ${dutyColumns} from relief_leak_duty where institution = ${institution} and leak = ${leak}
    order by due_at, duty`.execute(db);
  return rows;
}

/** Clocks of leaks that run and end before `before`. */
export async function runningLeakDuties(db: Db | Tx, institution: string, before: Date): Promise<LeakDutyRow[]> {
  const { rows } = await sql<LeakDutyRow>`
    select ${dutyColumns} from relief_leak_duty
    where institution = ${institution} and done_at is null and status <> 'lapsed' and due_at <= ${before}
    order by due_at limit 1000`.execute(db);
  return rows;
}

/** Sets the duties of a leak to what is known now; one that is no longer among them lapses unless it was done. */
export async function setLeakDuties(
  tx: Tx,
  institution: string,
  leak: string,
  duties: readonly { duty: LeakDuty; status: 'due' | 'possible'; due: number }[],
): Promise<void> {
  const rows = duties.map(({ duty, status, due }) => ({ duty, status, due_at: new Date(due).toISOString() }));
  await sql`
    insert into relief_leak_duty (institution, leak, duty, status, due_at)
    select ${institution}, ${leak}, u.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as u (duty text, status text, due_at timestamptz)
    on conflict (institution, leak, duty) do update set status = excluded.status, due_at = excluded.due_at`.execute(tx);
  await sql`
    update relief_leak_duty set status = 'lapsed' where institution = ${institution} and leak = ${leak}
      and done_at is null and not duty = any (${duties.map(({ duty }) => duty)}::text[])`.execute(tx);
}

/** Marks a duty done. False when it is not one of the leak, or was done before. */
export async function finishLeakDuty(
  tx: Tx,
  institution: string,
  { leak, duty, doneAt, reference, by }: { leak: string; duty: LeakDuty; doneAt: Date; reference: string; by: string },
): Promise<boolean> {
  const { rows } = await sql`
    update relief_leak_duty set done_at = ${doneAt}, reference = ${reference}, done_by = ${by}
    where institution = ${institution} and leak = ${leak} and duty = ${duty} and done_at is null returning duty`.execute(
    tx,
  );
  return rows.length === 1;
}

export async function markDutyReminded(
  tx: Tx,
  institution: string,
  { leak, duty }: { leak: string; duty: LeakDuty },
  step: string,
): Promise<void> {
  await sql`
    update relief_leak_duty set reminded = ${step}
    where institution = ${institution} and leak = ${leak} and duty = ${duty}`.execute(tx);
}
