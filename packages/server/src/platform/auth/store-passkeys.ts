import { sql } from 'kysely';
import type { EnrolmentStatement, Signature } from '@breakwater/rules';
import type { Db, Tx } from '#platform/db';

/** A passkey of a person. Its private key is nowhere but in the authenticator. */
export interface Passkey {
  /** base64url, as browsers name it. */
  readonly credential: string;
  readonly person: string;
  readonly coseKey: Buffer;
  /** SHA-256 of the key in SPKI DER. */
  readonly key: string;
  /** SPKI PEM. */
  readonly publicKey: string;
  readonly rpId: string;
  readonly origin: string;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly isSynced: boolean;
  readonly aaguid: string;
  readonly label: string;
  readonly registeredAt: Date;
  readonly lastUsedAt: Date | null;
}

const columns = sql`credential, person, cose_key as "coseKey", key, public_key as "publicKey", rp_id as "rpId", origin, counter,
  transports, is_synced as "isSynced", aaguid, label, registered_at as "registeredAt", last_used_at as "lastUsedAt"`;

/** Adds a passkey; false when the institution knows the credential. */
export async function insertPasskey(
  tx: Tx,
  institution: string,
  passkey: Omit<Passkey, 'lastUsedAt'>,
): Promise<boolean> {
  const { credential, person, coseKey, key, publicKey, rpId, origin, counter, transports, isSynced } = passkey;
  const { rows } = await sql`
    insert into passkey (institution, credential, person, cose_key, key, public_key, rp_id, origin, counter, transports,
      is_synced, aaguid, label, registered_at)
    values (${institution}, ${credential}, ${person}, ${coseKey}, ${key}, ${publicKey}, ${rpId}, ${origin}, ${counter},
      ${transports}, ${isSynced}, ${passkey.aaguid}, ${passkey.label}, ${passkey.registeredAt})
    on conflict do nothing returning credential`.execute(tx);
  return rows.length === 1;
}

/** A passkey that was not removed, of a person who may sign in. */
export async function findPasskey(db: Db | Tx, institution: string, credential: string): Promise<Passkey | null> {
  const { rows } = await sql<Passkey>`
    select ${columns} from passkey k where institution = ${institution} and credential = ${credential}
      and removed_at is null and exists (select from person p
        where p.institution = k.institution and p.id = k.person and p.disabled_at is null)`.execute(db);
  return rows[0] ?? null;
}

export async function passkeysOf(db: Db | Tx, institution: string, person: string): Promise<Passkey[]> {
  const { rows } = await sql<Passkey>`
    select ${columns} from passkey where institution = ${institution} and person = ${person} and removed_at is null
    order by registered_at`.execute(db);
  return rows;
}

export async function usedPasskey(
  tx: Tx,
  institution: string,
  credential: string,
  use: { counter: number; at: Date },
): Promise<void> {
  await sql`
    update passkey set counter = ${use.counter}, last_used_at = ${use.at}
    where institution = ${institution} and credential = ${credential}`.execute(tx);
}

/** Takes a passkey away; false when its person has none of this name. */
export async function endPasskey(
  tx: Tx,
  institution: string,
  person: string,
  credential: string,
  at: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update passkey set removed_at = ${at} where institution = ${institution} and person = ${person}
      and credential = ${credential} and removed_at is null returning credential`.execute(tx);
  return rows.length === 1;
}

/** Keeps what a browser is asked to sign. `person` null: whoever answers. */
export async function insertChallenge(
  db: Db,
  institution: string,
  asked: { challenge: string; purpose: 'register' | 'sign-in'; person: string | null; expiresAt: Date },
): Promise<void> {
  const { challenge, purpose, person, expiresAt } = asked;
  await sql`
    insert into passkey_challenge (institution, challenge, purpose, person, expires_at)
    values (${institution}, ${challenge}, ${purpose}, ${person}, ${expiresAt})`.execute(db);
}

/** Uses a challenge up; false when there is none, it was used, or it is over. Those that are over go with it. */
export async function useChallenge(
  tx: Tx,
  institution: string,
  asked: { challenge: string; purpose: 'register' | 'sign-in'; person: string | null; now: Date },
): Promise<boolean> {
  const { challenge, purpose, person, now } = asked;
  await sql`delete from passkey_challenge where expires_at <= ${now}`.execute(tx);
  const { rows } = await sql`
    delete from passkey_challenge where institution = ${institution} and challenge = ${challenge}
      and purpose = ${purpose} and person is not distinct from ${person} returning challenge`.execute(tx);
  return rows.length === 1;
}

/** An enrolment that the holder of the key signed, and that waits for the second person. */
export interface KeyProposal {
  readonly statement: EnrolmentStatement;
  readonly possession: Omit<Signature, 'key'>;
  readonly proposedAt: Date;
}

/** Keeps a proposal in place of an earlier one of the same key. */
export async function putProposal(
  tx: Tx,
  institution: string,
  key: string,
  { statement, possession, proposedAt }: KeyProposal,
): Promise<void> {
  await removeProposal(tx, institution, key);
  await sql`
    insert into key_proposal (institution, key, statement, possession, proposed_at)
    values (${institution}, ${key}, ${JSON.stringify(statement)}::jsonb, ${JSON.stringify(possession)}::jsonb, ${proposedAt})`.execute(
    tx,
  );
}

export async function removeProposal(tx: Tx, institution: string, key: string): Promise<void> {
  await sql`delete from key_proposal where institution = ${institution} and key = ${key}`.execute(tx);
}

export async function readProposals(db: Db | Tx, institution: string): Promise<KeyProposal[]> {
  const { rows } = await sql<KeyProposal>`
    select statement, possession, proposed_at as "proposedAt" from key_proposal
    where institution = ${institution} order by proposed_at limit 200`.execute(db);
  return rows;
}
