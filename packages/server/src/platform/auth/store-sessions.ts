import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db';

/** A session that is within its limits, with the person as they are now. */
export interface LiveSession {
  readonly id: string;
  readonly person: string;
  readonly name: string | null;
  readonly roles: readonly string[];
  readonly method: string;
  readonly beganAt: Date;
  readonly authenticatedAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
  readonly agent: string;
}

const columns = sql`s.id, s.person, p.name, s.method, s.began_at as "beganAt", s.authenticated_at as "authenticatedAt",
  s.last_used_at as "lastUsedAt", s.expires_at as "expiresAt", s.agent,
  array(select role from person_role r where r.institution = s.institution and r.person = s.person order by role) as roles`;

/** Within both limits at `now`, not ended, and of a person who may sign in. `idleSince`: unused before it = over. */
const live = (institution: string, now: Date, idleSince: Date) => sql`s.institution = ${institution}
  and s.ended_at is null and p.disabled_at is null and s.expires_at > ${now} and s.last_used_at > ${idleSince}`;

const withPerson = sql`person_session s join person p on p.institution = s.institution and p.id = s.person`;

export async function insertSession(
  tx: Tx,
  institution: string,
  session: {
    id: string;
    tokenHash: Buffer;
    person: string;
    method: string;
    at: Date;
    authenticatedAt: Date;
    expiresAt: Date;
    agent: string;
  },
): Promise<void> {
  const { id, tokenHash, person, method, at, authenticatedAt, expiresAt, agent } = session;
  await sql`
    insert into person_session (institution, id, token_hash, person, method, began_at, authenticated_at, last_used_at, expires_at, agent)
    values (${institution}, ${id}, ${tokenHash}, ${person}, ${method}, ${at}, ${authenticatedAt}, ${at}, ${expiresAt}, ${agent})`.execute(
    tx,
  );
}

export async function findSession(
  db: Db | Tx,
  institution: string,
  tokenHash: Buffer,
  now: Date,
  idleSince: Date,
): Promise<LiveSession | null> {
  const { rows } = await sql<LiveSession>`
    select ${columns} from ${withPerson} where s.token_hash = ${tokenHash} and ${live(institution, now, idleSince)}`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** A person's sessions that are within their limits, newest first. */
export async function sessionsOf(
  db: Db | Tx,
  institution: string,
  person: string,
  now: Date,
  idleSince: Date,
): Promise<LiveSession[]> {
  const { rows } = await sql<LiveSession>`
    select ${columns} from ${withPerson} where s.person = ${person} and ${live(institution, now, idleSince)}
    order by s.began_at desc limit 100`.execute(db);
  return rows;
}

/** Those of these sessions that are within their limits, without their being used. */
export async function liveSessions(
  db: Db,
  institution: string,
  ids: readonly string[],
  now: Date,
  idleSince: Date,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select s.id from ${withPerson} where s.id = any(${ids}::uuid[]) and ${live(institution, now, idleSince)}`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}

/** Keeps that a session is in use; no state that anyone could rely on but its idle limit. */
export async function touchSession(db: Db, id: string, at: Date): Promise<void> {
  await sql`update person_session set last_used_at = greatest(last_used_at, ${at}) where id = ${id}`.execute(db);
}

/** Ends a session of a person, or all of them (`all`), and says which ended. */
export async function endSessions(
  tx: Tx,
  institution: string,
  person: string,
  session: string,
  end: { by: string; at: Date },
): Promise<string[]> {
  const which = session === 'all' ? sql`true` : sql`id = ${session}`;
  const { rows } = await sql<{ id: string }>`
    update person_session set ended_at = ${end.at}, ended_by = ${end.by}
    where institution = ${institution} and person = ${person} and ${which} and ended_at is null returning id`.execute(
    tx,
  );
  return rows.map(({ id }) => id);
}

/** Ends the session of a cookie, and says whose it was; nothing when it is over. */
export async function endSessionOf(
  tx: Tx,
  institution: string,
  tokenHash: Buffer,
  end: { by: string; at: Date },
): Promise<{ id: string; person: string }[]> {
  const { rows } = await sql<{ id: string; person: string }>`
    update person_session set ended_at = ${end.at}, ended_by = ${end.by}
    where institution = ${institution} and token_hash = ${tokenHash} and ended_at is null returning id, person`.execute(
    tx,
  );
  return rows;
}

/** Whether one of these persons ever signed in. */
export async function everSignedIn(db: Db | Tx, institution: string, persons: readonly string[]): Promise<boolean> {
  const { rows } = await sql`
    select 1 from person_session where institution = ${institution} and person = any(${persons}) limit 1`.execute(db);
  return rows.length === 1;
}

export async function insertLink(
  tx: Tx,
  institution: string,
  link: { id: string; tokenHash: Buffer; person: string; by: string; at: Date; expiresAt: Date },
): Promise<void> {
  const { id, tokenHash, person, by, at, expiresAt } = link;
  await sql`
    insert into sign_in_link (institution, id, token_hash, person, issued_by, issued_at, expires_at)
    values (${institution}, ${id}, ${tokenHash}, ${person}, ${by}, ${at}, ${expiresAt})`.execute(tx);
}

/** Uses a link up and says whose it is; null when there is none, it was used, it is over, or its person is disabled. */
export async function useLink(tx: Tx, institution: string, tokenHash: Buffer, now: Date): Promise<string | null> {
  const { rows } = await sql<{ person: string }>`
    update sign_in_link l set used_at = ${now} from person p
    where l.institution = ${institution} and l.token_hash = ${tokenHash} and l.used_at is null and l.expires_at > ${now}
      and p.institution = l.institution and p.id = l.person and p.disabled_at is null
    returning l.person`.execute(tx);
  return rows[0]?.person ?? null;
}
