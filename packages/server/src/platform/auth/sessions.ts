import { randomUUID } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import { linkIssued, signedIn, signedOut, type signInMethods } from '@breakwater/rules/authority/record';
import type { Config } from '#platform/config';
import { inTransaction, type Db, type Tx } from '#platform/db';
import { knownRoles, register, requirePerson, tell, type Change } from './persons.ts';
import { newSecret, secretHash } from './secret-token.ts';
import { lockPersons, readPersons } from './store-persons.ts';
import {
  endSessionOf,
  endSessions,
  everSignedIn,
  findSession,
  insertLink,
  insertSession,
  sessionsOf,
  touchSession,
  useLink,
  type LiveSession,
} from './store-sessions.ts';

export type SignInMethod = (typeof signInMethods)[number];

/** A session that began, with the secret that its browser keeps: handed out once. */
export interface Begun {
  readonly id: string;
  readonly secret: string;
  readonly person: string;
  readonly expiresAt: Date;
}

/** How long a link may wait to be used. */
const linkLifeMs = 10 * 60_000;
/** A session's use is written down at most this often. */
const touchEveryMs = 30_000;
const longestAgent = 120;

/** Pseudonym of the first administrator, made at the first start. */
const firstAdministrator = 'administrator';

/**
 * Begins a session in the transaction that judged who the person is. `replaces`: the secret of the session that the browser
 * had before; it ends, so that nobody goes on with what was there before the sign-in.
 */
export async function beginSession(
  tx: Tx,
  config: Config,
  begin: {
    person: string;
    method: SignInMethod;
    agent: string;
    at: Date;
    replaces: string | null;
    /** When they showed who they are; left out: now. */
    authenticatedAt?: Date;
    /** Longest that the session lasts, ms; left out: as the settings say. */
    lastsMs?: number;
  },
): Promise<Begun> {
  const { person, method, agent, at, replaces, authenticatedAt = at } = begin;
  const { institution } = config;
  const id = randomUUID();
  const secret = newSecret();
  const expiresAt = new Date(at.getTime() + (begin.lastsMs ?? config.auth.sessionHours * 3_600_000));
  await insertSession(tx, institution, {
    id,
    tokenHash: secretHash(secret),
    person,
    method,
    at,
    authenticatedAt,
    expiresAt,
    agent: agent.slice(0, longestAgent),
  });
  const change = { institution, by: { kind: 'person', id: person }, at } as const;
  await tell(tx, change, person, signedIn, { session: id, person, method });
  if (replaces !== null) {
    for (const old of await endSessionOf(tx, institution, secretHash(replaces), { by: person, at })) {
      await tell(tx, change, old.person, signedOut, { session: old.id, person: old.person, by: person });
    }
  }
  return { id, secret, person, expiresAt };
}

/** The session of a cookie, or null when it is over, ended or unknown. Its use is kept for the idle limit. */
export async function sessionOf(db: Db, config: Config, secret: string, now: Date): Promise<LiveSession | null> {
  const session = await findSession(db, config.institution, secretHash(secret), now, idleSince(config, now));
  if (session !== null && now.getTime() - session.lastUsedAt.getTime() > touchEveryMs) {
    await touchSession(db, session.id, now);
  }
  return session;
}

/** A person's own sessions, newest first. */
export async function listSessions(db: Db, config: Config, person: string, now: Date): Promise<LiveSession[]> {
  return sessionsOf(db, config.institution, person, now, idleSince(config, now));
}

/**
 * Ends a session of a person, or all of them (`all`), at once. Throws BreakwaterError `session.not-found` when nothing ended.
 */
export async function endSession(db: Db, change: Change, person: string, session: string): Promise<string[]> {
  const { institution, by, at } = change;
  return inTransaction(db, async (tx) => {
    const ended = await endSessions(tx, institution, person, session, { by: by.id, at });
    if (ended.length === 0) throw new BreakwaterError('session.not-found', 'no such session of this person is open');
    for (const one of ended) await tell(tx, change, person, signedOut, { session: one, person, by: by.id });
    return ended;
  });
}

/** A link that signs one person in once. `secret` is shown once. */
export interface Link {
  readonly person: string;
  readonly secret: string;
  readonly expiresAt: Date;
}

/** Issues a link for a registered person. Throws BreakwaterError `person.not-found`, `person.disabled`. */
export async function issueLink(db: Db, change: Change, person: string): Promise<Link> {
  return inTransaction(db, (tx) => issue(tx, change, person));
}

/**
 * The link of the first administrator: registers them when there is no administrator yet. Null once an administrator
 * has signed in, unless `again`: whoever may use the Unix socket can always let themselves in.
 */
export async function firstLink(db: Db, change: Change, again: boolean): Promise<Link | null> {
  const { institution } = change;
  return inTransaction(db, async (tx) => {
    await lockPersons(tx, institution);
    const administrators = (await readPersons(tx, institution)).filter(
      ({ roles, disabledAt }) => disabledAt === null && roles.includes('administrator'),
    );
    const persons = administrators.map(({ person }) => person);
    if (!again && (await everSignedIn(tx, institution, persons))) return null;
    const [first] = persons;
    if (first !== undefined) return issue(tx, change, first);
    await register(tx, change, { person: firstAdministrator, name: null, roles: ['administrator'] });
    return issue(tx, change, firstAdministrator);
  });
}

async function issue(tx: Tx, change: Change, person: string): Promise<Link> {
  const { institution, by, at } = change;
  const known = await requirePerson(tx, institution, person);
  if (known.disabledAt !== null) {
    throw new BreakwaterError('person.disabled', `${person} is disabled: let them in again first`, '/person');
  }
  if (knownRoles(known.roles).length === 0) {
    throw new BreakwaterError('person.no-role', `${person} holds no role: grant one first`, '/person');
  }
  const [id, secret] = [randomUUID(), newSecret()];
  const expiresAt = new Date(at.getTime() + linkLifeMs);
  await insertLink(tx, institution, { id, tokenHash: secretHash(secret), person, by: by.id, at, expiresAt });
  await tell(tx, change, person, linkIssued, { link: id, person, expires: expiresAt.toISOString(), by: by.id });
  return { person, secret, expiresAt };
}

/** Uses a link up and begins the session. Throws BreakwaterError `link.not-signed-in` for one that is over, used or unknown. */
export async function exchangeLink(
  db: Db,
  config: Config,
  link: string,
  { agent, at, replaces }: { agent: string; at: Date; replaces: string | null },
): Promise<Begun> {
  return inTransaction(db, async (tx) => {
    const person = await useLink(tx, config.institution, secretHash(link), at);
    if (person === null) {
      throw new BreakwaterError(
        'link.not-signed-in',
        'this link was used or is over: make a new one with `breakwater sign-in`',
        '/link',
      );
    }
    return beginSession(tx, config, { person, method: 'link', agent, at, replaces });
  });
}

function idleSince({ auth }: Config, now: Date): Date {
  return new Date(now.getTime() - auth.sessionIdleMinutes * 60_000);
}
