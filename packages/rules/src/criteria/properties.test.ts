import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { anyAsOf, anyFacts } from './facts.arbitrary.ts';
import {
  type Assessment,
  type Facts,
  type Finding,
  assess,
  assessmentSchema,
  getPack,
  listPacks,
  statusFromExplanation,
} from './index.ts';

/** Many small cases; how long they take says nothing about the rules. */
vi.setConfig({ testTimeout: 120_000 });

const korea = getPack('kr-fsc-2026-06-30');

/** `met` before `undetermined` and `for-committee` before `not-met`; a criterion that does not apply has no rank. */
const ranks = { met: 2, undetermined: 1, 'for-committee': 1, 'not-met': 0 } as const;
const rank = ({ status }: Finding): number | null => (status === 'not-applicable' ? null : ranks[status]);

const pairs = (before: Assessment, after: Assessment): [Finding, Finding][] =>
  before.findings.map((finding, i) => [finding, after.findings[i] as Finding]);

describe('every assessment', () => {
  test('has its shape, and every status follows again from its explanation', () => {
    fc.assert(
      fc.property(anyFacts, anyAsOf, fc.constantFrom(...listPacks()), (facts, asOf, pack) => {
        const assessment = assessmentSchema.parse(assess(facts, pack, asOf));
        for (const finding of assessment.findings) expect(statusFromExplanation(finding)).toBe(finding.status);
        expect(assessment.contradicted).toEqual(
          assessment.findings.filter(({ status }) => status === 'not-met').map(({ criterion }) => criterion),
        );
        for (const { criterion, status } of assessment.findings) {
          if (status === 'undetermined' || status === 'for-committee') expect(assessment.open).toContain(criterion);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('does not change the facts and is the same again', () => {
    fc.assert(
      fc.property(anyFacts, anyAsOf, (facts, asOf) => {
        const copy = structuredClone(facts);
        const first = assess(facts, korea, asOf);
        expect(facts).toEqual(copy);
        expect(assess(copy, korea, asOf)).toEqual(first);
      }),
      { numRuns: 50 },
    );
  });

  test('never says in its words that a company is let off', () => {
    fc.assert(
      fc.property(anyFacts, anyAsOf, (facts, asOf) => {
        expect(JSON.stringify(assess(facts, korea, asOf))).not.toMatch(/면책|exempt/i);
      }),
      { numRuns: 50 },
    );
  });
});

test('an explanation that does not fit its status is noticed', () => {
  fc.assert(
    fc.property(anyFacts, anyAsOf, (facts, asOf) => {
      for (const finding of assess(facts, korea, asOf).findings) {
        const { value, bound } = finding;
        if (bound === null || value === null || !('low' in value)) continue;
        const flipped =
          finding.status === 'met'
            ? { ...value, low: bound.value + 1, high: bound.value + 1 }
            : { ...value, low: 0, high: 0 };
        expect(statusFromExplanation({ ...finding, value: flipped })).toBe('inconsistent');
      }
    }),
    { numRuns: 50 },
  );
});

type Rows = NonNullable<Facts['disruptions']>;

/** Cuts a row in two at a point inside what is certain of it; where nothing is certain it is left whole. */
function cut(row: Rows[number], share: number, asOf: string): Rows {
  const [start, end] = [row.start, row.end ?? asOf].map((text) =>
    typeof text === 'string' ? Date.parse(text) : NaN,
  ) as [number, number];
  if (!(start < end)) return [row];
  const middle = new Date(start + Math.floor(share * (end - start))).toISOString();
  return [
    { ...row, end: middle, latestEnd: null },
    { ...row, start: middle, earliestStart: null },
  ];
}

/** Another cause without evidence counts by when it began, so cutting such a row makes another fact. */
const mayBeCut = (row: Rows[number]): boolean => row.cause !== 'other' || (row.evidence ?? []).length > 0;

test('cutting and reordering disruptions changes nothing', () => {
  fc.assert(
    fc.property(
      anyFacts,
      anyAsOf,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.infiniteStream(fc.nat()),
      (facts, asOf, share, order) => {
        const rows = (facts.disruptions ?? []).flatMap((row) => (mayBeCut(row) ? cut(row, share, asOf) : [row]));
        const shuffled = rows
          .map((row) => ({ row, key: order.next().value as number }))
          .toSorted((a, b) => a.key - b.key);
        const changed = facts.disruptions ? { ...facts, disruptions: shuffled.map(({ row }) => row) } : facts;
        const [before, after] = [assess(facts, korea, asOf), assess(changed, korea, asOf)];
        const essence = ({ findings, open, contradicted, questions, duties }: Assessment) => ({
          findings: findings.map((finding) => ({ ...finding, evidence: finding.evidence.toSorted() })),
          open,
          contradicted,
          questions,
          duties,
        });
        expect(essence(after)).toEqual(essence(before));
      },
    ),
    { numRuns: 120 },
  );
});

/** Ways to make facts worse; each says which criteria it may move in either direction, and why. */
const worse: Record<string, (facts: Facts) => Facts> = {
  'more damage': (f) => ({ ...f, damage: typeof f.damage === 'number' ? f.damage + 1 : f.damage }),
  'more other records': (f) => ({
    ...f,
    leaks: f.leaks && { ...f.leaks, other: typeof f.leaks.other === 'number' ? f.leaks.other + 1 : f.leaks.other },
  }),
  'more personal credit information': (f) => ({
    ...f,
    leaks: f.leaks && {
      ...f.leaks,
      personalCredit: typeof f.leaks.personalCredit === 'number' ? f.leaks.personalCredit + 1 : f.leaks.personalCredit,
    },
  }),
  'more unclassified records': (f) => ({
    ...f,
    leaks: f.leaks && {
      ...f.leaks,
      unclassified: typeof f.leaks.unclassified === 'number' ? f.leaks.unclassified + 1 : f.leaks.unclassified,
    },
  }),
  'disruptions an hour longer': (f) => ({
    ...f,
    disruptions:
      f.disruptions?.map((row) => ({ ...row, end: later(row.end), latestEnd: later(row.latestEnd) })) ?? f.disruptions,
  }),
  'ends less sure': (f) => ({
    ...f,
    disruptions:
      f.disruptions?.map((row) => ({ ...row, latestEnd: row.end ? later(row.latestEnd ?? row.end) : row.latestEnd })) ??
      f.disruptions,
  }),
  'due to the work': (f) => ({
    ...f,
    disruptions:
      f.disruptions?.map((row) => ({ ...row, cause: row.cause === 'mixed' ? ('work' as const) : row.cause })) ??
      f.disruptions,
  }),
  intent: (f) => ({ ...f, fault: faults(f, { intent: true }) }),
  'gross negligence': (f) => ({ ...f, fault: faults(f, { grossNegligence: true }) }),
  'a private interest': (f) => ({ ...f, fault: faults(f, { privateInterest: true }) }),
  'a procedural defect': (f) => ({ ...f, fault: faults(f, { proceduralDefect: true }) }),
  'no approval': (f) => ({ ...f, work: { ...f.work, approvals: [] } }),
  'only the author approved': (f) => ({
    ...f,
    work: { ...f.work, approvals: f.work.approvals?.map((each) => ({ ...each, author: true })) ?? f.work.approvals },
  }),
  'no advisory': (f) => ({ ...f, work: { ...f.work, advisories: [] } }),
  'advisories without proof': (f) => ({
    ...f,
    work: {
      ...f.work,
      advisories: f.work.advisories?.map((each) => ({ ...each, proof: 'absent' as const })) ?? f.work.advisories,
    },
  }),
  'other changes': (f) => ({ ...f, work: { ...f.work, otherChanges: true } }),
  'no AI': (f) => ({ ...f, work: { ...f.work, usesAi: false } }),
  'a failed pre-test': (f) => ({
    ...f,
    plan: f.plan && { ...f.plan, preTest: f.plan.preTest && { ...f.plan.preTest, passed: false } },
  }),
  'no measures': (f) => ({ ...f, plan: f.plan && { ...f.plan, measures: [] } }),
  'measures that failed': (f) => ({
    ...f,
    recovery: f.recovery?.map((each) => ({ ...each, succeeded: false })) ?? f.recovery,
  }),
  'no notices': (f) => ({ ...f, notices: [] }),
  'notices without content': (f) => ({
    ...f,
    notices: f.notices?.map((each) => ({ ...each, fields: [] })) ?? f.notices,
  }),
  'nothing delivered': (f) => ({
    ...f,
    notices: f.notices?.map((each) => (each.intended ? { ...each, delivered: 0 } : each)) ?? f.notices,
  }),
  'relief prepared too late': (f) => ({ ...f, relief: f.relief && { ...f.relief, preparedAt: f.work.start } }),
  'one claim more is open': (f) => ({
    ...f,
    relief: f.relief && {
      ...f.relief,
      claims: f.relief.claims && {
        ...f.relief.claims,
        open: typeof f.relief.claims.open === 'number' ? f.relief.claims.open + 1 : f.relief.claims.open,
      },
    },
  }),
  'consumers harmed': (f) => ({ ...f, relief: f.relief && { ...f.relief, consumerDamage: true } }),
  'serious consumer loss': (f) => ({ ...f, consumerLoss: { serious: true } }),
};

const later = (text: string | null | undefined): string | null =>
  text ? new Date(Date.parse(text) + 3_600_000).toISOString() : null;

function faults(facts: Facts, more: object): Facts['fault'] {
  if (!facts.fault) return facts.fault;
  return Array.isArray(facts.fault) ? facts.fault.map((each) => ({ ...each, ...more })) : { ...facts.fault, ...more };
}

describe('worse facts never improve a status', () => {
  test.each(Object.entries(worse))('%s', (name, worsen) => {
    fc.assert(
      fc.property(anyFacts, anyAsOf, (facts, asOf) => {
        for (const [before, after] of pairs(assess(facts, korea, asOf), assess(worsen(facts), korea, asOf))) {
          const [was, is] = [rank(before), rank(after)];
          // Relief that nobody needed becomes relief that was, or was not, carried out: another question, not a better answer.
          if (name === 'consumers harmed' && after.criterion === 'consumer.relief-carried-out') continue;
          if (was !== null && is !== null)
            expect(is, `${after.criterion}: ${before.status} -> ${after.status}`).toBeLessThanOrEqual(was);
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** Every place in the facts that may be null, as a path. */
function nullable(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const here = path.length === 0 || MUST.includes(path.join('/')) || typeof path.at(-1) === 'number' ? [] : [path];
  if (typeof value !== 'object' || value === null) return here;
  return [
    ...here,
    ...Object.entries(value).flatMap(([name, inner]) =>
      nullable(inner, [...path, Array.isArray(value) ? Number(name) : name]),
    ),
  ];
}

const MUST: readonly string[] = ['schema', 'work', 'work/kind', 'work/activity', 'work/start'];

function withNull<T>(value: T, [first, ...rest]: readonly (string | number)[]): T {
  if (first === undefined) return null as T;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string | number, unknown>;
  copy[first] = withNull(copy[first], rest);
  return copy as T;
}

/** Fields in which null is an answer of its own, not "unknown", with the criteria that it may move. */
const ANSWERS: readonly (readonly [path: RegExp, criterion: RegExp, why: string])[] = [
  [/^disruptions\/\d+\/end$/, /./, 'still down'],
  [/^disruptions\/\d+\/(earliestStart|latestEnd)$/, /./, 'the edge is sure'],
  [/^disruptions\/\d+\/(cause|evidence|start)$/, /recovery/, 'counts as mixed, and a mixed disruption needs recovery'],
  [/^work\/(end|observedUntil)$/, /./, 'observation ends by default'],
  [/^fault(\/\d+)?\/grossNegligence$/, /gross-negligence/, 'absence is presumed'],
  [/^fault$/, /gross-negligence/, 'the whole block is undetermined'],
  [/^relief\/(claims|implementedAt)(\/\w+)?$/, /relief-carried-out/, 'no claims known; not carried out'],
  [/^(relief|consumerLoss|leaks)(\/\w+)*$/, /consumer-loss/, 'any known answer of the three decides'],
];
const isAnswer = (path: string, criterion: string): boolean =>
  ANSWERS.some(([p, c]) => p.test(path) && c.test(criterion));

/** Required members of a row: null is refused there. */
const REQUIRED = [/(^|\/)low$/];

test('a fact that becomes unknown makes nothing met and nothing not-met', () => {
  fc.assert(
    fc.property(anyFacts, anyAsOf, (facts, asOf) => {
      const before = assess(facts, korea, asOf);
      for (const path of nullable(facts)) {
        const name = path.join('/');
        if (REQUIRED.some((one) => one.test(name))) continue;
        const after = assess(withNull(facts, path), korea, asOf);
        for (const [was, is] of pairs(before, after)) {
          if (was.status === is.status || isAnswer(name, is.criterion)) continue;
          expect(is.status, `${name} of ${is.criterion}: ${was.status}`).not.toBe('met');
          expect(is.status, `${name} of ${is.criterion}: ${was.status}`).not.toBe('not-met');
        }
      }
    }),
    { numRuns: 60 },
  );
});
