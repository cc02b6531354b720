/** Scripts call these functions with whatever they have: each answers, or throws a BreakwaterError that says what is wrong. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as rules from './index.ts';
import { BreakwaterError } from './error.ts';

/** What only a caller who ignores types can hand over. */
const junk = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
});

const deep = (make: (inner: unknown) => unknown): unknown => {
  let value: unknown = 'end';
  for (let level = 0; level < 20_000; level += 1) value = make(value);
  return value;
};
const circle: unknown[] = [];
circle.push({ circle });
const throwing = Object.defineProperty({}, 'schema', {
  enumerable: true,
  get: () => {
    throw new SyntaxError('a getter');
  },
});

const worst: [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a number', 5],
  ['a string', 'facts'],
  ['a big integer', 1n],
  ['a symbol', Symbol('s')],
  ['a function', () => 1],
  ['an empty map', {}],
  ['a list of null', [null]],
  ['a list of lists', [[[]]]],
  ['a list that leads deep down', deep((inner) => [inner])],
  ['a map that leads deep down', deep((inner) => ({ schema: 'breakwater.record/1', payload: inner, leaf: inner }))],
  ['a circle', circle],
  ['a list with a circle', [circle]],
  ['a getter that throws', throwing],
  ['a list with a getter that throws', [throwing]],
];

const asOf = '2026-07-10T01:00:00+09:00';
const pack = rules.getPack('kr-fsc-2026-06-30');
const facts = {
  schema: 'breakwater.facts/1',
  work: { kind: 'emergency-patch', activity: 'os-patch', start: asOf },
} as const;

/** A record that opens itself well, but holds whatever it holds. */
const record = (type: string, payload: unknown) => ({
  schema: 'breakwater.record/1',
  index: 0,
  leaf: {
    schema: 'breakwater.leaf/1',
    type,
    institution: 'hanbit-bank',
    subjects: {},
    actor: { kind: 'system', id: 'test' },
    at: asOf,
    receivedAt: asOf,
    commitment: `sha256:${'a'.repeat(64)}`,
  },
  salt: `${'A'.repeat(43)}=`,
  payload,
});
const kinds = [
  'run.requested',
  'run.started',
  'run.ended',
  'plan.submitted',
  'plan.rehearsed',
  'guard.journal',
  'relief.claim-opened',
];

type Called = (value: never) => unknown;

const functions: [string, Called][] = [
  ['getPack', (value) => rules.getPack(value)],
  ['assess: its facts', (value) => rules.assess(value, pack, asOf)],
  ['assess: its pack', (value) => rules.assess(facts, value, asOf)],
  ['assess: its time', (value) => rules.assess(facts, pack, value)],
  ['checkPlan: its plan', (value) => rules.checkPlan(value)],
  ['checkPlan: its context', (value) => rules.checkPlan({}, value)],
  ['lintNotice: its notice', (value) => rules.lintNotice(value, asOf)],
  ['lintNotice: its time', (value) => rules.lintNotice({}, value)],
  ['unionMillis', (value) => rules.unionMillis(value)],
  ['unionMillis: an interval', (value) => rules.unionMillis([value, { start: 1, end: 2 }])],
  ['unionMillis: an end', (value) => rules.unionMillis([{ start: 0, end: value }])],
  ['pointOfNoReturn', (value) => rules.pointOfNoReturn(value)],
  ['parsePurl', (value) => rules.parsePurl(value)],
  ['formatPurl', (value) => rules.formatPurl(value)],
  ['compareVersions: the ecosystem', (value) => rules.compareVersions(value, '1', '2')],
  ['compareVersions: a version', (value) => rules.compareVersions('deb', value, '2')],
  ['compareVersions: the other', (value) => rules.compareVersions('maven', '1', value)],
  ['versionKey: the ecosystem', (value) => rules.versionKey(value, '1')],
  ['versionKey: the version', (value) => rules.versionKey('npm', value)],
  ['parseVers', (value) => rules.parseVers(value)],
  ['versContains: the range', (value) => rules.versContains(value, '1')],
  ['versContains: the version', (value) => rules.versContains(rules.parseVers('vers:deb/>=1'), value)],
  ['factsFromRecords', (value) => rules.factsFromRecords(value)],
  ['factsFromRecords: a payload', (value) => rules.factsFromRecords(kinds.map((kind) => record(kind, value)) as never)],
  ...kinds.map((kind): [string, Called] => [
    `factsFromRecords: a ${kind}`,
    (value) => rules.factsFromRecords([record(kind, value)] as never),
  ]),
  ['factsFromRecords: a record', (value) => rules.factsFromRecords([value])],
];

function holds(call: Called, value: unknown): void {
  try {
    call(value as never);
  } catch (error) {
    expect(error).toBeInstanceOf(BreakwaterError);
    const { code, message, path } = error as BreakwaterError;
    expect(code).toMatch(/^[a-z-]+\.[a-z-]+$/);
    expect(message).not.toBe('');
    expect(typeof path).toBe('string');
  }
}

describe.each(functions)('%s', (_, call) => {
  test.each(worst)('takes %s without breaking', (_name, value) => {
    holds(call, value);
  });

  test('takes anything without breaking', () => {
    fc.assert(fc.property(junk, (value) => holds(call, value)));
  });
});
