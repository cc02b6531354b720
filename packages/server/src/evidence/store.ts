/** The only SQL of the evidence domain. Sizes and indices are safe integers; transaction ids travel as text. */
import { sql, type RawBuilder } from 'kysely';
import type { Db, Tx } from '#platform/db';
import type { Tile, TileName } from '@breakwater/rules/evidence';
import type { SealedEntry } from './entry.ts';

type Connection = Db | Tx;

export interface TreeState {
  readonly size: number;
  readonly root: Uint8Array;
  /** The last entry of the outbox in the tree. */
  readonly xid: string;
  readonly entry: number;
  readonly entryFloor: number;
}

/** An entry that was given its place in the log. */
export interface PlacedEntry {
  readonly xid: string;
  readonly entry: number;
  readonly leaf: string;
  readonly type: string;
}

export interface StoredRecord {
  readonly index: number;
  readonly leaf: string;
  /** Both `null` once erased. */
  readonly salt: Uint8Array | null;
  readonly payload: string | null;
}

export interface StoredCheckpoint {
  readonly origin: string;
  readonly size: number;
  /** The note with the log's signatures alone. */
  readonly note: string;
}

export interface Origin {
  readonly ordinal: number;
  readonly origin: string;
}

/** Appends sealed entries in the caller's transaction. One entry, the usual case, has a plan of its own. */
export async function insertEntries(tx: Connection, entries: readonly SealedEntry[]): Promise<void> {
  const [one] = entries;
  if (one !== undefined && entries.length === 1) {
    await sql`insert into evidence_outbox (institution, leaf, salt, payload) values (
      ${one.institution}, ${one.head} || evidence_received_at() || ${one.tail}, ${Buffer.from(one.salt)}, ${one.payload})`.execute(
      tx,
    );
    return;
  }
  const column = <T>(pick: (entry: SealedEntry) => T): T[] => entries.map(pick);
  await sql`select evidence_append(
    ${column((e) => e.institution)}::text[], ${column((e) => e.head)}::text[], ${column((e) => e.tail)}::text[],
    ${column((e) => Buffer.from(e.salt))}::bytea[], ${column((e) => e.payload)}::text[])`.execute(tx);
}

/** The expression that appends those of `entries` whose place in the SQL array `accepted` is not null. */
export function appendExpression(entries: readonly SealedEntry[], accepted: RawBuilder<unknown>): RawBuilder<unknown> {
  const kept = ['institution', 'head', 'tail', 'salt', 'payload'].map(
    (column) => sql`array(select v from unnest(${sql.ref(column)}, ${accepted}) with ordinality as u (v, a, i)
      where a is not null order by i)`,
  );
  // Nearly always all are accepted: then nothing has to be picked.
  return sql`(select case when array_position(${accepted}, null) is null
      then evidence_append(institution, head, tail, salt, payload) else evidence_append(${sql.join(kept)}) end
    from (select ${entries.map((e) => e.institution)}::text[] as institution, ${entries.map((e) => e.head)}::text[] as head,
      ${entries.map((e) => e.tail)}::text[] as tail, ${entries.map((e) => Buffer.from(e.salt))}::bytea[] as salt,
      ${entries.map((e) => e.payload)}::text[] as payload) as given)`;
}

/** Erases a payload and appends `record` of it; false when it was erased before or the institution has no such leaf. */
export async function eraseEntry(tx: Connection, index: number, record: SealedEntry): Promise<boolean> {
  const { rows } = await sql<{ erased: boolean }>`select evidence_erase(
    ${index}::bigint, ${record.institution}, ${record.head}, ${record.tail}, ${Buffer.from(record.salt)}::bytea,
    ${record.payload}) as erased`.execute(tx);
  return rows[0]?.erased === true;
}

/** Takes the sequencer's lock until the transaction ends, or returns false at once when another has it. */
export async function tryLock(tx: Tx, key: bigint): Promise<boolean> {
  const { rows } = await sql<{
    held: boolean;
  }>`select pg_try_advisory_xact_lock(${key.toString()}::bigint) as held`.execute(tx);
  return rows[0]?.held === true;
}

/** Takes the sequencer's lock until the transaction ends, waiting for it at most `timeoutMs`. */
export async function lock(tx: Tx, key: bigint, timeoutMs: number): Promise<void> {
  await sql`select set_config('lock_timeout', ${`${timeoutMs}ms`}, true)`.execute(tx);
  await sql`select pg_advisory_xact_lock(${key.toString()}::bigint)`.execute(tx);
}

