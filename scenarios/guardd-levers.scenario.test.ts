/** Levers, leases and limits of an execution host on the real kernel: what stops, what goes on, and what is left behind. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectGuardd, GuarddRefused, type GuarddClient } from '@breakwater/guardd';
import type { Refusal } from '@breakwater/rules/guard';
import { faultsOf, find, run, Stand, standPlan, until, untilJournal, type PlanOptions } from './guardd-stand.ts';

let stand: Stand;
let client: GuarddClient;

beforeEach(async () => {
  stand = await Stand.open();
  client = await stand.client();
});
afterEach(async () => {
  client.end();
  expect(await stand.end()).toEqual([]);
});

const closed = (): Promise<ReturnType<typeof stand.journal>> =>
  untilJournal(stand, 'the run is closed', (event) => event.type === 'run.closed');
const begin = (step: string, epoch = 1): Promise<string> =>
  client.ask({ type: 'begin', run, epoch, step }).then(
    ({ outcome }) => outcome,
    (error: unknown) => (error instanceof GuarddRefused ? error.refusal.reason : Promise.reject(error as Error)),
  );
const refusalOf = (asked: Promise<unknown>): Promise<Refusal | null> =>
  asked.then(
    () => null,
    (error: unknown) => (error instanceof GuarddRefused ? error.refusal : Promise.reject(error as Error)),
  );

/** Prepares, renews, and begins the first step, which runs on; resolves when its own effect has happened. */
async function running(
  options: PlanOptions,
  more: Parameters<Stand['prepare']>[2] = {},
): Promise<{ ended: Promise<string> }> {
  await stand.lease();
  await stand.prepare(client, standPlan(stand.url, options), more);
  const ended = begin('one');
  await until('the step has begun', () => stand.effects().includes('do one'));
  return { ended };
}

const alive = (pid: number): boolean => existsSync(`/proc/${pid}`);
/** Pids in this machine's own numbering of processes that a step started, found by a word in their arguments. */
const processesNamed = (word: string): number[] =>
  stand
    .processes()
    .filter((line) => line.includes(word))
    .map((line) => Number(line.split(' ')[0]));

