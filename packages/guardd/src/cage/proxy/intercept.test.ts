import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { DeniedTraffic, Scope } from '@breakwater/rules/containment';
import { readExchange, type Exchange } from './exchange.ts';
import { makeIntercept, type Intercept } from './intercept.ts';
import { makeOwnAuthority, type OwnAuthority } from './own-authority.ts';
import { listen, say, sayThrough, scopeOf, startTarget, type TestTarget } from './proxy.testing.ts';
import { openRecorder, type Recorder } from './record.ts';
import { directUplink } from './uplink.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0).toReversed()) close();
});

interface Stand {
  readonly port: number;
  readonly attempts: DeniedTraffic[];
  readonly authority: OwnAuthority;
  readonly intercept: Intercept;
  exchanges(): Exchange[];
  lines(): string;
}

async function stand(scope: Scope, recorderBytes?: number): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-proxy-'));
  open.push(() => rmSync(folder, { recursive: true }));
  const recorder: Recorder = openRecorder(folder, 'http.jsonl', recorderBytes);
  const authority = await makeOwnAuthority('test', Date.now(), 3_600_000);
  const attempts: DeniedTraffic[] = [];
  const intercept = makeIntercept({
    scope,
    authority,
    recorder,
    uplink: directUplink,
    onAttempt: (attempt) => attempts.push(attempt),
  });
  const server: Server = createServer(intercept.accept);
  const port = await listen(server);
  open.push(() => {
    server.close();
    intercept.close();
    recorder.end();
  });
  const lines = (): string => readFileSync(join(folder, 'http.jsonl'), 'utf8');
  return {
    port,
    attempts,
    authority,
    intercept,
    lines,
    exchanges: () =>
      lines()
        .split('\n')
        .filter((line) => line !== '')
        .map(readExchange),
  };
}

async function target(options: Parameters<typeof startTarget>[0] = {}): Promise<TestTarget> {
  const made = await startTarget(options);
  open.push(made.close);
  return made;
}

const get = (url: string, host: string, more = ''): string =>
  `GET ${url} HTTP/1.1\r\nHost: ${host}\r\n${more}Connection: close\r\n\r\n`;
const names = [{ name: 'bank.example', address: '127.0.0.1' }];