export async function readTreeState(db: Connection): Promise<TreeState> {
  const { rows } = await sql<{ size: number; root: Buffer; xid: string; entry: number; entry_floor: number }>`
    select size, root, xid::text as xid, entry, entry_floor from evidence_tree_state`.execute(db);
  const [row] = rows;
  if (row === undefined)
    throw new Error('evidence_tree_state has no row: the migration of the evidence log is incomplete');
  return { size: row.size, root: row.root, xid: row.xid, entry: row.entry, entryFloor: row.entry_floor };
}

/**
 * Gives their places to entries that stand after the last one in the tree and can no longer be overtaken: every transaction
 * below the oldest running one has ended, so an entry that commits later always has a greater transaction id. The order
 * names the table: the bare word would mean the text of the answer, in which 1000 stands before 999.
 */
export async function placePending(tx: Tx, state: TreeState, limit: number): Promise<PlacedEntry[]> {
  return place(
    tx,
    state,
    sql`where (xid, id) > (${state.xid}::xid8, ${state.entry}::bigint) and id > ${state.entryFloor}::bigint
      and xid < pg_snapshot_xmin(pg_current_snapshot())
    order by evidence_outbox.xid, evidence_outbox.id limit ${limit}`,
  );
}

/** Puts the entries of the outbox that `which` selects behind the last leaf, in the order of their transactions. */
async function place(tx: Tx, state: TreeState, which: RawBuilder<unknown>): Promise<PlacedEntry[]> {
  const { rows } = await sql<PlacedEntry>`
    with batch as materialized (
      select row_number() over (order by xid, id) as n, xid, id, institution, leaf, leaf::jsonb as parsed
      from evidence_outbox ${which}),
    placed as (
      insert into evidence_leaf (leaf_index, xid, entry, institution, type, subjects)
      select ${state.size}::bigint + n - 1, xid, id, institution, parsed ->> 'type', parsed -> 'subjects' from batch)
    select xid::text as xid, id as entry, leaf, parsed ->> 'type' as type from batch order by n`.execute(tx);
  return rows;
}

/** Is there anything after the last entry in the tree? One cheap statement, for asking often. */
export async function pendingExists(db: Connection): Promise<boolean> {
  const { rows } = await sql<{ pending: boolean }>`select exists (
    select from evidence_outbox
    where (xid, id) > ((select xid from evidence_tree_state), (select entry from evidence_tree_state))
      and id > (select entry_floor from evidence_tree_state)) as pending`.execute(db);
  return rows[0]?.pending === true;
}

/** The newest entry that is committed now, or null; what `flush` waits for. */
export async function newestCommitted(db: Connection): Promise<{ xid: string; entry: number } | null> {
  const { rows } = await sql<{ xid: string; entry: number }>`
    select xid::text as xid, id as entry from evidence_outbox
    where id > (select entry_floor from evidence_tree_state) and xid < pg_snapshot_xmax(pg_current_snapshot())
    order by evidence_outbox.xid desc, id desc limit 1`.execute(db);
  return rows[0] ?? null;
}

export interface Lag {
  /** Entries that are committed and not in the tree, counted up to 100,000. */
  readonly pending: number;
  /** Age of the oldest of them, or 0. */
  readonly oldestMs: number;
  /** Since when the oldest running transaction that holds the log back has been open; null when none does. */
  readonly heldBackSince: Date | null;
}

export async function readLag(db: Connection): Promise<Lag> {
  const { rows } = await sql<{ pending: number; oldest_ms: number; since: Date | null }>`
    with waiting as materialized (
      select leaf from evidence_outbox
      where (xid, id) > ((select xid from evidence_tree_state), (select entry from evidence_tree_state))
        and id > (select entry_floor from evidence_tree_state) order by xid, id limit 100000)
    select (select count(*) from waiting) as pending,
      coalesce(extract(epoch from clock_timestamp()
        - (select (leaf::jsonb ->> 'receivedAt')::timestamptz from waiting limit 1)) * 1000, 0)::double precision as oldest_ms,
      evidence_held_back_since() as since`.execute(db);
  const row = rows[0];
  const pending = row?.pending ?? 0;
  return {
    pending,
    oldestMs: Math.max(0, row?.oldest_ms ?? 0),
    heldBackSince: pending > 0 ? (row?.since ?? null) : null,
  };
}

/** The stored tiles among `names`, each at its present width, which may be more than the name says. */
export async function readTiles(db: Connection, names: readonly TileName[]): Promise<Tile[]> {
  if (names.length === 0) return [];
  const { rows } = await sql<{ level: number; tile_index: number; width: number; data: Buffer }>`
    select t.level, t.tile_index, t.width, t.data
    from unnest(${names.map((t) => t.level)}::smallint[], ${names.map((t) => t.index)}::bigint[]) as wanted (level, tile_index)
    join evidence_tile t using (level, tile_index)`.execute(db);
  return rows.map((row) => ({
    level: row.level,
    index: row.tile_index,
    width: row.width,
    data: new Uint8Array(row.data),
  }));
}

