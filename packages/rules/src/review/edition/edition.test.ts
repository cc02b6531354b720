import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DisclosedRecord, EvidenceRecord } from '#evidence/record';
import { firstNamed, personalFindings, redact, withCopies } from './index.ts';

const record = (
  index: number,
  type: string,
  by: string | null,
  payload: DisclosedRecord['payload'],
): DisclosedRecord => ({
  schema: 'breakwater.record/1',
  index,
  leaf: {
    schema: 'breakwater.leaf/1',
    type,
    institution: 'hanbit-bank',
    subjects: { run: 'r-1' },
    actor: by === null ? { kind: 'system', id: 'breakwater' } : { kind: 'person', id: by },
    at: '2026-12-01T00:00:00Z',
    receivedAt: '2026-12-01T00:00:00Z',
    commitment: `sha256:${'1'.repeat(64)}`,
  },
  salt: `${'B'.repeat(43)}=`,
  payload,
});
const records: EvidenceRecord[] = [
  record(3, 'run.started', null, { run: 'r-1' }),
  record(4, 'run.asked', 'p-1', { by: 'p-1', what: 'stop', reason: '김철수 과장의 지시' }),
  record(5, 'plan.decided', 'p-17', {
    person: 'p-17',
    key: `sha256:${'a'.repeat(64)}`,
    signature: 'c2ln',
    webauthn: { id: 'x' },
  }),
  record(6, 'auth.key-enrolled', 'p-1', { person: 'p-17', enrolledBy: 'p-1' }),
  { schema: 'breakwater.record/1', index: 7, leafHash: `sha256:${'2'.repeat(64)}` },
  record(8, 'run.gated', null, { overrides: [{ rule: 'x', by: 'p-17', reason: 'p-1과 p-170' }] }),
];

describe('the English edition', () => {
  const { records: opened, redacted } = redact(records, { edition: 'en', person: null });

  test('keeps every number; whoever is named stands as a hash, with a copy in which they are a number', () => {
    expect(opened.map(({ index }) => index)).toEqual(records.map(({ index }) => index));
    expect(opened.filter((one) => 'leaf' in one).map(({ index }) => index)).toEqual([3]);
    expect(redacted.map(({ index }) => index)).toEqual([4, 5, 8]);
    expect(JSON.stringify([opened, redacted])).not.toMatch(/"p-17?"|김철수|c2ln|aaaa|webauthn/);
    expect(redacted[2]?.payload).toMatchObject({ overrides: [{ by: 'person-2', reason: '[withheld]' }] });
  });

  test('gives one list again, and a copy of an open or a foreign record is refused', () => {
    const merged = withCopies(opened, redacted);
    expect(firstNamed(merged, null)).toBeNull();
    expect(firstNamed(records, null)).toBe('p-1');
    const [copy] = redacted;
    if (copy === undefined) throw new Error('no copy');
    for (const wrong of [[{ ...copy, index: 3 }], [{ ...copy, index: 99 }], [copy, copy]])
      expect(() => withCopies(opened, wrong)).toThrowError(expect.objectContaining({ code: 'edition.copy' }));
  });

  test('names nobody, whoever the records name and however', () => {
    const person = fc.constantFrom('p-1', 'p-17', 'p-170', 'op.kim', 'a@b');
    const payload = fc.letrec<{ node: DisclosedRecord['payload'] }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        person,
        fc.tuple(person, person).map(([a, b]) => `x ${a}, ${b}`),
        fc.record({ by: person, reason: person, more: tie('node') }),
        fc.array(tie('node'), { maxLength: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(fc.array(fc.tuple(person, payload), { maxLength: 6 }), (rows) => {
        const given = rows.map(([by, said], i) => record(i, 'run.asked', by, said));
        const made = redact(given, { edition: 'en', person: null });
        expect(firstNamed(withCopies(made.records, made.redacted), null)).toBeNull();
        for (const by of new Set(rows.map(([who]) => who))) {
          const named = JSON.stringify(made.redacted).match(
            new RegExp(`(?<![\\w-])${by.replace('.', '\\.')}(?![\\w-])`, 'g'),
          );
          expect(named).toBeNull();
        }
      }),
    );
  });
});

describe('a copy for an individual', () => {
  test('holds their own acts alone, others numbered, their own words kept', () => {
    const { records: opened, redacted } = redact(records, { edition: 'personal', person: 'p-1' });
    expect(opened.filter((one) => 'leaf' in one).map(({ index }) => index)).toEqual([4]);
    expect(redacted).toEqual([]);
    const other = redact(records, { edition: 'personal', person: 'p-17' });
    expect(other.redacted).toMatchObject([
      { index: 8, payload: { overrides: [{ by: 'p-17', reason: '[withheld]' }] } },
    ]);
    expect(other.records.filter((one) => 'leaf' in one).map(({ index }) => index)).toEqual([5]);
  });

  test('finds faults of their own, not those of others', () => {
    const gated = record(8, 'run.gated', null, {
      run: 'r-1',
      planHash: `sha256:${'3'.repeat(64)}`,
      ready: true,
      findings: [],
      overrides: [
        { rule: 'rehearsal.missing', by: 'p-17', reason: '긴급' },
        { rule: 'rehearsal.missing', by: 'p-1', reason: '긴급' },
      ],
    });
    const { adverse, statements } = personalFindings([gated], 'p-17');
    expect(adverse).toMatchObject([{ kind: 'override', by: 'p-17' }]);
    expect(statements).toEqual([]);
  });
});
