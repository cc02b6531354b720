import { BreakwaterError } from '@breakwater/rules';
import { roleNames, type Role } from '@breakwater/rules/authority';
import {
  personDisabled,
  personRegistered,
  roleGranted,
  roleRevoked,
  signedOut,
} from '@breakwater/rules/authority/record';
import type { Actor, RecordKind } from '@breakwater/rules/evidence/record';
import * as evidence from '#evidence';
import { inTransaction, type Db, type Tx } from '#platform/db';
import {
  addPerson,
  addRole,
  lockPersons,
  namePerson,
  readPerson,
  readPersons,
  removeRole,
  setDisabled,
  type KnownPerson,
} from './store-persons.ts';
import { endSessions } from './store-sessions.ts';

/** Who changes persons, and where. */
export interface Change {
  readonly institution: string;
  readonly by: Actor;
  readonly at: Date;
}

/** Appends one record about a person in the caller's transaction. */
export async function tell<T>(
  tx: Tx,
  { institution, by, at }: Change,
  person: string,
  kind: RecordKind<T>,
  payload: T,
): Promise<void> {
  await evidence.append(tx, {
    type: kind.type,
    institution,
    subjects: { person },
    actor: by,
    at: at.toISOString(),
    payload: kind.payload.parse(payload) as never,
  });
}

/**
 * Registers a person with roles, or gives a known one these roles too. Returns them as they are then.
 */
export async function registerPerson(
  db: Db,
  change: Change,
  wanted: { person: string; name: string | null; roles: readonly Role[] },
): Promise<KnownPerson> {
  return inTransaction(db, async (tx) => {
    await lockPersons(tx, change.institution);
    return register(tx, change, wanted);
  });
}

/** As `registerPerson`, in the caller's transaction, which holds the lock on persons. */
export async function register(
  tx: Tx,
  change: Change,
  { person, name, roles }: { person: string; name: string | null; roles: readonly Role[] },
): Promise<KnownPerson> {
  const { institution, by } = change;
  if (await addPerson(tx, institution, person, name)) {
    await tell(tx, change, person, personRegistered, { person, by: by.id });
  } else if (name !== null) await namePerson(tx, institution, person, name);
  for (const role of roles) {
    if (await addRole(tx, institution, { person, role, by: by.id, at: change.at })) {
      await tell(tx, change, person, roleGranted, { person, role, by: by.id });
    }
  }
  return requirePerson(tx, institution, person);
}

/** Takes a role from a person, at once. Throws BreakwaterError `role.not-found`, `person.not-found`. */
export async function revokeRole(db: Db, change: Change, person: string, role: Role): Promise<KnownPerson> {
  const { institution, by } = change;
  return inTransaction(db, async (tx) => {
    await lockPersons(tx, institution);
    await requirePerson(tx, institution, person);
    if (!(await removeRole(tx, institution, person, role))) {
      throw new BreakwaterError('role.not-found', `${person} does not hold the role ${role}`, '/role');
    }
    await tell(tx, change, person, roleRevoked, { person, role, by: by.id });
    return requirePerson(tx, institution, person);
  });
}

/** Disables a person and ends their sessions in the same commit, or lets them in again. */
export async function disablePerson(db: Db, change: Change, person: string, disabled: boolean): Promise<KnownPerson> {
  const { institution, by, at } = change;
  return inTransaction(db, async (tx) => {
    await lockPersons(tx, institution);
    await requirePerson(tx, institution, person);
    if (await setDisabled(tx, institution, person, disabled ? at : null)) {
      await tell(tx, change, person, personDisabled, { person, disabled, by: by.id });
    }
    if (disabled) {
      for (const session of await endSessions(tx, institution, person, 'all', { by: by.id, at })) {
        await tell(tx, change, person, signedOut, { session, person, by: by.id });
      }
    }
    return requirePerson(tx, institution, person);
  });
}

/** Everybody, by pseudonym. */
export async function listPersons(db: Db, institution: string): Promise<KnownPerson[]> {
  return readPersons(db, institution);
}

/** Throws BreakwaterError `person.not-found`. */
export async function requirePerson(db: Db | Tx, institution: string, person: string): Promise<KnownPerson> {
  const known = await readPerson(db, institution, person);
  if (known !== null) return known;
  throw new BreakwaterError('person.not-found', `no person ${person} is registered: see person list`, '/person');
}

/** The roles that this version knows; a role of a later version permits nothing here. */
export function knownRoles(held: readonly string[]): Role[] {
  return roleNames.filter((role) => held.includes(role));
}
