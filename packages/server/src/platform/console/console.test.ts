import { openConsole, type Console } from '@breakwater/web';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BreakwaterError } from '@breakwater/rules';
import { createHttp, type Http } from '#platform/http';
import { createLog, createMetrics } from '#platform/telemetry';
import { consoleRoutes } from './index.ts';

const token = 'a-token-of-this-test';
const pulled: string[] = [];
const apps: Http[] = [];
let built: Console;

async function appWith(console: Console | null): Promise<Http> {
  const app = await createHttp({
    log: createLog('silent'),
    metrics: createMetrics(),
    access: { token },
    bodyLimitBytes: 100_000,
    requestTimeoutSeconds: 10,
  });
  consoleRoutes(app, console, async (_request, run, lever) => {
    if (lever === 'rollback') throw new BreakwaterError('run.phase.conflict', 'the run is closed');
    pulled.push(`${run} ${lever}`);
    return { latencyMs: 30.2, unreachable: ['dr-gw-01'] };
  });
  apps.push(app);
  return app;
}

const page = { accept: 'text/html,application/xhtml+xml' };
const form = {
  ...page,
  authorization: `Bearer ${token}`,
  'content-type': 'application/x-www-form-urlencoded',
};

beforeAll(async () => {
  built = await openConsole(() => undefined);
}, 120_000);
afterAll(async () => {
  for (const app of apps) await app.close();
});

describe('a document of the console', () => {
  test('has the levers of a run as plain forms before its script, and lets no other script in', async () => {
    const app = await appWith(built);
    const { statusCode, body, headers } = await app.inject({ url: '/runs/r-1', headers: page });
    expect(statusCode).toBe(200);
    const nonce = /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1] ?? 'none';
    expect(body).toContain('action="/levers/r-1/stop"');
    expect(body.indexOf('/levers/r-1/stop')).toBeLessThan(body.indexOf('<script'));
    for (const [script] of body.matchAll(/<script[^>]*>/g)) expect(script).toContain(`nonce="${nonce}"`);
    expect(body).not.toMatch(/\sstyle="/);
    expect(headers['cache-control']).toBe('no-store');
  });

  test('is in the language and brightness that the reader chose', async () => {
    const app = await appWith(built);
    const ask = async (url: string, headers: Record<string, string> = {}): Promise<string> =>
      (await app.inject({ url, headers: { ...page, ...headers } })).body;
    expect(await ask('/')).toContain('<html lang="ko">');
    expect(await ask('/', { 'accept-language': 'fr, en-GB;q=0.8' })).toContain('<html lang="en">');
    const chosen = { cookie: 'breakwater-language=en; breakwater-theme=dark' };
    expect(await ask('/', chosen)).toContain('<html lang="en" data-theme="dark">');
    expect(await ask('/?lang=ko', chosen)).toContain('<html lang="ko"');
    expect(await ask('/?lang=%22%3E%3Cscript%3E', { cookie: 'breakwater-theme="><script>' })).not.toContain(
      '"><script>',
    );
  });

  test('says with 404 that there is no page, and is not for programs', async () => {
    const app = await appWith(built);
    expect((await app.inject({ url: '/nowhere', headers: page })).statusCode).toBe(404);
    const program = await app.inject({ url: '/runs/r-1', headers: { accept: 'application/json' } });
    expect(program.statusCode).toBe(404);
    expect(program.json()).toMatchObject({ code: 'request.not-found' });
  });

  test('names files that are cached for ever', async () => {
    const app = await appWith(built);
    const { body } = await app.inject({ url: '/', headers: page });
    const script = /<script[^>]* src="([^"]+)"/.exec(body)?.[1] ?? '';
    const file = await app.inject({ url: script });
    expect(file.statusCode).toBe(200);
    expect(file.headers['cache-control']).toContain('immutable');
    expect((await app.inject({ url: '/assets/../document/document.js' })).statusCode).toBe(404);
  });
});

describe('a plain form', () => {
  test('pulls a lever and answers with the page that says what became of it', async () => {
    const app = await appWith(built);
    const { statusCode, body } = await app.inject({
      method: 'POST',
      url: '/levers/r-1/stop',
      headers: form,
      payload: '',
    });
    expect(statusCode).toBe(200);
    expect(pulled.at(-1)).toBe('r-1 stop');
    expect(body).toContain('31 ms 만에 정지');
    expect(body).toContain('dr-gw-01');
  });

  test('says in the page what stood in the way', async () => {
    const app = await appWith(built);
    const { statusCode, body } = await app.inject({
      method: 'POST',
      url: '/levers/r-1/rollback',
      headers: form,
      payload: '',
    });
    expect(statusCode).toBe(200);
    expect(body).toContain('the run is closed');
  });

  test('needs somebody who may call', async () => {
    const app = await appWith(built);
    const { authorization: _, ...nobody } = form;
    const before = pulled.length;
    const { statusCode } = await app.inject({ method: 'POST', url: '/levers/r-1/stop', headers: nobody, payload: '' });
    expect([statusCode, pulled.length]).toEqual([401, before]);
  });

  test('works without a console, whose documents say that there is none', async () => {
    const app = await appWith(null);
    expect((await app.inject({ url: '/', headers: page })).statusCode).toBe(503);
    await app.inject({ method: 'POST', url: '/levers/r-2/hold', headers: form, payload: '' });
    expect(pulled.at(-1)).toBe('r-2 hold');
  });
});
