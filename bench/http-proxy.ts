/**
 * The intercepting proxy of a cage against no proxy: GET requests of 1 KiB answers over 16 kept connections, in the clear and in
 * TLS, which the proxy opens and closes again. Client and target share a process; the proxy is one of its own.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, createServer as createHttp, request, type RequestOptions } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { connect as connectTls } from 'node:tls';
import { startGateProxy } from '../packages/guardd/src/cage/proxy/index.ts';
import { scopeSchema } from '../packages/rules/src/containment/index.ts';
import type { BenchResult, BenchRow } from './result.ts';

const connections = 16;
const warmUp = 500;
const requests = 4000;
const answer = Buffer.alloc(1024, 'x');

export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-bench-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '1',
      '-subj',
      '/CN=bench',
      '-keyout',
      key,
      '-out',
      cert,
    ],
    { stdio: 'ignore' },
  );
  const plain = createHttp((_, response) => response.end(answer));
  const tls = createHttps({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => response.end(answer));
  const [plainPort, tlsPort] = [await listen(plain), await listen(tls)];
  const now = Date.now();
  const proxy = await startGateProxy({
    scope: scopeSchema.parse({
      schema: 'breakwater.scope/1',
      targets: [{ cidr: '127.0.0.1/32', ports: [`tcp/${plainPort}`, `tcp/${tlsPort}`] }],
      caps: { newConnectionsPerSecond: 1000, packetsPerSecond: 1_000_000, concurrent: 1000, bytes: 1_000_000_000 },
      window: { start: new Date(now).toISOString(), end: new Date(now + 3_600_000).toISOString() },
      lease: 'PT60S',
      http: { paths: { deny: ['/admin'] } },
    }),
    folder,
    listen: [{ address: '127.0.0.1', port: 0 }],
    onAttempt: () => undefined,
  });
  const [port = 0] = proxy.ports;
  const ca = readFileSync(proxy.certificateFile, 'utf8');
  const host = (target: number): string => `127.0.0.1:${target}`;

  const rates = {
    plain: await rate({ port: plainPort, path: '/a/b?c=d' }, new Agent({ keepAlive: true, maxSockets: connections })),
    plainProxied: await rate(
      { port, path: `http://${host(plainPort)}/a/b?c=d`, headers: { host: host(plainPort) } },
      new Agent({ keepAlive: true, maxSockets: connections }),
    ),
    tls: await rate({ port: tlsPort, path: '/a/b?c=d' }, tlsAgent(tlsPort, null)),
    tlsProxied: await rate(
      { port: tlsPort, path: '/a/b?c=d', headers: { host: host(tlsPort) } },
      tlsAgent(port, { to: host(tlsPort), ca }),
    ),
  };
  await proxy.close();
  for (const server of [plain, tls]) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true });
  const row = (what: string, value: number, unit: string): BenchRow => ({ what, value, unit });
  return {
    name: 'http-proxy',
    method: `${requests} GET requests with answers of 1 KiB over ${connections} kept connections, through the intercepting proxy of a cage and straight to the target; every exchange through the proxy is judged, hashed and recorded.`,
    rows: [
      row('in the clear, no proxy', rates.plain, 'requests/s'),
      row('in the clear, through the proxy', rates.plainProxied, 'requests/s'),
      row('in the clear, proxy against none', rates.plainProxied / rates.plain, 'x'),
      row('TLS, no proxy', rates.tls, 'requests/s'),
      row('TLS, through the proxy', rates.tlsProxied, 'requests/s'),
      row('TLS, proxy against none', rates.tlsProxied / rates.tls, 'x'),
    ],
  };
}

/** An agent that speaks TLS, straight or inside a tunnel of the proxy. */
function tlsAgent(port: number, tunnel: { readonly to: string; readonly ca: string } | null): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  agent.createConnection = (_, done): undefined => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const secure = (): void => {
      const secured = connectTls({
        socket,
        ...(tunnel === null ? { rejectUnauthorized: false } : { ca: tunnel.ca, host: '127.0.0.1' }),
      });
      secured.once('secureConnect', () => done?.(null, secured));
      secured.once('error', (error) => done?.(error, secured));
    };
    if (tunnel === null) return secure() as undefined;
    socket.once('data', secure);
    socket.write(`CONNECT ${tunnel.to} HTTP/1.1\r\nHost: ${tunnel.to}\r\n\r\n`);
  };
  return agent;
}

async function rate(options: RequestOptions, agent: Agent): Promise<number> {
  await many(warmUp, options, agent);
  const began = performance.now();
  await many(requests, options, agent);
  const ms = performance.now() - began;
  agent.destroy();
  return (requests * 1000) / ms;
}

async function many(count: number, options: RequestOptions, agent: Agent): Promise<void> {
  let left = count;
  const one = async (): Promise<void> => {
    while (left-- > 0) await ask(options, agent);
  };
  await Promise.all(Array.from({ length: connections }, one));
}

function ask(options: RequestOptions, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', ...options, agent }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`status ${response.statusCode}`));
      response.resume();
      response.once('end', resolve);
    });
    asked.once('error', reject);
    asked.end();
  });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}
