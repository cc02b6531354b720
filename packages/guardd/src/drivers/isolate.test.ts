import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isolateDriver } from './isolate.ts';
import { thisHost } from './machine.ts';

const works =
  process.getuid?.() === 0 &&
  spawnSync('nft', ['--version']).status === 0 &&
  spawnSync('unshare', ['--net', 'true']).status === 0;
const netns = `bwi${process.pid}`;
const keeping = { run: 'r1', step: 'isolate' };
const ip = (...words: string[]): void => void execFileSync('ip', words, { stdio: 'pipe' });
let service: ChildProcess | null = null;

/** Answers on three ports inside the namespace of the module. */
const program = `for (const port of [8081, 8082, 9000]) require('node:net').createServer((s) => s.on('error', () => {}).end('.')).listen(port, '0.0.0.0')`;

describe.skipIf(!works)('a module behind nftables', () => {
  beforeAll(async () => {
    ip('netns', 'add', netns);
    ip('link', 'add', `${netns}a`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', netns);
    ip('addr', 'add', '10.213.77.1/30', 'dev', `${netns}a`);
    ip('addr', 'add', '10.213.77.5/32', 'dev', `${netns}a`);
    ip('link', 'set', `${netns}a`, 'up');
    for (const words of [
      'addr add 10.213.77.2/30 dev eth0',
      'link set eth0 up',
      'link set lo up',
      'route add 10.213.77.5/32 dev eth0',
    ])
      ip('-n', netns, ...words.split(' '));
    service = spawn('ip', ['netns', 'exec', netns, process.execPath, '-e', program], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    for (let i = 0; i < 100 && !reaches(8081); i++) await sleep(50);
  });
  afterAll(() => {
    service?.kill('SIGKILL');
    spawnSync('ip', ['netns', 'del', netns]);
  });

  /** Whether a connection opens, from one of our two addresses. */
  function reaches(port: number, from = '10.213.77.1'): boolean {
    const attempt = `require('node:net').connect({host:'10.213.77.2',port:${port},localAddress:'${from}'}).on('connect',()=>process.exit(0)).on('error',()=>process.exit(1));setTimeout(()=>process.exit(1),300)`;
    return spawnSync(process.execPath, ['-e', attempt]).status === 0;
  }

  test('is cut off on its ports but for those who may reach it, and joined again', async () => {
    const what = { module: 'transfer', netns, ports: ['tcp/8081-8082'], allow: ['10.213.77.5'] };
    expect([reaches(8081), reaches(9000)]).toEqual([true, true]);
    const { before } = await isolateDriver.prepare(what, thisHost, keeping);
    expect(reaches(8081)).toBe(true);
    await isolateDriver.do(what, thisHost, before);
    expect(await isolateDriver.check(what, thisHost, before)).toBe(true);
    expect([reaches(8081), reaches(8082), reaches(8081, '10.213.77.5'), reaches(9000)]).toEqual([
      false,
      false,
      true,
      true,
    ]);
    await expect(isolateDriver.prepare(what, thisHost, keeping)).rejects.toThrow(/there already/);
    await isolateDriver.undo(what, thisHost, before);
    expect([await isolateDriver.differs(what, thisHost, before), reaches(8081)]).toEqual([false, true]);
  });

  test('as a whole namespace talks to nobody but itself', async () => {
    const what = { module: 'transfer', netns };
    const { before } = await isolateDriver.prepare(what, thisHost, keeping);
    await isolateDriver.do(what, thisHost, before);
    expect(reaches(9000)).toBe(false);
    await isolateDriver.undo(what, thisHost, before);
    expect(reaches(9000)).toBe(true);
  });
});
