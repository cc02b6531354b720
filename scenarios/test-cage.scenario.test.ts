/**
 * Faults in the middle of a caged test: whoever is killed or hangs, traffic at the target ends, nobody begins the test again,
 * and nothing of its cage is left.
 */
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GuarddClient } from '@breakwater/guardd';
import type { RunLimits } from '@breakwater/rules/guard';
import { casesToRun, notePassed } from './cases.ts';
import { faultsOf, find, run, Stand, standPlan, until, untilJournal } from './guardd-stand.ts';
import { cagesNamed, canMakeNamespaces, nowMs, Target, testPlan } from './test-target.ts';

const scenario = 'test-cage';
/** Of a test nobody needs to know how long it takes: it is cut at any instant. */
const rehearsed = {
  detectMs: 800,
  decideMs: 0,
  stopMs: 100,
  verifyMs: 500,
  reserveMs: 500,
  rollbackMs: { tester: [0] },
  stepMs: { tester: [60_000] },
};

let stand: Stand;
let target: Target;
let client: GuarddClient;

/** The name that the run's cage has among those of this machine. */
function cageName(): string {
  const tag = createHash('sha256')
    .update(join(realpathSync(stand.runDir), 'guardd'))
    .digest('hex')
    .slice(0, 12);
  return `r${createHash('sha256').update(`${tag}/${run}`).digest('hex').slice(0, 8)}`;
}

