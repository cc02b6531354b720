/** Authorities and their pinned OpenPGP keys (RFC 9580). */
import { BreakwaterError } from '@breakwater/rules';
import type { AuthorityKey } from '@breakwater/rules/advisory';
import { authorityKeyPinned, authorityKeyRevoked } from '@breakwater/rules/advisory/record';
import type { Actor } from '@breakwater/rules/evidence';
import { sql } from 'kysely';
import { createMessage, readKey, readSignature, verify, type Key } from 'openpgp';
import * as evidence from '#evidence';
import { inTransaction, type Db, type Tx } from '#platform/db';

export interface PinnedKey extends AuthorityKey {
  readonly armored: string;
}

type KeyRow = {
  authority: string;
  fingerprint: string;
  armored: string;
  valid_from: Date;
  valid_until: Date | null;
  revoked_at: Date | null;
};

/** Keys of every authority. */
export async function readAuthorityKeys(db: Db | Tx, institution: string): Promise<PinnedKey[]> {
  const { rows } = await sql<KeyRow>`
    select authority, fingerprint, armored, valid_from, valid_until, revoked_at from advisory_authority_key
    where institution = ${institution} order by authority, valid_from`.execute(db);
  return rows.map((row) => ({
    authority: row.authority,
    fingerprint: row.fingerprint,
    armored: row.armored,
    from: row.valid_from.toISOString(),
    until: row.valid_until?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  }));
}

/**
 * Pins a public key to an authority. `fingerprint` is what the person compared over another way: a key with another one is refused,
 * and so is a secret key. Throws BreakwaterError `authority.*`; `authority.exists` when it is pinned already.
 */
export async function pinKey(
  db: Db,
  institution: string,
  {
    authority,
    armored,
    fingerprint,
    from,
    until,
  }: { authority: string; armored: string; fingerprint: string; from: string; until: string | null },
  by: Actor,
  at: Date,
): Promise<string> {
  const key = await publicKey(armored);
  const own = key.getFingerprint().toUpperCase();
  if (own !== fingerprint.replaceAll(/\s/g, '').toUpperCase()) {
    throw new BreakwaterError(
      'authority.fingerprint',
      `the key has the fingerprint ${own}, not the one that was compared`,
      '/fingerprint',
    );
  }
  await inTransaction(db, async (tx) => {
    const { rows } = await sql`
      insert into advisory_authority_key (institution, authority, fingerprint, armored, valid_from, valid_until, pinned_by, pinned_at)
      values (${institution}, ${authority}, ${own}, ${key.armor()}, ${from}, ${until}, ${by.id}, ${at})
      on conflict do nothing returning fingerprint`.execute(tx);
    if (rows.length === 0)
      throw new BreakwaterError('authority.exists', `the key ${own} of ${authority} is pinned already`, '/armored');
    await evidence.append(tx, {
      type: authorityKeyPinned.type,
      institution,
      subjects: { authority, key: own },
      actor: by,
      at: at.toISOString(),
      payload: { authority, fingerprint: own, from, until },
    });
  });
  return own;
}

/** From `at` on a key proves nothing any more; what it proved before stays proven. */
export async function revokeAuthorityKey(
  db: Db,
  institution: string,
  authority: string,
  fingerprint: string,
  by: Actor,
  at: Date,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const { rows } = await sql`
      update advisory_authority_key set revoked_at = ${at}
      where institution = ${institution} and authority = ${authority} and fingerprint = ${fingerprint} and revoked_at is null
      returning fingerprint`.execute(tx);
    if (rows.length === 0)
      throw new BreakwaterError('authority.not-found', `${authority} has no such key in use`, '/fingerprint');
    await evidence.append(tx, {
      type: authorityKeyRevoked.type,
      institution,
      subjects: { authority, key: fingerprint },
      actor: by,
      at: at.toISOString(),
      payload: { authority, fingerprint },
    });
  });
}

/**
 * The pinned key that made a detached signature over these bytes, judged at the time of receipt; null when none of them did.
 * Anything that cannot be read proves nothing.
 */
export async function signerOf(
  document: Uint8Array,
  signature: Uint8Array,
  keys: readonly PinnedKey[],
  receivedAt: Date,
): Promise<PinnedKey | null> {
  for (const pinned of keys) {
    if (await isSignedBy(document, signature, pinned, receivedAt)) return pinned;
  }
  return null;
}

async function isSignedBy(
  document: Uint8Array,
  signature: Uint8Array,
  { armored }: PinnedKey,
  date: Date,
): Promise<boolean> {
  try {
    const text = Buffer.from(signature).toString('latin1');
    const read = text.startsWith('-----BEGIN')
      ? readSignature({ armoredSignature: text })
      : readSignature({ binarySignature: signature });
    const { signatures } = await verify({
      message: await createMessage({ binary: document }),
      signature: await read,
      verificationKeys: await readKey({ armoredKey: armored }),
      date,
    });
    const [first] = signatures;
    return signatures.length === 1 && first !== undefined && (await first.verified);
  } catch {
    return false;
  }
}

async function publicKey(armored: string): Promise<Key> {
  let key: Key;
  try {
    key = await readKey({ armoredKey: armored });
  } catch {
    throw new BreakwaterError('authority.key', 'this is no OpenPGP public key: export it with --armor', '/armored');
  }
  if (key.isPrivate())
    throw new BreakwaterError(
      'authority.secret-key',
      'this is a secret key: give the public one, and treat this one as lost',
      '/armored',
    );
  return key;
}
