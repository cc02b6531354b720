/** Debian's sshd on loopback for tests: its own port, host key and user key in a folder of the test. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GuardedTarget } from '../guarded-plan.ts';

const daemon = '/usr/sbin/sshd';
export const sshdIsHere = spawnSync(daemon, ['-V']).error === undefined;

export interface Sshd {
  readonly folder: string;
  readonly target: GuardedTarget;
  end(): void;
}

export async function startSshd(id = 'app-1'): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-sshd-'));
  const at = (name: string): string => join(folder, name);
  for (const key of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', key, '-f', at(key)]);
  writeFileSync(at('authorized'), readFileSync(at('user.pub')));
  for (const name of ['authorized', 'user', 'host']) chmodSync(at(name), 0o600);
  const port = await freePort();
  const config = {
    ListenAddress: '127.0.0.1',
    Port: String(port),
    HostKey: at('host'),
    AuthorizedKeysFile: at('authorized'),
    PidFile: at('pid'),
    StrictModes: 'no',
    UsePAM: 'no',
    PasswordAuthentication: 'no',
    PermitRootLogin: 'yes',
  };
  writeFileSync(
    at('config'),
    Object.entries(config)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  );
  // sshd gives up its rights to a folder of the system that a fresh machine has not.
  mkdirSync('/run/sshd', { recursive: true });
  const sshd = spawn(daemon, ['-D', '-e', '-f', at('config')], { stdio: 'ignore' });
  await untilOpen(port, sshd);
  const [, fingerprint = ''] = execFileSync('ssh-keygen', ['-lf', at('host.pub')])
    .toString()
    .split(' ');
  return {
    folder,
    target: { id, user: userInfo().username, host: '127.0.0.1', port, hostKeys: [fingerprint], keyFile: at('user') },
    end() {
      sshd.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function untilOpen(port: number, sshd: ChildProcess): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (sshd.exitCode !== null) throw new Error(`sshd ended with ${sshd.exitCode}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await sleep(25);
  }
  throw new Error('sshd does not listen');
}
