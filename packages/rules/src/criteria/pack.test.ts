import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import { type PolicyPack, assess, diffPacks, getPack, listPacks, packDigest, packInForce, parsePack } from './index.ts';

const korea = (): PolicyPack => structuredClone(getPack('kr-fsc-2026-06-30'));

/** Every object in a pack that states a limit or a choice, with where it stands. */
function sourced(value: unknown, path = ''): [path: string, holder: Record<string, unknown>][] {
  if (typeof value !== 'object' || value === null) return [];
  const own = value as Record<string, unknown>;
  const states = 'bound' in own || 'trigger' in own || 'clause' in own || 'effect' in own;
  const inner = Object.entries(own).flatMap(([name, part]) => sourced(part, `${path}/${name}`));
  return states ? [[path, own], ...inner] : inner;
}

describe('every pack that comes with Breakwater', () => {
  test.each(listPacks().map((pack) => [pack.id, pack] as const))(
    '%s names document and date of every bound, parameter, duty and carve-out, and the article or null',
    (_, pack) => {
      const stated = sourced(pack);
      expect(stated.length).toBeGreaterThan(pack.criteria.length);
      const parameters = [pack.parameters, ...pack.criteria.map((criterion) => criterion.parameters)].flatMap(
        Object.values,
      );
      for (const holder of [...stated.map(([, own]) => own), ...parameters]) {
        expect(holder).toMatchObject({
          clause: {
            document: expect.stringMatching(/\S/),
            date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
            source: expect.stringMatching(/\S/),
          },
        });
        expect(Object.keys(holder['clause'] as object)).toContain('article');
      }
    },
  );

  test.each(listPacks().map((pack) => [pack.id, pack] as const))(
    '%s says every word in Korean and English, and on what it rests',
    (_, pack) => {
      expect(parsePack(JSON.parse(JSON.stringify(pack)))).toEqual(pack);
      expect(pack.basis).toMatch(/primary text not seen/);
      for (const { ko, en } of [
        ...pack.criteria.map(({ title }) => title),
        ...pack.questions,
        ...pack.duties.map(({ title }) => title),
      ]) {
        expect(ko).toMatch(/[가-힣]/);
        expect(en).toMatch(/[a-z]/i);
      }
    },
  );

  test('cannot be changed by whoever got it', () => {
    const pack = getPack('kr-fsc-2026-06-30') as { criteria: { bound: { value: number } | null }[] };
    expect(() => Object.assign(pack.criteria[2]?.bound ?? {}, { value: 1 })).toThrow(TypeError);
  });

  test('carries all questions that the committee decides', () => {
    expect(korea().questions.map(({ id }) => id)).toEqual(Array.from({ length: 14 }, (_, i) => `Q${i + 1}`));
  });
});

describe('a pack without a source', () => {
  test.each(['document', 'date', 'article', 'source'])('of a bound (%s) is refused', (field) => {
    const pack = korea();
    Reflect.deleteProperty(pack.criteria[2]?.clause ?? {}, field);
    expect(() => parsePack(pack)).toThrow(expect.objectContaining({ path: `/criteria/2/clause/${field}` }));
  });
  test('of a parameter is refused', () => {
    const pack = korea();
    delete (pack.parameters['notice.coverage'] as { clause?: unknown }).clause;
    expect(() => parsePack(pack)).toThrow(expect.objectContaining({ path: '/parameters/notice.coverage/clause' }));
  });
});

