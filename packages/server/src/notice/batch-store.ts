/** The SQL of batches: who submits them now, which are left, and the roots over what became of them. */
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db';
import { isSending, type SendingId } from './sending-store.ts';

/**
 * Takes a batch for a worker until `until`. False when another holds it. The holder of before, when it is not dead but only
 * slow, finds at its next renewal that it has lost it.
 */
export async function claimBatch(
  tx: Tx,
  id: SendingId,
  batch: number,
  { owner, at, until }: { owner: string; at: Date; until: Date },
): Promise<boolean> {
  const { rows } = await sql`
    update notice_batch b set owner = ${owner}, leased_until = ${until}
    where ${isSending(id, 'b')} and batch = ${batch} and (owner is null or owner = ${owner} or leased_until < ${at})
    returning batch`.execute(tx);
  return rows.length > 0;
}

/** Holds a batch for longer. False when it was taken over in the meantime. */
export async function renewBatch(
  db: Db | Tx,
  id: SendingId,
  batch: number,
  { owner, until }: { owner: string; until: Date },
): Promise<boolean> {
  const { rows } = await sql`
    update notice_batch b set leased_until = ${until}
    where ${isSending(id, 'b')} and batch = ${batch} and owner = ${owner} returning batch`.execute(db);
  return rows.length > 0;
}

/** Lets a batch go, if it is still held. */
export async function releaseBatch(db: Db | Tx, id: SendingId, batch: number, owner: string): Promise<void> {
  await sql`
    update notice_batch b set owner = null, leased_until = null
    where ${isSending(id, 'b')} and batch = ${batch} and owner = ${owner}`.execute(db);
}

/** Batches with recipients that wait to be submitted and that nobody holds. `abandoned`: only those of workers that died. */
export async function openBatches(
  db: Db | Tx,
  id: SendingId,
  { at, abandoned }: { at: Date; abandoned: boolean },
): Promise<number[]> {
  const free = abandoned
    ? sql`b.owner is not null and b.leased_until < ${at}`
    : sql`(b.owner is null or b.leased_until < ${at})`;
  const { rows } = await sql<{ batch: number }>`
    select b.batch from notice_batch b where ${isSending(id, 'b')} and ${free}
      and exists (select from notice_recipient r where ${isSending(id, 'r')} and r.batch = b.batch
        and r.state in ('waiting', 'submitting'))
    order by b.batch`.execute(db);
  return rows.map(({ batch }) => batch);
}

/**
 * Takes it upon the caller to move a sending that nobody has moved since `before`. False when somebody moved it, or took it
 * upon themselves, in the meantime.
 */
export async function claimRescue(tx: Tx, id: SendingId, before: Date, at: Date): Promise<boolean> {
  const { rows } = await sql`
    update notice_sending s set rescued_at = ${at}
    where ${isSending(id)} and state = 'sending' and progressed_at < ${before} and coalesce(rescued_at, progressed_at) < ${before}
    returning notice`.execute(tx);
  return rows.length > 0;
}

/** Batches of sendings that are over and have no root over their present state, oldest first. */
export async function batchesToSeal(
  db: Db | Tx,
  institution: string,
  limit: number,
): Promise<(SendingId & { batch: number })[]> {
  const { rows } = await sql<SendingId & { batch: number }>`
    (select b.institution, b.notice, b.channel, b.batch from notice_batch b
      where b.institution = ${institution} and b.changed limit ${limit})
    union all
    (select b.institution, b.notice, b.channel, b.batch from notice_sending s
      join notice_batch b on (b.institution, b.notice, b.channel) = (s.institution, s.notice, s.channel) and b.seals = 0
      where s.institution = ${institution} and s.state in ('settled', 'stopped') and s.unsealed
      order by b.notice, b.channel, b.batch limit ${limit})
    limit ${limit}`.execute(db);
  return rows;
}

/** Notes that every batch of a sending has a root, so that it is looked at no more. */
export async function endSealing(db: Db | Tx, institution: string): Promise<void> {
  await sql`
    update notice_sending s set unsealed = false
    where s.institution = ${institution} and s.unsealed and s.state in ('settled', 'stopped')
      and not exists (select from notice_batch b
        where (b.institution, b.notice, b.channel) = (s.institution, s.notice, s.channel) and b.seals = 0)`.execute(db);
}

/** Holds a batch's row, so that it is sealed by one worker; null when another does it now. */
export async function lockBatch(tx: Tx, id: SendingId, batch: number): Promise<{ seals: number } | null> {
  const { rows } = await sql<{ seals: number }>`
    select seals from notice_batch b where ${isSending(id, 'b')} and batch = ${batch} and (seals = 0 or changed)
    for update skip locked`.execute(tx);
  return rows[0] ?? null;
}

/** Writes the root of a batch. An empty batch has none. */
export async function sealBatch(
  tx: Tx,
  id: SendingId,
  batch: number,
  seal: { root: string | null; leaves: number; seals: number },
): Promise<void> {
  await sql`
    update notice_batch b set root = ${seal.root}, leaves = ${seal.leaves}, seals = ${seal.seals}, changed = false
    where ${isSending(id, 'b')} and batch = ${batch}`.execute(tx);
}

/** The root of a batch; null when it has none yet, or reports came after it. */
export async function readSeal(
  db: Db | Tx,
  id: SendingId,
  batch: number,
): Promise<{ root: string; seals: number } | null> {
  const { rows } = await sql<{ root: string; seals: number }>`
    select root, seals from notice_batch b
    where ${isSending(id, 'b')} and batch = ${batch} and root is not null and not changed`.execute(db);
  return rows[0] ?? null;
}
