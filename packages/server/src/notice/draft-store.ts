/** The SQL of drafts and of decisions about notices. */
import { sql } from 'kysely';
import type { Notice } from '@breakwater/rules/notice';
import type { Db, Tx } from '#platform/db';

export type DraftRow = {
  id: string;
  plan: string;
  run: string | null;
  revision: number;
  document: Notice;
  origin: 'person' | 'plan' | 'trip';
  draftedBy: string;
  draftedAt: Date;
  savedAt: Date;
  /** The notice that it became. */
  notice: string | null;
  discardedAt: Date | null;
};

const columns = sql`id, plan, run, revision, document, origin, drafted_by as "draftedBy", drafted_at as "draftedAt",
  saved_at as "savedAt", notice, discarded_at as "discardedAt"`;

/** Adds a draft. False when there is one of that id. */
export async function insertDraft(tx: Tx, institution: string, row: DraftRow): Promise<boolean> {
  const { rows } = await sql`
    insert into notice_draft (institution, id, plan, run, revision, document, origin, drafted_by, drafted_at, saved_at)
    values (${institution}, ${row.id}, ${row.plan}, ${row.run}, ${row.revision}, ${JSON.stringify(row.document)}, ${row.origin},
      ${row.draftedBy}, ${row.draftedAt}, ${row.savedAt})
    on conflict do nothing returning id`.execute(tx);
  return rows.length > 0;
}

export async function readDraft(db: Db | Tx, institution: string, id: string): Promise<DraftRow | null> {
  const { rows } = await sql<DraftRow>`
    select ${columns} from notice_draft where institution = ${institution} and id = ${id}`.execute(db);
  return rows[0] ?? null;
}

/** Drafts that are neither sent nor discarded, of a plan or of all, newest first. */
export async function listDrafts(
  db: Db | Tx,
  institution: string,
  plan: string | null,
  limit: number,
): Promise<DraftRow[]> {
  const { rows } = await sql<DraftRow>`
    select ${columns} from notice_draft
    where institution = ${institution} and notice is null and discarded_at is null
      and (${plan}::text is null or plan = ${plan})
    order by drafted_at desc, id limit ${limit}`.execute(db);
  return rows;
}

/** Saves the next revision. False when it is not at `revision` any more, or was sent or discarded. */
export async function saveDraft(
  tx: Tx,
  institution: string,
  { id, revision, document, at }: { id: string; revision: number; document: Notice; at: Date },
): Promise<boolean> {
  const { rows } = await sql`
    update notice_draft set revision = revision + 1, document = ${JSON.stringify(document)}, saved_at = ${at}
    where institution = ${institution} and id = ${id} and revision = ${revision} and notice is null and discarded_at is null
    returning id`.execute(tx);
  return rows.length > 0;
}

/** Ends a draft: it became `notice`, or was discarded (null). False when it had ended. */
export async function endDraft(
  tx: Tx,
  institution: string,
  id: string,
  notice: string | null,
  at: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update notice_draft set notice = ${notice}, discarded_at = case when ${notice}::text is null then ${at}::timestamptz end
    where institution = ${institution} and id = ${id} and notice is null and discarded_at is null returning id`.execute(
    tx,
  );
  return rows.length > 0;
}

export type DecisionRow = {
  notice: string;
  document: string;
  person: string;
  role: string;
  decision: 'approve' | 'return';
  waiver: string | null;
  at: Date;
  key: string;
  nonce: string;
};

export async function insertDecision(tx: Tx, institution: string, row: DecisionRow): Promise<void> {
  await sql`
    insert into notice_decision (institution, notice, document, person, role, decision, waiver, at, key, nonce)
    values (${institution}, ${row.notice}, ${row.document}, ${row.person}, ${row.role}, ${row.decision}, ${row.waiver},
      ${row.at}, ${row.key}, ${row.nonce})`.execute(tx);
}

export async function decisionsOn(db: Db | Tx, institution: string, notice: string): Promise<DecisionRow[]> {
  const { rows } = await sql<DecisionRow>`
    select notice, document, person, role, decision, waiver, at, key, nonce from notice_decision
    where institution = ${institution} and notice = ${notice} order by at, decision, nonce`.execute(db);
  return rows;
}
