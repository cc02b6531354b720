import { sql } from 'kysely';
import type { Tx } from '#platform/db';

export async function insertSeal(
  tx: Tx,
  institution: string,
  seal: { id: string; codeHash: Buffer; by: string; at: Date },
): Promise<void> {
  const { id, codeHash, by, at } = seal;
  await sql`
    insert into break_glass (institution, id, code_hash, sealed_by, sealed_at)
    values (${institution}, ${id}, ${codeHash}, ${by}, ${at})`.execute(tx);
}

/** Uses the newest code up and says which it was; null for any other. */
export async function useSeal(tx: Tx, institution: string, codeHash: Buffer, now: Date): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    update break_glass set used_at = ${now}
    where institution = ${institution} and code_hash = ${codeHash} and used_at is null
      and id = (select id from break_glass where institution = ${institution} order by ordinal desc limit 1)
    returning id`.execute(tx);
  return rows[0]?.id ?? null;
}
