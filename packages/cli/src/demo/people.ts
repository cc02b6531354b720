/** The persons of the demo and their keys. Each signs for themselves; the demo is everybody's hand. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { statementBytes, type Statement } from '@breakwater/rules';
import { approvalBytes, type Approval } from '@breakwater/rules/plan';
import { keyDigest } from '../plan/key.ts';

export type Person = {
  readonly id: string;
  readonly role: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
};

export type People = { readonly ciso: Person; readonly consumerOfficer: Person };

/** Author of the plan; needs no key, because an author approves nothing. */
export const author = 'p-03';

const keyLifeMs = 365 * 86_400_000;
const approvalLifeMs = 3_600_000;

export function makePeople(): People {
  const person = (id: string, role: string): Person => ({ id, role, ...generateKeyPairSync('ed25519') });
  return { ciso: person('p-17', 'ciso'), consumerOfficer: person('p-21', 'consumer-protection') };
}

const nonce = (): string => randomBytes(16).toString('hex');

function signed(statement: Statement, { privateKey, publicKey }: Person): { key: string; signature: string } {
  return { key: keyDigest(publicKey), signature: sign(null, statementBytes(statement), privateKey).toString('base64') };
}

/** The founding ceremony: each of two persons enrols the other's key. */
export function foundingOf({ ciso, consumerOfficer }: People, institution: string, now: Date) {
  const enrolment = (person: Person, by: Person) => {
    const statement = {
      schema: 'breakwater.enrolment/1' as const,
      institution,
      person: person.id,
      role: person.role,
      publicKey: person.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      enrolledBy: by.id,
      from: now.toISOString(),
      to: new Date(now.getTime() + keyLifeMs).toISOString(),
      nonce: nonce(),
    };
    return { statement, enroller: signed(statement, by), possession: signed(statement, person).signature };
  };
  return [enrolment(ciso, consumerOfficer), enrolment(consumerOfficer, ciso)] as const;
}

/** A person's signed approval of a notice as it stands. */
export function noticeDecisionOf(
  person: Person,
  { notice, document }: { notice: string; document: string },
  now: Date,
) {
  const statement = {
    schema: 'breakwater.notice-decision/1' as const,
    notice,
    digest: document,
    decision: 'approve' as const,
    waiver: null,
    person: person.id,
    role: person.role,
    at: now.toISOString(),
    nonce: nonce(),
  };
  return { ...statement, ...signed(statement, person) };
}

/** The signed word of a second person on a decision about a claim that waits for it. */
export function claimDecisionOf(
  person: Person,
  decided: { institution: string; claim: string; decision: 'accepted' | 'refused'; amount: number },
  now: Date,
) {
  const statement = {
    schema: 'breakwater.claim-decision/1' as const,
    ...decided,
    verdict: 'approve' as const,
    person: person.id,
    role: person.role,
    at: now.toISOString(),
    nonce: nonce(),
  };
  return { ...statement, ...signed(statement, person) };
}

/** A signed approval of this very plan. */
export function approvalOf(person: Person, planHash: string, now: Date): Approval {
  const decision = {
    planHash,
    decision: 'approve' as const,
    person: person.id,
    role: person.role,
    at: now.toISOString(),
    expires: new Date(now.getTime() + approvalLifeMs).toISOString(),
    nonce: nonce(),
  };
  return {
    schema: 'breakwater.approval/1',
    ...decision,
    key: keyDigest(person.publicKey),
    signature: sign(null, approvalBytes(decision), person.privateKey).toString('base64'),
  };
}
