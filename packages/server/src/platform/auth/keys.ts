import {
  BreakwaterError,
  assertedBytes,
  signedBytes,
  statementBytes,
  type EnrolmentStatement,
  type PasskeyPlace,
  type RevocationStatement,
  type Signature,
  type Statement,
} from '@breakwater/rules';
import { keyEnrolled, keyRevoked } from '@breakwater/rules/plan/record';
import type { Keys } from '@breakwater/rules/review';
import * as evidence from '#evidence';
import { inTransaction, type Db, type Tx } from '#platform/db';
import { keyDigest, signatureVerifies } from './signing.ts';
import { removeProposal } from './store-passkeys.ts';
import { endKey, insertKey, insertPerson, lockKeys, readKey, readKeys, useNonce, type OperatorKey } from './store.ts';

/** A statement of enrolment, signed by the person who enrols and by the key that is enrolled. */
export interface SignedEnrolment {
  readonly statement: EnrolmentStatement;
  readonly enroller: Signature;
  /** Shows that the person holds the private key: base64 of an ordinary signature, or what their passkey asserted. */
  readonly possession: string | SignedValue;
}

/**
 * Enrols a key to a person, on the signed word of a second person whose key is enrolled.
 * Throws BreakwaterError `key.*` with what is wrong; `key.exists` when the key is enrolled already.
 */
export async function enrolKey(
  db: Db,
  institution: string,
  enrolment: SignedEnrolment,
  now: Date,
): Promise<OperatorKey> {
  return inTransaction(db, async (tx) => {
    await lockKeys(tx, institution);
    const { statement, enroller } = enrolment;
    const by = await signer(tx, institution, statement, enroller, now);
    if (by.person !== statement.enrolledBy) throw notTheirs(enroller.key, statement.enrolledBy);
    return add(tx, institution, enrolment, now);
  });
}

/**
 * The founding ceremony: while an institution has no keys, two persons enrol each other at once.
 * Throws BreakwaterError `key.founded` when there are keys, otherwise as `enrolKey`.
 */
export async function foundKeys(
  db: Db,
  institution: string,
  founders: readonly [SignedEnrolment, SignedEnrolment],
  now: Date,
): Promise<OperatorKey[]> {
  return inTransaction(db, async (tx) => {
    await lockKeys(tx, institution);
    if ((await readKeys(tx, institution)).length > 0) {
      throw new BreakwaterError('key.founded', 'this institution has keys: a person who holds one enrols the next');
    }
    const [a, b] = founders;
    for (const [one, other] of [[a, b] as const, [b, a] as const]) {
      if (one.statement.enrolledBy !== other.statement.person) {
        throw new BreakwaterError('key.ceremony', 'each founder enrols the other one', '/enrolledBy');
      }
      if (one.enroller.key !== keyDigest(other.statement.publicKey, other.statement.webauthn))
        throw notTheirs(one.enroller.key, other.statement.person);
      requireSignature(other.statement, one.statement, one.enroller);
    }
    return [await add(tx, institution, a, now), await add(tx, institution, b, now)];
  });
}

async function add(tx: Tx, institution: string, enrolment: SignedEnrolment, now: Date): Promise<OperatorKey> {
  const { statement, possession } = enrolment;
  const { person, role, publicKey, webauthn, enrolledBy, from, to } = statement;
  if (statement.institution !== institution) {
    throw new BreakwaterError(
      'key.institution',
      `the statement is of ${statement.institution}, not of ${institution}`,
      '/institution',
    );
  }
  if (Date.parse(to) <= now.getTime()) throw new BreakwaterError('key.over', 'the key would be over already', '/to');
  requirePossession(statement, typeof possession === 'string' ? { signature: possession } : possession);
  if (!(await useNonce(tx, institution, statement.nonce))) throw used();
  const key = keyDigest(publicKey, webauthn);
  const enrolled = { key, person, role, publicKey, enrolledBy, from, to };
  await insertPerson(tx, institution, person);
  if (!(await insertKey(tx, institution, { ...enrolled, webauthn: webauthn ?? null })))
    throw new BreakwaterError('key.exists', 'this key is enrolled already', '/publicKey');
  await evidence.append(tx, {
    type: keyEnrolled.type,
    institution,
    subjects: { key, person },
    actor: { kind: 'person', id: enrolledBy },
    at: now.toISOString(),
    payload: webauthn === undefined ? enrolled : { ...enrolled, webauthn },
  });
  await removeProposal(tx, institution, key);
  return { ...enrolled, webauthn: webauthn ?? null, revokedAt: null, revokedBy: null };
}

