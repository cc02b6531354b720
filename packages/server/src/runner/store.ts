import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { RunEvent, RunEventBody, RunLogRow } from '@breakwater/rules/runner';
import type { Db, Tx } from '#platform/db';

type RunTable = {
  id: string;
  institution: string;
  plan: string;
  plan_hash: string;
  mode: 'live' | 'rehearsal';
  host: string;
  requested_by: string;
  requested_at: Date;
  ended_at: Date | null;
  outcome: string | null;
};

type LeaseTable = {
  run: string;
  institution: string;
  owner: string | null;
  epoch: number;
  expires: Date | null;
};

type EventTable = {
  run: string;
  seq: number;
  epoch: number;
  type: string;
  data: unknown;
  at: Date;
  prev_hash: Buffer | null;
  hash: Buffer;
};

type WorkerTable = {
  id: string;
  lock_key: string;
  seen_at: Date;
};

type Tables = {
  run: RunTable;
  run_lease: LeaseTable;
  run_event: EventTable;
  run_worker: WorkerTable;
};

/** Name of the notification that something was asked of a run, or that one is to be claimed. Payload: the run's id. */
export const askedChannel = 'breakwater_run_asked';
/** Name of the notification that a run's events grew. Payload: the run's id. */
export const grownChannel = 'breakwater_run_grown';

/** A run as it was requested; what happened to it is in its events. */
export interface RunRow {
  readonly id: string;
  readonly institution: string;
  readonly plan: string;
  readonly planHash: string;
  readonly mode: 'live' | 'rehearsal';
  readonly host: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly outcome: string | null;
}

/** A lease that a worker holds: its writes carry `epoch`. */
export interface Lease {
  readonly run: string;
  readonly epoch: number;
}

function own(db: Db | Tx): Kysely<Tables> {
  return db.withTables<Tables>();
}

/** Adds a run and its lease. Returns false when the plan revision has, or has had, a live run: nothing was added. */
export async function insertRun(tx: Tx, run: Omit<RunRow, 'outcome'>): Promise<boolean> {
  const { rows } = await sql`
    insert into run (id, institution, plan, plan_hash, mode, host, requested_by, requested_at)
    values (${run.id}, ${run.institution}, ${run.plan}, ${run.planHash}, ${run.mode}, ${run.host}, ${run.requestedBy}, ${run.requestedAt})
    on conflict do nothing returning id`.execute(tx);
  if (rows.length === 0) return false;
  await sql`insert into run_lease (run, institution) values (${run.id}, ${run.institution})`.execute(tx);
  return true;
}

/** An event to be appended: only while `epoch` is its run's (null: under whatever epoch that is). */
export type NewEvent = RunEventBody & { readonly run: string; readonly epoch: number | null; readonly at: string };

/**
 * Appends events in order. Events of one run stand together and runs in the order of their ids. Returns the `seq` of
 * each, null for one whose run has another epoch: nothing was written of it. With `evidence`, one entry an event, the
 * entries of the events that were written are appended in the same statement.
 */
export async function appendEvents(
  db: Db | Tx,
  events: readonly NewEvent[],
  evidence?: (accepted: RawBuilder<unknown>) => RawBuilder<unknown>,
): Promise<(number | null)[]> {
  const column = <T>(pick: (event: NewEvent) => T): T[] => events.map(pick);
  const appended = sql`run_append(${column((e) => e.run)}::text[], ${column((e) => e.epoch)}::integer[],
    ${column((e) => e.type)}::text[], ${column((e) => JSON.stringify(e.data))}::text[], ${column((e) => e.at)}::text[])`;
  const statement =
    evidence === undefined
      ? sql<{ seqs: (number | null)[] }>`select ${appended} as seqs`
      : sql<{ seqs: (number | null)[] }>`with appended as materialized (select ${appended} as seqs)
          select seqs, ${evidence(sql`seqs`)} as entries from appended`;
  const { rows } = await statement.execute(db);
  return rows[0]?.seqs ?? [];
}

/** The events of a run with seq > `after`, in order. */
export async function readEvents(db: Db | Tx, run: string, after = -1): Promise<RunEvent[]> {
  const rows = await own(db)
    .selectFrom('run_event')
    .select(['seq', 'epoch', 'type', 'data', 'at'])
    .where('run', '=', run)
    .where('seq', '>', after)
    .orderBy('seq')
    .execute();
  return rows.map(
    ({ seq, epoch, type, data, at }) => ({ run, seq, epoch, type, data, at: at.toISOString() }) as RunEvent,
  );
}

/** Runs that have not ended, oldest first. */
export async function openRuns(db: Db | Tx, institution: string): Promise<RunRow[]> {
  const rows = await own(db)
    .selectFrom('run')
    .selectAll()
    .where('institution', '=', institution)
    .where('ended_at', 'is', null)
    .orderBy('requested_at')
    .execute();
  return rows.map(runRow);
}

