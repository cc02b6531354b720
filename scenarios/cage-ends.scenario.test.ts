/** How a cage ends when nobody ends it in order: its window, its lease, its owner, and many of them at once. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CageRefused, openCage } from '@breakwater/guardd';
import { containmentSchema } from '@breakwater/rules/containment';
import { casesToRun, notePassed } from './cases.ts';
import {
  connectForever,
  leftovers,
  noKernelLevel,
  openTarget,
  processesOf,
  python,
  runCaged,
  scopeOf,
  shell,
  startCageRun,
  until,
  type Target,
} from './cage-stand.ts';

let target: Target;
let folder: string;
beforeEach(async () => {
  target = await openTarget();
  folder = mkdtempSync(join(tmpdir(), 'breakwater-cage-ends-'));
});
afterEach(async () => {
  await target.close();
  rmSync(folder, { recursive: true, force: true });
  expect(await leftovers()).toEqual([]);
});

/** A killed owner's leftovers go with the next cage. */
async function openAndCloseOne(): Promise<void> {
  await runCaged(scopeOf(target.port), ['true']);
}

/** When the last connection came, ms after `since`; waits until none has come for a while. */
async function lastAfter(since: number): Promise<number> {
  for (;;) {
    const last = target.reached.at(-1) ?? 0;
    await sleep(500);
    if ((target.reached.at(-1) ?? 0) === last) return last - since;
  }
}

const owners = [
  // The bounds are those of DESIGN 5 with what a busy machine adds in scheduling.
  { kind: 'owner killed', boundary: 'SIGKILL in mid-run', signal: 'SIGKILL', withinMs: 500 },
  { kind: 'owner hung', boundary: 'SIGSTOP in mid-run', signal: 'SIGSTOP', withinMs: 1500 },
] as const;

