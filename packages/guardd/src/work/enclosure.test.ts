import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { removeGroup, type WorkCaps } from './cgroup.ts';
import { ended } from './command.ts';
import { openEnclosure, type Enclosure, type Program } from './enclosure.ts';
import { findLevel, type StoppingLevel } from './level.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-enclosure-'));
const level = findLevel(`test-${process.pid}`);
let enclosure: Enclosure | null = null;
afterEach(async () => {
  await enclosure?.stop();
  enclosure?.remove();
  enclosure = null;
});
afterAll(() => {
  if (level.cgroups !== null) for (const group of [join(level.cgroups, 'r1'), level.cgroups]) removeGroup(group);
  rmSync(folder, { recursive: true });
});

function open(at: StoppingLevel = level, caps: WorkCaps = {}): Enclosure {
  enclosure = openEnclosure({ level: at, run: 'r1', name: 'work', caps, groupsFile: join(folder, 'groups') });
  return enclosure;
}

function start(script: string): Program {
  const program = open().start(['/bin/sh', '-c', script], { cwd: folder, env: { PATH: process.env['PATH'] } });
  program.stderr.resume();
  program.stdout.resume();
  return program;
}

async function said(at: Enclosure, script: string): Promise<{ code: number | null; text: string }> {
  const program = at.start(['/bin/sh', '-c', script], { cwd: folder, env: { PATH: process.env['PATH'] } });
  let text = '';
  program.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  program.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const closed = new Promise((resolve) => program.once('close', resolve));
  const code = await ended(program);
  await closed;
  return { code, text };
}

describe('an enclosure', () => {
  test('tells how a program ended', async () => {
    const here = open();
    expect(await said(here, 'echo out; exit 7')).toEqual({ code: 7, text: 'out\n' });
    expect((await said(here, 'kill -9 $$')).code).toBe(137);
    const missing = here.start(['./not-there'], { cwd: folder, env: { PATH: process.env['PATH'] } });
    missing.stdout.resume();
    missing.stderr.resume();
    expect(await ended(missing)).toBe(127);
  });

  test('runs a program in its folder, at ordinary priority, outside our process group', async () => {
    const { text } = await said(open(), 'pwd; nice; cut -d" " -f5 /proc/self/stat');
    const [pwd, nice, group] = text.trim().split('\n');
    expect(pwd).toBe(folder);
    expect(nice).toBe('0');
    expect(Number(group)).not.toBe(process.pid);
  });

  test('stops a tree that forks as fast as it can, and says in how many ms', async () => {
    start(
      'f() { sleep 30 & f2; }; f2() { setsid sleep 30 & }; for i in $(seq 40); do f; done; echo grown >grown; wait',
    );
    while (!existsSync(join(folder, 'grown'))) await sleep(10);
    const { method, latencyMs } = (await enclosure?.stop()) ?? { method: '', latencyMs: 0 };
    expect(method).not.toBe('idle');
    expect(latencyMs).toBeGreaterThan(0);
    expect(enclosure?.busy).toBe(false);
    if (level.cgroups !== null)
      expect(readFileSync(join(level.cgroups, 'r1', 'work', 'cgroup.procs'), 'utf8')).toBe('');
  });

  test('that is empty is idle', async () => {
    expect(await open().stop()).toMatchObject({ method: 'idle' });
  });
});

describe.runIf(level.namespace.length > 0)('with a namespace of its own a program', () => {
  test('sees no process of the host, and takes its descendants with it when it ends', async () => {
    const here = open();
    const { text } = await said(here, 'ls -d /proc/[0-9]* | wc -l; setsid sleep 31 & exit 0');
    expect(Number(text)).toBeLessThan(8);
    await sleep(50);
    expect(here.busy).toBe(false);
    expect(await here.stop()).toMatchObject({ method: 'idle' });
  });
});

describe.runIf(
  level.hierarchies.legacy.some(({ controllers }) => controllers.includes('pids')) && process.getuid?.() === 0,
)('a bound on processes', () => {
  test('holds a fork bomb', async () => {
    const here = open(level, { processes: 20 });
    const { text } = await said(here, 'for i in $(seq 60); do sleep 5 & done; echo started');
    expect(text).toMatch(/fork|Resource temporarily unavailable|retry/i);
  });
});
