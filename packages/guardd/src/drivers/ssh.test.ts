import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Unclear } from './answer.ts';
import type { Machine } from './machine.ts';
import { reachBySsh } from './ssh.ts';
import { sshdIsHere, startSshd, type Sshd } from './sshd.testing.ts';
import { symlinkDriver } from './symlink.ts';

describe.skipIf(!sshdIsHere)('a machine behind sshd', () => {
  let sshd: Sshd;
  let machine: Machine;
  const at = (name: string): string => join(sshd.folder, name);
  beforeAll(async () => {
    sshd = await startSshd();
    machine = await reachBySsh(sshd.target);
  });
  afterAll(() => {
    machine.close();
    sshd.end();
  });

  test('runs programs with their arguments as they are, with input, output and exit code', async () => {
    const words = [`it's`, '$(touch x)', 'a  b', '*', '', '한글'];
    const { code, stdout } = await machine.run(['printf', '%s|', ...words]);
    expect([code, stdout]).toEqual([0, words.map((word) => `${word}|`).join('')]);
    expect(await machine.run(['sh', '-c', 'cat; echo no >&2; exit 7'], { input: 'in' })).toEqual({
      code: 7,
      stdout: 'in',
      stderr: 'no\n',
    });
    expect((await machine.run(['sh', '-c', 'echo $LC_ALL $A'], { env: { A: 'b c' } })).stdout).toBe('C b c\n');
  });

  test('is acted on by drivers as this host is', async () => {
    for (const name of ['v1', 'v2']) mkdirSync(at(name));
    symlinkSync(at('v1'), at('current'));
    const what = { link: at('current'), to: at('v2') };
    const { before } = await symlinkDriver.prepare(what, machine, { run: 'r1', step: 's' });
    await symlinkDriver.do(what, machine, before);
    expect(readlinkSync(at('current'))).toBe(at('v2'));
    await symlinkDriver.undo(what, machine, before);
    expect(readlinkSync(at('current'))).toBe(at('v1'));
  });

  test('forwards connections to its sockets', async () => {
    const server = createServer((socket) => socket.end('hello'));
    await new Promise<void>((resolve) => server.listen(at('service.sock'), resolve));
    let said = '';
    for await (const chunk of await machine.connect({ path: at('service.sock') })) said += String(chunk);
    server.close();
    expect(said).toBe('hello');
  });

  test('what runs there ends when the connection is lost', async () => {
    const other = await reachBySsh(sshd.target);
    const running = other.run(['sh', '-c', `echo $$ >${at('program')}; sleep 60; touch ${at('went-on')}`]);
    const lost = expect(running).rejects.toThrow(Unclear);
    while (!existsSync(at('program')) || readFileSync(at('program'), 'utf8') === '') await sleep(20);
    other.close();
    await lost;
    const pid = readFileSync(at('program'), 'utf8').trim();
    for (let i = 0; i < 200 && runs(pid); i++) await sleep(20);
    expect(runs(pid)).toBe(false);
  });

  test('is not spoken to when its host key is another, or when others can read our key', async () => {
    const hostKeys = [`SHA256:${'A'.repeat(43)}`];
    await expect(reachBySsh({ ...sshd.target, hostKeys })).rejects.toThrow(
      /its host key is SHA256:.*pinned are SHA256:A/,
    );
    chmodSync(at('user'), 0o644);
    await expect(reachBySsh(sshd.target)).rejects.toThrow(/can be read by others/);
    chmodSync(at('user'), 0o600);
    const missing = { ...sshd.target, keyFile: at('nothing') };
    await expect(reachBySsh(missing)).rejects.toThrow(/cannot be read: ENOENT/);
    writeFileSync(at('empty'), '', { mode: 0o600 });
    await expect(reachBySsh({ ...sshd.target, keyFile: at('empty') })).rejects.toThrow(Unclear);
    rmSync(at('empty'));
  });
});

/** A process that nobody waited for is over all the same. */
function runs(pid: string): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
