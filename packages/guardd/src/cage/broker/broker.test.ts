import fc from 'fast-check';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listen, startTarget } from '../proxy/proxy.testing.ts';
import { openModelBroker, type BrokerOptions, type ModelBroker } from './index.ts';
import { Scrubbed } from './scrub.ts';
import { readEndpoint, readKey } from './settings.ts';
import { tokensOf } from './usage.ts';

const secret = 'sk-test-0123456789abcdef';
let folder: string;
const open: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-broker-'));
  writeFileSync(join(folder, 'key'), `${secret}\n`, { mode: 0o600 });
});
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
  rmSync(folder, { recursive: true });
});

type Handler = (question: IncomingMessage, answer: ServerResponse, body: string) => void;
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const plain: Handler = (_, answer) =>
  answer.setHeader('content-type', 'application/json').end(JSON.stringify({ choices: [], usage }));

interface Stand {
  readonly broker: ModelBroker;
  readonly seen: { url: string; headers: IncomingMessage['headers']; body: string }[];
  lines(): string;
  ask(
    path?: string,
    more?: { method?: string; body?: string; headers?: Record<string, string> },
  ): Promise<{ status: number; body: string }>;
}

async function stand(handler: Handler = plain, more: Partial<BrokerOptions> = {}): Promise<Stand> {
  const seen: Stand['seen'] = [];
  const model = createServer((question, answer) => {
    void text(question).then((body) => {
      seen.push({ url: question.url ?? '', headers: question.headers, body });
      handler(question, answer, body);
    });
  });
  const port = await listen(model);
  open.push(() => {
    model.closeAllConnections();
    model.close();
  });
  const broker = await openModelBroker({
    socketPath: join(folder, 'model.sock'),
    provider: 'openai-compatible',
    endpoint: `http://127.0.0.1:${port}/v1`,
    key: { file: join(folder, 'key') },
    budgets: { requests: 100, tokens: 10_000, bytes: 1_000_000, ms: 60_000 },
    folder,
    ...more,
  });
  open.push(() => broker.close());
  return {
    broker,
    seen,
    lines: () => readFileSync(join(folder, 'model.jsonl'), 'utf8'),
    ask: (path = '/v1/chat/completions', { method = 'POST', body = '{"messages":[]}', headers = {} } = {}) =>
      new Promise((resolve, reject) => {
        const asked = request(
          { socketPath: broker.socketPath, path, method, headers: { 'content-type': 'application/json', ...headers } },
          (answer) => void text(answer).then((read) => resolve({ status: answer.statusCode ?? 0, body: read }), reject),
        );
        asked.once('error', reject);
        asked.end(method === 'GET' ? undefined : body);
      }),
  };
}

