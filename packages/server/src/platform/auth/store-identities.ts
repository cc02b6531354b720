import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db';

/** What a subject of an identity provider is here. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly person: string;
}

/** Links a subject to a person; false when it is linked already. */
export async function insertIdentity(
  tx: Tx,
  institution: string,
  { issuer, subject, person }: Identity,
  link: { by: string; at: Date },
): Promise<boolean> {
  const { rows } = await sql`
    insert into person_identity (institution, issuer, subject, person, linked_by, linked_at)
    values (${institution}, ${issuer}, ${subject}, ${person}, ${link.by}, ${link.at})
    on conflict do nothing returning person`.execute(tx);
  return rows.length === 1;
}

/** Takes a link away, and says whose it was; null when there is none. */
export async function deleteIdentity(
  tx: Tx,
  institution: string,
  issuer: string,
  subject: string,
): Promise<string | null> {
  const { rows } = await sql<{ person: string }>`
    delete from person_identity where institution = ${institution} and issuer = ${issuer} and subject = ${subject}
    returning person`.execute(tx);
  return rows[0]?.person ?? null;
}

/** The person of a subject, when they may sign in. */
export async function personOfIdentity(
  db: Db | Tx,
  institution: string,
  issuer: string,
  subject: string,
): Promise<string | null> {
  const { rows } = await sql<{ person: string }>`
    select i.person from person_identity i join person p on p.institution = i.institution and p.id = i.person
    where i.institution = ${institution} and i.issuer = ${issuer} and i.subject = ${subject} and p.disabled_at is null`.execute(
    db,
  );
  return rows[0]?.person ?? null;
}

/** A sign-in that is under way at the identity provider. */
export interface OidcRequest {
  readonly codeVerifier: string;
  readonly nonce: string;
  readonly maxAge: number;
}

export async function insertOidcRequest(
  db: Db,
  institution: string,
  stateHash: Buffer,
  request: OidcRequest & { expiresAt: Date },
): Promise<void> {
  const { codeVerifier, nonce, maxAge, expiresAt } = request;
  await sql`
    insert into oidc_request (institution, state_hash, code_verifier, nonce, max_age, expires_at)
    values (${institution}, ${stateHash}, ${codeVerifier}, ${nonce}, ${maxAge}, ${expiresAt})`.execute(db);
}

/** Uses a request up; null when there is none or it is over. Those that are over go with it. */
export async function takeOidcRequest(
  db: Db,
  institution: string,
  stateHash: Buffer,
  now: Date,
): Promise<OidcRequest | null> {
  await sql`delete from oidc_request where expires_at <= ${now}`.execute(db);
  const { rows } = await sql<OidcRequest>`
    delete from oidc_request where institution = ${institution} and state_hash = ${stateHash}
    returning code_verifier as "codeVerifier", nonce, max_age as "maxAge"`.execute(db);
  return rows[0] ?? null;
}
