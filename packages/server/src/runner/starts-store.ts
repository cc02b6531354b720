import type { StartsReason } from '@breakwater/rules/runner';
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db';

/** A standing ban of starts. */
export interface StartBan {
  readonly id: string;
  readonly by: string;
  readonly at: string;
  readonly reason: StartsReason | null;
  readonly note: string | null;
  /** Persons who signed that starts are allowed again. */
  readonly releasedBy: readonly string[];
}

type Row = Omit<StartBan, 'at'> & { readonly at: Date };

/** The ban that stands; null: starts are allowed. */
export async function readBan(db: Db | Tx, institution: string): Promise<StartBan | null> {
  const { rows } = await sql<Row>`
    select id, begun_by as by, begun_at as at, reason, note,
      coalesce((select jsonb_agg(person order by signed_at, person) from run_start_release r where r.ban = b.id), '[]') as "releasedBy"
    from run_start_ban b where institution = ${institution} and released_at is null`.execute(db);
  const [row] = rows;
  return row === undefined ? null : { ...row, at: row.at.toISOString() };
}

/** Begins a ban; false when one stands. */
export async function insertBan(tx: Tx, institution: string, ban: StartBan): Promise<boolean> {
  const { rows } = await sql`
    insert into run_start_ban (id, institution, begun_by, begun_at, reason, note)
    values (${ban.id}, ${institution}, ${ban.by}, ${ban.at}, ${ban.reason}, ${ban.note})
    on conflict (institution) where released_at is null do nothing returning id`.execute(tx);
  return rows.length === 1;
}

export async function updateReason(tx: Tx, ban: string, reason: StartsReason, note: string | null): Promise<void> {
  await sql`update run_start_ban set reason = ${reason}, note = ${note} where id = ${ban}`.execute(tx);
}

/** Keeps a person's signature; false when they signed before. */
export async function insertRelease(
  tx: Tx,
  institution: string,
  release: { ban: string; person: string; at: string },
): Promise<boolean> {
  const { rows } = await sql`
    insert into run_start_release (ban, institution, person, signed_at)
    values (${release.ban}, ${institution}, ${release.person}, ${release.at})
    on conflict do nothing returning ban`.execute(tx);
  return rows.length === 1;
}

export async function endBan(tx: Tx, ban: string, at: string): Promise<void> {
  await sql`update run_start_ban set released_at = ${at} where id = ${ban}`.execute(tx);
}

/** Keeps others from beginning or ending a ban until the transaction ends. */
export async function lockStarts(tx: Tx, institution: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`starts:${institution}`}, 0))`.execute(tx);
}
