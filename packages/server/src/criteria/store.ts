/** The only SQL of the criteria domain. */
import type { Assessment, Facts, PolicyPack } from '@breakwater/rules/criteria';
import { sql } from 'kysely';
import type { Decision } from '#platform/auth';
import type { Db, Tx } from '#platform/db';

/** A pack that the company loaded. */
export interface StoredPack {
  readonly digest: string;
  readonly document: PolicyPack;
  readonly importedBy: string;
  readonly importedAt: Date;
}

const packColumns = sql`digest, document, imported_by as "importedBy", imported_at as "importedAt"`;

/** Adds a pack; false when it is there already. */
export async function insertPack(tx: Tx, institution: string, pack: StoredPack): Promise<boolean> {
  const { digest, document, importedBy, importedAt } = pack;
  const { rows } = await sql`
    insert into criteria_pack (institution, digest, id, version, document, imported_by, imported_at)
    values (${institution}, ${digest}, ${document.id}, ${document.version}, ${JSON.stringify(document)}, ${importedBy}, ${importedAt})
    on conflict do nothing returning digest`.execute(tx);
  return rows.length === 1;
}

export async function readPacks(db: Db | Tx, institution: string): Promise<StoredPack[]> {
  const { rows } = await sql<StoredPack>`
    select ${packColumns} from criteria_pack where institution = ${institution} order by id, imported_at`.execute(db);
  return rows;
}

export async function readPack(db: Db | Tx, institution: string, digest: string): Promise<StoredPack | null> {
  const { rows } = await sql<StoredPack>`
    select ${packColumns} from criteria_pack where institution = ${institution} and digest = ${digest}`.execute(db);
  return rows[0] ?? null;
}

/** Adds a decision; false when its statement was handed in before. */
export async function insertDecision(
  tx: Tx,
  institution: string,
  decided: { digest: string; nonce: string; person: string; role: string; decision: string; at: string },
): Promise<boolean> {
  const { rows } = await sql`
    insert into criteria_pack_decision (institution, nonce, digest, person, role, decision, decided_at)
    values (${institution}, ${decided.nonce}, ${decided.digest}, ${decided.person}, ${decided.role}, ${decided.decision}, ${decided.at})
    on conflict do nothing returning nonce`.execute(tx);
  return rows.length === 1;
}

/** Decisions about a pack, oldest first. They do not end. */
export async function readDecisions(db: Db | Tx, institution: string, digest: string): Promise<Decision[]> {
  const { rows } = await sql<{ person: string; role: string; decision: 'approve' | 'return'; at: Date }>`
    select person, role, decision, decided_at as at from criteria_pack_decision
    where institution = ${institution} and digest = ${digest} order by decided_at, nonce`.execute(db);
  return rows.map((row) => ({ ...row, at: row.at.toISOString(), expires: null }));
}

/** An assessment as it was made. */
export interface StoredAssessment {
  /** Of its RFC 8785 form. */
  readonly digest: string;
  readonly run: string;
  readonly facts: Facts;
  readonly assessment: Assessment;
  readonly madeAt: Date;
}

/** Adds an assessment; false when this very one was made before. */
export async function insertAssessment(tx: Tx, institution: string, made: StoredAssessment): Promise<boolean> {
  const { digest, run, facts, assessment, madeAt } = made;
  const { pack, asOf } = assessment;
  const { rows } = await sql`
    insert into criteria_assessment (institution, digest, run, facts_digest, pack_id, pack_version, pack_digest, as_of, facts,
      assessment, made_at)
    values (${institution}, ${digest}, ${run}, ${assessment.facts}, ${pack.id}, ${pack.version}, ${pack.digest}, ${asOf},
      ${JSON.stringify(facts)}, ${JSON.stringify(assessment)}, ${madeAt})
    on conflict do nothing returning digest`.execute(tx);
  return rows.length === 1;
}

/** An assessment of any run, by its digest; null when there is none. */
export async function readAssessment(
  db: Db | Tx,
  institution: string,
  digest: string,
): Promise<StoredAssessment | null> {
  const { rows } = await sql<StoredAssessment>`
    select digest, run, facts, assessment, made_at as "madeAt" from criteria_assessment
    where institution = ${institution} and digest = ${digest}`.execute(db);
  return rows[0] ?? null;
}

/** The newest assessment of each run, newest first. */
export async function latestAssessments(db: Db | Tx, institution: string, limit: number): Promise<StoredAssessment[]> {
  const { rows } = await sql<StoredAssessment>`
    select * from (
      select distinct on (run) digest, run, facts, assessment, made_at as "madeAt" from criteria_assessment
      where institution = ${institution} order by run, made_at desc, digest) as latest
    order by "madeAt" desc limit ${limit}`.execute(db);
  return rows;
}

/** All assessments of a run, oldest first. */
export async function readAssessments(db: Db | Tx, institution: string, run: string): Promise<StoredAssessment[]> {
  const { rows } = await sql<StoredAssessment>`
    select digest, run, facts, assessment, made_at as "madeAt" from criteria_assessment
    where institution = ${institution} and run = ${run} order by made_at, digest`.execute(db);
  return rows;
}
