import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvLines } from '../csv.ts';
import {
  answerDue,
  classifyLeak,
  damageOf,
  damageStep,
  damageTotals,
  defaultReliefPolicy,
  downWithin,
  draftLeakNotice,
  dutiesOfLeak,
  isReasonFor,
  leakSummary,
  matchDisruption,
  needsSecondPerson,
  readReliefPolicy,
  reasonCodeNames,
  reliefSources,
  reminderOf,
  type ClaimTotals,
  type DamageRow,
  type LeakEntry,
} from './index.ts';

const policy = defaultReliefPolicy;
const noClaims: ClaimTotals = {
  openLow: 0,
  openHigh: 0,
  acceptedAmount: 0,
  paidAmount: 0,
  estimatedLow: 0,
  estimatedHigh: 0,
  count: 0,
};
const row = (
  type: DamageRow['type'],
  state: DamageRow['state'],
  low: number,
  high: number | null = low,
): DamageRow => ({
  type,
  state,
  amount: { low, high },
});

describe('the damage ledger', () => {
  test('adds what is claimed to the upper total, what is estimated to the best, what is paid to the settled', () => {
    const claims = { ...noClaims, count: 3, openLow: 500, openHigh: 10_500, acceptedAmount: 3000, paidAmount: 1000 };
    const rows = [
      row('company', 'estimated', 100, 200),
      row('thirdParty', 'claimed', 0, 50),
      row('company', 'paid', 7),
    ];
    expect(damageTotals(claims, true, rows, policy)).toEqual({
      upper: { low: 3607, high: 13_757 },
      best: { low: 3107, high: 3207 },
      settled: 1007,
      accepted: 3007,
      unknown: [],
    });
  });

  test('shows goodwill and recourse by type, and counts goodwill only where the policy says so', () => {
    const rows = [row('goodwill', 'paid', 5_000_000), row('recourse', 'claimed', 900)];
    expect(damageTotals(noClaims, true, rows, policy).upper).toEqual({ low: 0, high: 0 });
    expect(damageTotals(noClaims, true, rows, { goodwillCounts: true }).upper).toEqual({
      low: 5_000_000,
      high: 5_000_000,
    });
    expect(damageOf(noClaims, true, rows)).toMatchObject({ goodwill: { low: 5_000_000 }, recourse: { high: 900 } });
  });

  test('is unknown where nobody knows, and has no upper bound where one row has none', () => {
    const unknown: DamageRow = { type: 'company', state: 'estimated', amount: null };
    expect(damageOf(noClaims, false, [unknown])).toEqual({
      customer: null,
      company: null,
      thirdParty: null,
      goodwill: null,
      recourse: null,
    });
    expect(damageOf(noClaims, false, [unknown, row('company', 'paid', 7)]).company).toEqual({ low: 7, high: null });
    expect(damageTotals(noClaims, false, [unknown], policy)).toMatchObject({
      upper: { low: 0, high: null },
      unknown: ['customer', 'company', 'thirdParty'],
    });
  });

  test.each([
    [49_999_999, 0],
    [50_000_000, 50],
    [79_999_999, 50],
    [80_000_000, 80],
    [99_999_999, 80],
    [100_000_000, 100],
    [250_000_000, 100],
  ])('of %i won has reached the step %i', (high, step) => {
    expect(damageStep({ upper: { low: 0, high } }, policy)).toBe(step);
    expect(damageStep({ upper: { low: high, high: null } }, policy)).toBe(step);
  });

  test('never counts less because somebody claims more', () => {
    const amounts = fc.record({
      low: fc.nat(1e9),
      more: fc.nat(1e9),
      type: fc.constantFrom<DamageRow['type']>('company', 'thirdParty'),
    });
    fc.assert(
      fc.property(fc.array(amounts, { maxLength: 8 }), amounts, (given, added) => {
        const rows = given.map(({ low, more, type }) => row(type, 'claimed', low, low + more));
        const last = row(added.type, 'claimed', added.low, added.low + added.more);
        const [before, after] = [rows, [...rows, last]].map((all) => damageTotals(noClaims, true, all, policy).upper);
        expect(after?.high).toBeGreaterThanOrEqual(before?.high ?? 0);
        expect(after?.low).toBeGreaterThanOrEqual(before?.low ?? 0);
      }),
    );
  });
});