describe('a request inside the scope', () => {
  test('reaches its target by the pinned address, marked, without the headers of one connection', async () => {
    const bank = await target();
    const mark = { name: 'X-Security-Test', value: 'run-17' };
    const { port, exchanges } = await stand(scopeOf([bank.port], { names, http: { mark } }));
    const host = `bank.example:${bank.port}`;
    const more =
      'x-security-test: forged\r\nKeep-Alive: 5\r\nConnection: x-secret-hop\r\nX-Secret-Hop: 1\r\nX-Kept: 1\r\n';
    const answer = await say(port, get(`http://${host}/accounts/17?name=kim`, host, more));
    expect(answer).toMatch(/^HTTP\/1.1 200 OK[^]*hello$/);
    expect(bank.seen).toEqual([
      {
        method: 'GET',
        url: '/accounts/17?name=kim',
        headers: ['Host', host, 'X-Kept', '1', 'X-Security-Test', 'run-17', 'Connection', expect.any(String)],
        body: '',
      },
    ]);
    const [exchange, ...more_] = exchanges();
    expect(more_).toEqual([]);
    expect(exchange).toMatchObject({
      method: 'GET',
      target: { scheme: 'http', host: 'bank.example', address: '127.0.0.1', port: bank.port },
      status: 200,
      refused: null,
      response: { bytes: 5, digest: 'sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' },
    });
    expect(JSON.stringify(exchange)).not.toMatch(/kim|hello/);
  });

  test('goes through TLS with a certificate of this run, and shows what nobody trusts', async () => {
    const bank = await target({ tls: true });
    const { port, exchanges, authority } = await stand(scopeOf([bank.port], { names }));
    const host = `bank.example:${bank.port}`;
    const answer = await sayThrough(port, host, get('/', host), {
      ca: authority.certificate,
      servername: 'bank.example',
    });
    expect(answer).toContain('hello');
    expect(bank.seen).toHaveLength(1);
    expect(exchanges()[0]).toMatchObject({
      target: { scheme: 'https', address: '127.0.0.1' },
      certificate: {
        trusted: false,
        fault: expect.stringMatching(/self.signed/i),
        digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      },
    });
  });

  test('uses the tool’s connection again, and one of the target with it', async () => {
    const bank = await target();
    const { port } = await stand(scopeOf([bank.port]));
    const host = `127.0.0.1:${bank.port}`;
    const one = `GET http://${host}/ HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    const answer = await say(port, one + one + get(`http://${host}/last`, host));
    expect(answer.match(/HTTP\/1.1 200/g)).toHaveLength(3);
    expect(bank.connections()).toBe(1);
  });

  test('carries a body in chunks, whose hash is kept, and its text only redacted and cut when the scope says so', async () => {
    const bank = await target({
      handler: (_, response, body) => response.setHeader('content-type', 'application/json').end(body),
    });
    const http = { methods: ['POST'], bodies: { bytes: 60 } };
    const { port, exchanges } = await stand(scopeOf([bank.port], { http }));
    const host = `127.0.0.1:${bank.port}`;
    const body = '{"password":"hunter2","rrn":"900101-1234567","m":"a@b.kr","t":"010-1234-5678","rest":"zzzzzzzzzzzz"}';
    const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const head = `POST http://${host}/ HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
    expect(await say(port, head + chunk)).toContain('hunter2');
    expect(bank.seen[0]?.body).toBe(body);
    const [exchange] = exchanges();
    expect(exchange?.request?.bytes).toBe(body.length);
    expect(exchange?.request?.digest).toBe(exchange?.response?.digest);
    expect(exchange?.request?.text).toMatch(/^\{"password":"\[redacted\]"/);
    expect(Buffer.byteLength(exchange?.request?.text ?? '')).toBeLessThanOrEqual(60);
    expect(JSON.stringify(exchange)).not.toMatch(/hunter2|900101|a@b|5678/);
  });
});

describe('outside the scope', () => {
  test.each([
    ['a name that is pinned to nothing', 'http://evil.example/', 'evil.example', 'evil.example', 80],
    ['an address', 'http://127.0.0.2/', '127.0.0.2', '127.0.0.2', 80],
    ['a port', 'http://127.0.0.1:1/', '127.0.0.1:1', '127.0.0.1', 1],
    ['metadata', 'http://169.254.169.254/latest/meta-data/', '169.254.169.254', '169.254.169.254', 80],
    ['metadata in IPv6 clothes', 'http://[::ffff:169.254.169.254]/', '[::ffff:169.254.169.254]', '169.254.169.254', 80],
    ['a name pinned elsewhere', 'http://moved.example/', 'moved.example', '127.0.0.9', 80],
  ])('%s is refused with its rule, and counted', async (_, url, host, address, port) => {
    const bank = await target();
    const at = await stand(scopeOf([bank.port], { names: [{ name: 'moved.example', address: '127.0.0.9' }] }));
    const answer = await say(at.port, get(url, host));
    expect(answer).toMatch(/^HTTP\/1.1 451 /);
    expect(answer).toMatch(/"code":"http\.(?:closed|name-not-pinned)"/);
    expect(at.attempts).toEqual([{ address, port, protocol: 'tcp', packets: 1 }]);
    await say(at.port, get(url, host));
    expect(at.attempts.at(-1)?.packets).toBe(2);
    expect(at.exchanges()[0]).toMatchObject({ status: 451, response: { bytes: 0 } });
  });

  test('CONNECT and SOCKS targets are judged before anything leaves', async () => {
    const at = await stand(scopeOf([8443]));
    expect(await sayThrough(at.port, 'evil.example:443', '')).toMatch(/^HTTP\/1.1 451/);
    expect(at.attempts).toEqual([{ address: 'evil.example', port: 443, protocol: 'tcp', packets: 1 }]);
    await expect(at.intercept.prepare('10.0.0.1:80')).rejects.toThrow(/outside/);
  });

  test('a redirect to metadata is the tool’s to follow, and is stopped when it does', async () => {
    const to = 'http://169.254.169.254/latest/';
    const bank = await target({ handler: (_, response) => response.writeHead(302, { location: to }).end() });
    const at = await stand(scopeOf([bank.port]));
    const host = `127.0.0.1:${bank.port}`;
    expect(await say(at.port, get(`http://${host}/`, host))).toContain(to);
    expect(await say(at.port, get(to, '169.254.169.254'))).toMatch(/^HTTP\/1.1 451/);
  });

  test.each([
    ['DELETE', '/', 'http.method'],
    ['GET', '/admin/users', 'http.path-denied'],
    ['GET', '/public/../admin', 'http.path-denied'],
    ['GET', '/public/%2e%2e/admin', 'http.path-denied'],
    ['GET', '/public/..%2fadmin', 'http.path-denied'],
    ['GET', '/other', 'http.path-not-allowed'],
  ])('%s %s is %s', async (method, path, rule) => {
    const bank = await target();
    const http = { paths: { allow: ['/public'], deny: ['/admin'] } };
    const at = await stand(scopeOf([bank.port], { http }));
    const host = `127.0.0.1:${bank.port}`;
    const inside = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    for (const answer of [
      await say(at.port, inside.replace(path, `http://${host}${path}`)),
      await sayThrough(at.port, host, inside),
    ]) {
      expect(answer).toMatch(/^HTTP\/1.1 451/);
      expect(answer).toContain(`Breakwater-Refused: ${rule}`);
    }
    expect(bank.seen).toEqual([]);
    expect(at.attempts).toEqual([]);
  });
});