/** The log of a run as it was hashed. */
export async function readLog(db: Db | Tx, run: string): Promise<RunLogRow[]> {
  const { rows } = await sql<Omit<RunLogRow, 'at'> & { at: Date }>`
    select run, seq, epoch, type, at, data::text as data, encode(prev_hash, 'hex') as "prevHash", encode(hash, 'hex') as hash
    from run_event where run = ${run} order by seq`.execute(db);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

export async function readRun(db: Db | Tx, run: string): Promise<RunRow | null> {
  const row = await own(db).selectFrom('run').selectAll().where('id', '=', run).executeTakeFirst();
  return row === undefined ? null : runRow(row);
}

/** The newest runs of an institution, newest first. */
export async function listRuns(db: Db | Tx, institution: string, limit: number): Promise<RunRow[]> {
  const rows = await own(db)
    .selectFrom('run')
    .selectAll()
    .where('institution', '=', institution)
    .orderBy('requested_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(runRow);
}

/** The live run of a plan revision that was not refused, if there is one. */
export async function liveRunOf(db: Db | Tx, institution: string, planHash: string): Promise<RunRow | null> {
  const row = await own(db)
    .selectFrom('run')
    .selectAll()
    .where('institution', '=', institution)
    .where('plan_hash', '=', planHash)
    .where('mode', '=', 'live')
    .where((eb) => eb.or([eb('outcome', 'is', null), eb('outcome', '!=', 'refused')]))
    .executeTakeFirst();
  return row === undefined ? null : runRow(row);
}

function runRow(row: RunTable): RunRow {
  return {
    id: row.id,
    institution: row.institution,
    plan: row.plan,
    planHash: row.plan_hash,
    mode: row.mode,
    host: row.host,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at.toISOString(),
    outcome: row.outcome,
  };
}

/** Marks a run as ended; it is then no worker's any more. */
export async function endRun(tx: Tx, run: string, outcome: string, at: string): Promise<void> {
  await sql`update run set ended_at = ${at}, outcome = ${outcome} where id = ${run} and ended_at is null`.execute(tx);
  await sql`update run_lease set owner = null, expires = null where run = ${run}`.execute(tx);
}

/**
 * Says, in one statement, that a worker lives, and moves the end of its leases to `ttlMs` from now by the database's
 * clock. `lockKey` is the advisory lock that it holds while its connection lives.
 */
export async function confirmOwnership(query: Query, worker: string, lockKey: string, ttlMs: number): Promise<void> {
  await query(
    `with seen as (
       insert into run_worker (id, lock_key) values ($1, $2::bigint)
       on conflict (id) do update set seen_at = clock_timestamp())
     update run_lease set expires = clock_timestamp() + $3 * interval '1 millisecond'
     where run in (select run from run_lease where owner = $1 for update skip locked)`,
    [worker, lockKey, ttlMs],
  );
}

/** A statement on a connection that is not the pool's. */
export type Query = (text: string, values: readonly unknown[]) => Promise<unknown>;

/** What became of a lease's last owner. */
export type Orphaned = 'unowned' | 'connection-lost' | 'host-lost';

const aliveWorker = sql`exists (
  select from run_worker w
  where w.id = l.owner and exists (
    select from pg_locks k
    where k.locktype = 'advisory' and k.objsubid = 1 and k.granted
      and k.database = (select oid from pg_database where datname = current_database())
      and ((k.classid::bigint << 32) | k.objid::bigint) = w.lock_key))`;

/**
 * Open runs that nobody owns: never claimed, the owner's connection is gone, or its lease has run out because its host is
 * lost or it hangs.
 */
export async function orphanedRuns(
  db: Db | Tx,
  self: string,
): Promise<{ run: string; epoch: number; why: Orphaned; silentMs: number }[]> {
  const { rows } = await sql<{ run: string; epoch: number; why: Orphaned; silentMs: number }>`
    select l.run, l.epoch,
      coalesce(extract(epoch from clock_timestamp() - l.expires) * 1000, 0)::double precision as "silentMs",
      case when l.owner is null then 'unowned'
        when not ${aliveWorker} then 'connection-lost' else 'host-lost' end as why
    from run r join run_lease l on l.run = r.id
    where r.ended_at is null and l.owner is distinct from ${self}
      and (l.owner is null or l.expires <= clock_timestamp() or not ${aliveWorker})
    order by r.requested_at limit 100`.execute(db);
  return rows;
}

/**
 * Takes a lease whose epoch is still `epoch`. Returns null when another worker was faster, or when its row is locked
 * just now (the next sweep tries again).
 */
export async function claimLease(
  tx: Tx,
  run: string,
  epoch: number,
  owner: string,
  ttlMs: number,
): Promise<Lease | null> {
  const { rows } = await sql<{ epoch: number }>`
    update run_lease set owner = ${owner}, epoch = epoch + 1, expires = clock_timestamp() + ${ttlMs} * interval '1 millisecond'
    where run = (select run from run_lease where run = ${run} and epoch = ${epoch} for update skip locked)
    returning epoch`.execute(tx);
  const claimed = rows[0];
  return claimed === undefined ? null : { run, epoch: claimed.epoch };
}

/** Gives a worker's leases up at its orderly end, so that others claim them at once. */
export async function releaseLeases(tx: Tx, worker: string): Promise<void> {
  await sql`update run_lease set owner = null, expires = clock_timestamp() where owner = ${worker}`.execute(tx);
}

/** Removes workers that were not seen for a day and own nothing. */
export async function forgetWorkers(tx: Tx): Promise<void> {
  await sql`delete from run_worker w where w.seen_at < clock_timestamp() - interval '1 day'
    and not exists (select from run_lease l where l.owner = w.id)`.execute(tx);
}

/** Tells listeners of a channel about runs, in the transaction when given one. */
export async function notify(db: Db | Tx, channel: string, runs: readonly string[]): Promise<void> {
  await sql`select pg_notify(${channel}, run) from unnest(${runs}::text[]) as run`.execute(db);
}
