/** Real targets and a real client for the tests of the proxies: sockets of the loopback, TLS with a certificate of its own. */
import {
  createServer as createHttp,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { scopeSchema, type Scope } from '@breakwater/rules/containment';
import { webcrypto } from 'node:crypto';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly string[];
  readonly body: string;
}

export interface TestTarget {
  readonly port: number;
  readonly seen: Seen[];
  readonly connections: () => number;
  close(): void;
}

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const echo: Handler = (_, response) => response.setHeader('content-type', 'text/plain').end('hello');

/** A target that keeps what reached it. `tls`: with a certificate that nobody trusts. */
export async function startTarget(options: { tls?: boolean; handler?: Handler } = {}): Promise<TestTarget> {
  const { tls = false, handler = echo } = options;
  const seen: Seen[] = [];
  let connections = 0;
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.rawHeaders, body });
      handler(request, response, body);
    });
  };
  const server: HttpServer = tls ? createHttps(await selfSigned(), serve) : createHttp(serve);
  server.on('connection', () => connections++);
  const port = await listen(server);
  return {
    port,
    seen,
    connections: () => connections,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function selfSigned(): Promise<{ key: string; cert: string }> {
  await import('reflect-metadata');
  const { X509CertificateGenerator } = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const cert = await X509CertificateGenerator.createSelfSigned(
    { name: 'CN=old bank', keys, signingAlgorithm: algorithm, notAfter: new Date(Date.now() + 3_600_000) },
    webcrypto,
  );
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
  return { key, cert: cert.toString('pem') };
}

/** Listens on a free port of the loopback. */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

/** A scope of the loopback with the given ports. */
export function scopeOf(ports: readonly number[], more: Partial<Scope> = {}): Scope {
  return scopeSchema.parse({
    schema: 'breakwater.scope/1',
    targets: [{ cidr: '127.0.0.1/32', ports: ports.map((port) => `tcp/${port}`) }],
    caps: { newConnectionsPerSecond: 10_000, packetsPerSecond: 100_000, concurrent: 1000, bytes: 1_000_000_000 },
    window: { start: '2020-01-01T00:00:00Z', end: '2099-01-01T00:00:00Z' },
    lease: 'PT60S',
    ...more,
  });
}

/** Sends bytes and gives back all that comes until the other side closes, or `until` is in it. */
export function say(port: number, bytes: string | Buffer, until?: string): Promise<string> {
  return collect(connect({ port, host: '127.0.0.1' }), bytes, until);
}

/** The same through CONNECT; with `ca` over TLS inside the tunnel. */
export async function sayThrough(
  port: number,
  authority: string,
  bytes: string,
  tls?: { readonly ca: string; readonly servername?: string },
  until?: string,
): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  const head = await collect(socket, `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`, '\r\n\r\n', true);
  if (!head.startsWith('HTTP/1.1 200')) return head;
  if (tls === undefined) return collect(socket, bytes, until);
  return collect(
    connectTls({ socket, ca: tls.ca, servername: tls.servername ?? '', checkServerIdentity: () => undefined }),
    bytes,
    until,
  );
}

function collect(socket: Socket, bytes: string | Buffer, until?: string, keep = false): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const settle = (): void => {
      socket.off('data', take);
      if (!keep) socket.destroy();
      resolve(text);
    };
    const take = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      if (until !== undefined && text.includes(until)) settle();
    };
    socket.on('data', take);
    socket.on('error', (error) => (text += `<${error.message}>`));
    socket.once('close', settle);
    socket.write(bytes);
  });
}