describe('a pack that does not hold together is refused', () => {
  const [first, , damage] = getPack('kr-fsc-2026-06-30').criteria;
  const coverage = getPack('kr-fsc-2026-06-30').parameters['notice.coverage'];
  const cases: readonly (readonly [name: string, place: string, value: unknown, code: string, path?: string])[] = [
    ['an unknown field', '/verdict', 1, 'pack.unknown-key'],
    ['a criterion twice', '/criteria/14', first, 'pack.duplicate-id', '/criteria/14/id'],
    ['a question twice', '/questions/14', { id: 'Q1', ko: '가', en: 'a' }, 'pack.duplicate-id', '/questions/14/id'],
    ['a measure nobody knows', '/criteria/0/measure', 'mood', 'pack.not-allowed'],
    ['a measured criterion without a bound', '/criteria/2/bound', null, 'pack.bad-bound'],
    ['a bound where nothing is measured', '/criteria/1/bound', damage?.bound, 'pack.bad-bound'],
    ['a bound in another unit', '/criteria/3/bound/unit', 'KRW', 'pack.bad-bound', '/criteria/3/bound'],
    ['a parameter that is missing', '/parameters', {}, 'pack.bad-parameter', '/parameters/scope.from'],
    [
      'a share above one',
      '/parameters/notice.coverage/value',
      1.5,
      'pack.bad-parameter',
      '/parameters/notice.coverage',
    ],
    ['a parameter that nothing reads', '/parameters/mood', coverage, 'pack.unused-parameter'],
    ['an override that nothing reads', '/criteria/1/parameters/mood', coverage, 'pack.unused-parameter'],
    [
      'a reading of another shape',
      '/criteria/3/readings/union/aggregate',
      'mean',
      'pack.bad-reading',
      '/criteria/3/readings/union',
    ],
    [
      'an aggregate that is no reading',
      '/parameters/outage.aggregate/value',
      'mean',
      'pack.bad-parameter',
      '/criteria/3/readings',
    ],
    ['a question that is not asked anywhere', '/criteria/0/asks/scope.no-ai', 'Q99', 'pack.unknown-question'],
    ['a rule that the measure never raises', '/criteria/0/asks/scope.mood', 'Q1', 'pack.unknown-rule'],
    ['a time without offset', '/effective/from', '2026-06-30T00:00:00', 'pack.invalid'],
    ['a day that is none', '/criteria/0/clause/date', '2026-06-31', 'pack.invalid'],
  ];
  test.each(cases.map(([name, place, value, code, path]) => ({ name, place, value, code, path: path ?? place })))(
    '$name',
    ({ place, value, code, path }) => {
      const pack = korea();
      const names = place.split('/').slice(1);
      const last = names.pop() ?? '';
      const holder = names.reduce<object>((inner, name) => Reflect.get(inner, name) as object, pack);
      Reflect.set(holder, last, value);
      expect(() => parsePack(pack)).toThrow(BreakwaterError);
      expect(() => parsePack(pack)).toThrow(expect.objectContaining({ code, path }));
    },
  );
});

test('the digest is over what the pack says, not how it is written', () => {
  const turned = Object.fromEntries(Object.entries(korea()).toReversed());
  expect(packDigest(parsePack(turned))).toBe(packDigest(getPack('kr-fsc-2026-06-30')));
  const changed = korea();
  changed.criteria[3]!.bound!.value += 1;
  expect(packDigest(changed)).not.toBe(packDigest(korea()));
});

test('a difference names the criterion, not its place', () => {
  const [before, after] = [korea(), korea()];
  after.criteria.reverse();
  expect(diffPacks(before, after)).toEqual([]);
  after.criteria.find(({ id }) => id === 'minor.damage')!.bound!.value = 1_000_000_000;
  after.criteria.find(({ id }) => id === 'minor.damage')!.bound!.operator = '<=';
  after.criteria = after.criteria.filter(({ id }) => id !== 'minor.leak');
  const changes = diffPacks(before, after);
  expect(changes).toContainEqual({
    path: '/criteria/minor.damage/bound/value',
    before: 100_000_000,
    after: 1_000_000_000,
  });
  expect(changes).toContainEqual({ path: '/criteria/minor.damage/bound/operator', before: '<', after: '<=' });
  expect(changes).toContainEqual({ path: '/criteria/minor.leak/bound/value', before: 10_000 });
});

