import { createServer as createHttp } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GuardedProbe } from '../guarded-plan.ts';
import { openEnclosure, type Enclosure } from '../work/enclosure.ts';
import { askProbe, settingsOf, withinOf, type ProbePlace } from './probe.ts';

const head = { id: 'p', service: 's', everyMs: 500, downAfter: 3, upAfter: 3 };
const folder = mkdtempSync(join(tmpdir(), 'breakwater-probe-'));
/** Without groups or namespaces: what a probe answers does not hang on how its program would be stopped. */
const plain = {
  name: 'process-group',
  tag: 't',
  hierarchies: { unified: null, legacy: [] },
  cgroups: null,
  namespace: [],
  dieWithParent: [],
};
const enclosure: Enclosure = openEnclosure({
  level: plain,
  run: 'r',
  name: 'watch',
  caps: {},
  groupsFile: join(folder, 'groups'),
});
const where: ProbePlace = { place: { workdir: folder, env: {}, targets: {} }, enclosure };

let http: Server;
let tcp: Server;
const asked: string[] = [];
const portOf = (server: Server): number => (server.address() as AddressInfo).port;
beforeAll(async () => {
  http = createHttp((request, answer) => {
    asked.push(`${request.method} ${request.url}`);
    answer.statusCode = request.url === '/pay' ? 500 : 200;
    answer.end();
  });
  tcp = createServer((socket) => socket.end());
  for (const server of [http, tcp]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  http.close();
  tcp.close();
  await enclosure.stop();
  rmSync(folder, { recursive: true });
});

const journey = (...paths: readonly string[]): GuardedProbe => ({
  ...head,
  kind: 'http',
  calls: paths.map((path) => ({
    url: `http://127.0.0.1:${portOf(http)}${path}`,
    method: path === '/login' ? 'POST' : 'GET',
    withinMs: 1000,
  })),
});
const command = (script: string, withinMs = 2000): GuardedProbe => ({
  ...head,
  kind: 'command',
  run: ['/bin/sh', '-c', script],
  withinMs,
});
const port = (at: number): GuardedProbe => ({ ...head, kind: 'tcp', host: '127.0.0.1', port: at, withinMs: 1000 });

describe('a probe', () => {
  test('of a journey asks in order, and the first failure decides', async () => {
    asked.length = 0;
    expect(await askProbe(journey('/login', '/pay', '/logout'), where)).toEqual({ result: 'bad', reason: 'http-500' });
    expect(asked).toEqual(['POST /login', 'GET /pay']);
    expect(await askProbe(journey('/login', '/logout'), where)).toEqual({ result: 'good', reason: null });
  });

  test('of a port is good when it opens', async () => {
    expect(await askProbe(port(portOf(tcp)), where)).toEqual({ result: 'good', reason: null });
    expect(await askProbe(port(1), where)).toEqual({ result: 'bad', reason: 'ECONNREFUSED' });
  });

  test.each([
    ['exit 0', 2000, { result: 'good', reason: null }],
    ['exit 3', 2000, { result: 'bad', reason: 'exit-3' }],
    ['sleep 5', 150, { result: 'bad', reason: 'timeout' }],
    ['exit 127', 2000, { result: 'blind', reason: 'exit-127' }],
  ])('of the command %j within %i ms is %j', async (script, withinMs, answer) => {
    expect(await askProbe(command(script, withinMs), where)).toEqual(answer);
  });

  test('may take as long as its requests together', () => {
    expect(withinOf(journey('/a', '/b'))).toBe(2000);
    expect(settingsOf(journey('/a', '/b'))).toEqual({ id: 'p', service: 's', downAfter: 3, upAfter: 3, gapMs: 3000 });
    expect(settingsOf(port(1)).gapMs).toBe(2000);
  });
});