describe('a cut', () => {
  test('kills the whole tree, also what has left its session, and rolls back', async () => {
    const { ended } = await running({
      steps: [{ id: 'one', doing: `setsid sh -c ': escapee; sleep 61' & sh -c ': grandson; sleep 62' & wait` }],
    });
    await until(
      'the tree has grown',
      () => processesNamed('escapee').length > 0 && processesNamed('grandson').length > 0,
    );
    const { stopped } = await client.ask({ type: 'stop', run, lever: 'cut', by: 'p-1' });
    expect(stopped).toMatchObject([
      { run, method: expect.stringMatching(/^(cgroup\.kill|pidns(-user)?|process-group)$/) },
    ]);
    expect(processesNamed('escapee')).toEqual([]);
    expect(processesNamed('grandson')).toEqual([]);
    expect(await ended).toBe('cut');
    const entries = await closed();
    expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'rolled-back', serviceRestored: true });
    expect(find(entries, 'work.stopped')?.latencyMs).toBeGreaterThan(0);
    expect(stand.effects()).toEqual(['do one', 'undo one']);
    expect(faultsOf(entries)).toEqual([]);
  });

  test('does not kill a service that the step had its service manager start', async () => {
    const manager = spawn(
      '/bin/sh',
      ['-c', 'while [ ! -f wanted ]; do sleep 0.05; done; sleep 60 & echo $! >service.pid; wait'],
      {
        cwd: stand.workdir,
        detached: true,
        stdio: 'ignore',
        env: { PATH: process.env['PATH'] },
      },
    );
    const { ended } = await running({ steps: [{ id: 'one', doing: 'touch wanted; sleep 60' }] });
    await until(
      'the service has started',
      () =>
        existsSync(join(stand.workdir, 'service.pid')) &&
        readFileSync(join(stand.workdir, 'service.pid'), 'utf8').trim() !== '',
    );
    const service = Number(readFileSync(join(stand.workdir, 'service.pid'), 'utf8'));
    await client.ask({ type: 'stop', run, lever: 'cut', by: 'p-1' });
    expect(await ended).toBe('cut');
    await closed();
    expect(alive(service)).toBe(true);
    process.kill(-(manager.pid ?? 0), 'SIGKILL');
  });

  test('during the rollback lets the rollback go on', async () => {
    const { ended } = await running({ steps: [{ id: 'one', doing: 'sleep 60', undoing: 'sleep 0.6; touch undone' }] });
    await client.ask({ type: 'stop', run, lever: 'cut', by: 'p-1' });
    await ended;
    await untilJournal(stand, 'undoing', (event) => event.type === 'step.begin' && event.data.action === 'undo');
    await client.ask({ type: 'stop', run, lever: 'cut', by: 'p-2' });
    writeFileSync(join(stand.levers(), 'STOP'), '');
    const entries = await closed();
    expect(existsSync(join(stand.workdir, 'undone'))).toBe(true);
    expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'rolled-back', serviceRestored: true });
    expect(stand.effects().filter((line) => line === 'undo one')).toHaveLength(1);
  });

  test('by a file is answered in a file, with its latency', async () => {
    const { ended } = await running({ steps: [{ id: 'one', doing: 'sleep 60', undoing: 'sleep 0.5' }] });
    writeFileSync(join(stand.levers(), 'STOP'), '');
    await until('the answer', () => existsSync(join(stand.levers(), 'STOPPED')));
    const answer = JSON.parse(readFileSync(join(stand.levers(), 'STOPPED'), 'utf8')) as {
      method: string;
      latencyMs: number;
    };
    expect(answer.latencyMs).toBeLessThan(500);
    expect(await ended).toBe('cut');
    expect(find(await closed(), 'lever.pulled')).toMatchObject({
      lever: 'cut',
      through: 'file',
      by: `uid:${process.getuid?.()}`,
    });
  });

  test('by a file for all runs is answered for each and for all', async () => {
    const { ended } = await running({ steps: [{ id: 'one', doing: 'sleep 60', undoing: 'sleep 0.5' }] });
    const all = stand.levers('ALL');
    writeFileSync(join(all, 'STOP'), '');
    await until('the answer', () => existsSync(join(all, 'STOPPED')));
    expect(JSON.parse(readFileSync(join(all, 'STOPPED'), 'utf8'))).toMatchObject({ lever: 'cut', runs: [run] });
    expect(JSON.parse(readFileSync(join(all, `STOPPED-${run}`), 'utf8'))).toMatchObject({ lever: 'cut', run });
    expect(await ended).toBe('cut');
    await closed();
    rmSync(join(all, 'STOP'));
    await until('the answers are gone', () => !existsSync(join(all, 'STOPPED')));
  });

  test('by a signal to guardd reaches every run and ends the daemon, not the recovery', async () => {
    const { ended } = await running({ steps: [{ id: 'one', doing: 'sleep 60' }] });
    stand.guardd?.kill('SIGTERM');
    await ended.catch(() => undefined);
    expect(find(await closed(), 'run.closed')).toMatchObject({ outcome: 'rolled-back' });
    rmSync(join(stand.levers('ALL'), 'STOP'));
  });
});

describe('abort-all', () => {
  test('stops the recovery too and says how services are', async () => {
    const { ended } = await running({
      steps: [{ id: 'one', doing: 'touch down; sleep 60', undoing: 'sleep 30; rm -f down' }],
    });
    await until('the step has taken the service down', () => existsSync(join(stand.workdir, 'down')));
    await client.ask({ type: 'stop', run, lever: 'cut', by: 'p-1' });
    await ended;
    await untilJournal(stand, 'undoing', (event) => event.type === 'step.begin' && event.data.action === 'undo');
    await untilJournal(stand, 'down', (event) => event.type === 'disruption.opened');
    await client.ask({ type: 'stop', run, lever: 'abort-all', by: 'p-1' });
    const entries = await closed();
    expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'stopped', serviceRestored: false });
    stand.setService('up');
    const after = await untilJournal(
      stand,
      'the service came back later',
      (event) => event.type === 'disruption.closed',
    );
    expect(faultsOf(after)).toEqual([]);
  });
});

describe('a hold', () => {
  test('lets the step end, begins no other, and ends with two approvals', async () => {
    const { ended } = await running({ steps: [{ id: 'one', doing: 'sleep 0.5' }, { id: 'two' }] });
    await client.ask({ type: 'stop', run, lever: 'hold', by: 'p-1' });
    expect(await ended).toBe('done');
    expect(await begin('two')).toBe('held');
    await client.ask({ type: 'resume', run, epoch: 1, approvedBy: ['p-1', 'p-2'] });
    expect(await begin('two')).toBe('done');
    await client.ask({ type: 'close', run, epoch: 1 });
    expect(find(await closed(), 'run.closed')).toMatchObject({ outcome: 'completed' });
  });

  test('of all runs forbids new ones until its file is taken away', async () => {
    const lever = await connectGuardd(join(stand.runDir, 'guardd', 'lever.sock'));
    await lever.ask({ type: 'stop', run: null, lever: 'hold', by: 'p-9' });
    expect(await refusalOf(stand.prepare(client, standPlan(stand.url)))).toMatchObject({ reason: 'starts-forbidden' });
    expect(await refusalOf(stand.prepare(lever, standPlan(stand.url)))).toEqual({
      reason: 'role',
      socket: 'lever',
      type: 'prepare',
    });
    lever.end();
    rmSync(join(stand.levers('ALL'), 'HOLD'));
    await stand.lease();
    await stand.prepare(client, standPlan(stand.url));
    await client.ask({ type: 'close', run, epoch: 1 });
    expect(find(await closed(), 'run.closed')).toMatchObject({ outcome: 'stopped' });
  });
});

