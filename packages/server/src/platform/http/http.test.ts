import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BreakwaterError } from '@breakwater/rules';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createLog, createMetrics } from '../telemetry/index.ts';
import { answerOf } from './answer.ts';
import { maxBodyDepth, parseJsonBody } from './body.ts';
import {
  Refused,
  apiVersion,
  createHttp,
  errorAnswers,
  healthRoutes,
  lastEventId,
  listenOnSocket,
  streamEvents,
  type Http,
  type HttpOptions,
} from './index.ts';
import { encodeEvent } from './stream.ts';

const apps: Http[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const logged: string[] = [];
const token = 'a-token-of-the-server';

async function makeApp(options: Partial<HttpOptions> = {}): Promise<Http> {
  const app = await createHttp({
    log: createLog('debug', { write: (line) => logged.push(line) }),
    metrics: createMetrics(),
    access: { token },
    bodyLimitBytes: 2048,
    requestTimeoutSeconds: 10,
    openapi: { title: 'Breakwater', version: '1', description: 'test' },
    ...options,
  });
  apps.push(app);
  app.post(
    '/plans/:id',
    {
      config: { action: 'plan.submit' },
      schema: {
        params: z.object({ id: z.string() }),
        body: z.strictObject({ krw: z.int().min(0) }),
        response: { 200: z.object({ id: z.string(), krw: z.int() }), ...errorAnswers },
      },
    },
    async (request) => ({ id: request.params.id, krw: request.body.krw }),
  );
  const failures: Record<string, () => Error> = {
    missing: () => new BreakwaterError('plan.not-found', 'no such plan', '/id'),
    bad: () => new BreakwaterError('plan.unknown-key', 'no such key', '/steps/0'),
    refused: () =>
      new Refused(Object.assign({ reason: 'would-cross-pnr' }, { remainingMs: 12 }), {
        ko: '원복 결정 시한을 넘깁니다.',
        en: 'would pass it',
      }),
    bug: () => new TypeError('010-1234-5678 is not a function'),
  };
  app.get(
    '/fail/:how',
    { config: { action: 'read' }, schema: { params: z.object({ how: z.string() }) } },
    async (request) => {
      throw failures[request.params.how]?.() ?? new Error('?');
    },
  );
  return app;
}

const signedIn = { authorization: `Bearer ${token}` };

describe('answers', () => {
  test('carry what the route gives, the request id and headers that allow nothing', async () => {
    const app = await makeApp();
    const response = await app.inject({
      method: 'POST',
      url: '/plans/p1',
      payload: { krw: 5 },
      headers: { ...signedIn, 'x-request-id': 'abcdefgh' },
    });
    expect(response.json()).toEqual({ id: 'p1', krw: 5 });
    expect(response.headers['x-request-id']).toBe('abcdefgh');
    expect(response.headers['content-security-policy']).toContain(`default-src 'none'`);
    expect(response.headers['x-content-type-options']).toBe('nosniff');
  });

  test.each([
    ['missing', 404, { code: 'plan.not-found', path: '/id' }],
    ['bad', 400, { code: 'plan.unknown-key', path: '/steps/0' }],
    [
      'refused',
      409,
      {
        code: 'refused.would-cross-pnr',
        ko: '원복 결정 시한을 넘깁니다.',
        refusal: { reason: 'would-cross-pnr', remainingMs: 12 },
      },
    ],
    ['bug', 500, { code: 'internal' }],
  ])('of a route that fails (%s) have its status and code', async (how, status, error) => {
    const app = await makeApp();
    const response = await app.inject({ url: `/fail/${how}`, headers: signedIn });
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject(error);
  });

  test('to our own fault say nothing about it but the request id, and the log has it without personal data', async () => {
    const app = await makeApp();
    logged.length = 0;
    const response = await app.inject({ url: '/fail/bug', headers: signedIn });
    expect(response.body).not.toContain('function');
    const { requestId } = response.json<{ requestId: string }>();
    const line = logged.find((entry) => entry.includes('request failed'));
    expect(line).toContain(requestId);
    expect(line).toContain('is not a function');
    expect(logged.join()).not.toContain('1234-5678');
  });

  test.each([
    ['a field of another kind', { payload: { krw: '5' } }, 400, 'request.invalid', '/body/krw'],
    ['an unknown field', { payload: { krw: 5, x: 1 } }, 400, 'request.invalid', '/body'],
    ['no JSON', { payload: '{', headers: { 'content-type': 'application/json' } }, 400, 'request.not-json', '/body'],
    [
      'another media type',
      { payload: 'a=1', headers: { 'content-type': 'text/plain' } },
      415,
      'request.media-type',
      '',
    ],
    ['a body too large', { payload: { krw: 5, x: 'y'.repeat(3000) } }, 413, 'request.too-large', ''],
    [
      'a body too deep',
      { payload: `${'['.repeat(65)}${']'.repeat(65)}`, headers: { 'content-type': 'application/json' } },
      400,
      'request.too-deep',
      '/body',
    ],
  ])('to %s name what and where', async (_, request, status, code, path) => {
    const app = await makeApp();
    const response = await app.inject({
      method: 'POST',
      url: '/plans/p1',
      ...request,
      headers: { ...signedIn, ...('headers' in request ? request.headers : {}) },
    });
    expect({ status: response.statusCode, ...response.json<object>() }).toMatchObject({
      status,
      code,
      path,
    });
  });

  test('to an address that is not there are JSON as well', async () => {
    const app = await makeApp();
    const response = await app.inject({ url: '/nowhere', headers: signedIn });
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: 'request.not-found' });
  });

  test('exist for whatever is thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(answerOf(thrown, 'id').status).toBeGreaterThanOrEqual(400);
      }),
    );
  });
});

