/** What a person looks through the log by. */
import { sql } from 'kysely';
import type { Db } from '#platform/db';

/** What the list of records is narrowed to; left out: nothing. */
export interface RecordFilter {
  /** First word of a record's type: the domain that wrote it. */
  readonly domain?: string | undefined;
  readonly run?: string | undefined;
  /** Pseudonym of who acted. */
  readonly person?: string | undefined;
}

export interface ListedLeaf {
  readonly index: number;
  /** The RFC 8785 form of the leaf. */
  readonly leaf: string;
  readonly erased: boolean;
}

/**
 * Leaves of an institution below `before` and not below `from`, newest first. Nothing but the place of a leaf is indexed for this, so
 * that appending stays cheap: whoever filters bounds the stretch that is looked through.
 */
export async function listLeaves(
  db: Db,
  institution: string,
  stretch: { from: number; before: number },
  { domain, run, person }: RecordFilter,
  limit: number,
): Promise<ListedLeaf[]> {
  const { rows } = await sql<ListedLeaf>`
    select l.leaf_index as index, o.leaf, o.erased_at is not null as erased
    from evidence_leaf l join evidence_outbox o on (o.xid, o.id) = (l.xid, l.entry)
    where l.institution = ${institution} and l.leaf_index >= ${stretch.from} and l.leaf_index < ${stretch.before}
      ${domain === undefined ? sql`` : sql`and starts_with(l.type, ${`${domain}.`})`}
      ${run === undefined ? sql`` : sql`and l.subjects @> ${JSON.stringify({ run })}::jsonb`}
      ${person === undefined ? sql`` : sql`and o.leaf::jsonb @> ${JSON.stringify({ actor: { kind: 'person', id: person } })}::jsonb`}
    order by l.leaf_index desc limit ${limit}`.execute(db);
  return rows;
}

/** A leaf of an institution with what opens it; null when the log has no such leaf of it. */
export async function openedLeaf(
  db: Db,
  institution: string,
  index: number,
): Promise<(ListedLeaf & { salt: Buffer | null; payload: string | null }) | null> {
  const { rows } = await sql<ListedLeaf & { salt: Buffer | null; payload: string | null }>`
    select l.leaf_index as index, o.leaf, o.salt, o.payload, o.erased_at is not null as erased
    from evidence_leaf l join evidence_outbox o on (o.xid, o.id) = (l.xid, l.entry)
    where l.institution = ${institution} and l.leaf_index = ${index}`.execute(db);
  return rows[0] ?? null;
}

export interface ListedCheckpoint {
  readonly origin: string;
  readonly size: number;
  readonly note: string;
  readonly signedAt: Date;
  readonly cosigned: readonly { readonly witness: string; readonly at: string }[];
  readonly stamped: readonly { readonly authority: string; readonly at: string }[];
  /** A time stamp was asked for. */
  readonly stampAsked: boolean;
}

/** Signed checkpoints of at most `before` leaves, newest first, with what others put to them. */
export async function listCheckpoints(db: Db, before: number, limit: number): Promise<ListedCheckpoint[]> {
  const { rows } = await sql<ListedCheckpoint>`
    select c.origin, c.size, c.note, c.signed_at as "signedAt",
      coalesce((select jsonb_agg(jsonb_build_object('witness', witness, 'at', cosigned_at) order by witness)
        from evidence_cosignature s where s.origin = c.origin and s.size = c.size), '[]') as cosigned,
      coalesce((select jsonb_agg(jsonb_build_object('authority', authority, 'at', stamped_at) order by authority)
        from evidence_timestamp t where t.origin = c.origin and t.size = c.size), '[]') as stamped,
      exists (select from evidence_timestamp_request r where r.origin = c.origin and r.size = c.size) as "stampAsked"
    from evidence_checkpoint c where c.size <= ${before} order by c.signed_at desc, c.size desc limit ${limit}`.execute(
    db,
  );
  return rows;
}
