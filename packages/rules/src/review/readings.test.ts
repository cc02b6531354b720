import { expect, test } from 'vitest';
import { type Facts, assess, assessmentSchema, getPack, parsePack } from '#criteria';
import { canonicalJson } from '#evidence';
import { openQuestions } from './readings.ts';

const pack = getPack('kr-fsc-2026-06-30');
const facts: Facts = {
  schema: 'breakwater.facts/1',
  work: { kind: 'emergency-patch', activity: 'os-patch', start: '2026-12-31T09:00:00+09:00' },
  disruptions: [
    { service: 'a', start: '2026-12-31T10:00:00+09:00', end: '2026-12-31T12:30:00+09:00', cause: 'work' },
    { service: 'b', start: '2026-12-31T11:30:00+09:00', end: '2026-12-31T14:00:00+09:00', cause: 'work' },
  ],
};

test('every question of the pack stands with what each reading gives, the one that is judged by first, also after a round trip', () => {
  const assessment = assess(facts, pack, '2027-01-02T00:00:00+09:00');
  const again = <T>(value: T): T => JSON.parse(canonicalJson(value)) as T;
  const questions = openQuestions(parsePack(again(pack)), assessmentSchema.parse(again(assessment)));
  expect(questions.map(({ id }) => id)).toEqual(pack.questions.map(({ id }) => id));
  const of = (id: string) => questions.find((question) => question.id === id);
  expect(of('Q1')?.readings[0]?.name).toBe('gross');
  const [union, ...others] = of('Q2')?.readings ?? [];
  expect(union).toMatchObject({ name: 'union', value: { low: 14_400_000, high: 14_400_000 }, standing: 'inside' });
  expect(others.find(({ name }) => name === 'sum')).toMatchObject({ value: { low: 18_000_000 }, standing: 'beyond' });
  expect(of('Q2')?.raised).toBe(true);
  expect(of('Q14')).toMatchObject({ readings: [], grounds: [] });
});
