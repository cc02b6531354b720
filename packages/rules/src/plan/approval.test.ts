import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify as verifySignature,
  type KeyObject,
} from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import {
  approvalBytes,
  approvalSchema,
  countApprovals,
  tallyDecisions,
  type Approval,
  type EnrolledKey,
} from './approval.ts';

const now = Date.parse('2026-11-28T00:00:00+09:00');
const plan = { hash: `sha256:${'11'.repeat(32)}`, author: 'p-03' };

interface Operator {
  privateKey: KeyObject;
  enrolled: EnrolledKey;
}

function operator(person: string, changes: Partial<EnrolledKey> = {}): Operator {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = `sha256:${createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')}`;
  return {
    privateKey,
    enrolled: {
      key,
      person,
      role: 'ciso',
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      enrolledBy: 'p-99',
      from: '2026-01-01T00:00:00Z',
      to: '2027-01-01T00:00:00Z',
      ...changes,
    },
  };
}

function decide({ privateKey, enrolled }: Operator, changes: Partial<Approval> = {}): Approval {
  const unsigned: Approval = {
    schema: 'breakwater.approval/1',
    planHash: plan.hash,
    decision: 'approve',
    person: enrolled.person,
    role: enrolled.role,
    at: '2026-11-27T00:00:00+09:00',
    expires: '2026-12-01T00:00:00+09:00',
    nonce: randomBytes(16).toString('hex'),
    key: enrolled.key,
    signature: '',
    ...changes,
  };
  return { ...unsigned, signature: sign(null, approvalBytes(unsigned), privateKey).toString('base64') };
}

const verify = (publicKey: string, message: Uint8Array, signature: string): boolean =>
  verifySignature(null, message, createPublicKey(publicKey), Buffer.from(signature, 'base64'));

const count = (approvals: Approval[], operators: Operator[]) =>
  countApprovals(
    plan,
    approvals,
    operators.map(({ enrolled }) => enrolled),
    now,
    verify,
  );

describe('approvals that count', () => {
  const ciso = operator('p-17');
  const operations = operator('p-21', { role: 'operations' });

  test('are of different persons, each once, with their roles', () => {
    const { approvedBy, faults } = count([decide(ciso), decide(operations)], [ciso, operations]);
    expect(approvedBy).toEqual([
      { person: 'p-17', role: 'ciso' },
      { person: 'p-21', role: 'operations' },
    ]);
    expect(faults).toEqual([]);
  });

  test('of one person with two keys count once', () => {
    const second = operator('p-17');
    const { approvedBy, faults } = count([decide(ciso), decide(second)], [ciso, second]);
    expect(approvedBy).toHaveLength(1);
    expect(faults).toEqual([{ index: 0, fault: 'superseded' }]);
  });

  test('are signed over the canonical form of the payload with its domain', () => {
    const { planHash, decision, person, role, at, expires, nonce } = decide(ciso, { nonce: 'ab'.repeat(16) });
    expect(Buffer.from(approvalBytes({ planHash, decision, person, role, at, expires, nonce })).toString()).toBe(
      `{"at":"${at}","decision":"approve","domain":"breakwater.approval/1","expires":"${expires}","nonce":"${nonce}","person":"p-17","planHash":"${planHash}","role":"ciso"}`,
    );
  });
});