/** Ends a key from now on; what it signed before stays signed. Any enrolled person may. */
export async function revokeKey(
  db: Db,
  institution: string,
  statement: RevocationStatement,
  signature: Signature,
  now: Date,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockKeys(tx, institution);
    const by = await signer(tx, institution, statement, signature, now);
    if (by.person !== statement.by) throw notTheirs(signature.key, statement.by);
    if (!(await useNonce(tx, institution, statement.nonce))) throw used();
    const at = now.toISOString();
    if (!(await endKey(tx, institution, statement.key, statement.by, at))) {
      throw new BreakwaterError('key.not-found', 'no key of that digest is in force', '/key');
    }
    await evidence.append(tx, {
      type: keyRevoked.type,
      institution,
      subjects: { key: statement.key },
      actor: { kind: 'person', id: statement.by },
      at,
      payload: { key: statement.key, by: statement.by, at },
    });
  });
}

/** All keys of an institution, by person. */
export async function listKeys(db: Db, institution: string): Promise<OperatorKey[]> {
  return readKeys(db, institution);
}

/** The keys as a verifier elsewhere takes them: `breakwater.keys/1`. */
export async function exportKeys(db: Db, institution: string): Promise<Keys> {
  const keys = await readKeys(db, institution);
  return {
    schema: 'breakwater.keys/1',
    keys: keys.map(({ person, role, publicKey, webauthn, from, to, revokedAt }) => ({
      person,
      role,
      publicKey,
      ...(webauthn === null ? {} : { webauthn }),
      from,
      to,
      revoked: revokedAt,
    })),
  };
}

/**
 * The key that signed `message`, which must be enrolled, in force at `now`, and of `person` when given.
 * Throws BreakwaterError `key.not-enrolled`, `key.over`, `key.revoked`, `key.not-theirs` or `key.signature`.
 */
export async function requireSigner(
  db: Db | Tx,
  institution: string,
  message: Uint8Array,
  { key, signature, webauthn }: Signature,
  now: Date,
  person?: string,
): Promise<OperatorKey> {
  const known = await readKey(db, institution, key);
  if (known === null) throw new BreakwaterError('key.not-enrolled', `key ${key} is not enrolled`, '/key');
  if (known.revokedAt !== null && Date.parse(known.revokedAt) <= now.getTime()) {
    throw new BreakwaterError('key.revoked', `key ${key} was revoked at ${known.revokedAt}`, '/key');
  }
  if (now.getTime() < Date.parse(known.from) || now.getTime() >= Date.parse(known.to)) {
    throw new BreakwaterError('key.over', `key ${key} is in force from ${known.from} to ${known.to} only`, '/key');
  }
  if (person !== undefined && known.person !== person) throw notTheirs(key, person);
  requireSigned(known, message, { signature, webauthn });
  return known;
}

/** As `requireSigner`, for a statement whose nonce is used up in `tx`. */
export async function acceptStatement(
  tx: Tx,
  institution: string,
  statement: Exclude<Statement, EnrolmentStatement | RevocationStatement>,
  signature: Signature,
  now: Date,
): Promise<OperatorKey> {
  const by = await requireSigner(tx, institution, statementBytes(statement), signature, now, statement.person);
  if (!(await useNonce(tx, institution, statement.nonce))) throw used();
  return by;
}

async function signer(
  tx: Tx,
  institution: string,
  statement: Statement,
  signature: Signature,
  now: Date,
): Promise<OperatorKey> {
  return requireSigner(tx, institution, statementBytes(statement), signature, now);
}

/** Throws BreakwaterError `key.signature` or `key.assertion` unless the key that a statement enrols has signed it. */
export function requirePossession(statement: EnrolmentStatement, possession: SignedValue): void {
  requireSignature(statement, statement, possession);
}

function requireSignature(key: SigningKey, statement: Statement, signed: SignedValue): void {
  requireSigned(key, statementBytes(statement), signed);
}

type SigningKey = { readonly publicKey: string; readonly webauthn?: PasskeyPlace | null | undefined };
type SignedValue = Omit<Signature, 'key'>;

function requireSigned(key: SigningKey, message: Uint8Array, signed: SignedValue): void {
  const { webauthn } = key;
  if (webauthn && signed.webauthn !== undefined) {
    const asserted = assertedBytes(signed.webauthn, webauthn, message);
    if ('fault' in asserted) {
      throw new BreakwaterError(
        'key.assertion',
        `the passkey did not assert this statement: ${asserted.fault}`,
        '/webauthn',
      );
    }
  }
  const bytes = signedBytes(key, message, signed);
  if (bytes !== null && signatureVerifies(key.publicKey, bytes, signed.signature)) return;
  throw new BreakwaterError('key.signature', 'the signature is not of this statement by this key', '/signature');
}

function notTheirs(key: string, person: string): BreakwaterError {
  return new BreakwaterError('key.not-theirs', `key ${key} is not a key of ${person}`, '/key');
}

function used(): BreakwaterError {
  return new BreakwaterError('statement.used', 'this statement was used before: make and sign a new one', '/nonce');
}
