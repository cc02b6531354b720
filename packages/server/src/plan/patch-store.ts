/** Patches and exceptions as rows. */
import type { ExceptionWord, PatchEvent, PatchTarget } from '@breakwater/rules/plan';
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db';

/** An exposure as it was when its patch was opened. */
export interface PatchedExposure {
  readonly exposure: string;
  readonly vulnerability: string;
  readonly componentVersion: number;
  readonly component: string;
  readonly version: string;
  readonly decision: string;
  readonly since: string;
  readonly dueAt: string | null;
  readonly assets: readonly string[];
}

export interface PatchRow {
  readonly plan: string;
  readonly exposures: readonly PatchedExposure[];
  readonly targets: readonly PatchTarget[];
  readonly dueAt: string | null;
  /** The dissemination that it answers; null = none. */
  readonly advisory: string | null;
  readonly openedBy: string;
  readonly openedAt: string;
  readonly events: readonly PatchEvent[];
}

type StoredPatch = Omit<PatchRow, 'openedAt' | 'dueAt'> & { openedAt: Date; dueAt: Date | null };

export async function lockPatches(tx: Tx, institution: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`plan.patch:${institution}`}, 0))`.execute(tx);
}

/** Adds a patch; false when the plan has one. */
export async function insertPatch(tx: Tx, institution: string, patch: Omit<PatchRow, 'events'>): Promise<boolean> {
  const { plan, exposures, targets, dueAt, advisory, openedBy, openedAt } = patch;
  const { rows } = await sql`
    insert into plan_patch (institution, plan, exposures, targets, due_at, advisory, opened_by, opened_at)
    values (${institution}, ${plan}, ${JSON.stringify(exposures)}::jsonb, ${JSON.stringify(targets)}::jsonb, ${dueAt}, ${advisory},
      ${openedBy}, ${openedAt})
    on conflict do nothing returning plan`.execute(tx);
  return rows.length === 1;
}

/** Patches, the newest first: of one plan, or all, or only those that are not over. */
export async function readPatches(
  db: Db | Tx,
  institution: string,
  { plan = null, open = false, limit }: { plan?: string | null; open?: boolean; limit: number },
): Promise<PatchRow[]> {
  const { rows } = await sql<StoredPatch>`
    select p.plan, p.exposures, p.targets, p.due_at as "dueAt", p.advisory, p.opened_by as "openedBy", p.opened_at as "openedAt",
      coalesce((select jsonb_agg(e.event order by e.seq) from plan_patch_event e
        where e.institution = p.institution and e.plan = p.plan), '[]'::jsonb) as events
    from plan_patch p where p.institution = ${institution} and (${plan}::text is null or p.plan = ${plan})
      and (not ${open}::boolean or not p.is_over)
    order by p.opened_at desc, p.plan limit ${limit}`.execute(db);
  return rows.map(({ openedAt, dueAt, ...row }) => ({
    ...row,
    openedAt: openedAt.toISOString(),
    dueAt: dueAt === null ? null : dueAt.toISOString(),
  }));
}

/** Adds what happened to a patch; `isOver` ends it. */
export async function insertPatchEvent(
  tx: Tx,
  institution: string,
  plan: string,
  { seq, event, isOver }: { seq: number; event: PatchEvent; isOver: boolean },
): Promise<void> {
  await sql`
    insert into plan_patch_event (institution, plan, seq, event) values (${institution}, ${plan}, ${seq}, ${JSON.stringify(event)}::jsonb)`.execute(
    tx,
  );
  if (isOver)
    await sql`update plan_patch set is_over = true where institution = ${institution} and plan = ${plan}`.execute(tx);
}

export interface ExceptionRow {
  readonly id: string;
  readonly exposures: readonly string[];
  readonly reason: string;
  /** What is done meanwhile. */
  readonly meanwhile: string;
  readonly until: string;
  readonly digest: string;
  readonly askedBy: string;
  readonly askedAt: string;
  readonly endedAt: string | null;
  readonly words: readonly ExceptionWord[];
}

export async function insertException(
  tx: Tx,
  institution: string,
  exception: Omit<ExceptionRow, 'words' | 'endedAt'>,
): Promise<void> {
  const { id, exposures, reason, meanwhile, until, digest, askedBy, askedAt } = exception;
  await sql`
    insert into plan_exception (institution, id, exposures, reason, meanwhile, until, digest, asked_by, asked_at)
    values (${institution}, ${id}, ${[...exposures]}::text[], ${reason}, ${meanwhile}, ${until}, ${digest}, ${askedBy}, ${askedAt})`.execute(
    tx,
  );
}

/** Exceptions, the newest first: one, or all. */
export async function readExceptions(
  db: Db | Tx,
  institution: string,
  id: string | null,
  limit: number,
): Promise<ExceptionRow[]> {
  type Stored = Omit<ExceptionRow, 'until' | 'askedAt' | 'endedAt'> & {
    until: Date;
    askedAt: Date;
    endedAt: Date | null;
  };
  const { rows } = await sql<Stored>`
    select e.id, e.exposures, e.reason, e.meanwhile, e.until, e.digest, e.asked_by as "askedBy", e.asked_at as "askedAt",
      e.ended_at as "endedAt", coalesce((select jsonb_agg(jsonb_build_object('person', w.person, 'decision', w.decision,
        'at', to_char(w.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by w.at)
        from plan_exception_word w where w.institution = e.institution and w.exception = e.id), '[]'::jsonb) as words
    from plan_exception e where e.institution = ${institution} and (${id}::text is null or e.id = ${id})
    order by e.asked_at desc, e.id limit ${limit}`.execute(db);
  return rows.map(({ until, askedAt, endedAt, ...row }) => ({
    ...row,
    until: until.toISOString(),
    askedAt: askedAt.toISOString(),
    endedAt: endedAt === null ? null : endedAt.toISOString(),
  }));
}

/** Adds a person's word; false when they gave theirs already. */
export async function insertExceptionWord(
  tx: Tx,
  institution: string,
  exception: string,
  { person, decision, at }: ExceptionWord,
): Promise<boolean> {
  const { rows } = await sql`
    insert into plan_exception_word (institution, exception, person, decision, at)
    values (${institution}, ${exception}, ${person}, ${decision}, ${at}) on conflict do nothing returning person`.execute(
    tx,
  );
  return rows.length === 1;
}

export async function endException(tx: Tx, institution: string, id: string, at: Date): Promise<void> {
  await sql`update plan_exception set ended_at = ${at} where institution = ${institution} and id = ${id}`.execute(tx);
}
