import fc from 'fast-check';
import { createServer } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BadLine } from '../../lines.ts';
import { readExchange, recordedPath } from './exchange.ts';
import { makeIntercept, type Intercept } from './intercept.ts';
import { accountOf } from './login-account.ts';
import { makeOwnAuthority } from './own-authority.ts';
import { readNews } from './proxy-process.ts';
import { listen, say, scopeOf, startTarget, type TestTarget } from './proxy.testing.ts';
import { openRecorder } from './record.ts';
import { redactText } from './redaction.ts';
import { Refused } from './refusal.ts';
import { readHead } from './request-head.ts';
import { directUplink } from './uplink.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-fuzz-'));
let bank: TestTarget;
let port: number;
let intercept: Intercept;
let close: () => void;
beforeAll(async () => {
  bank = await startTarget();
  intercept = makeIntercept({
    scope: scopeOf([bank.port], {
      http: { methods: ['GET', 'POST'], paths: { allow: ['/open'], deny: ['/open/not'] } },
    }),
    authority: await makeOwnAuthority('test', Date.now(), 3_600_000),
    recorder: openRecorder(folder, 'http.jsonl'),
    uplink: directUplink,
    onAttempt: () => undefined,
  });
  const server = createServer(intercept.accept);
  port = await listen(server);
  close = () => server.close();
});
afterAll(() => {
  close();
  intercept.close();
  bank.close();
  rmSync(folder, { recursive: true });
});

/** Runs a parser on anything; it may refuse in its own way, and in no other. */
function refuses(kind: new (...words: never[]) => Error, parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    expect(error).toBeInstanceOf(kind);
  }
}

const headerName = fc.oneof(
  fc.constantFrom(
    'Host',
    'HOST',
    'Content-Length',
    'content-length',
    'Transfer-Encoding',
    'Connection',
    'Upgrade',
    'X-A',
    'Cookie',
    'TE',
  ),
  fc.string({ maxLength: 12 }),
);
const headerValue = fc.oneof(
  fc.constantFrom(
    'bank',
    '5',
    '+5',
    '5, 5',
    'chunked',
    'Chunked',
    'x, chunked',
    'close, host',
    'x-a, content-length',
    '',
  ),
  fc.string({ maxLength: 20 }),
);

describe('the head of a request', () => {
  test('that is read has one host, one length, and nothing that belongs to one connection', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(headerName, headerValue), { maxLength: 12 }), (pairs) => {
        refuses(Refused, () => {
          const { host, headers, length, chunked } = readHead(pairs.flat());
          const named = (wanted: string): string[] =>
            pairs.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
          expect(named('host')).toEqual([host]);
          expect(named('content-length').map(Number)).toEqual(length === null ? [] : [length]);
          expect(named('transfer-encoding').length > 0).toBe(chunked);
          expect(length !== null && chunked).toBe(false);
          for (const [name, value] of headers) {
            expect(['connection', 'transfer-encoding', 'te', 'upgrade', 'host', 'proxy-authorization']).not.toContain(
              name.toLowerCase(),
            );
            expect(value).not.toMatch(/[\r\n\0]/);
          }
          // Who asks, and how long the body is, cannot be taken away by naming it in Connection.
          for (const kept of ['content-length', 'cookie'])
            expect(headers.filter(([name]) => name.toLowerCase() === kept)).toHaveLength(named(kept).length);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('on a real socket, however it is put together, brings nothing to the target but what the scope allows', async () => {
    const host = `127.0.0.1:${bank.port}`;
    const piece = fc.constantFrom(
      'GET ',
      'POST ',
      'DELETE ',
      'CONNECT ',
      `http://${host}`,
      '/open',
      '/open/not',
      '/open/../secret',
      '/%6fpen/%2e%2e/x',
      '//open',
      '/open;x',
      ' HTTP/1.1',
      ' HTTP/1.0',
      ' HTTP/2.0',
      '\r\n',
      '\n',
      '\r',
      '\r\n\r\n',
      `Host: ${host}\r\n`,
      'Host: x\r\n',
      'Content-Length: 5\r\n',
      'Content-Length: 0\r\n',
      'Transfer-Encoding: chunked\r\n',
      '5\r\nhello\r\n',
      '0\r\n\r\n',
      'hello',
      ' ',
      '\t',
      '\0',
      `GET http://${host}/secret HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
      `GET http://${host}/open/a HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 14 }), async (pieces) => {
        bank.seen.length = 0;
        await say(port, `${pieces.join('')}\r\n\r\nX / HTTP/1.1\r\n\r\n`, 'HTTP/1.1 400');
        for (const { method, url } of bank.seen) {
          expect(['GET', 'POST']).toContain(method);
          expect(url).toMatch(/^\/(?:open|%6fpen)/);
          expect(url).not.toMatch(/not|secret|\.\.|%2e/);
        }
      }),
      { numRuns: 150 },
    );
    for (const line of readFileSync(join(folder, 'http.jsonl'), 'utf8').trim().split('\n')) readExchange(line);
  });

  test('as CONNECT leads nowhere but where the scope does, however it is written', async () => {
    const target = fc.oneof(
      fc.constantFrom(
        '127.0.0.1',
        '127.1',
        '2130706433',
        '0x7f000001',
        '0177.0.0.1',
        '[::1]',
        '[::ffff:127.0.0.1]',
        'localhost',
        'a@127.0.0.1',
        '169.254.169.254',
      ),
      fc.string({ minLength: 1, maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(
        target,
        fc.oneof(fc.nat({ max: 70_000 }).map(String), fc.constantFrom('', '+80', '-1', '08080', ' 80', '1e3')),
        async (host, number) => {
          await intercept.prepare(`${host}:${number}`).then(
            () => {
              // The one way to write this target, and the one that IPv6 allows for it.
              expect(['127.0.0.1', '[::ffff:127.0.0.1]', '127.0.0.1.']).toContain(host.toLowerCase());
              expect(Number(number)).toBe(bank.port);
            },
            (error: unknown) => expect(error).toBeInstanceOf(Refused),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a recorded line', () => {
  test('that is read is an exchange, and anything else is refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json({ maxDepth: 70 })), (line) =>
        refuses(BadLine, () => readExchange(line)),
      ),
    );
  });

  test('keeps a path without its query, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.webPath(), fc.webQueryParameters(), (path, query) => {
        const kept = recordedPath(`http://bank.example${path}?k=secret-${query}`);
        expect(kept).not.toContain('secret-');
        expect(kept.startsWith('/')).toBe(true);
        expect(kept.length).toBeLessThanOrEqual(2048);
      }),
    );
  });

  test('of the proxy’s process is news, or refused', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (line) => refuses(Error, () => readNews(line))));
    expect(readNews('{"attempt":{"address":"10.0.0.1","port":80,"protocol":"tcp","packets":1}}')).toHaveProperty(
      'attempt',
    );
  });
});

