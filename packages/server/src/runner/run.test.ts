import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ResumeStatement, WaiverStatement } from '@breakwater/rules';
import { brokenRunLogAt, type RunView } from '@breakwater/rules/runner';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import type { Runner } from './runner.ts';
import {
  newNonce,
  openStand,
  setService,
  signStatement,
  until,
  type Person,
  type Stand,
} from '../run-stand.testing.ts';
import { smallPlan } from '../run-plan.testing.ts';

let database: TestDatabase;
let stand: Stand;
let runner: Runner;
let stopWork: () => Promise<void>;
beforeAll(async () => {
  database = await testDatabase();
  stand = await openStand(database.url);
  runner = stand.runner();
  stopWork = await runner.work();
});
afterAll(async () => {
  await stopWork?.();
  await stand?.close();
  await database.drop();
});

const by = { kind: 'person' as const, id: 'p-2' };
const view = async (run: string): Promise<RunView> => (await runner.status(run)).view;
const phase = (run: string, wanted: RunView['phase']): Promise<void> =>
  until(`the run is ${wanted}`, async () => (await view(run)).phase === wanted, 25_000);

/** Rehearses, approves and starts a plan. */
async function start(planHash: string): Promise<string> {
  const asked = await runner.request({ plan: planHash, mode: 'live', by, waivers: [] });
  expect(asked.outcome).toBe('requested');
  return asked.run;
}

const evidenceOf = async (run: string): Promise<string[]> => (await stand.evidenceOf(run)).map(({ type }) => type);

describe('a run', () => {
  test('goes from rehearsal over approvals to its end, leaves evidence of every event, and cannot be run again', async () => {
    const planHash = await stand.prepare(smallPlan({ id: 'whole' }));
    expect(stand.staging.effects().slice(-6)).toEqual([
      'do one',
      'do two',
      'do three',
      'undo three',
      'undo two',
      'undo one',
    ]);
    const run = await start(planHash);
    await phase(run, 'ended');
    expect(await view(run)).toMatchObject({
      outcome: 'completed',
      alarms: [],
      steps: { one: { state: 'done', attempts: 1 }, three: { state: 'done' } },
    });
    expect(stand.local.effects().slice(-3)).toEqual(['do one', 'do two', 'do three']);
    const log = await runner.log(run);
    expect(brokenRunLogAt(log)).toBeNull();
    const types = await evidenceOf(run);
    expect(types.filter((type) => type !== 'guard.journal-head')).toHaveLength(log.length);
    expect(types).toContain('guard.journal-head');
    expect(types[0]).toBe('run.requested');
    expect(types.at(-1)).toBe('run.ended');
    expect(await runner.request({ plan: planHash, mode: 'live', by, waivers: [] })).toMatchObject({
      run,
      outcome: 'attached',
    });
  }, 60_000);

  test('that is held goes on with two persons’ approvals for this very hold', async () => {
    const planHash = await stand.prepare(smallPlan({ id: 'held', doing: { one: 'sleep 1' } }));
    const run = await start(planHash);
    await until('the first step runs', () => stand.local.effects().at(-1) === 'do one');
    await runner.stop(run, 'hold', by);
    await phase(run, 'held');
    const { hold } = await view(run);
    const sign = (
      who: Person,
      changes: Partial<ResumeStatement> = {},
    ): [ResumeStatement, ReturnType<typeof signStatement>] => {
      const statement: ResumeStatement = {
        schema: 'breakwater.resume/1',
        run,
        hold: hold ?? -1,
        person: who.id,
        at: new Date().toISOString(),
        nonce: newNonce(),
        ...changes,
      };
      return [statement, signStatement(who, statement)];
    };
    await expect(runner.resume(run, ...sign(stand.ciso, { hold: 0 }))).rejects.toMatchObject({
      code: 'run.other-hold',
    });
    expect(await runner.resume(run, ...sign(stand.ciso))).toEqual(['p-1']);
    expect(await runner.resume(run, ...sign(stand.ciso))).toEqual(['p-1']);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await view(run)).phase).toBe('held');
    await runner.resume(run, ...sign(stand.operator));
    await phase(run, 'ended');
    expect((await view(run)).outcome).toBe('completed');
    expect(stand.local.effects().slice(-3)).toEqual(['do one', 'do two', 'do three']);
  }, 60_000);

  test('that a person cuts is rolled back by the guard', async () => {
    const planHash = await stand.prepare(smallPlan({ id: 'cut', doing: { two: 'sleep 20' } }));
    const run = await start(planHash);
    await until('the second step runs', () => stand.local.effects().at(-1) === 'do two');
    const stopped = await runner.stop(run, 'cut', by);
    expect(stopped).toMatchObject({ recorded: true, unreachable: [], answers: [{ run }] });
    await phase(run, 'ended');
    expect(await view(run)).toMatchObject({
      outcome: 'rolled-back',
      host: { trip: { reason: 'lever', lever: 'cut', by: 'p-2' } },
    });
    expect(stand.local.effects().slice(-4)).toEqual(['do one', 'do two', 'undo two', 'undo one']);
    expect(await evidenceOf(run)).toContain('run.asked');
  }, 60_000);

  test('that a person rolls back is rolled back, and there is nothing to roll back afterwards', async () => {
    const planHash = await stand.prepare(smallPlan({ id: 'back', doing: { two: 'sleep 20' } }));
    const run = await start(planHash);
    await until('the second step runs', () => stand.local.effects().at(-1) === 'do two');
    await runner.rollback(run, by);
    await phase(run, 'ended');
    expect((await view(run)).outcome).toBe('rolled-back');
    await expect(runner.rollback(run, by)).rejects.toMatchObject({ code: 'run.phase.conflict' });
  }, 60_000);

  test('whose service goes down beyond its limit is tripped, and what it did is undone', async () => {
    const plan = smallPlan({ id: 'trips', doing: { two: 'sleep 20' } });
    const planHash = await stand.prepare({ ...plan, limits: { ...plan.limits, outage: 'PT6S' } });
    const run = await start(planHash);
    await until('the second step runs', () => stand.local.effects().at(-1) === 'do two');
    setService(stand.local, 'down');
    await phase(run, 'recovering');
    setService(stand.local, 'up');
    await phase(run, 'ended');
    expect((await view(run)).host?.disruptions).toMatchObject([{ service: 'transfer-trips' }]);
    expect((await view(run)).outcome).toBe('rolled-back');
  }, 60_000);
});

