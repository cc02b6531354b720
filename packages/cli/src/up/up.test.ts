import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@breakwater/client';
import { testDatabase } from '@breakwater/server/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { command } from '../command.testing.ts';

const entry = fileURLToPath(new URL('../start.ts', import.meta.url));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

type Up = { pid: number; apiUrl: string; siteUrl: string; socket: string; embeddedPostgres: string | null };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'breakwater-up-'));
  cleanups.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const quiet = { BREAKWATER_LOG_LEVEL: 'silent', PATH: process.env['PATH'] ?? '' };

async function up(
  env: Record<string, string>,
): Promise<{ child: ChildProcess; answer: Up; output: () => { stdout: string; stderr: string } }> {
  const argv = [entry, 'up', '--port', '0', '--site-port', '0', '--json'];
  const child = spawn(process.execPath, argv, { env: { ...quiet, ...env } });
  cleanups.push(() => child.kill('SIGKILL'));
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (text.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (text.stderr += String(chunk)));
  await expect.poll(() => text.stdout.endsWith('}\n'), { timeout: 30_000 }).toBe(true);
  return { child, answer: JSON.parse(text.stdout) as Up, output: () => text };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exited = once(child, 'exit') as Promise<[number | null]>;
  child.kill(signal);
  return (await exited)[0];
}

describe('up', () => {
  test('brings everything up, announces it as one document, and ends in order on Ctrl-C', async () => {
    const dataDir = folder();
    const { child, answer, output } = await up({ BREAKWATER_DATA_DIR: dataDir });
    expect(answer).toMatchObject({ schema: 'breakwater.up/1', pid: child.pid, embeddedPostgres: expect.any(String) });
    const { data } = await createClient({ socket: answer.socket }).GET('/readyz');
    expect(data?.ready).toBe(true);
    expect((await fetch(`${answer.siteUrl}/`)).status).toBeLessThan(500);
    expect(await end(child, 'SIGINT')).toBe(0);
    expect(existsSync(answer.socket)).toBe(false);
    expect(existsSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
    expect(output().stderr).toBe('');
  });

  test('refuses a second one on its folder, exit 3, unharmed by it, and starts again on what a kill -9 left', async () => {
    const env = { BREAKWATER_DATA_DIR: folder() };
    const first = await up(env);
    const second = await command(['up', '--port', '0', '--site-port', '0', '--json'], { env: { ...quiet, ...env } });
    expect(second.status).toBe(3);
    expect(JSON.parse(second.stdout)).toMatchObject({ error: { code: 'postgres.in-use' } });
    expect((await fetch(`${first.answer.apiUrl}/readyz`)).status).toBe(200);
    await end(first.child, 'SIGKILL');
    const again = await up(env);
    expect((await fetch(`${again.answer.apiUrl}/readyz`)).status).toBe(200);
    expect(await end(again.child, 'SIGTERM')).toBe(0);
  });

  test('uses the PostgreSQL of DATABASE_URL instead of its own', async () => {
    const database = await testDatabase();
    cleanups.push(() => database.drop());
    const dataDir = folder();
    const { child, answer } = await up({ BREAKWATER_DATA_DIR: dataDir, DATABASE_URL: database.url });
    expect(answer.embeddedPostgres).toBe(null);
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
    await end(child, 'SIGINT');
  });
});

describe('what is refused before anything starts', () => {
  test.each([
    [['serve'], {}, 'usage.missing-mandatory-option-value'],
    [['serve', '--role', 'api,walker'], {}, 'usage.invalid-argument'],
    [['serve', '--role', 'hub'], {}, 'role.hub'],
    [['up', '--port', '65536'], {}, 'usage.invalid-argument'],
    [['up'], { BREAKWATER_HTP_PORT: '1' }, 'config.unknown-key'],
    [['config', 'show'], { BREAKWATER_HTTP_PORT: 'x' }, 'config.invalid'],
  ])('%j with %j', async (argv, env, code) => {
    const { status, stdout } = await command([...argv, '--json'], { env: { BREAKWATER_DATA_DIR: folder(), ...env } });
    expect(JSON.parse(stdout)).toMatchObject({ error: { code } });
    expect(status).toBe(2);
  });
});

test('config shows what is in force without the password, and explains every setting', async () => {
  const env = { DATABASE_URL: 'postgres://breakwater:s3cret@db/x', BREAKWATER_HTTP_PORT: '9999' };
  const { stdout } = await command(['config', 'show', '--json'], { env });
  expect(JSON.parse(stdout)).toMatchObject({ http: { port: 9999 } });
  expect(stdout).not.toContain('s3cret');
  expect((await command(['config', 'docs'], { env })).stdout).toContain('BREAKWATER_HTTP_BODY_LIMIT_BYTES');
});

test('a command that needs the server says how to start one when there is none', async () => {
  const client = createClient({ socket: join(folder(), 'api.sock') });
  await expect(client.GET('/readyz')).rejects.toMatchObject({ name: 'ServerAway' });
});
