import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { command } from '../command.testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-scope-'));
afterAll(() => rmSync(folder, { recursive: true }));

const scope = {
  schema: 'breakwater.scope/1',
  targets: [{ cidr: '10.66.0.10/32', ports: ['tcp/8080'] }],
  caps: { newConnectionsPerSecond: 50, packetsPerSecond: 500, concurrent: 20, bytes: 1_000_000 },
  window: { start: '2026-11-29T01:00:00+09:00', end: '2026-11-29T04:00:00+09:00' },
  lease: 'PT2S',
};
const written = (name: string, parts: object): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ ...scope, ...parts }));
  return path;
};
const cage = async (...argv: string[]) => {
  const { status, stdout } = await command(['cage', ...argv, '--json']);
  return { status, said: JSON.parse(stdout) };
};
const now = ['--now', '2026-11-28T00:00:00Z'];

test('a sound scope is answered yes, with its warnings', async () => {
  const { status, said } = await cage('scope', 'check', written('sound.json', {}), ...now);
  expect(status).toBe(0);
  expect(said).toMatchObject({ schema: 'breakwater.scope-check/1', ok: true, findings: [{ rule: 'authority.none' }] });
});

test('a hostile one no, and what is no scope is bad input with its place', async () => {
  const wide = written('wide.json', { targets: [{ cidr: '0.0.0.0/0', ports: ['tcp/80'] }] });
  expect(await cage('scope', 'check', wide, ...now)).toMatchObject({ status: 1, said: { ok: false } });
  const none = written('none.json', { caps: {} });
  expect(await cage('scope', 'check', none)).toMatchObject({
    status: 2,
    said: { error: { path: '/caps/newConnectionsPerSecond' } },
  });
  expect(await cage('scope', 'check', wide, '--now', 'noon')).toMatchObject({
    status: 2,
    said: { error: { path: '--now' } },
  });
});

test('no cage opens with a scope that has an error', async () => {
  const lease = written('lease.json', { lease: 'PT1H' });
  expect(await command(['cage', 'run', '--json', '--scope', lease, '--', 'true'])).toMatchObject({
    status: 2,
    stdout: expect.stringContaining('"scope.lease-too-long"'),
  });
});

test('a difference says whether it widens and how many approve it', async () => {
  const old = written('old.json', {});
  const wider = written('wider.json', { lease: 'PT3S' });
  expect(await cage('scope', 'diff', old, wider)).toMatchObject({
    status: 1,
    said: {
      widens: true,
      approvals: 2,
      widenings: [{ what: 'number', name: 'lease', message: { en: 'lease: 2000 -> 3000' } }],
    },
  });
  expect(await cage('scope', 'diff', wider, old)).toMatchObject({ status: 0, said: { widens: false, approvals: 1 } });
});

test('a name is pinned to what it leads to now, where a target holds it', async () => {
  const pin = (file: string) => command(['cage', 'scope', 'pin', file, 'LOCALHOST']);
  const targets = [{ cidr: '127.0.0.0/8', ports: ['tcp/80'] }];
  const names = [
    { name: 'localhost', address: '127.0.0.9' },
    { name: 'bank.test', address: '127.0.0.8' },
  ];
  const { status, stdout } = await pin(written('named.json', { targets, names }));
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 'breakwater.scope/1',
    names: [
      { name: 'bank.test', address: '127.0.0.8' },
      { name: 'localhost', address: '127.0.0.1' },
    ],
  });
  const outside = await pin(written('elsewhere.json', {}));
  expect(outside).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('no target of the scope') });
});
