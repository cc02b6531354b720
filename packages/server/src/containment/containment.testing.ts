/** What tests of containment need: persons with keys, findings. */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { statementBytes, type EnrolmentStatement, type RestrictedStatement, type Signature } from '@breakwater/rules';
import {
  findingOf,
  gradeOf,
  type Containment,
  type FindingRecord,
  type SeenFinding,
} from '@breakwater/rules/containment';
import { foundKeys, keyDigest } from '#platform/auth';
import type { Db } from '#platform/db';
import type { SeenAttempts } from './store.ts';

export interface Person {
  readonly id: string;
  readonly role: string;
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

const nonce = (): string => randomBytes(16).toString('hex');

export function person(id: string, role: string): Person {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { id, role, privateKey, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

const signed = (by: Person, statement: EnrolmentStatement | RestrictedStatement): Signature => ({
  key: keyDigest(by.publicKey),
  signature: sign(null, statementBytes(statement), by.privateKey).toString('base64'),
});

/** Enrols two persons, each by the other. */
export async function enrol(db: Db, institution: string, a: Person, b: Person, now: Date): Promise<void> {
  const enrolment = (who: Person, by: Person) => {
    const statement: EnrolmentStatement = {
      schema: 'breakwater.enrolment/1',
      institution,
      person: who.id,
      role: who.role,
      publicKey: who.publicKey,
      enrolledBy: by.id,
      from: '2026-01-01T00:00:00Z',
      to: '2036-01-01T00:00:00Z',
      nonce: nonce(),
    };
    return { statement, enroller: signed(by, statement), possession: signed(who, statement).signature };
  };
  await foundKeys(db, institution, [enrolment(a, b), enrolment(b, a)], now);
}

/** A signed statement of the restricted group. */
export function asks(
  who: Person,
  of: Pick<RestrictedStatement, 'institution' | 'act' | 'at'> & { fingerprint?: string },
): { statement: RestrictedStatement; signature: Signature } {
  const statement: RestrictedStatement = {
    schema: 'breakwater.restricted-act/1',
    institution: of.institution,
    act: of.act,
    fingerprint: of.fingerprint ?? null,
    person: who.id,
    at: of.at,
    nonce: nonce(),
  };
  return { statement, signature: signed(who, statement) };
}

export const found = (change: Partial<SeenFinding> = {}): FindingRecord =>
  findingOf({
    rule: 'weak-tls',
    asset: '10.66.0.10',
    protocol: 'tcp',
    port: 8443,
    title: 'TLS 1.0 is offered',
    severity: gradeOf('medium'),
    tool: 'nuclei',
    seenAt: '2026-11-29T01:00:00Z',
    ...change,
  });

export const reportOf = (change: Partial<Containment> = {}): Containment => ({
  schema: 'breakwater.containment/1',
  level: 'kernel',
  signed: true,
  outcome: 'exited',
  exitCode: 0,
  trip: null,
  allowed: [{ address: '10.66.0.10', port: 8443, protocol: 'tcp', connections: 3 }],
  denied: [],
  lostToCap: { packets: 0 },
  bytes: { out: 1, in: 1 },
  stoppedAfterMs: null,
  ...change,
});

export const attempt = { address: '10.66.0.99', port: 22, protocol: 'tcp' as const, packets: 1 };

/** What a journal tells of one attempt. */
export const seenAt = (at: string, port: number): SeenAttempts => ({
  at,
  packets: 1,
  attempts: [{ ...attempt, port }],
  soFar: { packets: 1, destinations: 1 },
});
