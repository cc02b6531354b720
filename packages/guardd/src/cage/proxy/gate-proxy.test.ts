import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { DeniedTraffic } from '@breakwater/rules/containment';
import { proxyEnvironment, startGateProxy, type GateProxy } from './index.ts';
import { say, sayThrough, scopeOf, startTarget } from './proxy.testing.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function start(
  ports: readonly number[],
  more: { direct?: number; onGone?(): void } = {},
): Promise<{
  proxy: GateProxy;
  folder: string;
  attempts: DeniedTraffic[];
}> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-gate-'));
  open.push(() => rmSync(folder, { recursive: true }));
  const attempts: DeniedTraffic[] = [];
  const proxy = await startGateProxy({
    scope: scopeOf(ports),
    folder,
    listen: [{ address: '127.0.0.1', port: 0 }],
    direct: more.direct === undefined ? [] : [{ address: '127.0.0.3', port: more.direct }],
    onAttempt: (attempt) => attempts.push(attempt),
    onGone: () => more.onGone?.(),
  });
  open.push(() => proxy.close());
  return { proxy, folder, attempts };
}

const get = (url: string, host: string): string => `GET ${url} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;

describe('the proxy at a gate', () => {
  test('serves from a process of its own, tells of attempts, and hands over its evidence', async () => {
    const bank = await startTarget({ tls: true });
    open.push(bank.close);
    const { proxy, folder, attempts } = await start([bank.port]);
    const [port = 0] = proxy.ports;
    const host = `127.0.0.1:${bank.port}`;
    const ca = readFileSync(proxy.certificateFile, 'utf8');
    expect(ca).toMatch(/^-----BEGIN CERTIFICATE-----[^]*-----END CERTIFICATE-----\s*$/);
    expect(await sayThrough(port, host, get('/', host), { ca })).toContain('hello');
    expect(await say(port, get('http://10.0.0.1/', '10.0.0.1'))).toMatch(/^HTTP\/1.1 451/);
    await expect.poll(() => attempts).toEqual([{ address: '10.0.0.1', port: 80, protocol: 'tcp', packets: 1 }]);
    const evidence = await proxy.close();
    expect(evidence).toMatchObject({ name: 'http.jsonl', bytes: statSync(join(folder, 'http.jsonl')).size });
    expect(readFileSync(join(folder, 'http.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2);
    await expect(say(port, get('/', host))).resolves.toContain('<');
  });

  test.runIf(process.getuid?.() === 0)('keeps no privilege once it listens', async () => {
    const { proxy } = await start([80]);
    const status = readFileSync(`/proc/${proxy.pid}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\t65533\t65533\t65533\t65533$/m);
    expect(status).toMatch(/^Groups:\s*$/m);
    for (const set of ['CapPrm', 'CapEff', 'CapInh', 'CapAmb'])
      expect(status).toMatch(new RegExp(`^${set}:\\t0+$`, 'm'));
  });

  test('that is killed leaves no way to the target, and its owner is told', async () => {
    const bank = await startTarget();
    open.push(bank.close);
    let gone = false;
    const { proxy } = await start([bank.port], { onGone: () => (gone = true) });
    process.kill(proxy.pid, 'SIGKILL');
    await expect.poll(() => gone).toBe(true);
    expect(await say(proxy.ports[0] ?? 0, get(`http://127.0.0.1:${bank.port}/`, `127.0.0.1:${bank.port}`))).toMatch(
      /^</,
    );
    expect(bank.connections()).toBe(0);
    expect(await proxy.close()).toBeNull();
  });

  test('that cannot listen says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'breakwater-gate-'));
    open.push(() => rmSync(folder, { recursive: true }));
    const listen = [{ address: '192.0.2.1', port: 1 }];
    const options = { scope: scopeOf([80]), folder, listen, onAttempt: () => undefined };
    await expect(startGateProxy(options)).rejects.toThrow(/did not start: EADDRNOTAVAIL/);
  });

  test('takes what was sent to a target’s own address by where it arrived', async () => {
    const bank = await startTarget();
    open.push(bank.close);
    const { proxy, attempts } = await start([bank.port], { direct: bank.port });
    expect(proxy.pid).toBeGreaterThan(0);
    // 127.0.0.3 stands for a target whose address leads here; it is outside this scope, so the arrival is an attempt.
    const { connect } = await import('node:net');
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect({ host: '127.0.0.3', port: bank.port });
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
      socket.write(get('/', `127.0.0.3:${bank.port}`));
    });
    expect(answer).toMatch(/^HTTP\/1.1 451/);
    await expect.poll(() => attempts[0]).toMatchObject({ address: '127.0.0.3', port: bank.port });
  });
});

test('a tool is told of the proxy and of what to trust', () => {
  expect(proxyEnvironment('http://10.0.0.1:3128', '/run/ca.pem')).toMatchObject({
    HTTPS_PROXY: 'http://10.0.0.1:3128',
    NO_PROXY: '',
    SSL_CERT_FILE: '/run/ca.pem',
    NODE_EXTRA_CA_CERTS: '/run/ca.pem',
  });
  expect(Object.keys(proxyEnvironment('http://10.0.0.1:3128', null))).not.toContain('SSL_CERT_FILE');
});
