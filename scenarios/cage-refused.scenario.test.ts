/** Scopes that nobody should sign: `cage run` begins nothing and says the rule, the place and the fix. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { casesToRun, notePassed } from './cases.ts';
import { leftovers, openTarget, scopeOf, type ScopeParts } from './cage-stand.ts';

const entry = join(import.meta.dirname, '../packages/cli/src/start.ts');
const folder = mkdtempSync(join(tmpdir(), 'breakwater-cage-refused-'));
const target = await openTarget();
afterAll(async () => {
  await target.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The command to its end, asked to reach the target. */
function run(scope: object): Promise<{ status: number | null; said: Record<string, unknown> }> {
  const file = join(folder, 'scope.json');
  writeFileSync(file, JSON.stringify(scope));
  const tool = ['bash', '-c', `echo >/dev/tcp/127.0.0.1/${target.port}`];
  const words = [entry, 'cage', 'run', '--json', '--scope', file, '--out', join(folder, 'out'), '--', ...tool];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((resolve) =>
    child.once('close', (status) => resolve({ status, said: JSON.parse(text) as Record<string, unknown> })),
  );
}

const fromNow = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
const target8080 = (cidr: string): ScopeParts => ({ targets: [{ cidr, ports: ['tcp/8080'] }] });

const scopes: readonly {
  kind: string;
  boundary: string;
  parts: () => object;
  code: string;
  path: string;
  fix: RegExp;
}[] = [
  {
    boundary: 'everything without a reason',
    parts: () => target8080('0.0.0.0/0'),
    code: 'scope.target-too-wide',
    path: '/targets/0/cidr',
    fix: /narrow it/,
  },
  {
    boundary: 'everything of IPv6',
    parts: () => target8080('::/0'),
    code: 'scope.target-too-wide',
    path: '/targets/0/cidr',
    fix: /narrow it/,
  },
  {
    boundary: 'systems of others without authority',
    parts: () => target8080('8.8.8.0/24'),
    code: 'scope.authority-public',
    path: '/targets/0',
    fix: /authority of its own/,
  },
  {
    boundary: 'never over all of it',
    parts: () => ({ never: ['127.0.0.0/8'] }),
    code: 'scope.targets-closed',
    path: '/targets',
    fix: /correct the targets/,
  },
  {
    boundary: 'metadata alone',
    parts: () => target8080('169.254.169.254/32'),
    code: 'scope.targets-closed',
    path: '/targets',
    fix: /correct the targets/,
  },
  {
    boundary: 'a network that is none',
    parts: () => target8080('10.66.0.10/33'),
    code: 'scope.invalid',
    path: '/targets/0/cidr',
    fix: /such as 10\.66\.0\.10\/32/,
  },
  {
    boundary: 'a window of a year',
    parts: () => ({ window: { start: fromNow(-1), end: fromNow(366 * 24 * 60 + 1) } }),
    code: 'scope.window-absurd',
    path: '/window/end',
    fix: /slip of the date/,
  },
  {
    boundary: 'a window that ends before it begins',
    parts: () => ({ window: { start: fromNow(1), end: fromNow(-1) } }),
    code: 'scope.invalid',
    path: '/window/end',
    fix: /end after it starts/,
  },
  {
    boundary: 'caps of zero',
    parts: () => ({ caps: { newConnectionsPerSecond: 0, packetsPerSecond: 0, concurrent: 0, bytes: 0 } }),
    code: 'scope.invalid',
    path: '/caps/newConnectionsPerSecond',
    fix: /at least 1/,
  },
  {
    boundary: 'a lease of an hour',
    parts: () => ({ lease: 'PT1H' }),
    code: 'scope.lease-too-long',
    path: '/lease',
    fix: /longer than 10 s/,
  },
  {
    boundary: 'a field that nobody knows',
    parts: () => ({ allow: ['10.0.0.0/8'] }),
    code: 'scope.unknown-key',
    path: '/allow',
    fix: /remove it/,
  },
].map((one) => ({ kind: 'hostile scope', ...one }));

const windows = [
  { kind: 'closed window', boundary: 'over', minutes: [-20, -10], reason: 'window-end' },
  { kind: 'closed window', boundary: 'not yet open', minutes: [10, 20], reason: 'window-start' },
] as const;

describe('a scope that nobody should sign', () => {
  test.each(casesToRun('cage-refused', scopes))('$kind, $boundary', async (each) => {
    const { status, said } = await run({ ...scopeOf(target.port), ...each.parts() });
    expect(status).toBe(2);
    expect(said).toEqual({ error: { code: each.code, path: each.path, message: expect.stringMatching(each.fix) } });
    expect(target.reached).toEqual([]);
    expect(await leftovers()).toEqual([]);
    notePassed('cage-refused', each);
  });

  test.each(casesToRun('cage-refused', windows))('$kind, $boundary', async (each) => {
    const [start, end] = each.minutes.map(fromNow);
    const { status, said } = await run(scopeOf(target.port, { window: { start: start ?? '', end: end ?? '' } }));
    // Without the means for a cage the answer is that it could not be found out.
    if (status === 3) return;
    expect(status).toBe(1);
    expect(said).toMatchObject({ outcome: 'refused', exitCode: null, trip: { reason: each.reason }, allowed: [] });
    expect(target.reached).toEqual([]);
    notePassed('cage-refused', each);
  });
});