describe('the account of a login', () => {
  test('is what the form or the document says, or refused', () => {
    const types = fc.constantFrom(
      'application/json',
      'application/x-www-form-urlencoded',
      'text/plain',
      'application/json; charset=utf-16',
      null,
    );
    fc.assert(
      fc.property(
        types,
        fc.oneof(fc.string(), fc.json(), fc.uint8Array()),
        fc.constantFrom('POST', 'GET'),
        (contentType, body, method) => {
          refuses(Refused, () =>
            accountOf('user', {
              method,
              target: '/login',
              contentType,
              contentEncoding: null,
              body: Buffer.from(body as string),
            }),
          );
        },
      ),
    );
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((one) => one.isWellFormed() && !/[\0\ufffd]/.test(one)),
        (user) => {
          const common = { method: 'POST', target: '/login', contentEncoding: null };
          const json = Buffer.from(JSON.stringify({ a: { user: 'inner' }, user, b: ['user'] }));
          expect(accountOf('user', { ...common, contentType: 'application/json', body: json })).toBe(user);
          const form = Buffer.from(new URLSearchParams({ user, password: 'user=x' }).toString());
          expect(accountOf('user', { ...common, contentType: 'application/x-www-form-urlencoded', body: form })).toBe(
            user,
          );
        },
      ),
    );
  });

  test.each([
    ['a name that is escaped the second time', '{"user":"a","\\u0075ser":"b"}'],
    ['an account that is a list', '{"user":["a","b"]}'],
    ['no account', '{"name":"a"}'],
    ['no JSON', '{"user":"a"'],
  ])('with %s is refused', (_, body) => {
    const request = {
      method: 'POST',
      target: '/login',
      contentType: 'application/json',
      contentEncoding: null,
      body: Buffer.from(body),
    };
    expect(() => accountOf('user', request)).toThrow(Refused);
  });
});

describe('redaction', () => {
  test.each([
    ['{"name":"kim","password":"p\\"x","n":1}', '{"name":"kim","password":"[redacted]","n":1}'],
    ['user=kim&passwd=secret&x=1', 'user=kim&passwd=[redacted]&x=1'],
    ['call 010-1234-5678 or +82 10 1234 5678', 'call [redacted] or [redacted]'],
    ['900101-1234567 9001011234567', '[redacted] [redacted]'],
    ['card 4111 1111 1111 1111 or 4111-1111-1111-1111', 'card [redacted] or [redacted]'],
    ['to hong.gildong@bank.co.kr now', 'to [redacted] now'],
    [
      'Authorization: Bearer abc\nCookie: sid=1; t=2\nHost: x',
      'Authorization: [redacted]\nCookie: [redacted]\nHost: x',
    ],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', '[redacted]'],
    ['from 110-123-456789 paid', 'from [redacted] paid'],
    ['HTTP 200 in 17 ms', 'HTTP 200 in 17 ms'],
  ])('of %s', (text, clean) => {
    expect(redactText(text, 1000, false)).toBe(clean);
  });

  test('never keeps the beginning of a number that a cut went through', () => {
    const number = '900101-1234567';
    for (let at = 1; at < number.length; at++)
      expect(redactText(`name: ${number.slice(0, at)}`, 1000, true)).not.toMatch(/\d/);
  });

  test('keeps a number out wherever it stands, ends, and is short', () => {
    const around = fc.string({ maxLength: 40 }).map((one) => one.replaceAll(/[\d@%]/g, ''));
    fc.assert(
      fc.property(around, around, fc.nat({ max: 60 }), fc.boolean(), (before, after, most, cut) => {
        const text = redactText(`${before} 900101-1234567 ${after}`, most, cut);
        expect(text).not.toContain('1234567');
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most);
      }),
    );
  });
});
