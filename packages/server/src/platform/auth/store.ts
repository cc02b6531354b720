import { sql } from 'kysely';
import type { PasskeyPlace } from '@breakwater/rules';
import type { Db, Tx } from '#platform/db';

type KeyTable = {
  institution: string;
  key: string;
  person: string;
  role: string;
  public_key: string;
  webauthn: PasskeyPlace | null;
  enrolled_by: string;
  valid_from: Date;
  valid_to: Date;
  revoked_at: Date | null;
  revoked_by: string | null;
};

type Tables = { operator_key: KeyTable };

/** A person's public key, from enrolment to its end. */
export interface OperatorKey {
  /** SHA-256 of the public key in SPKI DER. */
  readonly key: string;
  readonly person: string;
  readonly role: string;
  /** SPKI PEM. */
  readonly publicKey: string;
  /** Where a passkey answers; null: an ordinary key. */
  readonly webauthn: PasskeyPlace | null;
  readonly enrolledBy: string;
  readonly from: string;
  readonly to: string;
  readonly revokedAt: string | null;
  readonly revokedBy: string | null;
}

/** Keeps others from changing persons and keys of the institution until the transaction ends. */
export async function lockKeys(tx: Tx, institution: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`operator-keys:${institution}`}, 0))`.execute(tx);
}

export async function insertPerson(tx: Tx, institution: string, person: string): Promise<void> {
  await sql`insert into person (institution, id) values (${institution}, ${person}) on conflict do nothing`.execute(tx);
}

/** Adds a key; false when the institution has it already. */
export async function insertKey(
  tx: Tx,
  institution: string,
  key: Omit<OperatorKey, 'revokedAt' | 'revokedBy'>,
): Promise<boolean> {
  const { rows } = await sql`
    insert into operator_key (institution, key, person, role, public_key, webauthn, enrolled_by, valid_from, valid_to)
    values (${institution}, ${key.key}, ${key.person}, ${key.role}, ${key.publicKey},
      ${key.webauthn === null ? null : JSON.stringify(key.webauthn)}::jsonb, ${key.enrolledBy}, ${key.from}, ${key.to})
    on conflict do nothing returning key`.execute(tx);
  return rows.length === 1;
}

/** Ends a key; false when there is none or it was revoked before. */
export async function endKey(tx: Tx, institution: string, key: string, by: string, at: string): Promise<boolean> {
  const { rows } = await sql`
    update operator_key set revoked_at = ${at}, revoked_by = ${by}
    where institution = ${institution} and key = ${key} and revoked_at is null returning key`.execute(tx);
  return rows.length === 1;
}

export async function readKeys(db: Db | Tx, institution: string): Promise<OperatorKey[]> {
  const rows = await db
    .withTables<Tables>()
    .selectFrom('operator_key')
    .selectAll()
    .where('institution', '=', institution)
    .orderBy('person')
    .orderBy('valid_from')
    .execute();
  return rows.map(operatorKey);
}

export async function readKey(db: Db | Tx, institution: string, key: string): Promise<OperatorKey | null> {
  const row = await db
    .withTables<Tables>()
    .selectFrom('operator_key')
    .selectAll()
    .where('institution', '=', institution)
    .where('key', '=', key)
    .executeTakeFirst();
  return row === undefined ? null : operatorKey(row);
}

function operatorKey(row: KeyTable): OperatorKey {
  return {
    key: row.key,
    person: row.person,
    role: row.role,
    publicKey: row.public_key,
    webauthn: row.webauthn,
    enrolledBy: row.enrolled_by,
    from: row.valid_from.toISOString(),
    to: row.valid_to.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    revokedBy: row.revoked_by,
  };
}

/** Uses a nonce up; false when it was used before. */
export async function useNonce(tx: Tx, institution: string, nonce: string): Promise<boolean> {
  const { rows } = await sql`
    insert into used_nonce (institution, nonce) values (${institution}, ${nonce}) on conflict do nothing returning nonce`.execute(
    tx,
  );
  return rows.length === 1;
}
