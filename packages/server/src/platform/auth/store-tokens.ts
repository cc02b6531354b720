import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db';

/** A token of a machine. The secret itself is nowhere. */
export interface ApiToken {
  readonly id: string;
  readonly label: string;
  readonly scope: readonly string[];
  readonly issuedBy: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

const columns = sql`id, label, scope, issued_by as "issuedBy", issued_at as "issuedAt", expires_at as "expiresAt",
  revoked_at as "revokedAt"`;

export async function insertToken(
  tx: Tx,
  institution: string,
  tokenHash: Buffer,
  token: Omit<ApiToken, 'revokedAt'>,
): Promise<void> {
  const { id, label, scope, issuedBy, issuedAt, expiresAt } = token;
  await sql`
    insert into api_token (institution, id, token_hash, label, scope, issued_by, issued_at, expires_at)
    values (${institution}, ${id}, ${tokenHash}, ${label}, ${scope}, ${issuedBy}, ${issuedAt}, ${expiresAt})`.execute(
    tx,
  );
}

/** The token of a hash that is in force at `now`. */
export async function findToken(
  db: Db | Tx,
  institution: string,
  tokenHash: Buffer,
  now: Date,
): Promise<ApiToken | null> {
  const { rows } = await sql<ApiToken>`
    select ${columns} from api_token
    where institution = ${institution} and token_hash = ${tokenHash} and revoked_at is null and expires_at > ${now}`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** Those of these tokens that are in force at `now`. */
export async function tokensInForce(db: Db, institution: string, ids: readonly string[], now: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from api_token
    where institution = ${institution} and id = any(${ids}::uuid[]) and revoked_at is null and expires_at > ${now}`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}

/** The newest tokens, those that are over among them. */
export async function readTokens(db: Db | Tx, institution: string): Promise<ApiToken[]> {
  const { rows } = await sql<ApiToken>`
    select ${columns} from api_token where institution = ${institution} order by issued_at desc limit 500`.execute(db);
  return rows;
}

/** Ends a token; false when there is none or it was revoked before. */
export async function endToken(tx: Tx, institution: string, id: string, by: string, at: Date): Promise<boolean> {
  const { rows } = await sql`
    update api_token set revoked_at = ${at}, revoked_by = ${by}
    where institution = ${institution} and id = ${id} and revoked_at is null returning id`.execute(tx);
  return rows.length === 1;
}
