/** The only SQL of the review domain. */
import type { Filed } from '@breakwater/rules/review';
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db';

/** What an applicant declares about fault and consumer loss; null = not stated. */
export interface Declared {
  readonly intent: boolean | null;
  readonly grossNegligence: boolean | null;
  readonly privateInterest: boolean | null;
  readonly proceduralDefect: boolean | null;
  readonly consumerLossSerious: boolean | null;
  readonly consumerDamage: boolean | null;
}

export async function insertDeclaration(
  tx: Tx,
  institution: string,
  row: { run: string; subject: string; declared: Declared; by: string; at: Date },
): Promise<void> {
  await sql`
    insert into review_declaration (institution, run, subject, declared, declared_by, declared_at)
    values (${institution}, ${row.run}, ${row.subject}, ${JSON.stringify(row.declared)}, ${row.by}, ${row.at})`.execute(
    tx,
  );
}

export type Cause = 'work' | 'mixed' | 'other';

export async function insertCause(
  tx: Tx,
  institution: string,
  row: { run: string; disruption: string; cause: Cause; evidence: readonly string[]; by: string; at: Date },
): Promise<void> {
  await sql`
    insert into review_cause (institution, run, disruption, cause, evidence, classified_by, classified_at)
    values (${institution}, ${row.run}, ${row.disruption}, ${row.cause}, ${JSON.stringify(row.evidence)}, ${row.by}, ${row.at})`.execute(
    tx,
  );
}

/** A dossier that was sealed. `file` is its name in the folder of dossiers. */
export interface SealedDossier {
  readonly manifest: string;
  readonly run: string;
  /** null: the dossier itself. */
  readonly edition: 'en' | null;
  readonly firstIndex: number;
  readonly endIndex: number;
  readonly file: string;
  readonly zipSha256: string;
  readonly sealedAt: Date;
}

/** Adds a dossier; false when this very one was sealed before. */
export async function insertDossier(tx: Tx, institution: string, row: SealedDossier): Promise<boolean> {
  const { rows } = await sql`
    insert into review_dossier (institution, manifest, run, edition, first_index, end_index, file, zip_sha256, sealed_at)
    values (${institution}, ${row.manifest}, ${row.run}, ${row.edition}, ${row.firstIndex}, ${row.endIndex}, ${row.file}, ${row.zipSha256}, ${row.sealedAt})
    on conflict do nothing returning manifest`.execute(tx);
  return rows.length === 1;
}

const dossierColumns = sql`manifest, run, edition, first_index as "firstIndex", end_index as "endIndex", file, zip_sha256 as "zipSha256",
  sealed_at as "sealedAt"`;

/** The dossiers of a run, oldest first. */
export async function readDossiers(db: Db | Tx, institution: string, run: string): Promise<SealedDossier[]> {
  const { rows } = await sql<SealedDossier>`
    select ${dossierColumns} from review_dossier where institution = ${institution} and run = ${run} order by sealed_at, manifest`.execute(
    db,
  );
  return rows;
}

export async function readDossier(db: Db | Tx, institution: string, manifest: string): Promise<SealedDossier | null> {
  const { rows } = await sql<SealedDossier>`
    select ${dossierColumns} from review_dossier where institution = ${institution} and manifest = ${manifest}`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** Adds a filing; the same duty may be filed again, each time with its own reference. */
export async function insertFiling(
  tx: Tx,
  institution: string,
  filing: Filed & { readonly run: string; readonly document: string | null; readonly by: string },
  at: Date,
): Promise<void> {
  await sql`
    insert into review_filing (institution, run, duty, filed_at, reference, document, delay_reason, filed_by, recorded_at)
    values (${institution}, ${filing.run}, ${filing.duty}, ${filing.filedAt}, ${filing.reference}, ${filing.document},
      ${filing.delayReason}, ${filing.by}, ${at})`.execute(tx);
}

/** What was filed about a run, in the order in which it was recorded. */
export async function readFilings(db: Db | Tx, institution: string, run: string): Promise<Filed[]> {
  const { rows } = await sql<Omit<Filed, 'filedAt'> & { filedAt: Date }>`
    select duty, filed_at as "filedAt", reference, delay_reason as "delayReason" from review_filing
    where institution = ${institution} and run = ${run} order by id`.execute(db);
  return rows.map((row) => ({ ...row, filedAt: row.filedAt.toISOString() }));
}
