/**
 * A worker dies, hangs, or hangs and comes back, at every event of a run, in the middle of the event's transaction or after
 * its commit. Another worker takes the run over: no effect twice without a check, the run ends, every log verifies.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyChain } from '@breakwater/rules/guard';
import { brokenRunLogAt } from '@breakwater/rules/runner';
import { testDatabase, type TestDatabase } from '../packages/server/src/platform/db/testing.ts';
import { smallPlan } from '../packages/server/src/run-plan.testing.ts';
import { openStand, until, type Stand, type WorkerFault } from '../packages/server/src/run-stand.testing.ts';
import { casesToRun, notePassed, type FaultCase } from './cases.ts';

const scenario = 'runner-worker';
const steps = ['one', 'two'];
/** Events of an undisturbed run of two steps; the first two are the requester's, not a worker's. */
const events = Array.from({ length: 24 }, (_, i) => i + 2);

interface Case extends FaultCase {
  readonly fault: WorkerFault;
  /** The stopped worker is let go on after the run has ended. */
  readonly wakes: boolean;
}

const kinds = [
  { kind: 'kill -9 worker', signal: 'SIGKILL', wakes: false },
  { kind: 'SIGSTOP worker', signal: 'SIGSTOP', wakes: false },
  { kind: 'SIGSTOP worker, SIGCONT later', signal: 'SIGSTOP', wakes: true },
] as const;

const cases: Case[] = kinds.flatMap(({ kind, signal, wakes }) =>
  events.flatMap((event) =>
    (['at', 'after'] as const).map((when) => ({
      kind,
      wakes,
      boundary: `event ${event}, ${when === 'at' ? 'before' : 'after'} its commit`,
      fault: {
        event,
        when,
        signal,
      },
    })),
  ),
);

let database: TestDatabase;
let stand: Stand;
let plans = 0;
beforeAll(async () => {
  database = await testDatabase();
  stand = await openStand(database.url);
});
afterAll(async () => {
  await stand?.close();
  await database?.drop();
});

describe('a worker that is lost', () => {
  test.each(casesToRun(scenario, cases))('$kind, $boundary', { timeout: 120_000 }, async (each) => {
    plans += 1;
    const id = `lost-${plans}`;
    const planHash = await stand.prepare(smallPlan({ id, steps, doing: { one: 'sleep 0.2' } }));
    const effectsBefore = stand.local.effects().length;
    const victim = await stand.worker({ fault: each.fault });
    const survivor = await stand.worker({ waits: true });
    const runner = stand.runner();
    const { run, outcome } = await runner.request({
      plan: planHash,
      mode: 'live',
      by: { kind: 'person', id: 'p-2' },
      waivers: [],
    });
    expect(outcome).toBe('requested');
    const view = async () => (await runner.status(run)).view;
    await until(
      'the victim has claimed the run or is lost',
      async () => (await view()).epoch > 0 || victim.state() !== 'alive',
    );
    survivor.begin();
    await until('the run has ended', async () => (await view()).phase === 'ended', 60_000).catch(
      async (error: Error) => {
        const told = (await runner.log(run)).map(
          ({ seq, epoch, type, data }) => `${seq} ${epoch} ${type} ${data.slice(0, 300)}`,
        );
        throw new Error(`${error.message}\n${told.join('\n')}`);
      },
    );

    const ended = await view();
    const effects = stand.local.effects().slice(effectsBefore);
    const done = steps.map((step) => `do ${step}`);
    expect(['completed', 'rolled-back', 'stopped']).toContain(ended.outcome);
    for (const effect of new Set(effects)) expect(effects.filter((one) => one === effect)).toHaveLength(1);
    if (ended.outcome === 'completed') expect(effects).toEqual(done);
    else expect(effects.filter((effect) => effect.startsWith('undo'))).toHaveLength(effects.length / 2);
    await expectWhole(run);

    if (each.wakes && victim.state() === 'stopped') {
      const { length } = await runner.log(run);
      victim.child.kill('SIGCONT');
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(stand.local.effects().slice(effectsBefore)).toEqual(effects);
      expect(await runner.log(run)).toHaveLength(length);
      expect(victim.state()).toBe('alive');
    }
    for (const worker of [victim, survivor]) worker.child.kill('SIGKILL');
    await Promise.all([victim.gone, survivor.gone]);
    notePassed(scenario, each);
  });
});

/** The run's log is one chain; its host's journal is in the evidence once, whole and in order; no alarm was raised. */
async function expectWhole(run: string): Promise<void> {
  const runner = stand.runner();
  const rows = await runner.log(run);
  expect(brokenRunLogAt(rows)).toBeNull();
  const records = await stand.evidenceOf(run);
  const journal = records.filter(({ type }) => type === 'guard.journal').map(({ payload }) => payload);
  expect(verifyChain(journal)).toBeNull();
  expect(journal).toHaveLength(rows.filter(({ type }) => type === 'guard.entry').length);
  expect(records.filter(({ type }) => type === 'guard.alarm')).toEqual([]);
  expect(records.filter(({ type }) => type !== 'guard.journal-head')).toHaveLength(rows.length);
}
