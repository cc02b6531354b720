import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statementBytes, type EnrolmentStatement, type RevocationStatement, type Statement } from '@breakwater/rules';
import { sql } from 'kysely';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import {
  acceptStatement,
  enrolKey,
  exportKeys,
  foundKeys,
  judgeApprovals,
  keyDigest,
  listKeys,
  revokeKey,
  type Decision,
} from './index.ts';
import { inTransaction } from '#platform/db';

const institution = 'hanbit-bank';
const now = new Date('2026-11-23T00:00:00Z');

interface Person {
  readonly id: string;
  readonly role: string;
  readonly privateKey: KeyObject;
  readonly publicKey: string;
}

function person(id: string, role = 'operations'): Person {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { id, role, privateKey, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

const signed = (by: Person, statement: Statement): string =>
  sign(null, statementBytes(statement), by.privateKey).toString('base64');
const nonce = (): string => randomBytes(16).toString('hex');

function enrolment(who: Person, by: Person, changes: Partial<EnrolmentStatement> = {}) {
  const statement: EnrolmentStatement = {
    schema: 'breakwater.enrolment/1',
    institution,
    person: who.id,
    role: who.role,
    publicKey: who.publicKey,
    enrolledBy: by.id,
    from: '2026-11-01T00:00:00+09:00',
    to: '2027-11-01T00:00:00+09:00',
    nonce: nonce(),
    ...changes,
  };
  return {
    statement,
    enroller: { key: keyDigest(by.publicKey), signature: signed(by, statement) },
    possession: signed(who, statement),
  };
}

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => database.drop());

async function evidenceTypes(): Promise<string[]> {
  const { rows } = await sql<{
    type: string;
  }>`select leaf::jsonb ->> 'type' as type from evidence_outbox order by xid, id`.execute(database.db);
  return rows.map(({ type }) => type);
}

describe('operator keys', () => {
  const [a, b, c] = [person('p-1', 'ciso'), person('p-2'), person('p-3')];

  test('before the founding nobody can enrol anybody', async () => {
    await expect(enrolKey(database.db, institution, enrolment(c, a), now)).rejects.toMatchObject({
      code: 'key.not-enrolled',
    });
    expect(await listKeys(database.db, institution)).toEqual([]);
  });

  test('a founder cannot enrol both, and both must hold their keys', async () => {
    const wrong = { ...enrolment(b, a), possession: enrolment(b, a).possession };
    await expect(foundKeys(database.db, institution, [enrolment(a, b), wrong], now)).rejects.toMatchObject({
      code: 'key.signature',
    });
    await expect(foundKeys(database.db, institution, [enrolment(a, c), enrolment(b, a)], now)).rejects.toMatchObject({
      code: 'key.ceremony',
    });
    expect(await evidenceTypes()).toEqual([]);
  });

  test('two persons found the keys by enrolling each other, once, with evidence', async () => {
    const keys = await foundKeys(database.db, institution, [enrolment(a, b), enrolment(b, a)], now);
    expect(keys.map((key) => key.person)).toEqual(['p-1', 'p-2']);
    expect(await evidenceTypes()).toEqual(['auth.key-enrolled', 'auth.key-enrolled']);
    await expect(foundKeys(database.db, institution, [enrolment(c, b), enrolment(b, c)], now)).rejects.toMatchObject({
      code: 'key.founded',
    });
  });

  test('a person with a key enrols the next; nobody enrols with another person’s key', async () => {
    const stolen = enrolment(c, b);
    await expect(
      enrolKey(
        database.db,
        institution,
        { ...stolen, enroller: { key: keyDigest(a.publicKey), signature: signed(a, stolen.statement) } },
        now,
      ),
    ).rejects.toMatchObject({ code: 'key.not-theirs' });
    await enrolKey(database.db, institution, enrolment(c, b), now);
    await expect(enrolKey(database.db, institution, enrolment(c, a), now)).rejects.toMatchObject({
      code: 'key.exists',
    });
  });

  test('a changed statement, a statement used twice and one of another institution are refused', async () => {
    const d = person('p-4');
    const honest = enrolment(d, a);
    const raised = { ...honest, statement: { ...honest.statement, role: 'ciso' } };
    await expect(enrolKey(database.db, institution, raised, now)).rejects.toMatchObject({ code: 'key.signature' });
    await expect(
      enrolKey(database.db, institution, enrolment(d, a, { institution: 'other' }), now),
    ).rejects.toMatchObject({ code: 'key.institution' });
    const first = enrolment(d, a);
    await enrolKey(database.db, institution, first, now);
    await expect(enrolKey(database.db, institution, first, now)).rejects.toMatchObject({ code: 'statement.used' });
  });

  test('a key of small order is refused', async () => {
    const weak = `-----BEGIN PUBLIC KEY-----\n${Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.alloc(32)]).toString('base64')}\n-----END PUBLIC KEY-----\n`;
    expect(() => keyDigest(weak)).toThrow(/small order/);
  });

  test('a revoked key signs nothing any more, and shows as revoked in the exported keys', async () => {
    const statement: RevocationStatement = {
      schema: 'breakwater.revocation/1',
      institution,
      key: keyDigest(c.publicKey),
      by: 'p-1',
      at: now.toISOString(),
      nonce: nonce(),
    };
    await revokeKey(
      database.db,
      institution,
      statement,
      { key: keyDigest(a.publicKey), signature: signed(a, statement) },
      now,
    );
    await expect(enrolKey(database.db, institution, enrolment(person('p-9'), c), now)).rejects.toMatchObject({
      code: 'key.revoked',
    });
    const exported = await exportKeys(database.db, institution);
    expect(exported.keys.find((key) => key.person === 'p-3')?.revoked).toBe(now.toISOString());
    expect(await evidenceTypes()).toContain('auth.key-revoked');
  });

  test('a statement counts once', async () => {
    const statement = {
      schema: 'breakwater.resume/1',
      run: 'r1',
      hold: 4,
      person: 'p-1',
      at: now.toISOString(),
      nonce: nonce(),
    } as const;
    const signature = { key: keyDigest(a.publicKey), signature: signed(a, statement) };
    const accept = () =>
      inTransaction(database.db, (tx) => acceptStatement(tx, institution, statement, signature, now));
    expect((await accept()).person).toBe('p-1');
    await expect(accept()).rejects.toMatchObject({ code: 'statement.used' });
  });
});

describe('approvals', () => {
  const by = (who: string, changes: Partial<Decision> = {}): Decision => ({
    person: who,
    role: 'operations',
    decision: 'approve',
    at: '2026-11-22T00:00:00Z',
    expires: '2026-12-01T00:00:00Z',
    ...changes,
  });
  const rule = { needed: 2, excluded: ['p-1'] };

  test('two persons other than the author are enough', () => {
    expect(judgeApprovals([by('p-2'), by('p-3')], rule, now)).toEqual({ approved: true, persons: ['p-2', 'p-3'] });
  });

  test('one person counts once, the author and what is over never', () => {
    expect(judgeApprovals([by('p-2'), by('p-2'), by('p-1')], rule, now)).toMatchObject({
      reason: 'too-few',
      persons: ['p-2'],
    });
    expect(judgeApprovals([by('p-2'), by('p-3', { expires: now.toISOString() })], rule, now)).toMatchObject({
      reason: 'too-few',
    });
    expect(judgeApprovals([by('p-2'), by('p-3', { at: '2026-11-24T00:00:00Z' })], rule, now)).toMatchObject({
      reason: 'too-few',
    });
  });

  test('the newest decision of a person stands, and a return stands against all approvals', () => {
    const later = by('p-3', { decision: 'return', at: '2026-11-22T10:00:00Z' });
    expect(judgeApprovals([by('p-2'), by('p-3'), later, by('p-4')], rule, now)).toEqual({
      approved: false,
      reason: 'returned',
      by: 'p-3',
    });
    const again = by('p-3', { at: '2026-11-22T11:00:00Z' });
    expect(judgeApprovals([by('p-2'), later, again], rule, now)).toMatchObject({ approved: true });
  });

  test('a role may be demanded', () => {
    expect(judgeApprovals([by('p-2'), by('p-3')], { ...rule, roles: ['ciso'] }, now)).toMatchObject({
      reason: 'role-missing',
    });
  });
});
