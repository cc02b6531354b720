import { sql } from 'kysely';
import type { Approval } from '@breakwater/rules/plan';
import type { RehearsalRecord } from '@breakwater/rules/plan/record';
import type { Db, Tx } from '#platform/db';

type RevisionTable = {
  institution: string;
  plan: string;
  revision: number;
  plan_hash: string;
  author: string;
  document: unknown;
  submitted_by: string;
  submitted_at: Date;
};

type DecisionTable = { institution: string; nonce: string; plan_hash: string; decided_at: Date; approval: Approval };

type RehearsalTable = { institution: string; run: string; plan: string; rehearsed_at: Date; result: RehearsalRecord };

type Tables = { plan_revision: RevisionTable; plan_decision: DecisionTable; plan_rehearsal: RehearsalTable };

/** One submitted document of a plan. `planHash` is over the document; another document is another revision. */
export interface PlanRevision {
  readonly plan: string;
  readonly revision: number;
  readonly planHash: string;
  readonly author: string;
  readonly document: unknown;
  readonly submittedBy: string;
  readonly submittedAt: string;
}

/** Keeps others from submitting revisions of the plan until the transaction ends. */
export async function lockPlan(tx: Tx, institution: string, plan: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`plan:${institution}:${plan}`}, 0))`.execute(tx);
}

export async function insertRevision(tx: Tx, institution: string, revision: PlanRevision): Promise<void> {
  await sql`
    insert into plan_revision (institution, plan, revision, plan_hash, author, document, submitted_by, submitted_at)
    values (${institution}, ${revision.plan}, ${revision.revision}, ${revision.planHash}, ${revision.author},
      ${JSON.stringify(revision.document)}::jsonb, ${revision.submittedBy}, ${revision.submittedAt})`.execute(tx);
}

/** The newest revision of each plan, newest first. */
export async function latestRevisions(db: Db | Tx, institution: string, limit: number): Promise<PlanRevision[]> {
  const { rows } = await sql<RevisionTable>`
    select * from (
      select distinct on (plan) * from plan_revision where institution = ${institution} order by plan, revision desc) as latest
    order by submitted_at desc limit ${limit}`.execute(db);
  return rows.map(planRevision);
}

/** All revisions of a plan, oldest first. */
export async function revisionsOf(db: Db | Tx, institution: string, plan: string): Promise<PlanRevision[]> {
  const rows = await db
    .withTables<Tables>()
    .selectFrom('plan_revision')
    .selectAll()
    .where('institution', '=', institution)
    .where('plan', '=', plan)
    .orderBy('revision')
    .execute();
  return rows.map(planRevision);
}

export async function revisionByHash(db: Db | Tx, institution: string, planHash: string): Promise<PlanRevision | null> {
  const row = await db
    .withTables<Tables>()
    .selectFrom('plan_revision')
    .selectAll()
    .where('institution', '=', institution)
    .where('plan_hash', '=', planHash)
    .executeTakeFirst();
  return row === undefined ? null : planRevision(row);
}

function planRevision(row: RevisionTable): PlanRevision {
  return {
    plan: row.plan,
    revision: row.revision,
    planHash: row.plan_hash,
    author: row.author,
    document: row.document,
    submittedBy: row.submitted_by,
    submittedAt: row.submitted_at.toISOString(),
  };
}

/** Adds a decision; false when it was presented before. */
export async function insertDecision(
  tx: Tx,
  institution: string,
  approval: Approval,
  isAuthor: boolean,
): Promise<boolean> {
  const { nonce, planHash, person, decision, at } = approval;
  const { rows } = await sql`
    insert into plan_decision (institution, nonce, plan_hash, person, decision, decided_at, is_author, approval)
    values (${institution}, ${nonce}, ${planHash}, ${person}, ${decision}, ${at}, ${isAuthor}, ${JSON.stringify(approval)}::jsonb)
    on conflict do nothing returning nonce`.execute(tx);
  return rows.length === 1;
}

/** Signed decisions about a plan hash, in the order in which they were made. */
export async function decisionsOn(db: Db | Tx, institution: string, planHash: string): Promise<Approval[]> {
  const rows = await db
    .withTables<Tables>()
    .selectFrom('plan_decision')
    .select('approval')
    .where('institution', '=', institution)
    .where('plan_hash', '=', planHash)
    .orderBy('decided_at')
    .orderBy('nonce')
    .execute();
  return rows.map(({ approval }) => approval);
}

/** Keeps a rehearsal; false when the run's was kept before. */
export async function insertRehearsal(
  tx: Tx,
  institution: string,
  plan: string,
  rehearsal: RehearsalRecord,
): Promise<boolean> {
  const { run, planHash, host, at, passed } = rehearsal;
  const { rows } = await sql`
    insert into plan_rehearsal (institution, run, plan, plan_hash, host, rehearsed_at, passed, result)
    values (${institution}, ${run}, ${plan}, ${planHash}, ${host}, ${at}, ${passed}, ${JSON.stringify(rehearsal)}::jsonb)
    on conflict do nothing returning run`.execute(tx);
  return rows.length === 1;
}

/** Rehearsals of any revision of a plan, oldest first. */
export async function rehearsalsOf(db: Db | Tx, institution: string, plan: string): Promise<RehearsalRecord[]> {
  const rows = await db
    .withTables<Tables>()
    .selectFrom('plan_rehearsal')
    .select('result')
    .where('institution', '=', institution)
    .where('plan', '=', plan)
    .orderBy('rehearsed_at')
    .execute();
  return rows.map(({ result }) => result);
}

/** Keeps that a live run of a revision is under way. */
export async function insertRun(tx: Tx, institution: string, planHash: string, run: string): Promise<void> {
  await sql`insert into plan_run (institution, plan_hash, run) values (${institution}, ${planHash}, ${run})`.execute(
    tx,
  );
}

/** Hash of the plan of a live run; null when the run is none of a plan, or a rehearsal. */
export async function planHashOf(db: Db | Tx, institution: string, run: string): Promise<string | null> {
  const { rows } = await sql<{ hash: string }>`
    select plan_hash as hash from plan_run where institution = ${institution} and run = ${run}`.execute(db);
  return rows[0]?.hash ?? null;
}

/** Keeps that a run is over; `refused` takes it away again. */
export async function endPlanRun(tx: Tx, run: string, refused: boolean): Promise<void> {
  if (refused) await sql`delete from plan_run where run = ${run}`.execute(tx);
  else await sql`update plan_run set is_over = true where run = ${run}`.execute(tx);
}

/** How far the live run of a revision is. */
export async function runOf(db: Db | Tx, institution: string, planHash: string): Promise<'none' | 'running' | 'ended'> {
  const { rows } = await sql<{ over: boolean }>`
    select is_over as over from plan_run where institution = ${institution} and plan_hash = ${planHash}`.execute(db);
  const [row] = rows;
  return row === undefined ? 'none' : row.over ? 'ended' : 'running';
}

/** Newest revisions of other plans that a person approved, whose window is not over at `after` and which have not run yet. */
export async function approvedElsewhere(
  db: Db | Tx,
  institution: string,
  plan: string,
  after: string,
): Promise<PlanRevision[]> {
  const { rows } = await sql<RevisionTable>`
    select * from (
      select distinct on (plan) * from plan_revision
      where institution = ${institution} and plan <> ${plan} order by plan, revision desc) as latest
    where (document #>> '{window,end}')::timestamptz > ${after}
      and exists (select from plan_decision d
        where d.institution = latest.institution and d.plan_hash = latest.plan_hash and d.decision = 'approve')
      and not exists (select from plan_run r
        where r.institution = latest.institution and r.plan_hash = latest.plan_hash and r.is_over)`.execute(db);
  return rows.map(planRevision);
}