describe('the lease', () => {
  test('lost, begins no step, and after the grace the guard rolls back by itself', async () => {
    const lease = await stand.lease();
    await stand.prepare(client, standPlan(stand.url), { limits: { takeoverGraceMs: 1200 } });
    expect(await begin('one')).toBe('done');
    await lease.stop();
    await sleep(550);
    expect(await begin('two')).toBe('lease-lost');
    const entries = await closed();
    expect(find(entries, 'run.tripped')?.trip).toMatchObject({ reason: 'lease-lost', graceMs: 1200 });
    expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'rolled-back', serviceRestored: true });
  });

  test('taken over within the grace by a higher epoch goes on, and the old owner is refused', async () => {
    const lease = await stand.lease();
    const plan = standPlan(stand.url);
    await stand.prepare(client, plan, { limits: { takeoverGraceMs: 4000 } });
    expect(await begin('one')).toBe('done');
    await lease.stop();
    await untilJournal(stand, 'the lease is lost', (event) => event.type === 'lease.lost');
    await stand.lease(2);
    await stand.prepare(client, plan, { epoch: 2, limits: { takeoverGraceMs: 4000 } });
    expect(await begin('two', 1)).toBe('epoch-stale');
    expect(await begin('two', 2)).toBe('done');
    expect(await begin('three', 2)).toBe('done');
    await client.ask({ type: 'close', run, epoch: 2 });
    const entries = await closed();
    expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'completed' });
    expect(entries.filter(({ event }) => event.type === 'epoch.changed').map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  test('of a run prepared twice is one lease, and another plan under its name is refused', async () => {
    await stand.lease();
    const plan = standPlan(stand.url);
    await stand.prepare(client, plan);
    const again = await stand.prepare(client, plan);
    expect(again.state.phase).toBe('ready');
    expect(await refusalOf(stand.prepare(client, { ...plan, author: 'p-4' }))).toEqual({ reason: 'run-exists', run });
    await client.ask({ type: 'close', run, epoch: 1 });
    await closed();
  });
});