describe('the start gate', () => {
  test('refuses a plan without approvals, and the attempt is evidence', async () => {
    const planHash = await stand.submit(smallPlan({ id: 'unapproved' }));
    const asked = await runner.request({ plan: planHash, mode: 'live', by, waivers: [] });
    expect(asked).toMatchObject({ outcome: 'refused', readiness: { ready: false } });
    expect(asked.findings.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['approval.missing', 'rehearsal.missing']),
    );
    expect(await evidenceOf(asked.run)).toEqual(['run.requested', 'run.gated', 'run.ended']);
    expect((await view(asked.run)).outcome).toBe('refused');
  });

  test('refuses a start before the window', async () => {
    const plan = smallPlan({ id: 'early' });
    const planHash = await stand.prepare({
      ...plan,
      window: { ...plan.window, start: new Date(Date.now() + 600_000).toISOString() },
    });
    const asked = await runner.request({ plan: planHash, mode: 'live', by, waivers: [] });
    expect(asked.outcome).toBe('refused');
    expect(asked.findings).toContainEqual({ rule: 'window.not-open', severity: 'error', unknown: false });
  }, 30_000);

  test('lets an accountable person override a waivable finding with a reason, and nobody a finding that is never waived', async () => {
    const plan = smallPlan({ id: 'overridden' });
    const { relief: _, ...without } = plan;
    const planHash = await stand.prepare(without as typeof plan);
    const ask = (waivers: { rule: string; who: Person }[]) =>
      runner.request({
        plan: planHash,
        mode: 'live' as const,
        by,
        waivers: waivers.map(({ rule, who }) => {
          const statement: WaiverStatement = {
            schema: 'breakwater.waiver/1',
            planHash,
            rule,
            reason: 'claims are taken at every branch',
            person: who.id,
            at: new Date().toISOString(),
            expires: new Date(Date.now() + 60_000).toISOString(),
            nonce: newNonce(),
          };
          return {
            statement,
            signature: signStatement(who, statement),
          };
        }),
      });
    const first = await ask([]);
    expect(first.outcome).toBe('refused');
    const rules = first.readiness.findings.filter(({ severity }) => severity === 'error');
    expect(rules.map(({ rule }) => rule)).toEqual(['relief.missing']);
    const waivable = rules[0]?.class === 'waivable';
    await expect(ask([{ rule: 'relief.missing', who: stand.operator }])).rejects.toMatchObject({ code: 'waiver.role' });
    const second = await ask([{ rule: 'relief.missing', who: stand.ciso }]);
    expect(second.outcome).toBe(waivable ? 'requested' : 'refused');
    if (!waivable) return;
    await phase(second.run, 'ended');
    expect((await runner.events(second.run, -1)).find(({ type }) => type === 'run.gated')).toMatchObject({
      data: { overrides: [{ rule: 'relief.missing', by: 'p-1', reason: 'claims are taken at every branch' }] },
    });
  }, 60_000);

  test('answers with the place for a plan that names no stand-in or an unknown host', async () => {
    const { rehearse: _, ...plan } = smallPlan({ id: 'no-stand-in' });
    await stand.submit(plan as ReturnType<typeof smallPlan>);
    await expect(runner.request({ plan: 'no-stand-in', mode: 'rehearsal', by, waivers: [] })).rejects.toMatchObject({
      code: 'run.no-stand-in',
      path: '/rehearse',
    });
    await stand.submit({ ...smallPlan({ id: 'elsewhere' }), host: 'nowhere' });
    await expect(runner.request({ plan: 'elsewhere', mode: 'live', by, waivers: [] })).rejects.toMatchObject({
      code: 'run.host-unknown',
    });
    await expect(runner.request({ plan: 'none', mode: 'live', by, waivers: [] })).rejects.toMatchObject({
      code: 'plan.not-found',
    });
  });
});
