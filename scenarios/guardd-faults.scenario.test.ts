/**
 * kill -9 and SIGSTOP of supervisor, sentinel and guardd at every event of a run whose last step brings the service down,
 * so that the guard stops it and rolls it back.
 */
import { afterEach, describe, expect, test } from 'vitest';
import type { JournalEvent } from '@breakwater/rules/guard/record';
import { casesToRun, notePassed } from './cases.ts';
import { faultsOf, find, isSigned, orchestrate, run, Stand, standPlan, untilJournal } from './guardd-stand.ts';

const scenario = 'guardd-faults';
const targets = ['supervisor', 'sentinel', 'guardd'] as const;
const signals = ['SIGKILL', 'SIGSTOP'] as const;

type At = (event: JournalEvent) => boolean;
const step =
  (type: 'step.begin' | 'step.end', id: string, action: string): At =>
  (event) =>
    event.type === type && event.data.step === id && event.data.action === action;
const boundaries: Readonly<Record<string, At>> = {
  'after the preparation': (event) => event.type === 'supervisor.started',
  'after step.begin of check one': step('step.begin', 'one', 'check'),
  'after step.begin of do one': step('step.begin', 'one', 'do'),
  'after step.end of do one': step('step.end', 'one', 'do'),
  'after step.begin of do three': step('step.begin', 'three', 'do'),
  'after step.end of do three': step('step.end', 'three', 'do'),
  'after disruption.opened': (event) => event.type === 'disruption.opened',
  'after run.tripped': (event) => event.type === 'run.tripped',
  'after recovery.begin': (event) => event.type === 'recovery.begin',
  'after step.begin of undo three': step('step.begin', 'three', 'undo'),
  'after step.end of undo three': step('step.end', 'three', 'undo'),
  'after step.begin of undo one': step('step.begin', 'one', 'undo'),
  'after the rollback': (event) =>
    event.type === 'recovery.end' && event.data.step === null && event.data.measure === 'rollback',
};
const cases = targets.flatMap((target) =>
  signals.flatMap((signal) =>
    Object.keys(boundaries).map((boundary) => ({ kind: `${signal} of ${target}`, boundary, target, signal })),
  ),
);

let stand: Stand;
afterEach(() => stand.end());

describe('a run goes on or is rolled back', () => {
  test.each(casesToRun(scenario, cases))(
    '$kind $boundary',
    async (each) => {
      stand = await Stand.open();
      await stand.lease();
      const steps = ['one', 'two', 'three'];
      const plan = standPlan(stand.url, {
        steps: [
          { id: 'one', doing: 'sleep 0.15', undoing: 'sleep 0.15' },
          { id: 'two' },
          { id: 'three', doing: 'touch down; sleep 0.2', undoing: 'sleep 0.15; rm -f down' },
        ],
      });
      const client = await stand.client();
      await stand.prepare(client, plan);
      const going = orchestrate(stand, steps);

      await untilJournal(stand, each.boundary, boundaries[each.boundary] ?? (() => false));
      const pid = stand.pidOf(each.target);
      process.kill(pid, each.signal);
      if (each.target === 'guardd') await healGuardd(each.signal, pid);

      await going;
      const entries = await untilJournal(stand, 'the run is closed', (event) => event.type === 'run.closed');
      const closed = find(entries, 'run.closed');
      expect(faultsOf(entries)).toEqual([]);
      expect(closed).toMatchObject({ outcome: 'rolled-back', serviceRestored: true });
      expect(entries.filter(({ event }) => event.type === 'run.closed')).toHaveLength(1);
      const count = (line: string): number => stand.effects().filter((one) => one === line).length;
      for (const id of steps) expect(count(`do ${id}`)).toBeLessThanOrEqual(1);
      const again = await stand.client();
      const head = await again.ask({ type: 'close', run, epoch: 1 }).catch(() => null);
      if (head !== null) expect(isSigned(head.head ?? null, again.host.publicKey)).toBe(true);
      again.end();
      client.end();
      expect(await stand.end()).toEqual([]);
      notePassed(scenario, each);
    },
    60_000,
  );
});

/** What a service manager does about a daemon that died; a stopped one is let go on after a second. */
async function healGuardd(signal: (typeof signals)[number], pid: number): Promise<void> {
  if (signal === 'SIGKILL') return stand.startGuardd();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  process.kill(pid, 'SIGCONT');
}