describe('an owner of the lease', () => {
  /** A process that holds the lease, and whose event loop stands still for as long as a line of its standard input says. */
  async function owner(): Promise<{ stall(ms: number): void; end(): void }> {
    const script = `const { startRenewer } = await import(${JSON.stringify(import.meta.resolve('@breakwater/guardd'))});
      const renewer = startRenewer({ address: ${JSON.stringify(stand.socket)} });
      renewer.hold({ run: '${run}', epoch: 1, owner: 'w1' });
      await renewer.ready;
      process.stdin.on('data', (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms)));
      process.stdout.write('ready');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    return { stall: (ms) => void child.stdin.write(`${ms}\n`), end: () => void child.kill('SIGKILL') };
  }

  test('that is busy for more than a second keeps it, and one that hangs for long loses it', async () => {
    const owning = await owner();
    await stand.prepare(client, standPlan(stand.url), { limits: { takeoverGraceMs: 60_000 } });
    owning.stall(1300);
    await sleep(1400);
    expect(find(stand.journal(), 'lease.lost')).toBeUndefined();
    owning.stall(4000);
    await untilJournal(stand, 'the lease is lost', (event) => event.type === 'lease.lost');
    await untilJournal(stand, 'it is renewed', (event) => event.type === 'lease.renewed');
    await client.ask({ type: 'close', run, epoch: 1 });
    owning.end();
    await closed();
  });
});

describe('with supervisor and sentinel both hung', () => {
  test('a lever still stops the work, and both are replaced', async () => {
    const { ended } = await running({ steps: [{ id: 'one', doing: `sh -c ': worker; sleep 60'` }] });
    await until('the work runs', () => processesNamed('worker').length > 0);
    process.kill(stand.pidOf('sentinel'), 'SIGSTOP');
    process.kill(stand.pidOf('supervisor'), 'SIGSTOP');
    const { stopped } = await client.ask({ type: 'stop', run, lever: 'cut', by: 'p-1' });
    if (client.host.level.startsWith('cgroup')) {
      expect(stopped).toMatchObject([{ method: 'cgroup.kill' }]);
      await until('the work is dead', () => processesNamed('worker').length === 0);
    }
    await ended.catch(() => undefined);
    const entries = await closed();
    expect(faultsOf(entries)).toEqual([]);
    expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'rolled-back', serviceRestored: true });
    expect(stand.effects().filter((line) => line === 'do one')).toHaveLength(1);
  });
});

describe('the guard trips', () => {
  test('at the point of no return, with nobody else alive, and is back inside the budget', async () => {
    const lease = await stand.lease();
    const budget = { outageMs: 4000, serviceDownMs: {}, takeoverGraceMs: 60_000 };
    const plan = standPlan(stand.url, { steps: [{ id: 'one', doing: 'touch down', undoing: 'rm -f down' }] });
    await stand.prepare(client, plan, { limits: budget });
    expect(await begin('one')).toBe('done');
    await lease.stop();
    stand.guardd?.kill('SIGKILL');
    const entries = await closed();
    expect(find(entries, 'run.tripped')?.trip).toMatchObject({ reason: 'point-of-no-return' });
    const outageMs = find(entries, 'run.closed')?.outageMs;
    expect(outageMs).toBeGreaterThan(500);
    expect(outageMs).toBeLessThan(4000);
    await stand.startGuardd();
  });

  test('and refuses a step that would cross it, or that nobody rehearsed', async () => {
    await stand.lease();
    const times = { one: [900, 1000, 1000], two: [] };
    const rehearsed = {
      detectMs: 500,
      decideMs: 0,
      stopMs: 100,
      verifyMs: 400,
      reserveMs: 500,
      rollbackMs: { ...times, one: [1000] },
      stepMs: times,
    };
    await stand.prepare(client, standPlan(stand.url), { limits: { outageMs: 4400, rehearsed } });
    expect(await refusalOf(client.ask({ type: 'begin', run, epoch: 1, step: 'one' }))).toMatchObject({
      reason: 'would-cross-pnr',
      step: 'one',
      stepMs: 1500,
    });
    await client.ask({ type: 'stop', run, lever: 'cut', by: 'p-1' });
    expect(find(await closed(), 'run.closed')).toMatchObject({ outcome: 'stopped' });
    expect(stand.effects()).toEqual([]);
  });

  test('when damage may reach its limit, letting a step end that must', async () => {
    await stand.lease();
    const file = join(stand.workdir, 'damage.json');
    writeFileSync(file, '{"won":0}');
    const plan = {
      ...standPlan(stand.url, { steps: [{ id: 'one', doing: 'sleep 0.6; touch whole', onStop: 'finish' }] }),
    };
    const meters = {
      damage: { kind: 'command', run: ['cat', 'damage.json'], pointer: '/won', every: 'PT0.1S' },
      records: { kind: 'none', attestedBy: 'p-1' },
    };
    await stand.prepare(client, { ...plan, meters });
    const ended = begin('one');
    await until('the step has begun', () => stand.effects().includes('do one'));
    writeFileSync(file, '{"won":{"low":1000,"high":30000000}}');
    expect(await ended).toBe('done');
    expect(existsSync(join(stand.workdir, 'whole'))).toBe(true);
    const entries = await closed();
    expect(find(entries, 'run.tripped')?.trip).toEqual({
      reason: 'damage-limit',
      limitWon: 30_000_000,
      observedWon: 30_000_000,
    });
    expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'rolled-back' });
  });

  test('and isolates, then fails over, while the service stays down', async () => {
    await stand.lease();
    const measures = [
      { kind: 'failover', driver: 'command', do: { run: ['/bin/sh', '-c', 'echo failover >>effects; rm -f down'] } },
      { kind: 'module-isolation', driver: 'command', do: { run: ['/bin/sh', '-c', 'echo isolate >>effects'] } },
    ];
    const plan = standPlan(stand.url, { steps: [{ id: 'one', doing: 'touch down' }], measures });
    await stand.prepare(client, plan);
    expect(await begin('one')).toBe('done');
    const entries = await closed();
    expect(stand.effects()).toEqual(['do one', 'undo one', 'isolate', 'failover']);
    expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'rolled-back', serviceRestored: true });
  }, 40_000);

  test('at the end of the window, by a clock that only narrows', async () => {
    await stand.lease();
    await stand.prepare(client, standPlan(stand.url, { windowMs: 6000 }), { limits: { clockErrorMs: 500 } });
    expect(await begin('one')).toBe('done');
    stand.setClock({ wallOffsetMs: -3_600_000 });
    const entries = await closed();
    expect(find(entries, 'run.tripped')?.trip).toMatchObject({ reason: 'window-end' });
    expect(await begin('two')).toBe('run-closed');
  });
});
