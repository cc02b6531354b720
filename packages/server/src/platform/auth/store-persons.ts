import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db';

/** A person as administrators see them. */
export interface KnownPerson {
  readonly person: string;
  readonly name: string | null;
  readonly disabledAt: Date | null;
  readonly roles: readonly string[];
}

/** Keeps others from changing persons and roles of the institution until the transaction ends. */
export async function lockPersons(tx: Tx, institution: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`persons:${institution}`}, 0))`.execute(tx);
}

/** Adds a person; false when they are known already. */
export async function addPerson(tx: Tx, institution: string, person: string, name: string | null): Promise<boolean> {
  const { rows } = await sql`
    insert into person (institution, id, name) values (${institution}, ${person}, ${name})
    on conflict do nothing returning id`.execute(tx);
  return rows.length === 1;
}

/** Sets the name that screens show. */
export async function namePerson(tx: Tx, institution: string, person: string, name: string): Promise<void> {
  await sql`update person set name = ${name} where institution = ${institution} and id = ${person}`.execute(tx);
}

/** Disables a person from `at` on, or lets them in again; false when that is how it was. */
export async function setDisabled(tx: Tx, institution: string, person: string, at: Date | null): Promise<boolean> {
  const { rows } = await sql`
    update person set disabled_at = ${at}
    where institution = ${institution} and id = ${person} and (disabled_at is null) = ${at !== null} returning id`.execute(
    tx,
  );
  return rows.length === 1;
}

/** Gives a person a role; false when they hold it. */
export async function addRole(
  tx: Tx,
  institution: string,
  granted: { person: string; role: string; by: string; at: Date },
): Promise<boolean> {
  const { rows } = await sql`
    insert into person_role (institution, person, role, granted_by, granted_at)
    values (${institution}, ${granted.person}, ${granted.role}, ${granted.by}, ${granted.at})
    on conflict do nothing returning role`.execute(tx);
  return rows.length === 1;
}

/** Takes a role from a person; false when they did not hold it. */
export async function removeRole(tx: Tx, institution: string, person: string, role: string): Promise<boolean> {
  const { rows } = await sql`
    delete from person_role where institution = ${institution} and person = ${person} and role = ${role} returning role`.execute(
    tx,
  );
  return rows.length === 1;
}

export async function readPersons(db: Db | Tx, institution: string): Promise<KnownPerson[]> {
  const { rows } = await sql<KnownPerson>`
    select p.id as person, p.name, p.disabled_at as "disabledAt",
      array(select role from person_role r where r.institution = p.institution and r.person = p.id order by role) as roles
    from person p where p.institution = ${institution} order by p.id`.execute(db);
  return rows;
}

export async function readPerson(db: Db | Tx, institution: string, person: string): Promise<KnownPerson | null> {
  const { rows } = await sql<KnownPerson>`
    select p.id as person, p.name, p.disabled_at as "disabledAt",
      array(select role from person_role r where r.institution = p.institution and r.person = p.id order by role) as roles
    from person p where p.institution = ${institution} and p.id = ${person}`.execute(db);
  return rows[0] ?? null;
}