describe('an approval does not count', () => {
  const ciso = operator('p-17');
  const author = operator('p-03');
  const selfEnrolled = operator('p-17', { enrolledBy: 'p-17' });
  const stranger = operator('p-50');
  test.each<[string, Approval, EnrolledKey[]]>([
    ['other-plan', decide(ciso, { planHash: `sha256:${'22'.repeat(32)}` }), []],
    ['author', decide(author), [author.enrolled]],
    ['not-yet', decide(ciso, { at: '2026-11-28T00:00:01+09:00' }), []],
    ['expired', decide(ciso, { expires: '2026-11-28T00:00:00+09:00' }), []],
    ['unknown-key', decide(stranger), []],
    ['other-person', decide(ciso, { person: 'p-21' }), []],
    ['other-role', decide(ciso, { role: 'ceo' }), []],
    ['self-enrolled', decide(selfEnrolled), [selfEnrolled.enrolled]],
    ['key-not-valid', decide(ciso), [{ ...ciso.enrolled, from: '2026-11-27T00:00:01+09:00' }]],
    ['key-not-valid', decide(ciso), [{ ...ciso.enrolled, to: '2026-11-27T00:00:00+09:00' }]],
    ['revoked', decide(ciso), [{ ...ciso.enrolled, revokedAt: '2026-11-28T00:00:00+09:00' }]],
    ['bad-signature', { ...decide(ciso), nonce: 'cd'.repeat(16) }, []],
    ['bad-signature', { ...decide(ciso), decision: 'return' }, []],
    ['returned', decide(ciso, { decision: 'return' }), []],
  ])('%s', (fault, approval, keys) => {
    const known = keys.length === 0 ? [ciso.enrolled] : keys;
    const tally = countApprovals(plan, [approval], known, now, verify);
    expect(tally.approvedBy).toEqual([]);
    expect(tally.faults).toEqual([{ index: 0, fault }]);
  });

  test('a key that is revoked later counts until then', () => {
    const later = { ...ciso.enrolled, revokedAt: '2026-11-28T00:00:00.001+09:00' };
    expect(countApprovals(plan, [decide(ciso)], [later], now, verify).approvedBy).toHaveLength(1);
  });

  test('under any one changed member', () => {
    const good = decide(ciso);
    const members = ['planHash', 'decision', 'person', 'role', 'at', 'expires', 'nonce', 'key', 'signature'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...members), fc.string({ minLength: 1 }), (member, value) => {
        fc.pre(value !== good[member]);
        const read = approvalSchema.safeParse({ ...good, [member]: value });
        if (!read.success) return;
        expect(countApprovals(plan, [read.data], [ciso.enrolled], now, verify).approvedBy).toEqual([]);
      }),
    );
  });
});

describe('the latest word of a person stands', () => {
  const word = (person: string, decision: 'approve' | 'return', at: string) => ({
    planHash: plan.hash,
    person,
    decision,
    at,
  });

  test('a return after an approval takes it back, and the other way round', () => {
    const approve = word('p-17', 'approve', '2026-11-26T00:00:00Z');
    const back = word('p-17', 'return', '2026-11-26T01:00:00Z');
    expect(tallyDecisions([approve, back], plan, now)).toMatchObject({ approvedBy: [], returnedBy: ['p-17'] });
    expect(tallyDecisions([back, { ...approve, at: '2026-11-26T02:00:00Z' }], plan, now)).toMatchObject({
      approvedBy: [{ person: 'p-17' }],
      returnedBy: [],
    });
  });

  test('an author may return their own plan and never approves it', () => {
    expect(tallyDecisions([word('p-03', 'return', '2026-11-26T00:00:00Z')], plan, now).returnedBy).toEqual(['p-03']);
    expect(tallyDecisions([word('p-03', 'approve', '2026-11-26T00:00:00Z')], plan, now).approvedBy).toEqual([]);
  });

  test('whatever order they come in, each person is counted at most once, and never the author', () => {
    const someone = fc.record({
      planHash: fc.constantFrom(plan.hash, `sha256:${'22'.repeat(32)}`),
      person: fc.constantFrom('p-03', 'p-17', 'p-21', 'p-30'),
      decision: fc.constantFrom('approve' as const, 'return' as const),
      at: fc.nat(1_000_000).map((n) => new Date(now - 500_000 + n).toISOString()),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(someone, { selector: ({ at }) => at }),
        fc.infiniteStream(fc.nat()),
        (given, order) => {
          const tally = tallyDecisions(given, plan, now);
          const persons = tally.approvedBy.map(({ person }) => person);
          expect(new Set(persons).size).toBe(persons.length);
          expect(persons).not.toContain('p-03');
          const shuffled = given
            .map((one) => ({ one, rank: order.next().value as number }))
            .toSorted((a, b) => a.rank - b.rank)
            .map(({ one }) => one);
          expect(tallyDecisions(shuffled, plan, now).approvedBy).toEqual(tally.approvedBy);
        },
      ),
    );
  });
});

test('what is no decision has no bytes to sign', () => {
  expect(() => approvalBytes({ ...decide(operator('p-17')), expires: 'never' })).toThrow(BreakwaterError);
});