test('another operator, bound and parameter give another answer by data alone', () => {
  const pack = korea();
  const damage = pack.criteria.find(({ id }) => id === 'minor.damage')!;
  damage.bound = { ...damage.bound!, operator: '<=', value: 100 };
  const facts = {
    schema: 'breakwater.facts/1' as const,
    work: { kind: 'other' as const, activity: 'other' as const, start: '2026-08-12T02:00:00+09:00' },
    damage: 100,
  };
  const status = (p: PolicyPack, more = {}): string | undefined =>
    assess({ ...facts, ...more }, parsePack(p), '2026-10-01T00:00:00+09:00').findings.find(
      ({ criterion }) => criterion === 'minor.damage',
    )?.status;
  expect(status(pack)).toBe('met');
  expect(status(pack, { damage: 101 })).toBe('not-met');
  const split = { damage: { customer: 60, company: 0, thirdParty: 0, goodwill: 50, recourse: 0 } };
  expect(status(pack, split)).toBe('met');
  pack.parameters['damage.aggregate'] = { ...pack.parameters['damage.aggregate']!, value: 'with-goodwill' };
  expect(status(pack, split)).toBe('not-met');
});

test('the pack in force is the newest whose time has begun and not ended', () => {
  expect(packInForce('2026-06-29T23:59:59.999+09:00')).toBeNull();
  expect(packInForce('2026-06-29T15:00:00Z')?.id).toBe('kr-fsc-2026-06-30');
  expect(packInForce('2026-07-01T00:00:00+09:00', 'SG')?.id).toBe('sg-mas-trm');
  const next: PolicyPack = {
    ...korea(),
    id: 'kr-fsc-2027',
    effective: { ...korea().effective, from: '2027-01-01T00:00:00+09:00' },
  };
  const ended: PolicyPack = { ...korea(), effective: { ...korea().effective, to: '2027-01-01T00:00:00+09:00' } };
  expect(packInForce('2026-12-31T23:59:59.999+09:00', 'KR', [next, ended])?.id).toBe('kr-fsc-2026-06-30');
  expect(packInForce('2027-01-01T00:00:00+09:00', 'KR', [ended, next])?.id).toBe('kr-fsc-2027');
  expect(packInForce('2027-01-01T00:00:00+09:00', 'KR', [ended])).toBeNull();
});

test('a pack nobody knows is refused with the ones that are', () => {
  expect(() => getPack('kr-fsc')).toThrow(expect.objectContaining({ code: 'pack.unknown' }));
});

/** Every place in a value, as a path. */
function places(value: unknown): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([name, inner]) => places(inner).map((rest) => [name, ...rest]))];
}

test('a pack with one place replaced by anything is read and judges, or is refused with a place; nothing else is thrown', () => {
  const facts = {
    schema: 'breakwater.facts/1' as const,
    work: { kind: 'emergency-patch' as const, activity: 'os-patch' as const, start: '2026-08-12T02:00:00+09:00' },
    disruptions: [{ service: 'transfer', start: '2026-08-12T02:00:00+09:00', end: '2026-08-12T03:00:00+09:00' }],
  };
  const place = fc.constantFrom(...places(korea()).filter((path) => path.length > 0));
  fc.assert(
    fc.property(
      place,
      fc.oneof(fc.jsonValue(), fc.constantFrom('P1M', 'PT0S', '+14:00', '>', 'records')),
      (path, value) => {
        const pack = korea();
        const holder = path.slice(0, -1).reduce<object>((inner, name) => Reflect.get(inner, name) as object, pack);
        Reflect.set(holder, path.at(-1) ?? '', value);
        try {
          assess(facts, parsePack(pack), '2026-10-01T00:00:00+09:00');
        } catch (error) {
          expect(error, `${path.join('/')} = ${JSON.stringify(value)}: ${String(error)}`).toBeInstanceOf(
            BreakwaterError,
          );
          expect((error as BreakwaterError).code).toMatch(/^pack\./);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

test('nesting as deep as a stack is refused', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i += 1) deep = { deep };
  const pack = korea();
  Reflect.set(pack.parameters['notice.coverage'] ?? {}, 'value', deep);
  expect(() => parsePack(pack)).toThrow(
    expect.objectContaining({ path: expect.stringMatching(/^\/parameters\/notice\.coverage\/value/) }),
  );
});