describe('a question', () => {
  test('goes to the model with the key, and without what else the agent put on it', async () => {
    const { ask, seen, broker } = await stand();
    const headers = { authorization: 'Bearer mine', cookie: 'a=b', 'x-forwarded-for': '10.0.0.1' };
    expect(await ask(undefined, { headers })).toMatchObject({ status: 200 });
    expect(seen[0]).toMatchObject({ url: '/v1/chat/completions', body: '{"messages":[]}' });
    expect(seen[0]?.headers).toMatchObject({ authorization: `Bearer ${secret}` });
    expect(seen[0]?.headers).not.toHaveProperty('cookie');
    expect(seen[0]?.headers).not.toHaveProperty('x-forwarded-for');
    expect(broker.usage).toMatchObject({ requests: 1, tokens: 15, refused: 0 });
  });

  test('streams back as it is said', async () => {
    let finish = (): void => undefined;
    const { broker, lines } = await stand((_, answer) => {
      answer.writeHead(200, { 'content-type': 'text/event-stream' });
      answer.write('data: {"choices":[{"delta":{"content":"one"}}]}\n\n');
      finish = () => answer.end(`data: ${JSON.stringify({ usage })}\n\ndata: [DONE]\n\n`);
    });
    const path = '/v1/chat/completions';
    const asked = request({
      socketPath: broker.socketPath,
      path,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    asked.end('{"stream":true}');
    const answer = await new Promise<IncomingMessage>((resolve) => asked.once('response', resolve));
    const first = await new Promise<Buffer>((resolve) => answer.once('data', resolve));
    expect(first.toString()).toContain('one');
    finish();
    expect(await text(answer)).toContain('[DONE]');
    await expect.poll(lines).toContain('"tokens":{"count":15,"reported":true}');
  });

  test.each([
    ['GET', '/v1/models', 403],
    ['POST', '/v1/files', 403],
    ['POST', '/v1/chat/completions/../../admin', 403],
    ['POST', '/v1/chat/completions?x=1', 403],
    ['POST', 'http://169.254.169.254/v1/chat/completions', 403],
    ['GET', '/v1/chat/completions', 405],
  ])('%s %s is not passed on', async (method, path, status) => {
    const { ask, seen } = await stand();
    expect(await ask(path, { method })).toMatchObject({ status });
    expect(seen).toEqual([]);
  });

  test('of another kind, or too large, is not passed on', async () => {
    const { ask, seen } = await stand();
    expect((await ask(undefined, { headers: { 'content-type': 'text/plain' } })).status).toBe(415);
    expect((await ask(undefined, { headers: { 'content-encoding': 'gzip' } })).status).toBe(415);
    expect(seen).toEqual([]);
  });

  test('is sent nowhere else, whatever the model’s server says', async () => {
    const elsewhere = await startTarget();
    open.push(elsewhere.close);
    const location = `http://127.0.0.1:${elsewhere.port}/`;
    const { ask } = await stand((_, answer) => answer.writeHead(307, { location }).end());
    const { status, body } = await ask();
    expect(status).toBe(502);
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'broker.redirect' } });
    expect(elsewhere.connections()).toBe(0);
  });

  test('is refused by TLS when nobody vouches for the server', async () => {
    const fake = await startTarget({ tls: true });
    open.push(fake.close);
    const { ask } = await stand(plain, { endpoint: `https://127.0.0.1:${fake.port}/v1` });
    expect(await ask()).toMatchObject({ status: 502 });
    expect(fake.seen).toEqual([]);
  });
});

