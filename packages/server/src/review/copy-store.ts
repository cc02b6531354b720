/** The SQL of copies for individuals: requests, and what became of them. */
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db';

export interface CopyRow {
  readonly id: string;
  readonly run: string;
  readonly person: string;
  readonly received: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly manifest: string | null;
  readonly file: string | null;
  readonly zipSha256: string | null;
  readonly refusal: string | null;
  readonly answeredBy: string | null;
  readonly answeredAt: Date | null;
}

export async function insertCopy(
  tx: Tx,
  institution: string,
  row: { id: string; run: string; person: string; received: string; by: string; at: Date },
): Promise<void> {
  await sql`
    insert into review_copy (institution, id, run, person, received, requested_by, requested_at)
    values (${institution}, ${row.id}, ${row.run}, ${row.person}, ${row.received}, ${row.by}, ${row.at})`.execute(tx);
}

/** False when the request was answered before. */
export async function answerCopyRow(
  tx: Tx,
  institution: string,
  id: string,
  row: Pick<CopyRow, 'manifest' | 'file' | 'zipSha256' | 'refusal' | 'answeredBy' | 'answeredAt'>,
): Promise<boolean> {
  const { rows } = await sql`
    update review_copy set manifest = ${row.manifest}, file = ${row.file}, zip_sha256 = ${row.zipSha256},
      refusal = ${row.refusal}, answered_by = ${row.answeredBy}, answered_at = ${row.answeredAt}
    where institution = ${institution} and id = ${id} and answered_at is null returning id`.execute(tx);
  return rows.length === 1;
}

const columns = sql`id::text as id, run, person, received, requested_by as "requestedBy", requested_at as "requestedAt",
  manifest, file, zip_sha256 as "zipSha256", refusal, answered_by as "answeredBy", answered_at as "answeredAt"`;

export async function readCopy(db: Db | Tx, institution: string, id: string): Promise<CopyRow | null> {
  const { rows } = await sql<CopyRow>`
    select ${columns} from review_copy where institution = ${institution} and id = ${id}`.execute(db);
  return rows[0] ?? null;
}

export async function readCopies(db: Db | Tx, institution: string, person: string | null): Promise<CopyRow[]> {
  const { rows } = await sql<CopyRow>`
    select ${columns} from review_copy where institution = ${institution} and (${person}::text is null or person = ${person})
    order by requested_at desc, id limit 1000`.execute(db);
  return rows;
}
