import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { leverEffects } from '@breakwater/rules/guard';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../breakwater', import.meta.url));
/** All that the lever may need; no Node.js among them. */
const tools = ['sh', 'cat', 'cksum', 'dirname', 'readlink', 'sed', 'sleep', 'tr'];

let folder: string;
let levers: string;
const cleanups: (() => void)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater kill '));
  levers = join(folder, 'run', 'guardd', 'levers');
  mkdirSync(join(folder, 'bin'));
  for (const tool of tools) {
    const found = ['/usr/bin', '/bin'].map((bin) => join(bin, tool)).find((path) => existsSync(path));
    if (found !== undefined) symlinkSync(found, join(folder, 'bin', tool));
  }
});
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
  rmSync(folder, { recursive: true });
});

async function kill(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: join(folder, 'bin'), BREAKWATER_RUN_DIR: join(folder, 'run') };
  const child = spawn(program, ['kill', ...argv], { env });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

/** A folder of levers as guardd keeps one for a run; `answers` stands in for guardd's side of the protocol. */
function run(name: string, answers = true): string {
  const path = join(levers, name);
  mkdirSync(path, { recursive: true });
  if (answers) {
    const watcher = watch(path, (_, file) => {
      if (file === 'STOP' || file === 'HOLD' || file === 'ABORT-ALL') writeFileSync(join(path, 'STOPPED'), `${file}\n`);
    });
    cleanups.push(() => watcher.close());
  }
  return path;
}

describe('the lever, with no Node.js on the machine', () => {
  test('cuts the one run there is, and says how long the answer took', async () => {
    const path = run('run-1');
    const { code, stdout } = await kill();
    expect(stdout).toMatch(/^run-1: cut confirmed after \d+ ms\n$/);
    expect(code).toBe(0);
    expect(existsSync(join(path, 'STOP'))).toBe(true);
  });

  test.each(Object.entries(leverEffects))('pulls %s by the file of the guard’s own table', async (lever, effect) => {
    const path = run('run-1');
    const flags = lever === 'cut' ? [] : [`--${lever}`];
    const { code, stdout } = await kill('run-1', ...flags, '--json');
    expect(existsSync(join(path, effect.file))).toBe(true);
    expect(JSON.parse(stdout)).toEqual({
      schema: 'breakwater.kill/1',
      lever,
      runs: [{ run: 'run-1', confirmed: true, afterMs: expect.any(Number) }],
      startsForbidden: false,
    });
    expect(code).toBe(0);
  });

  test('with --all stops every run and forbids new ones', async () => {
    run('run-1');
    run('run-2');
    const all = run('ALL', false);
    const { code, stdout } = await kill('--all', '--json');
    const answer = JSON.parse(stdout) as { runs: { run: string; confirmed: boolean }[]; startsForbidden: boolean };
    const confirmed = Object.fromEntries(answer.runs.map((each) => [each.run, each.confirmed]));
    expect(confirmed).toEqual({ 'run-1': true, 'run-2': true });
    expect(answer.startsForbidden).toBe(true);
    expect(existsSync(join(all, 'STOP'))).toBe(true);
    expect(code).toBe(0);
  });

  test('without an answer says so after a second, exit 3', async () => {
    run('run-1', false);
    const { code, stdout } = await kill('run-1');
    expect(stdout).toMatch(/^run-1: cut asked for, not confirmed within 1\d{3} ms\n$/);
    expect(code).toBe(3);
  });

  test('takes an answer to an earlier, weaker lever for none', async () => {
    const path = run('run-1', false);
    writeFileSync(join(path, 'STOPPED'), 'HOLD\n');
    expect((await kill('run-1')).code).toBe(3);
  });

  test('signals a silent supervisor too, and only when the pid is one', async () => {
    const wait = `process.on('SIGUSR2', () => process.exit(42)); console.log('ready'); setInterval(() => 0, 1000)`;
    for (const [word, expected] of [
      ['guardd-supervisor', 42],
      ['other', null],
    ] as const) {
      const supervisor = spawn(process.execPath, ['-e', wait, word], { stdio: ['ignore', 'pipe', 'inherit'] });
      const exited = once(supervisor, 'exit') as Promise<[number | null]>;
      await once(supervisor.stdout, 'data');
      writeFileSync(join(run(`run-${word}`, false), 'pid'), `${supervisor.pid}\n`);
      await kill(`run-${word}`);
      if (expected === null) supervisor.kill('SIGKILL');
      const [code] = await exited;
      expect(code).toBe(expected);
    }
  });
});

describe('what the lever refuses', () => {
  test('nothing that runs, and a run that does not, exit 1', async () => {
    expect(await kill()).toMatchObject({ code: 1, stderr: expect.stringContaining('kill.none-running') });
    run('run-1');
    expect(await kill('run-2')).toMatchObject({ code: 1, stderr: expect.stringContaining('kill.no-such-run') });
  });

  test('to guess between several runs', async () => {
    const path = run('run-1');
    run('run-2');
    expect((await kill()).code).toBe(2);
    expect(existsSync(join(path, 'STOP'))).toBe(false);
  });

  test.each([
    ['usage.run', ['../../etc', '--json'], '../../etc'],
    ['usage.run', ['--json', '.hidden'], '.hidden'],
    ['usage.run', ['a"b\\c', '--json'], 'a"b\\c'],
    ['usage.unknown-option', ['--json', '--force'], '--force'],
    ['usage.conflict', ['--hold', '--abort-all', '--json'], '--abort-all'],
    ['usage.conflict', ['run-1', '--all', '--json'], 'run-1'],
    ['usage.excess-arguments', ['a', 'b', '--json'], 'b'],
  ])('%s of %j, as JSON on stdout, exit 2', async (code, argv, path) => {
    run('run-1');
    const answer = await kill(...argv);
    expect(JSON.parse(answer.stdout)).toMatchObject({ error: { code, path } });
    expect(answer).toMatchObject({ code: 2, stderr: '' });
  });
});

test('--help tells how, exit 0', async () => {
  const { code, stdout } = await kill('--help');
  expect(stdout).toContain('--abort-all');
  expect(code).toBe(0);
});
