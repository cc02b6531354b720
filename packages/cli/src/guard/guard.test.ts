import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifyChain } from '@breakwater/rules/guard';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { oneStep, readCommand, readDuration } from './one-step.ts';

const program = fileURLToPath(new URL('../start.ts', import.meta.url));
let folder: string;
let service: Server;
let url: string;

beforeAll(async () => {
  service = createServer((_, answer) => {
    answer.statusCode = existsSync(join(folder, 'down')) ? 503 : 200;
    answer.end();
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/`;
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-guard-test-'));
  return () => rmSync(folder, { recursive: true, force: true });
});
afterAll(() => service.close());

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `breakwater guard` in the test's folder; `interrupt`: pull Ctrl-C once this file is there. */
async function guard(argv: readonly string[], interrupt?: string): Promise<Ended> {
  const child = spawn(process.execPath, [program, 'guard', ...argv], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  if (interrupt !== undefined) {
    await expect.poll(() => existsSync(join(folder, interrupt)), { timeout: 20_000 }).toBe(true);
    child.kill('SIGINT');
  }
  return { code: await ended, stdout, stderr };
}

const guarded = (...words: readonly string[]): string[] => ['--probe', url, '--every', '100ms', '--json', ...words];

describe('breakwater guard', () => {
  test('runs a command, passes on what it says, and ends with 0', async () => {
    const { code, stdout, stderr } = await guard(
      guarded('--budget', '20s', '--undo', 'true', '--', 'sh', '-c', 'echo patched; touch done'),
    );
    expect(JSON.parse(stdout)).toEqual({
      schema: 'breakwater.guard/1',
      outcome: 'completed',
      exitCode: 0,
      trip: null,
      outageMs: 0,
      serviceRestored: true,
      level: expect.any(String),
      journal: null,
    });
    expect(stderr).toContain('patched\n');
    expect(existsSync(join(folder, 'done'))).toBe(true);
    expect(code).toBe(0);
  });

  test('cuts it off at the point of no return and undoes it, inside the budget', async () => {
    const undo = JSON.stringify(['rm', '-f', 'down']);
    const keep = join(folder, 'kept');
    const { code, stdout } = await guard(
      guarded('--budget', '8s', '--undo', undo, '--keep', keep, '--', 'sh', '-c', 'touch down; sleep 60'),
    );
    const ending = JSON.parse(stdout) as {
      outcome: string;
      trip: { reason: string };
      outageMs: number;
      journal: string;
    };
    expect(ending).toMatchObject({
      outcome: 'rolled-back',
      trip: { reason: 'point-of-no-return' },
      serviceRestored: true,
    });
    expect(ending.outageMs).toBeLessThan(8000);
    const entries = readFileSync(ending.journal, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(verifyChain(entries)).toBeNull();
    expect(code).toBe(1);
  });

  test('undoes a command that fails, word by word', async () => {
    writeFileSync(join(folder, 'old'), '');
    const { code, stdout } = await guard(
      guarded(
        '--budget',
        '20s',
        '--undo',
        'mv',
        '--undo',
        'new',
        '--undo',
        'old',
        '--',
        'sh',
        '-c',
        'mv old new; exit 4',
      ),
    );
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'rolled-back', exitCode: 4, trip: { reason: 'step-failed' } });
    expect(existsSync(join(folder, 'old'))).toBe(true);
    expect(code).toBe(1);
    rmSync(join((JSON.parse(stdout) as { journal: string }).journal, '../../../..'), { recursive: true });
  });

  test('is stopped by Ctrl-C, and undoes', async () => {
    const { code, stdout } = await guard(
      guarded('--budget', '20s', '--undo', 'rm', '--undo', 'begun', '--', 'sh', '-c', 'touch begun; sleep 60'),
      'begun',
    );
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'rolled-back', trip: { reason: 'lever', lever: 'cut' } });
    expect(existsSync(join(folder, 'begun'))).toBe(false);
    expect(code).toBe(1);
    rmSync(join((JSON.parse(stdout) as { journal: string }).journal, '../../../..'), { recursive: true });
  });

  test('does not begin where the way back does not fit into the budget, exit 3', async () => {
    const { code, stdout } = await guard(guarded('--budget', '2s', '--undo', 'true', '--', 'touch', 'begun'));
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'guard.would-cross-pnr' } });
    expect(existsSync(join(folder, 'begun'))).toBe(false);
    expect(code).toBe(3);
  });

  test.each([
    ['usage.probe', '--probe', ['--json', '--undo', 'true', '--', 'true']],
    ['usage.undo', '--undo', ['--json', '--probe', 'http://127.0.0.1:1/', '--', 'true']],
    [
      'usage.duration',
      '--budget',
      ['--json', '--probe', 'http://127.0.0.1:1/', '--undo', 'true', '--budget', 'soon', '--', 'true'],
    ],
    ['plan.invalid', '/probes/0/url', ['--json', '--probe', 'ftp://x', '--undo', 'true', '--', 'true']],
  ])('refuses wrong use with %s at %s, exit 2', async (code, path, argv) => {
    const ended = await guard(argv);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code, path } });
    expect(ended.code).toBe(2);
  });
});

describe('words of a command', () => {
  test.each([
    [['./undo.sh'], ['./undo.sh']],
    [
      ['./undo.sh', 'a b', '[x]'],
      ['./undo.sh', 'a b', '[x]'],
    ],
    [['["./bankctl","switch","v1"]'], ['./bankctl', 'switch', 'v1']],
  ])('%j are %j', (words, command) => expect(readCommand(words, '--undo')).toEqual(command));

  test.each([[['']], [['[]']], [['[1]']], [['["a"']], [['  ']]])('%j are none', (words) => {
    expect(() => readCommand(words, '--undo')).toThrow(/takes a program and its arguments/);
  });
});

describe('a duration', () => {
  test.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['1.5s', 1500],
    ['10m', 600_000],
    ['24h', 86_400_000],
    ['PT10M', 600_000],
  ])('%s is %i ms', (text, ms) => expect(readDuration(text, '--budget')).toBe(ms));

  test.each(['', '10', '0s', '-1s', '25h', '1d', 'P1M', '1e3s', '10 m'])('%j is none', (text) => {
    expect(() => readDuration(text, '--budget')).toThrow(/is no duration up to 24 h/);
  });
});

test('the plan of a guarded command is a plan, for any budget', () => {
  for (const budgetMs of [1, 1000, 90_500, 86_400_000]) {
    const asked = {
      command: ['a'],
      undo: ['b'],
      check: null,
      probes: ['http://x/'],
      budgetMs,
      undoWithinMs: budgetMs,
      everyMs: 500,
    };
    expect(oneStep(asked, Date.now()).limits.outageMs).toBe(budgetMs);
  }
});
