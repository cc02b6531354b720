import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { BreakwaterError } from '../error.ts';
import { anyFacts } from './facts.arbitrary.ts';
import { type Facts, assess, assessmentSchema, factsSchema, getPack, packSchema, parseFacts } from './index.ts';

const base = parse(readFileSync(new URL('./cases/base.yaml', import.meta.url), 'utf8')) as Facts;
const pack = getPack('kr-fsc-2026-06-30');
const asOf = '2026-10-01T00:00:00+09:00';

test('whatever is not facts is refused with a place, and nothing else is thrown', () => {
  const key = fc.constantFrom(
    'schema',
    'work',
    'kind',
    'activity',
    'start',
    'end',
    'damage',
    'leaks',
    'low',
    'high',
    'disruptions',
    'fault',
    'x',
    '__proto__',
  );
  const junk = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue(),
      fc.constantFrom('breakwater.facts/1', 'other', '2026-08-12T02:00:00Z', -1, 1e300),
      tie('object'),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
    object: fc.dictionary(key, tie('value'), { maxKeys: 6 }),
  })).value;
  fc.assert(
    fc.property(junk, (input) => {
      try {
        parseFacts(input);
      } catch (error) {
        expect(error).toBeInstanceOf(BreakwaterError);
        expect((error as BreakwaterError).code).toMatch(/^facts\.[a-z-]+$/);
        expect((error as BreakwaterError).path).toMatch(/^(\/.*)?$/s);
      }
    }),
    { numRuns: 300 },
  );
});

test('good facts with one part replaced by anything are judged or refused, never crash', () => {
  const parts = Object.keys(base) as (keyof Facts)[];
  fc.assert(
    fc.property(fc.constantFrom(...parts), fc.jsonValue(), (part, value) => {
      const facts = { ...base, [part]: value } as Facts;
      try {
        assessmentSchema.parse(assess(facts, pack, asOf));
      } catch (error) {
        expect(error).toBeInstanceOf(BreakwaterError);
      }
    }),
    { numRuns: 300 },
  );
});

test('nesting as deep as a stack is refused as an unknown field', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i += 1) deep = { deep };
  expect(() => parseFacts({ ...base, deep })).toThrow(
    expect.objectContaining({ code: 'facts.unknown-key', path: '/deep' }),
  );
});

test.each(['', 'now', '2026-10-01', '2026-10-01T00:00:00'])('an as-of time %j is refused', (text) => {
  expect(() => assess(base, pack, text)).toThrow(expect.objectContaining({ code: 'as-of.invalid' }));
});

test('the digest of facts is over what was given, null and left out apart', () => {
  const digest = (facts: Facts): string => assess(facts, pack, asOf).facts;
  const { awareAt: _awareAt, ...without } = base;
  expect(digest({ ...base })).toBe(digest(Object.fromEntries(Object.entries(base).toReversed()) as Facts));
  expect(digest(without)).not.toBe(digest({ ...without, awareAt: null }));
  expect(digest({ ...without, awareAt: undefined })).toBe(digest(without));
});

test('the schemas print as JSON Schema 2020-12 and take what the readers take', () => {
  const ajv = new Ajv2020({ strict: false });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  const [facts, assessment, packs] = [factsSchema, assessmentSchema, packSchema].map((schema) =>
    ajv.compile(z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' })),
  );
  expect(packs?.(pack), JSON.stringify(packs?.errors)).toBe(true);
  fc.assert(
    fc.property(anyFacts, (any) => {
      expect(facts?.(any), JSON.stringify(facts?.errors)).toBe(true);
      const answer = JSON.parse(JSON.stringify(assess(any, pack, asOf))) as unknown;
      expect(assessment?.(answer), JSON.stringify(assessment?.errors)).toBe(true);
    }),
    { numRuns: 50 },
  );
  expect(facts?.({ ...base, exonerated: true })).toBe(false);
});
