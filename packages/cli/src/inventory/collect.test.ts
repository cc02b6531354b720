import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { readCollected } from '@breakwater/rules/inventory';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, type Ended } from '../command.testing.ts';

const sshd = '/usr/sbin/sshd';
const canServe = existsSync(sshd) && existsSync('/usr/bin/ssh-keygen');
let folder = '';
let server: ChildProcess | null = null;
let port = 0;
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-collect-'));
  if (canServe) await startSshd();
}, 30_000);
afterAll(() => {
  server?.kill();
  rmSync(folder, { recursive: true });
});

/** Debian's own sshd on loopback, with one host key and one person who may come in. */
async function startSshd(): Promise<void> {
  for (const name of ['host', 'own', 'other'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)]);
  writeFileSync(file('authorized'), readFileSync(file('own.pub')));
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  ({ port } = probe.address() as AddressInfo);
  await new Promise((resolve) => probe.close(resolve));
  const [type, key] = readFileSync(file('host.pub'), 'utf8').split(' ');
  writeFileSync(file('known'), `[127.0.0.1]:${port} ${type} ${key}\n`);
  const settings = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${file('host')}`,
    `AuthorizedKeysFile ${file('authorized')}`,
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    'StrictModes no',
    'UsePAM no',
    'PidFile none',
  ];
  writeFileSync(file('sshd_config'), `${settings.join('\n')}\n`);
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  server = spawn(sshd, ['-D', '-f', file('sshd_config')], { stdio: 'ignore' });
  const until = Date.now() + 15_000;
  while (!(await answers(port))) if (Date.now() > until) throw new Error('sshd does not answer');
}

const answers = (at: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(at, '127.0.0.1');
    socket.once('data', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => resolve(false)).setTimeout(1000, () => socket.destroy());
  });

function overSsh(identity: string, known: string): Promise<Ended> {
  const there = ['--ssh', `${userInfo().username}@127.0.0.1`, '--port', String(port)];
  const keys = ['--identity', file(identity), '--known-hosts', file(known)];
  return command(['inventory', 'collect', ...there, ...keys], { cwd: folder });
}

describe('inventory collect', () => {
  test('reads the packages and listeners of this machine into a file that can be imported', async () => {
    const { status } = await command(['inventory', 'collect', '--output', 'here.json'], { cwd: folder });
    expect(status).toBe(0);
    const { format, components } = readCollected(readFileSync(file('here.json'), 'utf8'));
    expect(format).toBe('collected');
    const count = execFileSync('sh', ['-c', 'dpkg-query -W | wc -l']).toString().trim();
    expect(components.length).toBeGreaterThan(Number(count) * 0.9);
  });

  test.skipIf(!canServe)('reads the same of another machine over SSH', async () => {
    const { status, stdout, stderr } = await overSsh('own', 'known');
    expect([status, stderr]).toEqual([0, '']);
    const there = readCollected(stdout);
    const here = readCollected(readFileSync(file('here.json'), 'utf8'));
    expect(there.components.length).toBe(here.components.length);
    expect(there.subject).toBe('127.0.0.1');
  });

  test.skipIf(!canServe).each([
    ['a host key that is not the pinned one', 'own', 'other.pub'],
    ['a key that may not come in', 'other', 'known'],
  ])('does not get in with %s, and says so', async (_, identity, known) => {
    const { status, stderr } = await overSsh(identity, known);
    expect(status).toBe(3);
    expect(stderr).toContain('collect.ssh');
  });

  test('takes no option of ssh for a machine', async () => {
    const { status } = await command(['inventory', 'collect', '--ssh', '-oProxyCommand=id'], { cwd: folder });
    expect(status).toBe(2);
  });
});
