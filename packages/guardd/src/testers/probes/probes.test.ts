import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createTls } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Scope, TesterEvent } from '@breakwater/rules/containment';
import { loopbackScope, of, service } from '../beside.testing.ts';
import { approve, handsFor, makeProbe, safeProbes } from './index.ts';
import type { ProbeAnswer } from './probe.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

async function probe(
  name: string,
  input: unknown,
  scope: Scope,
): Promise<{ answer: ProbeAnswer; events: TesterEvent[] }> {
  const made = safeProbes.find((one) => one.name === name);
  if (made === undefined) throw new Error(name);
  const events: TesterEvent[] = [];
  const answer = await makeProbe(made, input, handsFor(scope, new AbortController().signal), (event) =>
    events.push(event),
  );
  return { answer, events };
}
const portOf = (address: ReturnType<ReturnType<typeof createHttp>['address']>): number =>
  typeof address === 'object' && address !== null ? address.port : 0;

async function listen(server: ReturnType<typeof createHttp>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  undo.push(() => server.close());
  return portOf(server.address());
}

describe('TLS', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-tls-'));
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
        '3',
        '-subj',
        '/CN=bank.example',
        '-keyout',
        join(folder, 'key.pem'),
        '-out',
        join(folder, 'cert.pem'),
      ],
      { stdio: 'ignore' },
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('a handshake tells protocol and certificate, and what is weak about it', async () => {
    const [key, cert] = [readFileSync(join(folder, 'key.pem')), readFileSync(join(folder, 'cert.pem'))];
    const port = await listen(createTls({ key, cert }));
    const { answer, events } = await probe('tls-inspect', { host: '127.0.0.1', port }, loopbackScope([port]));
    expect(answer.said).toMatchObject({ tls: true, protocol: 'TLSv1.3', trusted: false });
    expect(JSON.stringify(answer.said)).toContain('bank.example');
    expect(of(events, 'finding').map(({ finding }) => finding.rule)).toEqual(['tls-expires-soon', 'tls-not-trusted']);
  });

  test('an old protocol is a weakness', async () => {
    const [key, cert] = [readFileSync(join(folder, 'key.pem')), readFileSync(join(folder, 'cert.pem'))];
    const port = await listen(
      createTls({ key, cert, minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    );
    const { events } = await probe('tls-inspect', { host: '127.0.0.1', port }, loopbackScope([port]));
    expect(of(events, 'finding').map(({ finding }) => finding.rule)).toContain('tls-old-protocol');
  });

  test('a service that speaks no TLS answered all the same', async () => {
    const plain = await service((socket) => socket.end('220 hello\r\n'));
    undo.push(() => plain.close());
    const { answer } = await probe('tls-inspect', { host: '127.0.0.1', port: plain.port }, loopbackScope([plain.port]));
    expect(answer).toMatchObject({ result: 'answered', said: { tls: false } });
  });
});

describe('HTTP', () => {
  test('the mark of the scope is on every request', async () => {
    const marks: unknown[] = [];
    const port = await listen(
      createHttp((asked, reply) => {
        marks.push(asked.headers['x-test']);
        reply.end();
      }),
    );
    const scope = loopbackScope([port], { http: { mark: { name: 'X-Test', value: 'authorised' } } });
    await probe('http-get', { url: `http://127.0.0.1:${port}/`, method: 'HEAD' }, scope);
    expect(marks).toEqual(['authorised']);
  });

  test.each([
    ['an endless page', 'HTTP/1.1 200 OK\r\n\r\n', 'a'.repeat(10_000_000)],
    ['an endless header', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(200_000)}\r\n\r\n`, ''],
    ['nonsense', '\u0000\u001b[2J garbage\r\n\r\n', ''],
    ['a redirect to nonsense', 'HTTP/1.1 302 F\r\nlocation: http://[::::\r\nconnection: close\r\n\r\n', ''],
    ['a name as a number', 'HTTP/1.1 302 F\r\nlocation: http://0x7f000001:22/\r\nconnection: close\r\n\r\n', ''],
  ])('%s is an answer within its caps', async (_, head, body) => {
    const hostile = await service((socket) => {
      socket.once('data', () => socket.end(head + body));
    });
    undo.push(() => hostile.close());
    const url = `http://127.0.0.1:${hostile.port}/`;
    const { answer, events } = await probe('http-get', { url, method: 'GET' }, loopbackScope([hostile.port]));
    expect(JSON.stringify(answer.said).length).toBeLessThan(30_000);
    expect(JSON.stringify(answer.said)).not.toContain('\\u001b');
    expect(of(events, 'probe')).toHaveLength(1);
    expect(hostile.connections).toBe(1);
  });
});