describe('a decision', () => {
  test.each([
    ['accepted', 1_000_000, { low: 0, high: null }, false],
    ['accepted', 1_000_001, null, true],
    ['refused', 0, { low: 0, high: 10_000_000 }, false],
    ['refused', 0, { low: 0, high: 10_000_001 }, true],
    ['refused', 0, { low: 0, high: null }, true],
    ['refused', 0, null, true],
  ] as const)('%s for %i of %j: two persons = %s', (decision, amount, asked, two) => {
    expect(needsSecondPerson({ decision, amount, asked }, policy)).toBe(two);
  });

  test('of a refusal never takes two persons where the policy says that none does', () => {
    const rule = { ...policy, secondRefusalAbove: null };
    expect(needsSecondPerson({ decision: 'refused', amount: 0, asked: null }, rule)).toBe(false);
  });

  test('has a reason that belongs to it', () => {
    expect(reasonCodeNames.filter((code) => isReasonFor(code, 'accepted') === isReasonFor(code, 'refused'))).toEqual(
      [],
    );
    expect([isReasonFor('fee-refund', 'refused'), isReasonFor('duplicate', 'refused')]).toEqual([false, true]);
  });
});

describe('the clock of a claim', () => {
  const filed = Date.parse('2026-12-01T10:00:00+09:00');
  const dayMs = 86_400_000;
  test.each([
    [10 * dayMs - 1, null],
    [10 * dayMs, 5],
    [13 * dayMs, 2],
    [15 * dayMs - 1, 0 + 2],
    [15 * dayMs, 'overdue'],
  ] as const)('%i ms after the filing says %s', (after, step) => {
    expect(reminderOf({ source: 'filed', openedAt: filed }, filed + after, policy)).toBe(step);
  });

  test('of what the company found itself ends a day earlier', () => {
    expect(answerDue({ source: 'proactive', openedAt: filed }, policy) - filed).toBe(14 * dayMs);
    expect(answerDue({ source: 'filed', openedAt: filed }, policy) - filed).toBe(15 * dayMs);
  });
});

describe('the disruption of a claim', () => {
  const at = 1_000_000;
  const seen = (id: string, start: number, end: number | null, service = 'transfer') => ({
    run: 'r',
    id,
    service,
    start,
    end,
  });
  test('is the one it lies in, else the nearest within reach, else none', () => {
    const all = [seen('a', at + 500, at + 600), seen('b', at - 10, at + 10), seen('c', at, null, 'cards')];
    expect(matchDisruption({ service: 'transfer', at }, all, 1000)).toMatchObject({
      distanceMs: 0,
      disruption: { id: 'b' },
    });
    expect(matchDisruption({ service: 'transfer', at: at + 300 }, all, 1000)).toMatchObject({
      distanceMs: 200,
      disruption: { id: 'a' },
    });
    expect(matchDisruption({ service: 'transfer', at: at + 9000 }, all, 1000)).toBe(null);
    expect(matchDisruption({ service: 'cards', at: at + 1e9 }, all, 0)?.disruption.id).toBe('c');
  });

  test('leaves an alternative unknown that nobody watched, and counts overlapping times once', () => {
    const interval = { start: 0, end: 100 };
    expect(downWithin(interval, [], false)).toBe(null);
    expect(downWithin(interval, [], true)).toBe(0);
    const down = [
      { start: -5, end: 20 },
      { start: 10, end: 30 },
      { start: 90, end: null },
      { start: 200, end: 300 },
    ];
    expect(downWithin(interval, down, true)).toBe(40);
  });
});

const leak: LeakEntry = {
  source: 'log review',
  discoveredAt: '2027-01-28T09:00:00+09:00',
  awareAt: '2027-01-28T10:00:00+09:00',
  cause: 'work',
  kind: 'exfiltration',
  illegalExternalAccess: false,
  records: { low: 120, high: 150 },
  persons: { low: 100, high: 150 },
  fields: ['name', 'email'],
};
const duties = (change: Partial<LeakEntry>): [string, string][] => {
  const entry = { ...leak, ...change };
  return dutiesOfLeak(entry, classifyLeak(entry.fields, policy.fields)).map(({ duty, status }) => [duty, status]);
};

