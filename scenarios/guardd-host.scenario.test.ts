/** What happens to an execution host: it reboots, its clock jumps, its disk fills up, its journal is damaged, guardd starts twice. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectGuardd, type GuarddClient } from '@breakwater/guardd';
import { rehearsalTimes } from '@breakwater/rules/runner';
import { faultsOf, find, orchestrate, run, Stand, standPlan, until, untilJournal } from './guardd-stand.ts';

const isRoot = process.getuid?.() === 0;
let stand: Stand | null = null;
let client: GuarddClient | null = null;
afterEach(async () => {
  client?.end();
  const left = await stand?.end();
  stand = null;
  expect(left ?? []).toEqual([]);
});

async function open(...options: Parameters<typeof Stand.open>): Promise<[Stand, GuarddClient]> {
  stand = await Stand.open(...options);
  client = await stand.client();
  return [stand, client];
}
const closed = (on: Stand): Promise<ReturnType<Stand['journal']>> =>
  untilJournal(on, 'the run is closed', (event) => event.type === 'run.closed');

describe('after a reboot in the middle of a step', () => {
  test('guardd asks its check, does not repeat it, and rolls back by itself', async () => {
    const [host, asked] = await open();
    await host.lease();
    await host.prepare(
      asked,
      standPlan(host.url, {
        steps: [{ id: 'one' }, { id: 'two', doing: 'touch down; sleep 60', undoing: 'rm -f down' }],
      }),
    );
    const going = orchestrate(host, ['one', 'two']).catch(() => undefined);
    await until('the second step has begun', () => host.effects().includes('do two'));
    await host.loseHost();
    host.setClock({ boot: 'after-the-reboot', wallOffsetMs: 60_000 });
    await host.startGuardd();
    const entries = await closed(host);
    await going;
    expect(faultsOf(entries)).toEqual([]);
    expect(host.effects()).toEqual(['do one', 'do two', 'undo two', 'undo one']);
    expect(find(entries.slice(5), 'supervisor.started')).toMatchObject({ because: 'boot' });
    expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'rolled-back', serviceRestored: true });
    const outageMs = find(entries, 'run.closed')?.outageMs ?? 0;
    expect(outageMs, 'the time in which nobody looked counts as down').toBeGreaterThan(55_000);
  });
});

describe('a wall clock that jumps by an hour', () => {
  test.each([3_600_000, -3_600_000])(
    '%i ms neither trips the guard nor changes how long a disruption was',
    async (wallOffsetMs) => {
      const [host, asked] = await open();
      await host.lease();
      await host.prepare(asked, standPlan(host.url), { limits: { serviceDownMs: {} } });
      await orchestrate(host, ['one']);
      host.setService('down');
      await untilJournal(host, 'down', (event) => event.type === 'disruption.opened');
      host.setClock({ wallOffsetMs });
      await sleep(500);
      host.setService('up');
      const entries = await untilJournal(host, 'up', (event) => event.type === 'disruption.closed');
      const { start, end, durationMs } = find(entries, 'disruption.closed') ?? { start: '', end: '', durationMs: 0 };
      expect(durationMs).toBeGreaterThan(500);
      expect(durationMs).toBeLessThan(10_000);
      expect(Date.parse(end) - Date.parse(start)).toBe(durationMs);
      await orchestrate(host, ['two', 'three']);
      await asked.ask({ type: 'close', run, epoch: 1 });
      expect(find(await closed(host), 'run.closed')).toMatchObject({ outcome: 'completed', serviceRestored: true });
      expect(find(host.journal(), 'run.tripped')).toBeUndefined();
    },
  );
});

describe.runIf(isRoot)('a disk that fills up', () => {
  let disk = '';
  beforeEach(() => {
    disk = join(mkdtempSync(join(tmpdir(), 'breakwater-disk-')), 'run');
  });
  afterEach(() => {
    spawnSync('umount', [disk]);
    rmSync(join(disk, '..'), { recursive: true, force: true });
  });

  test.each([
    ['stops the work, and leaves room for the recovery and its journal', false],
    ['does so too when the supervisor is killed on top of it', true],
  ])(
    '%s',
    async (_, alsoKilled) => {
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'none', disk]);
      let won = 0;
      const meter = createServer((_, answer) => answer.end(JSON.stringify({ won: won++ })));
      await new Promise<void>((resolve) => meter.listen(0, '127.0.0.1', resolve));
      const address = meter.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const chatter = { kind: 'http-json', url: `http://127.0.0.1:${port}/`, pointer: '/won', every: 'PT0.005S' };
      const [host, asked] = await open({ runDir: disk });
      await host.lease();
      const plan = standPlan(host.url, { steps: [{ id: 'one' }, { id: 'two', doing: 'sleep 60' }] });
      await host.prepare(asked, { ...plan, meters: { damage: chatter } });
      const going = orchestrate(host, ['one', 'two']);
      await until('the second step has begun', () => host.effects().includes('do two'));
      fill(join(disk, 'filler'));
      if (alsoKilled) {
        await untilJournal(host, 'it has tripped', (event) => event.type === 'run.tripped');
        process.kill(host.pidOf('supervisor'), 'SIGKILL');
      }
      const entries = await closed(host);
      await going;
      expect(find(entries, 'run.tripped')?.trip).toMatchObject({ reason: 'journal-unwritable', code: 'ENOSPC' });
      expect(host.effects()).toEqual(['do one', 'do two', 'undo two', 'undo one']);
      expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'rolled-back', serviceRestored: true });
      expect(faultsOf(entries)).toEqual([]);
      expect(await host.end()).toEqual([]);
      await new Promise((resolve) => meter.close(resolve));
    },
    60_000,
  );

  function fill(path: string): void {
    for (const size of [1_048_576, 65_536, 4096, 1]) {
      try {
        for (;;) writeFileSync(path, Buffer.alloc(size, 1), { flag: 'a' });
      } catch {
        // Full for pieces of this size.
      }
    }
  }
});

describe('a journal', () => {
  test('whose tail was torn by a crash goes on after the last whole entry', async () => {
    const [host, asked] = await open();
    await host.lease();
    await host.prepare(asked, standPlan(host.url));
    await orchestrate(host, ['one']);
    await host.loseHost();
    const file = join(host.runDir, 'guardd', 'runs', run, 'journal.jsonl');
    const bytes = readFileSync(file);
    bytes.write('{"schema":"breakwater.journal/1","run":"r1","host', bytes.indexOf(0));
    writeFileSync(file, bytes);
    await host.startGuardd();
    await host.lease();
    await orchestrate(host, ['two', 'three']);
    const again = await host.client();
    await again.ask({ type: 'close', run, epoch: 1 });
    again.end();
    const entries = await closed(host);
    expect(faultsOf(entries)).toEqual([]);
    expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'completed' });
  });

  test('that was changed in the middle is kept as it is, and the run is rolled back', async () => {
    const [host, asked] = await open();
    await host.lease();
    await host.prepare(asked, standPlan(host.url));
    await orchestrate(host, ['one', 'two']);
    await host.loseHost();
    const file = join(host.runDir, 'guardd', 'runs', run, 'journal.jsonl');
    const text = readFileSync(file, 'latin1');
    const at = text.indexOf('"step":"two"');
    writeFileSync(file, `${text.slice(0, at)}"step":"TWO"${text.slice(at + 12)}`, 'latin1');
    await host.startGuardd();
    const entries = await closed(host);
    expect(find(entries, 'run.tripped')?.trip).toMatchObject({ reason: 'journal-unwritable', code: 'DAMAGED' });
    expect(faultsOf(entries)).toEqual([]);
    expect(readFileSync(join(host.runDir, 'guardd', 'runs', run, 'journal.damaged'), 'latin1')).toContain(
      '"step":"TWO"',
    );
    expect(host.effects()).toContain('undo one');
  });
});

describe('guardd', () => {
  test('is not started twice for one folder', async () => {
    const [host] = await open();
    const main = join(import.meta.dirname, '../packages/guardd/src/main.ts');
    const second = spawnSync(process.execPath, [main, '--run-dir', host.runDir], { encoding: 'utf8' });
    expect(second.status).toBe(3);
    expect(second.stderr).toContain('already running');
    const still = await connectGuardd(host.socket);
    expect(still.host.host).toBe('local');
    still.end();
  });

  test('rehearses a plan, measures what the point of no return needs, and leaves the target as it was', async () => {
    const [host, asked] = await open();
    await host.lease();
    const plan = standPlan(host.url, {
      steps: [
        { id: 'one', undoing: 'sleep 0.2' },
        { id: 'two', doing: 'sleep 0.3', undoing: 'sleep 0.1' },
      ],
    });
    const began = performance.now();
    await host.prepare(asked, plan, { mode: 'rehearsal' });
    await orchestrate(host, ['one', 'two']);
    const entries = await closed(host);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(host.effects()).toEqual(['do one', 'do two', 'undo two', 'undo one']);
    const steps = ['one', 'two'].map((id) => ({ id, digest: `sha256:${'0'.repeat(64)}`, undone: true }));
    const times = rehearsalTimes(entries, { steps, detectMs: 0, verifyMs: 0 });
    expect(times.passed).toBe(true);
    expect(times.stepMs['two']).toBeGreaterThanOrEqual(300);
    expect(times.rollbackMs['two']).toBeGreaterThanOrEqual((times.rollbackMs['one'] ?? 0) + 100);
    expect(times.detectMs, 'three times 100 ms and a silence of 2 s').toBeGreaterThanOrEqual(2300);
    expect(times.stopMs).toBeGreaterThan(0);
    expect(times.verifyMs).toBeGreaterThan(0);
  });

  test('rehearsing a patch that leaves the service down says that it failed', async () => {
    const [host, asked] = await open();
    await host.lease();
    const plan = standPlan(host.url, { steps: [{ id: 'one', doing: 'touch down', undoing: 'rm -f down' }] });
    await host.prepare(asked, plan, { mode: 'rehearsal', limits: { serviceDownMs: {} } });
    await orchestrate(host, ['one']);
    const entries = await closed(host);
    expect(find(entries, 'run.tripped')?.trip).toMatchObject({ reason: 'service-down', service: 'transfer' });
    expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'rolled-back', serviceRestored: true });
  });
});

/** A user without privileges, if root may become it and it can read what runs here. */
const nobody = 65_534;
const tryAs = [
  '--reuid',
  String(nobody),
  '--clear-groups',
  process.execPath,
  join(import.meta.dirname, '../packages/guardd/src/main.ts'),
  '--help',
];
const canBeNobody = isRoot && spawnSync('setpriv', tryAs, { stdio: 'ignore' }).status === 0;