export async function writeTiles(tx: Tx, tiles: readonly Tile[]): Promise<void> {
  await sql`
    insert into evidence_tile (level, tile_index, width, data)
    select * from unnest(${tiles.map((t) => t.level)}::smallint[], ${tiles.map((t) => t.index)}::bigint[],
      ${tiles.map((t) => t.width)}::smallint[], ${tiles.map((t) => Buffer.from(t.data))}::bytea[])
    on conflict (level, tile_index) do update set width = excluded.width, data = excluded.data`.execute(tx);
}

/** Is a record of one of `types` among the leaves `[from, to)`? */
export async function holdsMilestone(
  db: Connection,
  from: number,
  to: number,
  types: ReadonlySet<string>,
): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`select exists (select from evidence_leaf
    where leaf_index >= ${from} and leaf_index < ${to} and type = any(${[...types]}::text[])) as found`.execute(db);
  return rows[0]?.found === true;
}

/** Moves the tree forward from `before` only; false when another sequencer moved it, and then nothing may be committed. */
export async function moveTree(tx: Tx, before: TreeState, after: TreeState): Promise<boolean> {
  const { rows } = await sql`
    update evidence_tree_state set size = ${after.size}, root = ${Buffer.from(after.root)}, xid = ${after.xid}::xid8,
      entry = ${after.entry}, entry_floor = ${after.entryFloor}
    where size = ${before.size} and root = ${Buffer.from(before.root)} returning 1`.execute(tx);
  return rows.length === 1;
}

/** Transaction ids of this PostgreSQL have not come as far as those of the entries: the data was moved here from another. */
export async function isMoved(tx: Tx, state: TreeState): Promise<boolean> {
  const { rows } = await sql<{ moved: boolean }>`
    select ${state.xid}::xid8 >= pg_snapshot_xmax(pg_current_snapshot()) or exists (
      select from evidence_outbox where xid >= pg_snapshot_xmax(pg_current_snapshot())) as moved`.execute(tx);
  return rows[0]?.moved === true;
}

/** Places the entries of the moved data that are not in the tree; gives the greatest entry number. Nobody appends meanwhile. */
export async function placeMoved(tx: Tx, state: TreeState): Promise<{ placed: PlacedEntry[]; last: number }> {
  await sql`lock table evidence_outbox in share row exclusive mode`.execute(tx);
  const placed = await place(
    tx,
    state,
    sql`where not exists (select from evidence_leaf l where l.entry = evidence_outbox.id)`,
  );
  const { rows } = await sql<{ last: number }>`select coalesce(max(id), 0) as last from evidence_outbox`.execute(tx);
  return { placed, last: rows[0]?.last ?? 0 };
}

/** The present identity of the log; null before its first start. */
export async function readOrigin(db: Connection): Promise<Origin | null> {
  const { rows } = await sql<Origin>`select ordinal, origin from evidence_origin order by ordinal desc limit 1`.execute(
    db,
  );
  return rows[0] ?? null;
}

export async function insertOrigin(tx: Tx, origin: Origin, state: TreeState, vkey: string): Promise<void> {
  await sql`insert into evidence_origin (ordinal, origin, opened_size, opened_root)
    values (${origin.ordinal}, ${origin.origin}, ${state.size}, ${Buffer.from(state.root)})`.execute(tx);
  await insertLogKey(tx, { origin: origin.origin, ordinal: 1, vkey, succession: null });
}

export interface LogKey {
  readonly origin: string;
  readonly ordinal: number;
  readonly vkey: string;
  /** The note in which the key before it named it; null for the first. */
  readonly succession: string | null;
}

/** Keys of an origin, oldest first. */
export async function readLogKeys(db: Connection, origin: string): Promise<LogKey[]> {
  const { rows } = await sql<LogKey>`select origin, ordinal, vkey, succession from evidence_log_key
    where origin = ${origin} order by ordinal`.execute(db);
  return rows;
}

export async function insertLogKey(tx: Tx, key: LogKey): Promise<void> {
  await sql`insert into evidence_log_key (origin, ordinal, vkey, succession)
    values (${key.origin}, ${key.ordinal}, ${key.vkey}, ${key.succession})`.execute(tx);
}

/** The newest checkpoint of an origin, or the newest of at most `size` leaves. */
export async function readCheckpoint(
  db: Connection,
  origin: string,
  size = Number.MAX_SAFE_INTEGER,
): Promise<StoredCheckpoint | null> {
  const { rows } = await sql<StoredCheckpoint>`select origin, size, note from evidence_checkpoint
    where origin = ${origin} and size <= ${size} order by size desc limit 1`.execute(db);
  return rows[0] ?? null;
}