/** Prepares, begins the test, and answers when its traffic has reached the target. */
async function testing(
  options: { tester?: object; scope?: object; limits?: Partial<RunLimits> } = {},
): Promise<{ ended: Promise<string> }> {
  await stand.lease();
  const plan = testPlan(standPlan(stand.url), target, options.tester, options.scope);
  await stand.prepare(client, plan, { limits: { rehearsed, ...options.limits } });
  const ended = client.ask({ type: 'begin', run, epoch: 1, step: 'tester' }, { timeoutMs: 60_000 }).then(
    ({ outcome }) => outcome,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  let early: string | null = null;
  void ended.then((outcome) => (early = outcome));
  const reached = (): boolean => target.arrivals().length > 10;
  await until('the test reaches its target', () => reached() || early !== null);
  if (!reached()) {
    const trip = find(stand.journal(), 'run.tripped')?.trip;
    throw new Error(`the test ended (${early}) before it reached its target: ${JSON.stringify(trip ?? null)}`);
  }
  return { ended };
}

/** How long after `since` the last packet arrived, ms, once none comes any more. */
async function lastAfter(since: number): Promise<number> {
  let before = -1;
  while (before !== target.arrivals().length) {
    before = target.arrivals().length;
    await sleep(1500);
  }
  return (target.arrivals().at(-1) ?? since) - since;
}

const closed = (): Promise<ReturnType<typeof stand.journal>> =>
  untilJournal(stand, 'the run is closed', (event) => event.type === 'run.closed', 60_000);

describe.skipIf(!canMakeNamespaces())('a caged test', () => {
  beforeEach(async () => {
    target = await Target.open();
    stand = await Stand.open();
    client = await stand.client();
  });
  afterEach(async () => {
    const name = cageName();
    client.end();
    const left = await stand.end();
    target.close();
    expect(left).toEqual([]);
    expect(cagesNamed(name)).toEqual([]);
  });

  test('that is cut ends at once, and its report is in the journal', async () => {
    const { ended } = await testing();
    const since = nowMs();
    const { stopped } = await client.ask({ type: 'stop', run, lever: 'cut', by: 'p-1' });
    expect(stopped).toMatchObject([{ run, method: 'cage-kernel' }]);
    expect(await ended).toBe('cut');
    expect(await lastAfter(since)).toBeLessThan(300);
    const entries = await closed();
    expect(faultsOf(entries)).toEqual([]);
    expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'stopped', serviceRestored: true });
    expect(find(entries, 'cage.closed')).toMatchObject({
      step: 'tester',
      report: expect.stringMatching(/^sha256:/),
      containment: { level: 'kernel', outcome: 'stopped', trip: { reason: 'lever', by: 'p-1' } },
    });
    expect(find(entries, 'cage.closed')?.totals.connections).toBeGreaterThan(10);
  });

  test('that ends by itself leaves a run that can be closed, and nothing behind', async () => {
    const few = 'for i in $(seq 20); do (exec 3<>/dev/tcp/$1/7000); done; exit 0';
    const { ended } = await testing({ tester: { run: ['bash', '-c', few, 'few', '{target}'] } });
    expect(await ended).toBe('done');
    await client.ask({ type: 'close', run, epoch: 1 });
    const entries = await closed();
    expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'completed', serviceRestored: true });
    expect(find(entries, 'cage.closed')?.containment).toMatchObject({ outcome: 'exited', exitCode: 0, trip: null });
  });

  test('that leaves its scope is stopped, and each destination is told', async () => {
    const { ended } = await testing({
      tester: {
        run: [
          'bash',
          '-c',
          'for i in $(seq 20); do (exec 3<>/dev/tcp/$1/7000); done; while :; do (exec 3<>/dev/tcp/$1/22) 2>/dev/null; done',
          'leaves',
          '{target}',
        ],
      },
      scope: { attempts: { stopAfter: 3 } },
    });
    expect(await ended).toBe('cut');
    const entries = await closed();
    expect(find(entries, 'cage.attempts')?.attempts).toMatchObject([
      { address: target.address, port: 22, protocol: 'tcp' },
    ]);
    expect(find(entries, 'run.tripped')?.trip).toMatchObject({ reason: 'scope-attempts', limit: 3 });
    expect(find(entries, 'cage.closed')?.containment.denied).toContainEqual(
      expect.objectContaining({ address: target.address, port: 22 }),
    );
  });

  test('of a service that goes down is stopped, and whether the service came back is said', async () => {
    const { ended } = await testing();
    stand.setService('down');
    expect(await ended).toBe('cut');
    stand.setService('up');
    const entries = await closed();
    expect(find(entries, 'run.tripped')?.trip).toMatchObject({ reason: 'service-down' });
    expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'stopped', serviceRestored: true });
  });

  test('that only a proxy holds is stopped too, and says how weakly it was held', async () => {
    await stand.end();
    stand = await Stand.open({ words: ['--cage', 'cooperative'] });
    client = await stand.client();
    const { ended } = await testing();
    const { stopped } = await client.ask({ type: 'stop', run, lever: 'cut', by: 'p-1' });
    expect(stopped).toMatchObject([{ method: 'cage-cooperative' }]);
    expect(await ended).toBe('cut');
    const { containment } = find(await closed(), 'cage.closed') ?? {};
    expect(containment).toMatchObject({ level: 'cooperative', outcome: 'stopped' });
    expect(containment?.notHeld?.length).toBeGreaterThan(0);
  });

  const faults = [
    { kind: 'SIGKILL of supervisor', boundary: 'while the test runs', withinMs: 400 },
    { kind: 'SIGSTOP of supervisor', boundary: 'while the test runs', withinMs: 1000 },
    { kind: 'SIGSTOP of supervisor and sentinel', boundary: 'while the test runs', withinMs: 1000 },
    { kind: 'SIGKILL of guardd', boundary: 'while the test runs', withinMs: 900 },
    { kind: 'the orchestrator falls silent', boundary: 'while the test runs', withinMs: 900 },
  ];
  test.each(casesToRun(scenario, faults))(
    'ends within the lease and is begun by nobody again: $kind',
    async (fault) => {
      await testing();
      const since = nowMs();
      switch (fault.kind) {
        case 'SIGKILL of supervisor':
          process.kill(stand.pidOf('supervisor'), 'SIGKILL');
          break;
        case 'SIGSTOP of supervisor':
          process.kill(stand.pidOf('supervisor'), 'SIGSTOP');
          break;
        case 'SIGSTOP of supervisor and sentinel':
          process.kill(stand.pidOf('sentinel'), 'SIGSTOP');
          process.kill(stand.pidOf('supervisor'), 'SIGSTOP');
          break;
        case 'SIGKILL of guardd':
          process.kill(stand.pidOf('guardd'), 'SIGKILL');
          break;
        default:
          await stand.silence();
      }
      expect(await lastAfter(since)).toBeLessThan(fault.withinMs);
      if (fault.kind === 'SIGKILL of guardd') await stand.startGuardd();
      const entries = await closed();
      expect(faultsOf(entries)).toEqual([]);
      expect(entries.filter(({ event }) => event.type === 'step.begin')).toHaveLength(1);
      expect(find(entries, 'step.end')).toMatchObject({ step: 'tester', outcome: 'cut' });
      expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'stopped' });
      notePassed(scenario, fault);
    },
    90_000,
  );
});