describe('the key', () => {
  test('is in no answer, no line of evidence and no error, even when the model repeats it', async () => {
    const { ask, lines, broker } = await stand(
      (question, answer) => {
        answer.writeHead(401, { 'content-type': 'application/json', 'x-key': secret });
        const said = `{"error":"bad key ${question.headers.authorization}"}`;
        answer.write(said.slice(0, 30));
        setTimeout(() => answer.end(said.slice(30)), 20);
      },
      { keepBytes: 500 },
    );
    const { status, body } = await ask(undefined, { body: `{"messages":["${secret}"]}` });
    expect(status).toBe(401);
    expect(body).toBe('{"error":"bad key Bearer [redacted]"}');
    await expect.poll(lines).toContain('"status":401');
    await broker.close();
    for (const name of readdirSync(folder).filter((one) => one !== 'key'))
      expect(readFileSync(join(folder, name), 'utf8')).not.toContain(secret);
  });

  test('comes from a file or the environment, and its absence is named without its text', () => {
    process.env['BREAKWATER_TEST_KEY'] = 'short';
    expect(() => readKey({ env: 'BREAKWATER_TEST_KEY' })).toThrow(/one word/);
    delete process.env['BREAKWATER_TEST_KEY'];
    expect(() => readKey({ env: 'BREAKWATER_TEST_KEY' })).toThrow(/missing/);
    expect(() => readKey({ file: join(folder, 'absent') })).toThrow(/missing/);
    expect(readKey({ file: join(folder, 'key') })).toBe(secret);
  });

  test('is taken out of a stream wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(secret, 'sk-test-', 'x', 'sk-', secret.slice(3)), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 }),
        async (words, cuts) => {
          const whole = words.join('');
          const pieces: Buffer[] = [];
          for (let at = 0, i = 0; at < whole.length; i++) {
            const size = cuts[i % cuts.length] ?? 1;
            pieces.push(Buffer.from(whole.slice(at, at + size)));
            at += size;
          }
          expect(await text(Readable.from(pieces).pipe(new Scrubbed(secret)))).toBe(
            whole.replaceAll(secret, '[redacted]'),
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a budget', () => {
  test.each([
    ['requests', { requests: 2 }, 'broker.budget-requests'],
    ['tokens', { tokens: 30 }, 'broker.budget-tokens'],
    ['time', { ms: 0 }, 'broker.budget-time'],
  ])('of %s ends the asking', async (_, less, code) => {
    const budgets = { requests: 100, tokens: 10_000, bytes: 1_000_000, ms: 60_000, ...less };
    const { ask, seen } = await stand(plain, { budgets });
    const answers = [await ask(), await ask(), await ask()];
    expect(answers.at(-1)).toMatchObject({ status: 429, body: expect.stringContaining(code) });
    expect(seen.length).toBe('ms' in less ? 0 : 2);
  });

  test('of bytes breaks off an answer that goes on and on', async () => {
    const budgets = { requests: 100, tokens: 1_000_000, bytes: 50_000, ms: 60_000 };
    const { ask, broker, lines } = await stand((_, answer) => void answer.end('x'.repeat(5_000_000)), { budgets });
    await expect(ask()).rejects.toThrow();
    await expect.poll(lines).toContain('broker.budget-bytes');
    expect(broker.usage.bytes).toBeLessThan(200_000);
  });

  test('of time breaks off an answer that does not come', async () => {
    const budgets = { requests: 100, tokens: 1000, bytes: 50_000, ms: 300 };
    const { ask } = await stand(() => undefined, { budgets });
    expect(await ask()).toMatchObject({ status: 429, body: expect.stringContaining('broker.budget-time') });
  });

  test('counts an answer without a report as if each byte were a token', async () => {
    const { ask, broker } = await stand((_, answer) => void answer.end('{"choices":[]}'));
    await ask();
    await sleep(0);
    expect(broker.usage.tokens).toBe('{"messages":[]}'.length + '{"choices":[]}'.length);
  });
});

describe('an address of a model', () => {
  test.each([
    ['http://models.example/v1', /https/],
    ['http://localhost:1/v1', /https/],
    ['http://127.0.0.1.evil.example/v1', /https/],
    ['ftp://127.0.0.1/', /https/],
    ['https://key@models.example/v1', /no user/],
    ['models.example', /URL/],
  ])('%s is refused', (endpoint, why) => {
    expect(() => readEndpoint(endpoint)).toThrow(why);
  });

  test.each([
    ['https://models.example/v1/', 'https://models.example/'],
    ['https://models.example/openai/v1', 'https://models.example/openai'],
    ['http://[::1]:8080', 'http://[::1]:8080/'],
  ])('%s is read', (endpoint, url) => {
    expect(readEndpoint(endpoint).href).toBe(url);
  });
});

describe('usage', () => {
  test.each([
    ['{"usage":{"input_tokens":7,"output_tokens":3,"cache_read_input_tokens":5}}', 15],
    ['event: x\ndata: {"message":{"usage":{"input_tokens":7}}}\n\ndata: {"usage":{"output_tokens":9}}\n\n', 16],
    ['data: {"response":{"usage":{"input_tokens":7,"output_tokens":1,"total_tokens":8}}}\r\n\r\n', 8],
  ])('is read from %s', (said, count) => {
    expect(tokensOf(said, 1000)).toEqual({ count, reported: true });
  });

  test('that is no number, or not there, is never zero', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((one) => `data: ${one}\n`),
        ),
        fc.integer({ min: 1 }),
        (said, bytes) => {
          expect(tokensOf(said, bytes).count).toBeGreaterThan(0);
        },
      ),
    );
    expect(tokensOf('{"usage":{"total_tokens":-5}}', 40)).toEqual({ count: 40, reported: false });
  });
});