test('a JSON body is what JSON.parse says, within the depth', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 20 }), (text) => {
      if (!/__proto__|\\u0000/.test(text)) expect(parseJsonBody(text)).toEqual(JSON.parse(text));
    }),
  );
  const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  expect(() => parseJsonBody(nested(maxBodyDepth))).not.toThrow();
  expect(() => parseJsonBody(nested(maxBodyDepth + 1))).toThrow(BreakwaterError);
  expect(() => parseJsonBody('{"__proto__":{"a":1}}')).toThrow(BreakwaterError);
  for (const text of ['{"a":["b\\u0000"]}', '{"a\\u0000":1}']) expect(() => parseJsonBody(text)).toThrow(/NUL/);
  expect(parseJsonBody('["\\\\u0000"]')).toEqual(['\\u0000']);
  expect(parseJsonBody(`["${'['.repeat(500)}\\\\\\"["]`)).toHaveLength(1);
});

describe('access over TCP', () => {
  test('refuses a NUL character in an address before anything is done with it', async () => {
    const app = await makeApp();
    for (const url of ['/healthz?a=%00', '/any%00thing']) {
      const answer = await app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${token}` } });
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'request.nul']);
    }
  });

  test('needs the token, whole and exact', async () => {
    const app = await makeApp();
    for (const authorization of [
      undefined,
      '',
      'Bearer',
      'Bearer x',
      `Bearer ${token}x`,
      `bearer ${token}`,
      `Basic ${token}`,
    ]) {
      const headers = authorization === undefined ? {} : { authorization };
      const response = await app.inject({ url: '/fail/bad', headers });
      expect(response.statusCode, authorization).toBe(401);
      expect(response.json()).toMatchObject({ code: 'request.not-signed-in' });
    }
  });

  test('to health and metrics needs none', async () => {
    const metrics = createMetrics();
    const app = await makeApp({ metrics });
    const checks = [
      { id: 'database', check: async () => null },
      { id: 'log', check: async () => 'too far behind' },
    ];
    healthRoutes(app, checks, metrics);
    expect((await app.inject('/healthz')).json()).toEqual({ alive: true });
    const ready = await app.inject('/readyz');
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toEqual({
      ready: false,
      checks: [
        { id: 'database', ok: true, detail: null },
        { id: 'log', ok: false, detail: 'too far behind' },
      ],
    });
    const text = (await app.inject('/metrics')).body;
    expect(text).toMatch(/breakwater_http_request_seconds_count\{method="GET",route="\/readyz",status="503"\} 1/);
  });

  test('a readiness check that hangs is not waited for', async () => {
    const metrics = createMetrics();
    const app = await makeApp({ metrics });
    healthRoutes(app, [{ id: 'database', check: () => new Promise(() => undefined) }], metrics);
    expect((await app.inject('/readyz')).json()).toMatchObject({
      ready: false,
      checks: [{ ok: false, detail: 'no answer within 2000 ms' }],
    });
  });
});

function get(options: { socketPath: string; path: string } | { port: number; path: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = httpRequest({ ...options, host: '127.0.0.1', agent: new Agent() }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.on('error', reject);
    call.end();
  });
}

describe('the Unix socket', () => {
  function folder(): string {
    const path = mkdtempSync(join(tmpdir(), 'breakwater-http-'));
    folders.push(path);
    return path;
  }

  test('is for our user alone, needs no token, and goes away with the server; TCP beside it still needs one', async () => {
    const app = await makeApp();
    const path = join(folder(), 'run', 'api.sock');
    await listenOnSocket(app, path);
    await app.listen({ host: '127.0.0.1', port: 0 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await get({ socketPath: path, path: '/fail/bad' })).toBe(400);
    expect(await get({ port: (app.server.address() as AddressInfo).port, path: '/fail/bad' })).toBe(401);
    apps.length = 0;
    await app.close();
    expect(() => statSync(path)).toThrow(/ENOENT/);
  });

  test('left by a killed server is replaced, of a living one is refused', async () => {
    const path = join(folder(), 'api.sock');
    writeFileSync(path, '');
    await listenOnSocket(await makeApp(), path);
    await expect(listenOnSocket(await makeApp(), path)).rejects.toMatchObject({ code: 'http.in-use' });
    expect(await get({ socketPath: path, path: '/fail/bad' })).toBe(400);
  });

  test('works where its path is longer than the kernel takes', async () => {
    const app = await makeApp();
    const path = join(folder(), 'x'.repeat(108), 'api.sock');
    await listenOnSocket(app, path);
    const fd = openSync(dirname(path), 'r');
    expect(await get({ socketPath: `/proc/self/fd/${fd}/api.sock`, path: '/fail/bad' })).toBe(400);
    closeSync(fd);
    await expect(listenOnSocket(await makeApp(), path)).rejects.toMatchObject({ code: 'http.in-use' });
  });
});

describe('a stream of events', () => {
  async function streaming(): Promise<{ url: string; app: Http; ended: () => boolean }> {
    const app = await makeApp({ access: 'public' });
    let ended = false;
    app.get('/events', { config: { action: 'read' } }, async (request, reply) => {
      const from = Number(lastEventId(request) ?? 0);
      await streamEvents(
        request,
        reply,
        async function* (signal) {
          try {
            for (let n = from + 1; n <= from + 3; n += 1) yield { id: String(n), event: 'step', data: { n } };
            await new Promise((resolve) => signal.addEventListener('abort', resolve));
          } finally {
            ended = true;
          }
        },
        { keepAliveMs: 20 },
      );
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    return { app, url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/events`, ended: () => ended };
  }

  async function readUntil(response: Response, text: string): Promise<string> {
    let all = '';
    for await (const chunk of response.body ?? []) {
      all += new TextDecoder().decode(chunk as Uint8Array);
      if (all.includes(text)) break;
    }
    return all;
  }

  test('starts after the last seen id, keeps the connection alive, and ends when the client goes', async () => {
    const { url, ended } = await streaming();
    const client = new AbortController();
    const response = await fetch(url, { headers: { 'last-event-id': '7' }, signal: client.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(await readUntil(response, '\n\n:\n\n')).toMatch(/^id: 8\nevent: step\ndata: \{"n":8\}\n\n[^]*id: 10\n/);
    client.abort();
    await expect.poll(ended).toBe(true);
  });

  test('ends when the server stops', async () => {
    const { app, url, ended } = await streaming();
    const response = await fetch(url);
    await readUntil(response, 'id: 3');
    apps.length = 0;
    await app.close();
    expect(ended()).toBe(true);
  });

  test('cannot be made to carry a second event by what an event says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.jsonValue(), (id, event, data) => {
        expect(encodeEvent({ id, event, data }).split(/\r\n|\r|\n/)).toHaveLength(5);
      }),
    );
  });
});

