import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db';

type AdvisoryTable = {
  institution: string;
  id: string;
  disseminated_by: string;
  received_at: Date;
  proof: Proof;
  vulnerabilities: string[];
  document: string | null;
};

type Tables = { advisory: AdvisoryTable };

export type Proof = 'proven' | 'attested' | 'absent';

/** An advisory as the institution received it. */
export interface Advisory {
  readonly id: string;
  /** FSC, FSS, FSI, or another body. */
  readonly disseminatedBy: string;
  readonly receivedAt: string;
  readonly proof: Proof;
  readonly vulnerabilities: readonly string[];
  /** SHA-256 of the document that proves the dissemination. */
  readonly document: string | null;
}

/** Adds an advisory; false when the institution has one of that id. */
export async function insertAdvisory(tx: Tx, institution: string, advisory: Advisory, by: string): Promise<boolean> {
  const { id, disseminatedBy, receivedAt, proof, vulnerabilities, document } = advisory;
  const { rows } = await sql`
    insert into advisory (institution, id, disseminated_by, received_at, proof, vulnerabilities, document, recorded_by)
    values (${institution}, ${id}, ${disseminatedBy}, ${receivedAt}, ${proof}, ${[...vulnerabilities]}::text[], ${document}, ${by})
    on conflict do nothing returning id`.execute(tx);
  return rows.length === 1;
}

/** All advisories of an institution, newest first. */
export async function readAdvisories(db: Db | Tx, institution: string): Promise<Advisory[]> {
  const rows = await db
    .withTables<Tables>()
    .selectFrom('advisory')
    .selectAll()
    .where('institution', '=', institution)
    .orderBy('received_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    disseminatedBy: row.disseminated_by,
    receivedAt: row.received_at.toISOString(),
    proof: row.proof,
    vulnerabilities: row.vulnerabilities,
    document: row.document,
  }));
}
