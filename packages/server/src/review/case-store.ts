/** The SQL of cases: which there are, and their events. Events are added and never changed. */
import type { CaseBody, CaseEvent } from '@breakwater/rules/review';
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db';

export interface CaseRow {
  readonly id: string;
  readonly kind: CaseBody<'opened'>['kind'];
  readonly run: string | null;
  readonly plan: string | null;
  readonly openedAt: Date;
}

export async function insertCase(tx: Tx, institution: string, row: CaseRow): Promise<void> {
  await sql`
    insert into review_case (institution, id, kind, run, plan, opened_at)
    values (${institution}, ${row.id}, ${row.kind}, ${row.run}, ${row.plan}, ${row.openedAt})`.execute(tx);
}

/** Keeps others from acting on the case until the transaction ends. */
export async function lockCase(tx: Tx, institution: string, id: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`case:${institution}:${id}`}, 0))`.execute(tx);
}

export async function insertCaseEvent(tx: Tx, institution: string, id: string, event: CaseEvent): Promise<void> {
  await sql`
    insert into review_case_event (institution, case_id, seq, act, body, by_whom, at)
    values (${institution}, ${id}, ${event.seq}, ${event.act}, ${JSON.stringify(event.body)}, ${event.by}, ${event.at})`.execute(
    tx,
  );
}

/** The events of a case, oldest first; empty: there is no such case. */
export async function readCaseEvents(db: Db | Tx, institution: string, id: string): Promise<CaseEvent[]> {
  return (await readEventsOf(db, institution, [id])).get(id) ?? [];
}

/** The events of several cases, by case. */
export async function readEventsOf(
  db: Db | Tx,
  institution: string,
  ids: readonly string[],
): Promise<Map<string, CaseEvent[]>> {
  const { rows } = await sql<{ id: string; seq: number; act: string; body: unknown; by: string; at: Date }>`
    select case_id::text as id, seq, act, body, by_whom as by, at from review_case_event
    where institution = ${institution} and case_id::text = any(${ids}) order by case_id, seq`.execute(db);
  const events = rows.map(({ id, at, ...event }) => ({ id, event: { ...event, at: at.toISOString() } as CaseEvent }));
  const byCase = Map.groupBy(events, ({ id }) => id);
  return new Map([...byCase].map(([id, of]) => [id, of.map(({ event }) => event)]));
}

/** Ids of cases, the newest first; `before`: only those opened before this one. */
export async function readCaseIds(
  db: Db | Tx,
  institution: string,
  { before, limit }: { before: string | null; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id::text as id from review_case
    where institution = ${institution} and (${before}::uuid is null or (opened_at, id) < (
      select opened_at, id from review_case where institution = ${institution} and id = ${before}::uuid))
    order by opened_at desc, id desc limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}