describe.skipIf(noKernelLevel !== null)('a cage ends by itself', () => {
  test.each(casesToRun('cage-ends', owners))('$kind, $boundary', async (each) => {
    const owner = startCageRun(scopeOf(target.port), shell(connectForever(target.port)), folder);
    await until('the target is reached', () => target.reached.length > 3);
    const since = Date.now();
    owner.kill(each.signal);
    expect(await lastAfter(since)).toBeLessThan(each.withinMs);
    owner.kill('SIGKILL');
    await new Promise((resolve) =>
      (owner.exitCode ?? owner.signalCode) === null ? owner.once('exit', resolve) : resolve(null),
    );
    await openAndCloseOne();
    notePassed('cage-ends', each);
  });

  const keepers = [
    { kind: 'part of the cage killed', boundary: 'who renews the lease', words: ['main.ts gate'] },
    { kind: 'part of the cage killed', boundary: 'who speaks HTTP', words: ['main.ts proxy'] },
    { kind: 'part of the cage killed', boundary: 'the nftables of who renews', words: ['nft -i'] },
  ];
  test.each(casesToRun('cage-ends', keepers))('$kind, $boundary', async (each) => {
    const ofProxy = each.boundary.includes('HTTP');
    const get = `import time, urllib.request
while True:
  try: urllib.request.urlopen('http://127.0.0.1:${target.port}/', timeout=1)
  except OSError: pass
  time.sleep(0.05)`;
    const argv = ofProxy ? python(get) : shell(connectForever(target.port));
    const cage = runCaged(scopeOf(target.port, ofProxy ? { http: {} } : {}), argv, async () => {
      await until('the target is reached', () => target.reached.length > 3);
      const since = Date.now();
      for (const pid of processesOf(each.words)) process.kill(pid, 'SIGKILL');
      expect(await lastAfter(since)).toBeLessThan(1500);
    });
    const { report } = await cage;
    expect(report).toMatchObject(
      ofProxy
        ? { outcome: 'stopped', trip: { reason: 'proxy-gone' } }
        : { outcome: 'lease-lost', trip: { reason: 'lease-lost' } },
    );
    notePassed('cage-ends', each);
  });

  const ends = [{ kind: 'window', boundary: 'ends in mid-run' }];
  test.each(casesToRun('cage-ends', ends))('$kind $boundary', async (each) => {
    const end = Date.now() + 4000;
    const window = { start: new Date(end - 60_000).toISOString(), end: new Date(end).toISOString() };
    const { report } = await runCaged(scopeOf(target.port, { window }), shell(connectForever(target.port)));
    expect(report).toMatchObject({ outcome: 'window-closed', exitCode: null, trip: { reason: 'window-end' } });
    expect(target.reached.length).toBeGreaterThan(0);
    expect((target.reached.at(-1) ?? 0) - end).toBeLessThanOrEqual(20);
    notePassed('cage-ends', each);
  });

  const leases = [{ kind: 'lease', boundary: 'not renewed' }];
  test.each(casesToRun('cage-ends', leases))('$kind $boundary', async (each) => {
    const scope = scopeOf(target.port, { lease: 'PT0.8S' });
    const out = join(folder, 'out');
    const cage = await openCage({ scope, name: 'scenario', folder: out });
    const since = Date.now();
    const program = cage.start(shell(connectForever(target.port)));
    program.stdout.resume();
    program.stderr.resume();
    expect(await lastAfter(since)).toBeLessThan(1100);
    const report = await cage.close();
    expect(report).toMatchObject({ outcome: 'lease-lost', trip: { reason: 'lease-lost' } });
    notePassed('cage-ends', each);
  });

  const closed = [{ kind: 'closed window', boundary: 'over and not yet open' }];
  test.each(casesToRun('cage-ends', closed))('$kind, $boundary', async (each) => {
    for (const hours of [-2, 2]) {
      const start = Date.now() + hours * 3_600_000;
      const window = { start: new Date(start).toISOString(), end: new Date(start + 60_000).toISOString() };
      const opening = openCage({
        scope: scopeOf(target.port, { window }),
        name: 'scenario',
        folder: join(folder, 'out'),
      });
      await expect(opening).rejects.toThrow(CageRefused);
    }
    notePassed('cage-ends', each);
  });

  const levers = [{ kind: 'lever', boundary: 'SIGINT to cage run' }];
  test.each(casesToRun('cage-ends', levers))('$kind, $boundary', async (each) => {
    const run = startCageRun(scopeOf(target.port), shell(connectForever(target.port)), folder);
    let said = '';
    run.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until('the target is reached', () => target.reached.length > 3);
    run.kill('SIGINT');
    const code = await new Promise((resolve) => run.once('close', resolve));
    expect(code).toBe(1);
    const report = containmentSchema.parse(JSON.parse(said));
    expect(report).toMatchObject({
      outcome: 'stopped',
      trip: { reason: 'lever', by: 'SIGINT' },
      level: 'kernel',
      signed: false,
    });
    expect(report.stoppedAfterMs).toBeLessThan(1000);
    const names = report.evidence?.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['counts.json', 'gate.nft', 'ruleset.nft', 'scope.json', 'tool.out']));
    expect(readFileSync(join(folder, 'out', 'ruleset.nft'), 'utf8')).toContain('table inet gate');
    notePassed('cage-ends', each);
  });

  const many = [{ kind: 'ten at once', boundary: 'each within its own scope' }];
  test.each(casesToRun('cage-ends', many))('$kind, $boundary', async (each) => {
    const targets = await Promise.all(Array.from({ length: 10 }, () => openTarget()));
    const runs = await Promise.all(
      targets.map(({ port }, i) => {
        const other = targets[(i + 1) % targets.length]?.port ?? 0;
        const script = `for i in 1 2 3; do cat </dev/tcp/127.0.0.1/${port}; done; echo x 2>&1 >/dev/udp/127.0.0.1/${other}; true`;
        return runCaged(scopeOf(port, { lease: 'PT10S' }), shell(script));
      }),
    );
    for (const [i, { report, said }] of runs.entries()) {
      const { port = 0, reached = [] } = targets[i] ?? {};
      expect(said).toBe('hello\nhello\nhello\n');
      expect(report).toMatchObject({ outcome: 'exited', allowed: [{ address: '127.0.0.1', port, connections: 3 }] });
      expect(report.denied).toHaveLength(1);
      expect(reached).toHaveLength(3);
    }
    await Promise.all(targets.map((one) => one.close()));
    notePassed('cage-ends', each);
  });
});
