import { BreakwaterError } from '../error.ts';
import type { Assessment, Finding } from './assessment.ts';
import { workRows } from './downtime.ts';
import { dutiesOf } from './duty.ts';
import { type Facts, parseFacts } from './facts.ts';
import { type Bound, type Measured, type Ruling, reasonOf, statusOf } from './finding.ts';
import { judge, readBy } from './judge/index.ts';
import { carveOutOf, leakedPersonalCredit } from './leak.ts';
import { type Criterion, type PolicyPack, canonicalDigest, packDigest, requirePack } from './pack.ts';
import { type Range, standing } from './range.ts';
import { at, instantOf } from './time.ts';
import { type Words, joined } from './wording.ts';

/**
 * What follows from the facts of a work under a policy pack, as of a time. Pure: the same three give the same answer.
 * The answer is a table: which criterion is met, contradicted, open or for the committee, with its numbers.
 *
 * Throws BreakwaterError `facts.*` and `pack.*` for facts and a pack that cannot be read, and `as-of.*` for a time that is
 * none; every other input has an answer. Times in the facts that are later than `asOf` are plans and are judged as they stand.
 */
export function assess(input: Facts, given: PolicyPack, asOf: string): Assessment {
  const facts = parseFacts(input);
  const pack = requirePack(given);
  const instant = typeof asOf === 'string' ? instantOf(asOf) : null;
  if (instant === null) {
    const text = `the as-of time ${typeof asOf === 'string' ? JSON.stringify(asOf) : ''} is no RFC 3339 time with offset: write it as 2026-07-10T01:00:00+09:00`;
    throw new BreakwaterError('as-of.invalid', text, '');
  }
  const rows = workRows(facts, instant);
  const rulings = pack.criteria.map((criterion) => ({
    criterion,
    ruling: judge(pack, criterion, { facts, asOf: instant, rows }),
  }));
  const findings = rulings.map(({ criterion, ruling }) =>
    findingOf(criterion, ruling, plansIn(criterion, facts, instant)),
  );
  const leaked = leakedPersonalCredit(facts);
  const disagreeing = rulings.filter(({ criterion, ruling }) => readingsDisagree(criterion, ruling));
  const open = findings.filter(
    ({ criterion, status }) =>
      status === 'undetermined' ||
      status === 'for-committee' ||
      disagreeing.some((each) => each.criterion.id === criterion),
  );
  return {
    schema: 'breakwater.assessment/1',
    pack: { id: pack.id, version: pack.version, digest: packDigest(pack), basis: pack.basis },
    facts: canonicalDigest(input),
    asOf,
    parameters: printedParameters(pack),
    findings,
    carveOut: { personalCredit: pack.carveOut === null ? 'does-not-apply' : carveOutOf(leaked) },
    contradicted: findings.filter(({ status }) => status === 'not-met').map(({ criterion }) => criterion),
    open: open.map(({ criterion }) => criterion),
    questions: questionsOf(pack, leaked, rulings),
    duties: dutiesOf(pack, facts, rows(ANY_CAUSE)),
  };
}

/** Duties ask for no cause, so how rows are attributed does not matter to them. */
const ANY_CAUSE = 'PT0S';

/** The pack's parameters by name; one that a criterion overrides stands besides as `criterion/name`. */
function printedParameters(pack: PolicyPack): Assessment['parameters'] {
  const own = pack.criteria.flatMap(({ id, parameters }) =>
    Object.entries(parameters).map(([name, { value }]) => [`${id}/${name}`, value] as const),
  );
  return Object.fromEntries([
    ...Object.entries(pack.parameters).map(([name, { value }]) => [name, value] as const),
    ...own,
  ]);
}

function findingOf(criterion: Criterion, ruling: Ruling, plans: readonly Words[]): Finding {
  const { bound } = criterion;
  return {
    criterion: criterion.id,
    status: statusOf(ruling),
    value: ruling.value ?? null,
    bound: bound === null ? null : { operator: bound.operator, value: bound.value, unit: bound.unit },
    margin: ruling.margin ?? null,
    readings: Object.fromEntries(
      Object.entries(ruling.readings ?? {}).map(([name, range]) => [name, printedRange(range)]),
    ),
    clause: criterion.clause,
    reason: joined([reasonOf(ruling), ...plans]),
    grounds: ruling.grounds.map(({ rule, status }) => ({ rule, status })),
    evidence: [...(ruling.evidence ?? [])],
  };
}

