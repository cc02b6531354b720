import {
  BreakwaterError,
  statementBytes,
  type EnrolmentStatement,
  type RevocationStatement,
  type Signature,
  type Statement,
} from '@breakwater/rules';
import { keyEnrolled, keyRevoked } from '@breakwater/rules/plan/record';
import type { Keys } from '@breakwater/rules/review';
import * as evidence from '#evidence';
import { inTransaction, type Db, type Tx } from '#platform/db';
import { keyDigest, signatureVerifies } from './signing.ts';
import { endKey, insertKey, insertPerson, lockKeys, readKey, readKeys, useNonce, type OperatorKey } from './store.ts';

/** A statement of enrolment, signed by the person who enrols and by the key that is enrolled. */
export interface SignedEnrolment {
  readonly statement: EnrolmentStatement;
  readonly enroller: Signature;
  /** Base64: shows that the person holds the private key. */
  readonly possession: string;
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
      if (one.enroller.key !== keyDigest(other.statement.publicKey))
        throw notTheirs(one.enroller.key, other.statement.person);
      requireSignature(other.statement.publicKey, one.statement, one.enroller.signature);
    }
    return [await add(tx, institution, a, now), await add(tx, institution, b, now)];
  });
}

async function add(tx: Tx, institution: string, enrolment: SignedEnrolment, now: Date): Promise<OperatorKey> {
  const { statement, possession } = enrolment;
  const { person, role, publicKey, enrolledBy, from, to } = statement;
  if (statement.institution !== institution) {
    throw new BreakwaterError(
      'key.institution',
      `the statement is of ${statement.institution}, not of ${institution}`,
      '/institution',
    );
  }
  if (Date.parse(to) <= now.getTime()) throw new BreakwaterError('key.over', 'the key would be over already', '/to');
  requireSignature(publicKey, statement, possession);
  if (!(await useNonce(tx, institution, statement.nonce))) throw used();
  const key = keyDigest(publicKey);
  const enrolled = { key, person, role, publicKey, enrolledBy, from, to };
  await insertPerson(tx, institution, person);
  if (!(await insertKey(tx, institution, enrolled)))
    throw new BreakwaterError('key.exists', 'this key is enrolled already', '/publicKey');
  await evidence.append(tx, {
    type: keyEnrolled.type,
    institution,
    subjects: { key, person },
    actor: { kind: 'person', id: enrolledBy },
    at: now.toISOString(),
    payload: enrolled,
  });
  return { ...enrolled, revokedAt: null, revokedBy: null };
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
    keys: keys.map(({ person, role, publicKey, from, to, revokedAt }) => ({
      person,
      role,
      publicKey,
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
  { key, signature }: Signature,
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
  if (!signatureVerifies(known.publicKey, message, signature)) {
    throw new BreakwaterError('key.signature', 'the signature is not of this statement by this key', '/signature');
  }
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

function requireSignature(publicKey: string, statement: Statement, signature: string): void {
  if (signatureVerifies(publicKey, statementBytes(statement), signature)) return;
  throw new BreakwaterError('key.signature', 'a signature is not of this statement by this key', '/signature');
}

function notTheirs(key: string, person: string): BreakwaterError {
  return new BreakwaterError('key.not-theirs', `key ${key} is not a key of ${person}`, '/key');
}

function used(): BreakwaterError {
  return new BreakwaterError('statement.used', 'this statement was used before: make and sign a new one', '/nonce');
}