describe.runIf(canBeNobody)('without privileges', () => {
  test('the level is said, and a cut still rolls back', async () => {
    const [host, asked] = await open({ uid: nobody });
    expect(asked.host.level).toMatch(/^(pidns-user|process-group)$/);
    await cutAndExpectRollback(host, asked);
  });

  test('and without namespaces the process group is killed, which is said too', async () => {
    const bin = mkdtempSync(join(tmpdir(), 'breakwater-bin-'));
    chmodSync(bin, 0o755);
    for (const tool of ['bash', 'nice', 'sleep', 'touch', 'rm', 'test'])
      symlinkSync(`/usr/bin/${tool}`, join(bin, tool));
    const [host, asked] = await open({ uid: nobody, env: { PATH: bin } });
    expect(asked.host.level).toBe('process-group');
    await cutAndExpectRollback(host, asked);
    rmSync(bin, { recursive: true });
  });

  async function cutAndExpectRollback(host: Stand, asked: GuarddClient): Promise<void> {
    await host.lease();
    await host.prepare(asked, standPlan(host.url, { steps: [{ id: 'one', doing: 'sleep 60' }] }));
    const going = orchestrate(host, ['one']);
    await until('the step has begun', () => host.effects().includes('do one'));
    const { stopped } = await asked.ask({ type: 'stop', run, lever: 'cut', by: 'p-1' });
    expect(stopped[0]?.method).toMatch(/^(pidns|process-group)$/);
    await going;
    const entries = await closed(host);
    expect(find(entries, 'run.prepared')?.level).toBe(asked.host.level);
    expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'rolled-back', serviceRestored: true });
    expect(host.effects()).toEqual(['do one', 'undo one']);
  }
});

