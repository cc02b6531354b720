import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase, type TestDatabase } from '@breakwater/server/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command } from '../command.testing.ts';
import { end, up, type Server } from '../notice/process.testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'auth-cli-'));
let database: TestDatabase;
let server: Server;
let env: Record<string, string>;
beforeAll(async () => {
  database = await testDatabase();
  env = {
    DATABASE_URL: database.url,
    BREAKWATER_DATA_DIR: folder,
    BREAKWATER_HTTP_PORT: '0',
    BREAKWATER_SITE_PORT: '0',
    BREAKWATER_HTTP_CONSOLE: 'false',
  };
  server = await up(env);
}, 120_000);
afterAll(async () => {
  if (server !== undefined) await end(server.child, 'SIGINT');
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- each command's document has a shape of its own
async function said<T = Record<string, unknown>>(
  ...argv: string[]
): Promise<{ status: number; body: T; text: string }> {
  const { status, stdout } = await command([...argv, '--json'], { env, cwd: folder });
  return { status, body: JSON.parse(stdout) as T, text: stdout };
}

describe('persons and roles', () => {
  test('are registered, listed, granted, disabled, and signed in by a link', async () => {
    expect((await said('person', 'add', 'p-17', '--role', 'approver', '--name', '김승인')).status).toBe(0);
    expect((await said('role', 'grant', 'p-17', 'ciso')).status).toBe(0);
    const { body } = await said<{ persons: { person: string; roles: string[] }[] }>('person', 'list');
    expect(body.persons.find(({ person }) => person === 'p-17')?.roles).toEqual(['approver', 'ciso']);
    expect((await said('role', 'revoke', 'p-17', 'ciso')).status).toBe(0);
    const link = await said<{ url: string }>('sign-in', '--person', 'p-17');
    expect([link.status, link.body.url]).toEqual([0, expect.stringMatching(/#link=[A-Za-z0-9_-]{43}$/)]);
    expect((await said('person', 'disable', 'p-17')).status).toBe(0);
    expect((await said('sign-in', '--person', 'p-17')).body).toMatchObject({ error: { code: 'person.disabled' } });
    expect((await said('person', 'enable', 'p-17')).status).toBe(0);
  });

  test.each([
    [['role', 'grant', 'p-17', 'king'], 2],
    [['person', 'add', 'Hong Gil-dong'], 2],
    [['sign-in', '--person', 'p-99'], 2],
  ])('%j is refused with exit %i and a reason', async (argv, status) => {
    const refused = await said<{ error?: { code: string; message: string } }>(...argv);
    expect([refused.status, refused.body.error?.message]).toEqual([status, expect.stringMatching(/.{10}/)]);
  });
});

describe('secrets', () => {
  test('of a token go into a file for its owner alone, and into nothing that is printed', async () => {
    const out = join(folder, 'monitoring.token');
    const issued = await said<{ id: string }>('token', 'new', '--label', 'monitoring', '--allow', 'read', '--out', out);
    const secret = readFileSync(out, 'utf8').trim();
    expect([issued.status, statSync(out).mode & 0o777, issued.text.includes(secret)]).toEqual([0, 0o600, false]);
    expect((await said('token', 'new', '--label', 'x', '--allow', 'read', '--out', out)).status).toBe(2);
    const unknown = join(folder, 'unknown.token');
    expect((await said('token', 'new', '--label', 'x', '--allow', 'rule', '--out', unknown)).status).toBe(2);
    expect(existsSync(unknown)).toBe(false);
    expect((await said('token', 'revoke', issued.body.id)).status).toBe(0);
    const { body } = await said<{ tokens: { id: string; revokedAt: string | null }[] }>('token', 'list');
    expect(body.tokens.find(({ id }) => id === issued.body.id)?.revokedAt).not.toBeNull();
  });

  test('of the break-glass account and of an invitation of a host do so too', async () => {
    for (const [out, ...argv] of [
      [join(folder, 'envelope.txt'), 'break-glass', 'seal'],
      [join(folder, 'app-1.code'), 'host', 'invite', 'app-1'],
    ] as const) {
      const sealed = await said(...argv, '--out', out);
      expect([sealed.status, statSync(out).mode & 0o777]).toEqual([0, 0o600]);
      expect(sealed.text).not.toContain(readFileSync(out, 'utf8').trim());
      expect((await said(...argv, '--out', out)).status).toBe(2);
    }
  });
});

test('webhooks and certificates of hosts are listed, and what is not there is said to be not there', async () => {
  expect((await said('webhook', 'list')).body).toMatchObject({ webhooks: [] });
  expect((await said('webhook', 'log', '--open')).body).toMatchObject({ deliveries: [], next: null });
  expect(await said('webhook', 'redeliver', '7')).toMatchObject({
    body: { error: { code: 'webhook-delivery.not-found' } },
  });
  expect((await said('webhook', 'redeliver', 'x')).status).toBe(2);
  expect((await said('host', 'certificates')).body).toMatchObject({ certificates: [] });
  expect((await said('host', 'revoke', '0'.repeat(32), '--reason', 'lost')).status).not.toBe(0);
  const lever = join(folder, 'lever');
  expect((await said('host', 'lever', 'night-desk', '--out', lever)).status).toBe(0);
  expect(statSync(join(lever, 'identity.pem')).mode & 0o777).toBe(0o600);
  const stop = ['host', 'stop', 'app-1', '--credentials', lever, '--by', 'p-1'];
  expect((await said(...stop, '--at', 'tls://127.0.0.1:1')).status).toBe(3);
  expect((await said(...stop, '--at', 'tls://nowhere')).status).toBe(2);
});