export async function insertCheckpoint(tx: Tx, checkpoint: StoredCheckpoint, root: Uint8Array): Promise<void> {
  await sql`insert into evidence_checkpoint (origin, size, root, note)
    values (${checkpoint.origin}, ${checkpoint.size}, ${Buffer.from(root)}, ${checkpoint.note})`.execute(tx);
}

/** Signature lines of witnesses under a checkpoint, by name of the witness. */
export async function readCosignatures(db: Connection, checkpoint: StoredCheckpoint): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`select line from evidence_cosignature
    where origin = ${checkpoint.origin} and size = ${checkpoint.size} order by witness`.execute(db);
  return rows.map((row) => row.line);
}

export interface Cosignature {
  readonly witness: string;
  readonly line: string;
  readonly at: Date;
}

export async function insertCosignature(db: Connection, checkpoint: StoredCheckpoint, by: Cosignature): Promise<void> {
  await sql`insert into evidence_cosignature (origin, size, witness, line, cosigned_at)
    values (${checkpoint.origin}, ${checkpoint.size}, ${by.witness}, ${by.line}, ${by.at})
    on conflict do nothing`.execute(db);
}

/** Has this witness cosigned this checkpoint? */
export async function readCosignedBy(db: Connection, checkpoint: StoredCheckpoint, witness: string): Promise<boolean> {
  const { rows } = await sql`select from evidence_cosignature
    where origin = ${checkpoint.origin} and size = ${checkpoint.size} and witness = ${witness}`.execute(db);
  return rows.length > 0;
}

/** The size of the newest checkpoint that a witness cosigned, or 0. */
export async function cosignedSize(db: Connection, origin: string, witness: string): Promise<number> {
  const { rows } = await sql<{ size: number }>`select coalesce(max(size), 0) as size from evidence_cosignature
    where origin = ${origin} and witness = ${witness}`.execute(db);
  return rows[0]?.size ?? 0;
}

export async function requestTimestamp(tx: Connection, checkpoint: StoredCheckpoint): Promise<void> {
  await sql`insert into evidence_timestamp_request (origin, size) values (${checkpoint.origin}, ${checkpoint.size})
    on conflict do nothing`.execute(tx);
}

/** Checkpoints that wait for a token, oldest first. */
export async function readUnstamped(db: Connection, limit: number): Promise<StoredCheckpoint[]> {
  const { rows } = await sql<StoredCheckpoint>`select c.origin, c.size, c.note
    from evidence_timestamp_request r join evidence_checkpoint c using (origin, size)
    where not exists (select from evidence_timestamp t where t.origin = r.origin and t.size = r.size)
    order by r.requested_at, r.size limit ${limit}`.execute(db);
  return rows;
}

export interface Timestamp {
  readonly origin: string;
  readonly size: number;
  readonly authority: string;
  /** The DER of the RFC 3161 response. */
  readonly token: Uint8Array;
  readonly at: Date;
}

export async function insertTimestamp(db: Connection, timestamp: Timestamp): Promise<void> {
  await sql`insert into evidence_timestamp (origin, size, authority, token, stamped_at) values (${timestamp.origin},
    ${timestamp.size}, ${timestamp.authority}, ${Buffer.from(timestamp.token)}, ${timestamp.at}) on conflict do nothing`.execute(
    db,
  );
}

/** Tokens over checkpoints of `[from, to]` leaves. */
export async function readTimestamps(db: Connection, origin: string, from: number, to: number): Promise<Timestamp[]> {
  const { rows } = await sql<Timestamp & { token: Buffer }>`
    select origin, size, authority, token, stamped_at as at from evidence_timestamp
    where origin = ${origin} and size between ${from} and ${to} order by size, authority`.execute(db);
  return rows;
}

const record = sql`select l.leaf_index as index, o.leaf, o.salt, o.payload from evidence_leaf l
  join evidence_outbox o on (o.xid, o.id) = (l.xid, l.entry)`;

/** The records `[from, to)` of the log. */
export async function readRange(db: Connection, from: number, to: number): Promise<StoredRecord[]> {
  const { rows } = await sql<StoredRecord>`${record} where l.leaf_index >= ${from} and l.leaf_index < ${to}
    order by l.leaf_index`.execute(db);
  return rows;
}

/** The records about all of `subjects`, in log order. */
export async function readAbout(
  db: Connection,
  subjects: Readonly<Record<string, string>>,
  limit: number,
): Promise<StoredRecord[]> {
  const { rows } = await sql<StoredRecord>`${record} where l.subjects @> ${JSON.stringify(subjects)}::jsonb
    order by l.leaf_index limit ${limit}`.execute(db);
  return rows;
}
