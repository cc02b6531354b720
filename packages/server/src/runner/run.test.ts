import { afterAll, beforeAll, expect, test } from 'vitest';
import { brokenRunLogAt } from '@breakwater/rules/runner';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { openStand, smallPlan, until, type Stand } from './stand.testing.ts';

let database: TestDatabase;
let stand: Stand;
beforeAll(async () => {
  database = await testDatabase();
  stand = await openStand(database.url);
});
afterAll(async () => {
  await stand.close();
  await database.drop();
});

const by = { kind: 'person' as const, id: 'p-2' };

test('a plan is rehearsed, approved, run to its end, and cannot be run again', async () => {
  const planHash = await stand.prepare(smallPlan());
  expect(stand.staging.effects()).toEqual(['do one', 'do two', 'do three', 'undo three', 'undo two', 'undo one']);
  const runner = stand.runner();
  const stop = await runner.work();
  const asked = await runner.request({ plan: planHash, mode: 'live', by, waivers: [] });
  expect(asked).toMatchObject({ outcome: 'requested', readiness: { ready: true } });
  await until('the run ends', async () => (await runner.status(asked.run)).view.phase === 'ended');
  const { view } = await runner.status(asked.run);
  expect(view).toMatchObject({ outcome: 'completed', alarms: [], steps: { one: { state: 'done', attempts: 1 }, three: { state: 'done' } } });
  expect(stand.local.effects()).toEqual(['do one', 'do two', 'do three']);
  expect(brokenRunLogAt(await runner.log(asked.run))).toBeNull();
  expect(await runner.request({ plan: planHash, mode: 'live', by, waivers: [] })).toMatchObject({ run: asked.run, outcome: 'attached' });
  await stop();
}, 60_000);