describe('a leak', () => {
  test.each([
    [['name', 'email'], 'other', false],
    [['name', 'account-balance'], 'personalCredit', false],
    [['name', 'memo-2'], 'unclassified', null],
    [['memo-2', 'resident-registration-number'], 'unclassified', true],
    [['__proto__'], 'unclassified', null],
  ] as const)('of %j is %s', (fields, leakClass, special) => {
    expect(classifyLeak(fields, policy.fields)).toMatchObject({ class: leakClass, special });
  });

  test('starts the clocks that its facts do not rule out', () => {
    expect(duties({})).toEqual([['subject-notice', 'due']]);
    expect(duties({ persons: { low: 999, high: 1000 } })).toEqual([
      ['pipc-report', 'possible'],
      ['subject-notice', 'due'],
    ]);
    expect(duties({ persons: { low: 1000, high: 1000 } })[0]).toEqual(['pipc-report', 'due']);
    expect(duties({ illegalExternalAccess: true, persons: { low: 1, high: 1 } })[0]).toEqual(['pipc-report', 'due']);
    expect(duties({ fields: ['passport-number'] })[0]).toEqual(['pipc-report', 'due']);
    expect(duties({ kind: 'access' })).toEqual([['subject-notice', 'possible']]);
    expect(duties({ persons: null, illegalExternalAccess: null }).map(([duty]) => duty)).toEqual([
      'pipc-report',
      'subject-notice',
    ]);
    expect(duties({ persons: { low: 0, high: 0 } })).toEqual([]);
    expect(duties({ fields: ['account-number'], persons: { low: 5, high: 5 } })).toEqual([
      ['subject-notice', 'due'],
      ['credit-leak-notice', 'due'],
    ]);
    expect(duties({ fields: ['memo-2'] }).map(([, status]) => status)).not.toContain('due');
  });

  test('counts from when the company knew: 72 hours, or without delay', () => {
    const entry = { ...leak, fields: ['account-number'] };
    const due = dutiesOfLeak(entry, classifyLeak(entry.fields, policy.fields)).map(({ duty, due: end }) => [
      duty,
      (end - Date.parse(entry.awareAt)) / 3_600_000,
    ]);
    expect(due).toEqual([
      ['subject-notice', 72],
      ['credit-leak-notice', 0],
    ]);
  });

  test('is added to what persons attested, and leaves no upper bound where nobody did', () => {
    const judged = [{ entry: leak, classified: classifyLeak(leak.fields, policy.fields) }];
    const none = { low: 0, high: 0 };
    expect(leakSummary({ personalCredit: none, other: none, unclassified: none }, judged)).toEqual({
      personalCredit: none,
      other: { records: { low: 120, high: 150 }, persons: { low: 100, high: 150 } },
      unclassified: none,
      discoveredAt: leak.discoveredAt,
      accessOnly: false,
      illegalExternalAccess: false,
      sensitiveOrUniqueId: false,
    });
    expect(leakSummary(null, judged)).toMatchObject({
      personalCredit: null,
      other: { records: { low: 120, high: null } },
    });
    expect(leakSummary(null, [])).toEqual({ personalCredit: null, other: null, unclassified: null });
  });

  test('is told to the persons concerned in words that hold no link and name what is missing', () => {
    const draft = draftLeakNotice({ ...leak, fields: ['name', 'memo-2'] }, { company: null, phone: '15881234' });
    expect(draft.sms).toContain('성명, memo-2');
    expect(draft.sms).not.toMatch(/https?:|www\./);
    expect(draft.website.ko).toContain('2027년 1월 28일');
    expect(draft.missing.map(({ en }) => en)).toEqual([
      'how it happened',
      'the department to ask',
      'the name of the company',
    ]);
  });
});

describe('the relief policy', () => {
  test('has its own defaults, and each number that rests on a rule names it', () => {
    expect(readReliefPolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy);
    for (const source of Object.values(reliefSources))
      expect(source.document.length * source.date.length).toBeGreaterThan(0);
    expect(Object.keys(reliefSources)).toEqual(
      expect.arrayContaining(['answerWithinDays', 'proactiveWithinDays', 'damageLimit', 'fields']),
    );
  });

  test.each([
    [{ damageSteps: [80, 50] }, '/damageSteps'],
    [{ remindDaysBefore: [2, 5] }, '/remindDaysBefore'],
    [{ remindDaysBefore: [14, 1] }, '/remindDaysBefore/0'],
    [{ fields: { 'Account Number': { class: 'other', special: false } } }, '/fields/Account Number'],
    [{ damageLimit: 1.5 }, '/damageLimit'],
    [{ more: 1 }, '/more'],
  ])('%j is refused at %s', (change, path) => {
    expect(() => readReliefPolicy({ ...policy, ...change })).toThrow(expect.objectContaining({ path }) as Error);
  });
});

test('no cell of an export is a formula, whatever is in it', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { minLength: 1, maxLength: 4 }), (cells) => {
      const line = csvLines([cells]);
      expect(line.endsWith('\r\n')).toBe(true);
      const read = [...line.slice(0, -2).matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map(([, text]) => text ?? '');
      expect(read).toHaveLength(cells.length);
      for (const text of read) expect(text).not.toMatch(/^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u);
    }),
  );
});
