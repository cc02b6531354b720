import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haproxyDriver } from './haproxy.ts';
import { thisHost } from './machine.ts';

const works = spawnSync('haproxy', ['-v']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'breakwater-haproxy-'));
const socket = join(folder, 'admin.sock');
const keeping = { run: 'r1', step: 'drain' };
const servers: Server[] = [];
let haproxy: ChildProcess | null = null;

describe.skipIf(!works)('HAProxy itself', () => {
  beforeAll(async () => {
    const ports: number[] = [];
    for (const name of ['a', 'b']) {
      const server = createServer((_, answer) => answer.end(name));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      servers.push(server);
      ports.push((server.address() as { port: number }).port);
    }
    const config = `global
  stats socket ${socket} mode 600 level admin
defaults
  mode http
  timeout connect 1s
  timeout client 30s
  timeout server 30s
frontend in
  bind ${join(folder, 'in.sock')}
  default_backend web
backend web
  balance roundrobin
  server a 127.0.0.1:${ports[0]} check inter 100ms rise 1 weight 10
  server b 127.0.0.1:${ports[1]} check inter 100ms rise 1 weight 10
`;
    writeFileSync(join(folder, 'haproxy.cfg'), config);
    haproxy = spawn('haproxy', ['-db', '-f', join(folder, 'haproxy.cfg')], { stdio: 'ignore' });
    for (let i = 0; i < 200 && !existsSync(socket); i++) await sleep(25);
    await sleep(300);
  });
  afterAll(async () => {
    haproxy?.kill('SIGKILL');
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Who answers, over some requests. */
  async function answering(): Promise<string> {
    const names = new Set<string>();
    for (let i = 0; i < 6; i++) {
      const connection = connect(join(folder, 'in.sock'));
      connection.end('GET / HTTP/1.0\r\n\r\n');
      let said = '';
      for await (const chunk of connection) said += String(chunk);
      names.add(said.split('\r\n\r\n')[1] ?? '');
    }
    return [...names].toSorted().join('');
  }

  test('drains a server, sets a weight, and puts both back', async () => {
    const what = {
      socket,
      servers: [
        { backend: 'web', server: 'a', state: 'drain' as const },
        { backend: 'web', server: 'b', weight: 40 },
      ],
      drainFor: 'PT5S',
    };
    expect(await answering()).toBe('ab');
    const { before } = await haproxyDriver.prepare(what, thisHost, keeping);
    await haproxyDriver.do(what, thisHost, before);
    expect([await haproxyDriver.check(what, thisHost, before), await answering()]).toEqual([true, 'b']);
    await haproxyDriver.undo(what, thisHost, before);
    expect([await haproxyDriver.differs(what, thisHost, before), await answering()]).toEqual([false, 'ab']);
  });

  test('fails over, and refuses to take out more servers than may be missing', async () => {
    const failover = {
      socket,
      servers: [
        { backend: 'web', server: 'b', state: 'ready' as const },
        { backend: 'web', server: 'a', state: 'maint' as const },
      ],
      keepReady: 1,
    };
    const { before } = await haproxyDriver.prepare(failover, thisHost, keeping);
    await haproxyDriver.do(failover, thisHost, before);
    expect(await answering()).toBe('b');
    const both = { socket, servers: [{ backend: 'web', server: 'b', state: 'drain' as const }], keepReady: 1 };
    await expect(haproxyDriver.prepare(both, thisHost, keeping)).rejects.toThrow(/would keep 0 servers/);
    await haproxyDriver.undo(failover, thisHost, before);
    expect(await answering()).toBe('ab');
  });

  test('names a server that HAProxy does not have', async () => {
    const what = { socket, servers: [{ backend: 'web', server: 'c', state: 'ready' as const }] };
    await expect(haproxyDriver.check(what, thisHost, null)).rejects.toThrow('HAProxy has no server web/c');
  });
});
