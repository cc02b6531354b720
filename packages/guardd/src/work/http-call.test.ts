import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { atPointer, callHttp, targetOf } from './http-call.ts';

let server: Server;
let url: string;
const seen: { method: string | undefined; body: string; key: string | string[] | undefined }[] = [];

beforeAll(async () => {
  server = createServer((request, answer) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      seen.push({ method: request.method, body, key: request.headers['idempotency-key'] });
      const { pathname } = new URL(request.url ?? '/', 'http://x');
      if (pathname === '/slow') return;
      if (pathname === '/cut') return request.socket.destroy();
      if (pathname === '/moved') return answer.writeHead(302, { location: '/ok' }).end();
      answer.writeHead(pathname === '/no' ? 503 : 200);
      answer.end(pathname === '/big' ? 'x'.repeat(3_000_000) : '{"state":"up","n":[1,{"a/b":2}]}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(() => server.close());

const ask = (path: string, expectation: object = {}, withinMs = 2000) =>
  callHttp({ url: `${url}${path}`, expect: expectation }, { withinMs, targets: {} });

describe('an answer', () => {
  test.each([
    ['/ok', {}, 'met', null],
    ['/ok', { status: 200 }, 'met', null],
    ['/no', {}, 'unmet', 'http-503'],
    ['/no', { status: [200, 503] }, 'met', null],
    ['/moved', {}, 'unmet', 'http-302'],
    ['/ok', { contains: 'up' }, 'met', null],
    ['/ok', { contains: 'down' }, 'unmet', 'body'],
    ['/ok', { json: { pointer: '/n/1/a~1b', equals: 2 } }, 'met', null],
    ['/ok', { json: { pointer: '/n', equals: [1, { 'a/b': 2 }] } }, 'met', null],
    ['/ok', { json: { pointer: '/state', equals: 'down' } }, 'unmet', 'json'],
    ['/ok', { json: { pointer: '/absent', equals: null } }, 'unmet', 'json'],
    ['/cut', {}, 'failed', 'ECONNRESET'],
  ])('of %s to %j is %s', async (path, expectation, outcome, reason) => {
    expect(await ask(path, expectation)).toMatchObject({ outcome, reason });
  });

  test('that does not come in time fails', async () => {
    const began = performance.now();
    expect(await ask('/slow', {}, 150)).toMatchObject({ outcome: 'failed', reason: 'timeout' });
    expect(performance.now() - began).toBeLessThan(1500);
  });

  test('is kept to a mebibyte', async () => {
    expect((await ask('/big')).body).toHaveLength(1_048_576);
  });

  test('from nobody is the target’s failure, an address that is none is ours', async () => {
    expect(await callHttp({ url: 'http://127.0.0.1:1/' }, { withinMs: 500, targets: {} })).toMatchObject({
      outcome: 'failed',
      reason: 'ECONNREFUSED',
    });
    expect(await callHttp({ url: 'nonsense' }, { withinMs: 500, targets: {} })).toMatchObject({ outcome: 'unasked' });
  });

  test('is not waited for once the work is cut', async () => {
    const cut = new AbortController();
    const asked = callHttp({ url: `${url}/slow` }, { withinMs: 5000, targets: {}, signal: cut.signal });
    cut.abort();
    expect(await asked).toMatchObject({ outcome: 'failed', reason: 'cut' });
  });
});

test('a request carries its method, its JSON and the key of its effect', async () => {
  await callHttp(
    { url: `${url}/ok`, method: 'POST', body: { to: 'v2' } },
    { withinMs: 2000, targets: {}, headers: { 'idempotency-key': 'r1/a/do' } },
  );
  expect(seen.at(-1)).toEqual({ method: 'POST', body: '{"to":"v2"}', key: 'r1/a/do' });
});

test('an address of the plan is asked where its stand-in is', async () => {
  const targets = { 'http://10.77.0.2:8081': url };
  expect(targetOf('http://10.77.0.2:8081/a?b=c', targets).href).toBe(`${url}/a?b=c`);
  expect(targetOf('http://10.77.0.2:8082/a', targets).href).toBe('http://10.77.0.2:8082/a');
  expect(await callHttp({ url: 'http://10.77.0.2:8081/ok' }, { withinMs: 2000, targets })).toMatchObject({
    outcome: 'met',
  });
});

test('a pointer finds only what is there', () => {
  const document = { a: [{ 'b/c': 1, 'd~e': 2 }], '': 3 };
  expect(atPointer(document, '/a/0/b~1c')).toBe(1);
  expect(atPointer(document, '/a/0/d~0e')).toBe(2);
  expect(atPointer(document, '/')).toBe(3);
  expect(atPointer(document, '')).toBe(document);
  expect(atPointer(document, '/a/length')).toBe(1);
  expect(atPointer(document, '/toString')).toBeUndefined();
  expect(atPointer(null, '/a')).toBeUndefined();
});