describe('the bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-installed-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('runs outside the repository, which it cannot even see, and brings a run back', async () => {
    const root = join(import.meta.dirname, '..');
    execFileSync(process.execPath, [join(root, 'scripts/pack-guardd.ts')], { cwd: root });
    execFileSync('cp', [join(root, 'dist/guardd.mjs'), process.execPath, folder]);
    const node = join(folder, 'node');
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const hide = [
      'unshare',
      '--mount',
      '/bin/sh',
      '-c',
      'mount --bind "$1" "$2" && shift 2 && cd / && exec "$@"',
      'sh',
      empty,
      root,
    ];
    const [host, asked] = await open({ guardd: [...(isRoot ? hide : []), node, join(folder, 'guardd.mjs')] });
    await host.lease();
    await host.prepare(
      asked,
      standPlan(host.url, { steps: [{ id: 'one' }, { id: 'two', doing: 'touch down', undoing: 'rm -f down' }] }),
    );
    await orchestrate(host, ['one', 'two']);
    const supervisor = readFileSync(`/proc/${host.pidOf('supervisor')}/cmdline`, 'utf8');
    expect(supervisor).toContain(join(folder, 'guardd.mjs'));
    expect(supervisor).not.toContain(root);
    const entries = await closed(host);
    expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'rolled-back', serviceRestored: true });
    expect(existsSync(join(host.workdir, 'down'))).toBe(false);
    expect(faultsOf(entries)).toEqual([]);
  }, 60_000);
});
