import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { BreakwaterError } from '../error.ts';
import { type Assessment, type Facts, assess, assessmentSchema, getPack, statusFromExplanation } from './index.ts';

const folder = new URL('./cases/', import.meta.url);
const read = (name: string): unknown => parse(readFileSync(new URL(name, folder), 'utf8'), { merge: true });

const byCriterion = <T extends z.ZodType>(value: T) => z.record(z.string(), value).optional();
const names = z.array(z.string()).optional();
const expectation = z.strictObject({
  status: byCriterion(z.string()),
  value: byCriterion(z.looseObject({})),
  margin: byCriterion(z.looseObject({})),
  readings: byCriterion(z.looseObject({})),
  reasonHas: byCriterion(z.string()),
  contradicted: names,
  contradictedHas: names,
  open: names,
  openHas: names,
  questions: names,
  noQuestions: names,
  firstQuestion: z.string().optional(),
  carveOut: z.string().optional(),
  duties: z.record(z.string(), z.union([z.literal('absent'), z.looseObject({})])).optional(),
});
const caseFile = z.strictObject({
  title: z.string(),
  pack: z.string().optional(),
  cases: z.array(
    z.strictObject({
      name: z.string(),
      pack: z.string().optional(),
      asOf: z.string().optional(),
      set: z.record(z.string(), z.unknown()).optional(),
      drop: z.array(z.string()).optional(),
      expect: expectation.optional(),
      refused: z
        .strictObject({ code: z.string().optional(), path: z.string(), message: z.string().optional() })
        .optional(),
    }),
  ),
});
type Case = z.infer<typeof caseFile>['cases'][number];

/** The base facts with what a case sets and drops, both named by JSON Pointer. */
function factsOf({ set = {}, drop = [] }: Case): Facts {
  const facts = structuredClone(read('base.yaml')) as Facts;
  const holder = (pointer: string): [Record<string, unknown> | unknown[], string] => {
    const parts = pointer.split('/').slice(1);
    const last = parts.pop() ?? '';
    return [
      parts.reduce<unknown>((inner, part) => Reflect.get(inner as object, part), facts) as Record<string, unknown>,
      last,
    ];
  };
  for (const [pointer, value] of Object.entries(set)) {
    const [inside, name] = holder(pointer);
    Object.defineProperty(inside, name, { value, enumerable: true, configurable: true, writable: true });
  }
  for (const pointer of drop) {
    const [inside, name] = holder(pointer);
    if (Array.isArray(inside)) inside.splice(Number(name), 1);
    else delete inside[name];
  }
  return facts;
}

const finding = (assessment: Assessment, criterion: string) => {
  const found = assessment.findings.find((each) => each.criterion === criterion);
  if (found === undefined) throw new Error(`no finding of ${criterion}`);
  return found;
};

function check(assessment: Assessment, expected: NonNullable<Case['expect']>): void {
  const ask = assessment.questions.map(({ id }) => id);
  for (const [id, status] of Object.entries(expected.status ?? {})) {
    expect.soft(finding(assessment, id).status, `${id}: ${finding(assessment, id).reason.en}`).toBe(status);
  }
  for (const part of ['value', 'margin', 'readings'] as const) {
    for (const [id, wanted] of Object.entries(expected[part] ?? {})) {
      expect.soft(finding(assessment, id)[part], `${part} of ${id}`).toMatchObject(wanted);
    }
  }
  for (const [id, words] of Object.entries(expected.reasonHas ?? {}))
    expect.soft(finding(assessment, id).reason.en).toContain(words);
  if (expected.contradicted !== undefined) expect.soft(assessment.contradicted).toEqual(expected.contradicted);
  if (expected.open !== undefined) expect.soft(assessment.open).toEqual(expected.open);
  expect.soft(assessment.contradicted).toEqual(expect.arrayContaining(expected.contradictedHas ?? []));
  expect.soft(assessment.open).toEqual(expect.arrayContaining(expected.openHas ?? []));
  expect.soft(ask).toEqual(expect.arrayContaining(expected.questions ?? []));
  for (const id of expected.noQuestions ?? []) expect.soft(ask).not.toContain(id);
  if (expected.firstQuestion !== undefined) expect.soft(ask[0]).toBe(expected.firstQuestion);
  if (expected.carveOut !== undefined) expect.soft(assessment.carveOut.personalCredit).toBe(expected.carveOut);
  for (const [id, wanted] of Object.entries(expected.duties ?? {})) {
    const duty = assessment.duties.find((each) => each.id === id);
    if (wanted === 'absent') expect.soft(duty, id).toBeUndefined();
    else expect.soft(duty, id).toMatchObject(wanted);
  }
}

const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== 'base.yaml');

test('there are cases', () => {
  expect(files.length).toBeGreaterThan(5);
});

describe.each(files)('%s', (name) => {
  const file = caseFile.parse(read(name));
  test.each(file.cases.map((each) => [each.name, each] as const))('%s', (_, each) => {
    expect(Number(each.expect === undefined) + Number(each.refused === undefined), 'one of expect and refused').toBe(1);
    const pack = getPack(each.pack ?? file.pack ?? 'kr-fsc-2026-06-30');
    const judged = (): Assessment => assess(factsOf(each), pack, each.asOf ?? '2026-10-01T00:00:00+09:00');
    if (each.refused !== undefined) {
      const { refused } = each;
      expect(judged).toThrow(BreakwaterError);
      expect(judged).toThrow(expect.objectContaining(refused));
      return;
    }
    const assessment = assessmentSchema.parse(judged());
    for (const one of assessment.findings) expect.soft(statusFromExplanation(one), one.criterion).toBe(one.status);
    check(assessment, each.expect ?? {});
  });
});

test('the names of cases stand once a file', () => {
  for (const name of files) {
    const all = caseFile.parse(read(name)).cases.map((each) => each.name);
    expect(new Set(all).size, name).toBe(all.length);
  }
});