test('the OpenAPI document is 3.1, below the version of the API, and describes bodies and problems', async () => {
  const app = await makeApp();
  const named = z.object({ n: z.int().default(1) }).meta({ id: 'breakwater.named/1' });
  const body = z.object({ anything: z.json(), named });
  const params = z.object({ id: z.coerce.number().min(0) });
  app.put(
    `${apiVersion}/described/:id`,
    { config: { action: 'plan.submit' }, schema: { params, body, response: { 200: named, ...errorAnswers } } },
    async () => ({ n: 1 }),
  );
  await app.ready();
  const document = app.swagger() as {
    openapi: string;
    paths: Record<string, unknown>;
    components: { schemas: Record<string, unknown> };
  };
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths)).toEqual(['/described/{id}']);
  expect(JSON.stringify(document.paths)).toContain('"minimum":0');
  expect(JSON.stringify(document.paths)).toContain('"application/problem+json"');
  const { schemas } = document.components;
  expect(Object.keys(schemas)).toEqual(
    expect.arrayContaining(['Problem', 'breakwater.named-1', 'breakwater.named-1Input']),
  );
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]);
  expect(refs.length).toBeGreaterThan(3);
  expect(refs.filter((ref) => !((ref ?? '').replace('#/components/schemas/', '') in schemas))).toEqual([]);
});