describe('where the gate has a proxy', () => {
  test('HTTP goes to it, by the name, and it alone connects', async () => {
    const asked: unknown[] = [];
    const proxy = await listen(
      createHttp((question, reply) => {
        asked.push([question.url, question.headers.host]);
        reply.end('by the proxy');
      }),
    );
    const target = await service();
    undo.push(() => target.close());
    process.env['HTTP_PROXY'] = `http://127.0.0.1:${proxy}`;
    undo.push(() => delete process.env['HTTP_PROXY']);
    const scope = loopbackScope([target.port], { names: [{ name: 'bank.example', address: '127.0.0.1' }] });
    const url = `http://bank.example:${target.port}/a?b=1`;
    const { answer } = await probe('http-get', { url, method: 'GET' }, scope);
    expect(answer).toMatchObject({ result: 'answered', said: { page: 'by the proxy' } });
    expect(asked).toEqual([[url, `bank.example:${target.port}`]]);
    expect(target.connections).toBe(0);
  });
});

describe('what happens to a connection', () => {
  test('that is refused, and one that says nothing', async () => {
    const gone = await service();
    await gone.close();
    const mute = await service(() => undefined);
    undo.push(() => mute.close());
    const scope = loopbackScope([gone.port, mute.port]);
    expect((await probe('tcp-connect', { host: '127.0.0.1', port: gone.port }, scope)).answer.result).toBe('refused');
    expect((await probe('banner', { host: '127.0.0.1', port: mute.port }, scope)).answer).toMatchObject({
      result: 'answered',
      said: { banner: '' },
    });
  });

  test('an endless greeting is cut', async () => {
    const endless = await service((socket) => {
      const pump = (): void => {
        while (!socket.destroyed && socket.write('a'.repeat(65_536)));
      };
      socket.on('drain', pump);
      pump();
    });
    undo.push(() => endless.close());
    const { answer } = await probe('banner', { host: '127.0.0.1', port: endless.port }, loopbackScope([endless.port]));
    expect(String(answer.said['banner'])).toHaveLength(512);
  });

  test('a name is answered from the scope alone', async () => {
    const scope = loopbackScope([80], { names: [{ name: 'bank.example', address: '127.0.0.1' }] });
    expect((await probe('dns-pinned', { name: 'bank.example' }, scope)).answer.said).toEqual({ address: '127.0.0.1' });
    expect((await probe('dns-pinned', { name: 'example.com' }, scope)).answer.result).toBe('not-allowed');
  });
});

test('no input whatever is approved for a place outside the scope', () => {
  const scope = loopbackScope([8080], { names: [{ name: 'bank.example', address: '127.0.0.1' }] });
  const host = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.domain(),
    fc.string(),
    fc.constantFrom('127.0.0.1', 'bank.example', '127.1', '[::1]'),
  );
  const input = fc.oneof(
    fc.record({ host, port: fc.integer({ min: -1, max: 70_000 }) }),
    fc.record({
      url: fc.oneof(
        fc.webUrl(),
        host.map((one) => `http://${one}:8080/`),
      ),
      method: fc.constantFrom('GET', 'HEAD', 'PUT'),
    }),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...safeProbes), input, (one, given) => {
      const answer = approve(one, given, scope);
      if (answer.allowed) expect(answer.address).toBe('127.0.0.1');
    }),
  );
});
