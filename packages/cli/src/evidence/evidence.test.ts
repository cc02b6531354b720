import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestDatabase, testDatabase } from '@breakwater/server/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { command } from '../command.testing.ts';
import { end, run, up } from '../notice/process.testing.ts';

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'breakwater-cli-evidence-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

async function breakwater(
  argv: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; out: Record<string, unknown> }> {
  const { status, stdout } = await command(['evidence', ...argv, '--json'], {
    env: { DATABASE_URL: database.url, BREAKWATER_DATA_DIR: folder, ...env },
  });
  return { code: status, out: JSON.parse(stdout) as Record<string, unknown> };
}

test('a log that was never started has no key, and says so', async () => {
  expect(await breakwater(['status'])).toMatchObject({ code: 2, out: { error: { code: 'key.not-found' } } });
  expect(existsSync(join(folder, 'evidence'))).toBe(false);
});

test('a witness is made once, and knows the logs it was told of', async () => {
  const at = ['--folder', join(folder, 'witness')];
  const made = await breakwater(['witness', 'init', ...at, '--name', 'witness.example/w1']);
  expect(made).toMatchObject({
    code: 0,
    out: { vkey: expect.stringMatching(/^witness\.example\/w1\+[0-9a-f]{8}\+B/) },
  });
  expect(await breakwater(['witness', 'init', ...at, '--name', 'witness.example/w1'])).toMatchObject({
    code: 2,
    out: { error: { code: 'key.exists' } },
  });
  expect(await breakwater(['witness', 'add-log', ...at, 'nonsense'])).toMatchObject({
    code: 2,
    out: { error: { code: 'key.malformed' } },
  });
  const log = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  expect(await breakwater(['witness', 'add-log', ...at, log])).toMatchObject({ code: 0, out: { vkey: log } });
  rmSync(join(folder, 'witness', 'witness.json'));
  expect(await breakwater(['witness', 'serve', ...at, '--port', '0'])).toMatchObject({
    code: 2,
    out: { error: { code: 'witness.state-lost' } },
  });
});

test.each([
  [['witness', 'serve'], 'usage.missing-mandatory-option-value'],
  [['new-origin', '--old', 'x'], 'usage.missing-mandatory-option-value'],
  [['witness', 'serve', '--folder', 'x', '--port', '70000'], 'usage.invalid-argument'],
  [['nonsense'], 'usage.unknown-command'],
])('%j is wrong use', async (argv, code) => {
  expect(await breakwater(argv)).toMatchObject({ code: 2, out: { error: { code } } });
});

test('status asks the server that runs here, and looks for itself when there is none', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'bw-status-'));
  const env = { BREAKWATER_DATA_DIR: dataDir, BREAKWATER_LOG_LEVEL: 'silent' };
  const server = await up({ ...env, DATABASE_URL: database.url });
  try {
    // Without DATABASE_URL only the server knows this database: there is no embedded one that could be looked into.
    const status = await run(['evidence', 'status', '--json'], env);
    expect([status.code, JSON.parse(status.stdout)]).toMatchObject([
      0,
      { schema: 'breakwater.log-status/1', refusal: null, keys: [{}] },
    ]);
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
  } finally {
    await end(server.child, 'SIGTERM');
  }
  const alone = await run(['evidence', 'status', '--json'], { ...env, DATABASE_URL: database.url });
  expect([alone.code, JSON.parse(alone.stdout)]).toMatchObject([0, { refusal: null }]);
  rmSync(dataDir, { recursive: true, force: true });
});