function printedRange({ low, high }: Range): number | { low: number; high: number | null } {
  return low === high ? low : { low, high };
}

/** Whether readings of one criterion lead to different answers. A reading without an upper bound says nothing yet. */
function readingsDisagree({ bound }: Criterion, { readings }: Ruling): boolean {
  if (bound === null) return false;
  const known = Object.values(readings ?? {}).filter(
    (range) => standing(range, bound.operator, bound.value) === 'beyond' || range.high !== null,
  );
  return new Set(known.map((range) => standing(range, bound.operator, bound.value))).size > 1;
}

type Ruled = { readonly criterion: Criterion; readonly ruling: Ruling };

/** The open questions that these facts raise, the carve-out's first. */
function questionsOf(pack: PolicyPack, leaked: Range, rulings: readonly Ruled[]): Assessment['questions'] {
  const asked = new Set(
    rulings.flatMap(({ criterion, ruling }) => causesOf(ruling).map((cause) => criterion.asks[cause])),
  );
  const first = pack.carveOut !== null && leaked.high !== 0 ? pack.carveOut.ask : null;
  return [
    ...pack.questions.filter(({ id }) => id === first),
    ...pack.questions.filter(({ id }) => id !== first && asked.has(id)),
  ];
}

/** What of a ruling a question can hang on: rules that hold, readings that differ from the value, and what was raised besides. */
function causesOf(ruling: Ruling): string[] {
  const { value } = ruling;
  const readings = Object.entries(ruling.readings ?? {}).filter(
    ([, range]) => value !== undefined && differs(value, range),
  );
  return [
    ...ruling.grounds.filter(({ status }) => status !== 'undetermined').map(({ rule }) => rule),
    ...readings.map(([name]) => `reading:${name}`),
    ...(ruling.raised ?? []),
  ];
}

function differs(value: NonNullable<Ruling['value']>, range: Range): boolean {
  return 'low' in value && range.high !== null && (value.low !== range.low || value.high !== range.high);
}

/** Says so where a criterion rests on times that are still to come. */
function plansIn(criterion: Criterion, facts: Facts, asOf: number): Words[] {
  return readBy(criterion.measure).some((part) => holdsPlan(facts[part], asOf)) ? [PLANS] : [];
}

const PLANS: Words = {
  ko: '기준 시각 이후의 시각은 계획으로 보았습니다.',
  en: 'Times later than the as-of time were taken as plans.',
};

/** Periods that end later by their nature are no plans. */
const PERIODS: readonly string[] = ['announced', 'claimsUntil', 'observedUntil'];

function holdsPlan(part: unknown, asOf: number): boolean {
  if (typeof part === 'string') return (at(part) ?? -Infinity) > asOf;
  if (typeof part !== 'object' || part === null) return false;
  return Object.entries(part).some(([name, inner]) => !PERIODS.includes(name) && holdsPlan(inner, asOf));
}

/**
 * The status again from what a finding explains of itself: from its value and bound where the bound alone decides,
 * otherwise from its grounds. A verifier holds it against the status.
 */
export function statusFromExplanation({ value, bound, grounds }: Finding): Finding['status'] | 'inconsistent' {
  const byGrounds = statusOf({
    grounds: grounds.map((each) => ({ ...each, words: { ko: '', en: '' } })),
    met: { ko: '', en: '' },
  });
  if (bound === null || value === null || !('low' in value)) return byGrounds;
  return agrees(value, bound, byGrounds) ? byGrounds : 'inconsistent';
}

function agrees(value: Measured, bound: Bound, status: Finding['status']): boolean {
  switch (standing(value, bound.operator, bound.value)) {
    case 'inside':
      return status === 'met';
    case 'beyond':
      return status === 'not-met';
    case 'straddling':
      return status === 'undetermined' || status === 'for-committee';
  }
}
