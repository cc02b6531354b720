import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import { jsonSchema } from '../schemas.ts';
import { asTest, base, build, changed, type Json } from './cases/case.ts';
import { planHash, stepDigest, stepDigests } from './hash.ts';
import { planContextSchema } from './context.ts';
import { parsePlan, requirePlan } from './read.ts';
import { planDecided, planRehearsed } from './record.ts';
import { checkPlan } from './readiness.ts';

const digest = `sha256:${'ab'.repeat(32)}`;

const refusal = (work: () => unknown): { code: string; path: string; message: string } => {
  try {
    work();
  } catch (error) {
    if (error instanceof BreakwaterError) return { code: error.code, path: error.path, message: error.message };
    throw error;
  }
  return { code: 'accepted', path: '', message: '' };
};

/** Every JSON Pointer into a document, deepest first. */
function pointers(value: Json, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inner = Object.entries(value).flatMap(([key, part]) =>
    pointers(part, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
  return at === '' ? inner : [...inner, at];
}

const plans = { patch: base.plan, test: asTest(base.plan) };

describe('a plan', () => {
  test('reads as it was written: nothing is filled in, nothing is dropped', () => {
    for (const plan of Object.values(plans)) expect(requirePlan(plan)).toEqual(plan);
  });

  test('of the contract is a plan', ({ skip }) => {
    const contract = new URL('../../../../../shared/contracts.md', import.meta.url);
    if (!existsSync(contract)) skip('the contract is not beside the repository');
    const yaml = /```yaml\n([^]*?)\n```/.exec(readFileSync(contract, 'utf8'))?.[1] ?? '';
    for (const text of [yaml, yaml.replace('sha256:...', digest)]) {
      expect(checkPlan(parsePlan(text).document).ready).toBe(true);
    }
  });

  test('a schema is printed by its short name and by what a document says of itself', () => {
    expect(jsonSchema('breakwater.plan/1')).toEqual(jsonSchema('plan'));
    expect(() => jsonSchema('breakwater.plan/2')).toThrow(expect.objectContaining({ code: 'schema.unknown' }));
  });

  test.each(Object.entries(plans))('a %s meets the JSON Schema that is printed for it', (_, plan) => {
    const ajv = new Ajv2020({ strictTypes: false });
    addFormats.default(ajv);
    expect(ajv.validate(jsonSchema('plan'), plan), JSON.stringify(ajv.errors)).toBe(true);
    expect(ajv.validate(jsonSchema('plan'), { ...plan, colour: 'red' })).toBe(false);
    expect(
      ajv.validate(jsonSchema('plan-context'), build({ note: '', want: [] }).context),
      JSON.stringify(ajv.errors),
    ).toBe(true);
    expect(ajv.validate(jsonSchema('readiness'), checkPlan(plan)), JSON.stringify(ajv.errors)).toBe(true);
  });
});

describe('what is no plan is refused with its place and its remedy', () => {
  const step = base.plan['steps'] as Json[];
  test.each<[note: string, change: Parameters<typeof changed>[1], path: string, code: string, says: RegExp]>([
    [
      'another schema',
      { set: { '/schema': 'breakwater.plan/2' } },
      '/schema',
      'plan.not-allowed',
      /breakwater\.plan\/1/,
    ],
    ['no kind', { remove: ['/kind'] }, '/kind', 'plan.missing', /emergency-patch/],
    ['an unknown kind', { set: { '/kind': 'other' } }, '/kind', 'plan.not-allowed', /security-test/],
    ['an unknown key', { set: { '/colour': 'red' } }, '/colour', 'plan.unknown-key', /remove it/],
    [
      'an unknown key deep inside',
      { set: { '/steps/0/do/shell': true } },
      '/steps/0/do/shell',
      'plan.unknown-key',
      /"shell"/,
    ],
    [
      'a mistyped key',
      { set: { '/steps/1/chek': {} }, remove: ['/steps/1/check'] },
      '/steps/1/chek',
      'plan.unknown-key',
      /"chek"/,
    ],
    ['a scope in a patch', { set: { '/scope': {} } }, '/scope', 'plan.unknown-key', /scope/],
    ['no window', { remove: ['/window'] }, '/window', 'plan.missing', /missing/],
    [
      'a window that ends before it starts',
      { set: { '/window/end': '2026-11-29T00:59:59+09:00' } },
      '/window/end',
      'plan.invalid',
      /end after it starts/,
    ],
    [
      'a window of no length',
      { set: { '/window/end': '2026-11-28T16:00:00Z' } },
      '/window/end',
      'plan.invalid',
      /end after it starts/,
    ],
    [
      'a time without offset',
      { set: { '/window/start': '2026-11-29T01:00:00' } },
      '/window/start',
      'plan.invalid',
      /RFC 3339 time with offset/,
    ],
    [
      'a day that does not exist',
      { set: { '/window/start': '2026-02-30T01:00:00+09:00' } },
      '/window/start',
      'plan.invalid',
      /./,
    ],
    ['months in a duration', { set: { '/limits/outage': 'P1M' } }, '/limits/outage', 'plan.invalid', /PT4H/],
    [
      'an outage limit of zero',
      { set: { '/limits/outage': 'PT0S' } },
      '/limits/outage',
      'plan.invalid',
      /longer than zero/,
    ],
    ['negative money', { set: { '/limits/damage': -1 } }, '/limits/damage', 'plan.invalid', /negative/],
    ['half a won', { set: { '/limits/damage': 0.5 } }, '/limits/damage', 'plan.wrong-type', /whole number/],
    [
      'money that JSON cannot hold exactly',
      { set: { '/limits/damage': 2 ** 53 } },
      '/limits/damage',
      'plan.invalid',
      /./,
    ],
    [
      'money as text',
      { set: { '/limits/damage': '30,000,000' } },
      '/limits/damage',
      'plan.wrong-type',
      /a number, not/,
    ],
    ['a negative count', { set: { '/limits/records': -1 } }, '/limits/records', 'plan.invalid', /negative/],
    ['no limits', { remove: ['/limits'] }, '/limits', 'plan.missing', /missing/],
    ['no service', { set: { '/services': [] } }, '/services', 'plan.invalid', /at least one service/],
    [
      'a service twice',
      { set: { '/services': ['transfer', 'transfer'] } },
      '/services/1',
      'plan.invalid',
      /position 0/,
    ],
    ['a step id twice', { set: { '/steps/1/id': 'drain' } }, '/steps/1/id', 'plan.invalid', /"drain".*position 0/],
    [
      'a probe id twice',
      { set: { '/probes/1': (base.plan['probes'] as Json[])[0] ?? null } },
      '/probes/1/id',
      'plan.invalid',
      /position 0/,
    ],
    [
      'a measure twice',
      { set: { '/measures/4': { kind: 'rollback' } } },
      '/measures/4/kind',
      'plan.invalid',
      /position 1/,
    ],
    ['no steps', { set: { '/steps': [] } }, '/steps', 'plan.invalid', /at least one step/],
    ['a step without check', { remove: ['/steps/0/check'] }, '/steps/0/check', 'plan.missing', /missing/],
    ['a step without timeout', { remove: ['/steps/0/timeout'] }, '/steps/0/timeout', 'plan.missing', /missing/],
    ['an unknown driver', { set: { '/steps/0/driver': 'ssh' } }, '/steps/0/driver', 'plan.not-allowed', /command/],
    [
      'a command as one text',
      { set: { '/steps/0/do': { run: 'rm -rf /' } } },
      '/steps/0/do/run',
      'plan.wrong-type',
      /list/,
    ],
    ['an empty command', { set: { '/steps/0/do': { run: [] } } }, '/steps/0/do/run', 'plan.invalid', /program/],
    ['a blank program', { set: { '/steps/0/do': { run: [' '] } } }, '/steps/0/do/run/0', 'plan.invalid', /program/],
    [
      'NUL in an argument',
      { set: { '/steps/0/do': { run: ['a', 'b\0'] } } },
      '/steps/0/do/run/1',
      'plan.invalid',
      /NUL/,
    ],
    ['an id that is a path', { set: { '/id': '../../etc/passwd' } }, '/id', 'plan.invalid', /letters/],
    ['a blank title', { set: { '/title/ko': '  ' } }, '/title/ko', 'plan.invalid', /blank/],
    ['an escape sequence in a title', { set: { '/title/en': '\u001b[2J' } }, '/title/en', 'plan.invalid', /control/],
    [
      'a password in an address',
      { set: { '/probes/0/url': 'http://user:pw@10.9.0.2/' } },
      '/probes/0/url',
      'plan.invalid',
      /password/,
    ],
    ['a file address', { set: { '/probes/0/url': 'file:///etc/passwd' } }, '/probes/0/url', 'plan.invalid', /http/],
    ['url and requests together', { set: { '/probes/0/requests': [] } }, '/probes/0/requests', 'plan.invalid', /./],
    ['an http probe of nothing', { remove: ['/probes/0/url'] }, '/probes/0', 'plan.invalid', /url and expect/],
    [
      'a probe that never asks',
      { set: { '/probes/0/every': 'PT0S' } },
      '/probes/0/every',
      'plan.invalid',
      /longer than zero/,
    ],
    [
      'a digest that is none',
      { set: { '/authority/document': 'sha256:c0ffee' } },
      '/authority/document',
      'plan.invalid',
      /64 lower-case hex/,
    ],
    [
      'nobody to approve',
      { set: { '/approvals/needed': 0 } },
      '/approvals/needed',
      'plan.invalid',
      /at least one person/,
    ],
    [
      'a telephone number as a number',
      { set: { '/relief/contact': 15880000 } },
      '/relief/contact',
      'plan.wrong-type',
      /quotes/,
    ],
    [
      'an hour that does not exist',
      { set: { '/notice/alternativeChannels/0/opens': '25:00' } },
      '/notice/alternativeChannels/0/opens',
      'plan.invalid',
      /HH:MM/,
    ],
    ['an unknown channel', { set: { '/notice/channels/1': 'fax' } }, '/notice/channels/1', 'plan.not-allowed', /sms/],
    ['a list where a map belongs', { set: { '/window': step } }, '/window', 'plan.wrong-type', /a map, not a list/],
    ['null where a text belongs', { set: { '/author': null } }, '/author', 'plan.wrong-type', /null/],
    [
      'a measure of another kind',
      { set: { '/measures/0/kind': 'hope' } },
      '/measures/0/kind',
      'plan.not-allowed',
      /kill-switch/,
    ],
    [
      "isolation of a service that is not the plan's",
      { set: { '/measures/2/services': ['cards'] } },
      '/measures/2/services/0',
      'plan.invalid',
      /not among/,
    ],
  ])('%s', (_, change, path, code, says) => {
    const found = refusal(() => requirePlan(changed(base.plan, change)));
    expect(found).toMatchObject({ code, path });
    expect(found.message).toMatch(says);
  });

  test.each<[note: string, change: Parameters<typeof changed>[1], path: string]>([
    ['no scope', { remove: ['/scope'] }, '/scope'],
    ['no tester', { remove: ['/tester'] }, '/tester'],
    ['no targets', { set: { '/scope/targets': [] } }, '/scope/targets'],
    ['a network that is none', { set: { '/scope/targets/0/cidr': '10.66.0.300/32' } }, '/scope/targets/0/cidr'],
    ['ports out of order', { set: { '/scope/targets/0/ports/0': 'tcp/9-8' } }, '/scope/targets/0/ports/0'],
    ['a port beyond all', { set: { '/scope/targets/0/ports/0': 'tcp/65536' } }, '/scope/targets/0/ports/0'],
    ['a cap of nothing', { set: { '/scope/caps/packetsPerSecond': 0 } }, '/scope/caps/packetsPerSecond'],
    ['a scope beyond the window', { set: { '/scope/window/end': '2026-11-29T04:00:01+09:00' } }, '/scope/window/end'],
    [
      'a step that takes the name of the test',
      { set: { '/steps': [{ ...(step[0] as object), id: 'tester' }] } },
      '/steps/0/id',
    ],
    ['a tool that is no program', { set: { '/tester/kind': 'nmap' }, remove: ['/tester/run'] }, '/tester/run'],
    ['a budget of nothing', { set: { '/tester/budgets': { steps: 0 } } }, '/tester/budgets/steps'],
    [
      'an address where an endpoint is named',
      { set: { '/tester/model/endpoint': 'http://10.0.0.5/v1' } },
      '/tester/model/endpoint',
    ],
    ['a key of a model', { set: { '/tester/model/key': 'sk-1' } }, '/tester/model/key'],
    [
      'a slowdown of nothing',
      { set: { '/limits/slowerBy': { transfer: { percent: 0, over: 'PT5S' } } } },
      '/limits/slowerBy/transfer/percent',
    ],
    [
      'a slowdown of a service that is not watched',
      { set: { '/limits/slowerBy': { cards: { percent: 50, over: 'PT5S' } } } },
      '/limits/slowerBy/cards',
    ],
  ])('in a security test: %s', (_, change, path) => {
    expect(refusal(() => requirePlan(changed(plans.test, change))).path).toBe(path);
  });

  test('in text, with line and column', () => {
    const found = refusal(() =>
      parsePlan('schema: breakwater.plan/1\nkind: security-test\nid: a b\nwindow:\n  start: now\n'),
    );
    expect(found.path).toMatch(/^\//);
    expect(found.message).toMatch(/^\d+:\d+ \//);
    expect(refusal(() => parsePlan('kind: emergency-patch\ncolour: red\n')).message).toMatch(/^2:1 \/colour: /);
  });
});

test('an agent needs no program; budgets and slowdowns are read as written', () => {
  const written = changed(plans.test, {
    remove: ['/tester/run'],
    set: {
      '/tester/budgets': { steps: 200, tokens: 400_000, bytes: 2_000_000, time: 'PT1H' },
      '/tester/task': 'Look for weak TLS settings.',
      '/tester/model/endpoint': 'local-vllm',
      '/limits/slowerBy': { transfer: { percent: 50, over: 'PT5S' } },
    },
  });
  expect(requirePlan(written)).toEqual(written);
});

test('decisions and rehearsals as they stand in the log are a context', () => {
  const at = '2026-11-26T10:00:00+09:00';
  const decided = planDecided.payload.parse({
    planHash: digest,
    decision: 'approve',
    person: 'p-17',
    role: 'ciso',
    at,
    expires: at,
    nonce: 'ab'.repeat(16),
    key: digest,
    signature: '',
    author: false,
  });
  const times = { stepMs: { drain: 1 }, rollbackMs: { drain: 1 }, detectMs: 1, stopMs: 1, verifyMs: 1 };
  const rehearsed = planRehearsed.payload.parse({
    run: 'r-1',
    planHash: digest,
    host: 'staging',
    at,
    passed: true,
    stepDigests: { drain: digest },
    ...times,
  });
  expect(planContextSchema.parse({ approvals: [decided], rehearsals: [rehearsed] })).toEqual({
    approvals: [decided],
    rehearsals: [rehearsed],
  });
});

describe('the hash of a plan', () => {
  test('is the SHA-256 of the RFC 8785 form of the document as it was written', () => {
    expect(planHash({ b: 1, a: [true, null, '한'] })).toBe(planHash({ a: [true, null, '한'], b: 1 }));
    expect(planHash({})).toBe('sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });

  test('does not depend on the order of keys, nor on YAML or JSON', () => {
    const shuffled = (value: Json): fc.Arbitrary<Json> => {
      if (typeof value !== 'object' || value === null) return fc.constant(value);
      if (Array.isArray(value)) return fc.tuple(...value.map(shuffled));
      const entries = fc.tuple(
        ...Object.entries(value).map(([key, part]) => shuffled(part).map((one): [string, Json] => [key, one])),
      );
      return entries
        .chain((pairs) => fc.shuffledSubarray(pairs, { minLength: pairs.length }))
        .map((pairs) => Object.fromEntries(pairs));
    };
    fc.assert(
      fc.property(shuffled(base.plan), fc.constantFrom(undefined, 2), (plan, space) => {
        expect(planHash(parsePlan(JSON.stringify(plan, null, space)).document)).toBe(planHash(base.plan));
      }),
      { numRuns: 30 },
    );
  });

  test('changes with any change of any value, and a step digest with any change of its step alone', () => {
    const before = stepDigests(requirePlan(base.plan));
    for (const pointer of pointers(base.plan)) {
      const other = changed(base.plan, { set: { [pointer]: 'changed' } });
      expect(planHash(other), pointer).not.toBe(planHash(base.plan));
      const at = /^\/steps\/(\d+)/.exec(pointer)?.[1];
      const steps = other['steps'];
      if (!Array.isArray(steps)) continue;
      for (const [i, step] of steps.entries()) {
        const same = stepDigest(step) === before[['drain', 'switch'][i] ?? ''];
        expect(same, pointer).toBe(String(i) !== at);
      }
    }
  });

  test('refuses what JSON cannot say', () => {
    for (const bad of [{ a: Number.NaN }, { a: '\ud800' }, undefined])
      expect(refusal(() => planHash(bad)).code).not.toBe('accepted');
  });
});

describe('properties', () => {
  const { context } = build({ note: '', want: [] });
  const all = Object.values(plans).flatMap((plan) => pointers(plan).map((pointer) => ({ plan, pointer })));

  test('taking any part away is refused with a place, or answered', () => {
    for (const { plan, pointer } of all) {
      const found = refusal(() => checkPlan(changed(plan, { remove: [pointer] }), context));
      expect(found.code, pointer).toMatch(/^(?:accepted|plan\.[a-z-]+)$/);
      if (found.code !== 'accepted') expect(found.path, pointer).toMatch(/^\//);
    }
  });

  test('putting anything in the place of any part is refused with a place, or answered', () => {
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(
        -1,
        0,
        1e308,
        2 ** 53,
        '',
        ' ',
        '\0',
        'PT0S',
        'P99999D',
        '0000-01-01T00:00:00Z',
        '9999-12-31T23:59:59-23:59',
        '0000-01-01T00:00:00+23:59',
        [],
        {},
        null,
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...all), anything, ({ plan, pointer }, value) => {
        const found = refusal(() => checkPlan(changed(plan, { set: { [pointer]: value as Json } }), context));
        expect(found.code, pointer).toMatch(/^(?:accepted|plan\.[a-z-]+)$/);
      }),
      { numRuns: 1500 },
    );
  });

  test('windows at the ends of time are answered', () => {
    const ends = { '/window/start': '0000-01-01T00:00:00+23:59', '/window/end': '9999-12-31T23:59:59-23:59' };
    expect(checkPlan(changed(base.plan, { set: ends }), context).ready).toBe(false);
    for (const [pointer, value] of Object.entries(ends)) {
      expect(checkPlan(changed(base.plan, { set: { [pointer]: value } }), context).ready).toBe(false);
    }
  });

  test('so is any part of the context', () => {
    const known = context ?? {};
    fc.assert(
      fc.property(
        fc.constantFrom(...pointers(known)),
        fc.jsonValue({ maxDepth: 2 }),
        fc.boolean(),
        (pointer, value, take) => {
          const other = changed(known, take ? { remove: [pointer] } : { set: { [pointer]: value as Json } });
          expect(refusal(() => checkPlan(base.plan, other)).code, pointer).toMatch(/^(?:accepted|context\.[a-z-]+)$/);
        },
      ),
      { numRuns: 1500 },
    );
  });

  test('any value at all is refused or answered', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (plan, given) => {
        expect(refusal(() => checkPlan(plan, given)).code).not.toBe('accepted');
      }),
    );
  });

  test('knowing less never makes a plan ready that is not, nor unready that is', () => {
    const { plan, context: good = {} } = build({ note: '', want: [] });
    fc.assert(
      fc.property(fc.subarray(Object.keys(good)), (keys) => {
        const less = Object.fromEntries(Object.entries(good).filter(([key]) => keys.includes(key)));
        expect(checkPlan(plan, less).ready).toBe(true);
      }),
    );
  });
});