describe('logins', () => {
  test('stop at the cap of an account, however it is written; other accounts go on', async () => {
    const bank = await target();
    const http = { methods: ['POST', 'GET'], logins: [{ path: '/login', account: 'user', attempts: 2 }] };
    const at = await stand(scopeOf([bank.port], { http }));
    const host = `127.0.0.1:${bank.port}`;
    const post = (type: string, body: string, path = '/login'): Promise<string> =>
      say(
        at.port,
        `POST http://${host}${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    const form = 'application/x-www-form-urlencoded';
    expect(await post(form, 'user=kim&password=a')).toMatch(/^HTTP\/1.1 200/);
    expect(await post('application/json', '{"user":"KIM","password":"b"}', '//login')).toMatch(/^HTTP\/1.1 200/);
    expect(await post(form, 'user=+Kim', '/LOGIN')).toContain('http.login-cap');
    expect(await post(form, 'user=lee')).toMatch(/^HTTP\/1.1 200/);
    expect(await post(form, 'user=a&user=b')).toContain('http.login-unreadable');
    expect(await post('application/json', '{"user":"a","user":"b"}')).toContain('http.login-unreadable');
    expect(await post('text/plain', 'user=a')).toContain('http.login-unreadable');
    expect(await post(form, `user=a&x=${'y'.repeat(70_000)}`)).toContain('http.login-unreadable');
    expect(await say(at.port, get(`http://${host}/login`, host))).toMatch(/^HTTP\/1.1 200/);
    expect(bank.seen).toHaveLength(4);
    expect(bank.seen[1]?.body).toBe('{"user":"KIM","password":"b"}');
    expect(at.lines()).not.toMatch(/kim|lee/i);
  });
});

describe('what two programs could read in two ways', () => {
  const long = 'a'.repeat(20_000);
  test.each([
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n', '400'],
    ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '400'],
    ['an unknown coding', 'Transfer-Encoding: xchunked\r\n', '400'],
    ['two codings', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '400'],
    ['a coding behind another', 'Transfer-Encoding: identity, chunked\r\n', '400'],
    ['a signed length', 'Content-Length: +5\r\n', '400'],
    ['a blank before the colon', 'Content-Length : 5\r\n', '400'],
    ['a folded line', 'X-A: 1\r\n Content-Length: 5\r\n', '400'],
    ['a bare line feed', 'X-A: 1\nContent-Length: 5\r\n', '400'],
    ['a null byte', 'X-A: \0\r\n', '400'],
    ['a second Host', 'Host: 127.0.0.1\r\n', '400'],
    ['another Host', 'HOST-DIFFERS', '421'],
    ['an upgrade', 'Upgrade: websocket\r\nConnection: upgrade\r\n', '501'],
    ['a header that is too long', `X-A: ${long}\r\n`, '431'],
    ['too many headers', 'A: 1\r\n'.repeat(101), '431'],
  ])('%s is refused and reaches no target', async (_, headers, status) => {
    const bank = await target();
    const at = await stand(scopeOf([bank.port], { http: { methods: ['POST'] } }));
    const host = `127.0.0.1:${bank.port}`;
    const hostHeader = headers === 'HOST-DIFFERS' ? 'Host: other.example\r\n' : `Host: ${host}\r\n${headers}`;
    const answer = await say(at.port, `POST http://${host}/ HTTP/1.1\r\n${hostHeader}\r\nhello`, '\r\n\r\n');
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(bank.seen).toEqual([]);
  });

  test('a request hidden behind a body is a request of its own, and judged', async () => {
    const bank = await target();
    const at = await stand(scopeOf([bank.port], { http: { methods: ['POST'], paths: { deny: ['/admin'] } } }));
    const host = `127.0.0.1:${bank.port}`;
    const hidden = `POST http://${host}/admin HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    const answer = await say(
      at.port,
      `POST http://${host}/ HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 200[^]*HTTP\/1.1 451/);
    expect(bank.seen.map(({ url }) => url)).toEqual(['/']);
  });

  test('a server name that is not the tunnel’s is refused', async () => {
    const bank = await target({ tls: true });
    const { port, authority, exchanges } = await stand(scopeOf([bank.port], { names }));
    const tls = { ca: authority.certificate, servername: 'other.example' };
    expect(await sayThrough(port, `bank.example:${bank.port}`, '', tls)).toContain('<');
    expect(exchanges().map(({ refused }) => refused)).toEqual(['http.server-name-differs']);
    expect(bank.connections()).toBe(0);
  });

  test('what is neither HTTP nor TLS gets no connection to the target', async () => {
    const bank = await target();
    const { port } = await stand(scopeOf([bank.port]));
    expect(await sayThrough(port, `127.0.0.1:${bank.port}`, 'EHLO bank\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
    expect(bank.connections()).toBe(0);
  });
});

describe('the proxy itself', () => {
  test('passes nothing on once its evidence takes no more', async () => {
    const bank = await target();
    const { port } = await stand(scopeOf([bank.port]), 700);
    const host = `127.0.0.1:${bank.port}`;
    const answers = [];
    for (let i = 0; i < 5; i++) answers.push(await say(port, get(`http://${host}/`, host)));
    expect(answers[0]).toMatch(/^HTTP\/1.1 200/);
    expect(answers.at(-1)).toContain('evidence.full');
  });

  test('passes nothing on once it is closed', async () => {
    const bank = await target();
    const { port, intercept } = await stand(scopeOf([bank.port]));
    intercept.close();
    expect(await say(port, get(`http://127.0.0.1:${bank.port}/`, `127.0.0.1:${bank.port}`))).not.toContain('200');
    expect(bank.seen).toEqual([]);
  });

  test('serves others while a thousand connections say little, and closes those in time', async () => {
    const bank = await target();
    const { port } = await stand(scopeOf([bank.port]));
    const { connect } = await import('node:net');
    const idle = Array.from({ length: 1000 }, () => connect({ port, host: '127.0.0.1' }).on('error', () => undefined));
    open.push(() => idle.forEach((socket) => socket.destroy()));
    await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    const closed = idle.map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())));
    for (const socket of idle) socket.resume().write('GET http://127');
    const host = `127.0.0.1:${bank.port}`;
    expect(await say(port, get(`http://${host}/`, host))).toMatch(/^HTTP\/1.1 200/);
    await Promise.all(closed);
  });

  test('reads no body that is longer than it takes, and no CONNECT inside a tunnel', async () => {
    const bank = await target();
    const { port } = await stand(scopeOf([bank.port], { http: { methods: ['POST'] } }));
    const host = `127.0.0.1:${bank.port}`;
    const long = `POST http://${host}/ HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 999999999999\r\n\r\n`;
    expect(await say(port, long, '\r\n\r\n')).toMatch(/^HTTP\/1.1 413/);
    const inner = `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    expect(await sayThrough(port, host, inner)).toMatch(/^HTTP\/1.1 400[^]*http\.protocol/);
    expect(bank.connections()).toBe(0);
  });

  test.each([
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 3\r\n\r\nhello'],
    ['a length and chunks', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a head without end', `X-A: ${'a'.repeat(100_000)}`],
  ])('a hostile target that answers with %s reaches no tool', async (_, rest) => {
    const hostile = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
    });
    const hostilePort = await listen(hostile);
    open.push(() => hostile.close());
    const { port } = await stand(scopeOf([hostilePort]));
    const host = `127.0.0.1:${hostilePort}`;
    expect(await say(port, get(`http://${host}/`, host))).toMatch(/^HTTP\/1.1 502[^]*upstream\.failed/);
  });

  test('a target that breaks off, or does not speak HTTP, is a failure of its own', async () => {
    const rude = createServer((socket) => socket.end('SSH-2.0-x\r\n').on('error', () => undefined));
    const rudePort = await listen(rude);
    open.push(() => rude.close());
    const { port, exchanges } = await stand(scopeOf([rudePort, 1]));
    const host = `127.0.0.1:${rudePort}`;
    expect(await say(port, get(`http://${host}/`, host))).toMatch(/^HTTP\/1.1 502/);
    expect(await say(port, get('http://127.0.0.1:1/', '127.0.0.1:1'))).toContain('ECONNREFUSED');
    expect(exchanges().map(({ refused }) => refused)).toEqual(['upstream.failed', 'upstream.failed']);
  });
});
