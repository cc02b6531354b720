import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer as createHttpServer, request } from 'node:http';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { testDatabase } from '#platform/db/testing';
import { loadConfig, openApi, serverAddress, startServer, type Config, type Role, type RunningServer } from './app.ts';

const running: RunningServer[] = [];
const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function config(url: string | undefined, overrides: Record<string, unknown> = {}): Config {
  const root = mkdtempSync(join(tmpdir(), 'breakwater-app-'));
  cleanups.push(() => rmSync(root, { recursive: true, force: true }));
  const quiet = { 'log.level': 'silent', 'http.port': 0, 'site.port': 0, 'database.url': url };
  return loadConfig({ root, env: {}, overrides: { ...quiet, ...overrides } });
}

async function databaseUrl(): Promise<string> {
  const database = await testDatabase();
  cleanups.push(() => database.drop());
  return database.url;
}

async function start(settings: Config, roles: Role[] = ['api', 'worker']): Promise<RunningServer> {
  const server = await startServer(settings, roles);
  running.push(server);
  return server;
}

function overSocket(socketPath: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    call.on('error', reject);
    call.end();
  });
}

describe('a server', () => {
  test('of one process brings its own PostgreSQL, says where it is, and leaves nothing running', async () => {
    const settings = config(undefined);
    const server = await startServer(settings, ['api', 'worker']);
    expect(server.embedded).not.toBe(null);
    const ready = await fetch(`${server.apiUrl}/readyz`);
    expect(await ready.json()).toMatchObject({
      ready: true,
      checks: expect.arrayContaining([{ id: 'database', ok: true, detail: null }]),
    });
    expect(await serverAddress(settings.runDir)).toMatchObject({ apiUrl: server.apiUrl, pid: process.pid });
    await server.stop();
    expect(await serverAddress(settings.runDir)).toBe(null);
    await expect(fetch(`${server.apiUrl}/healthz`)).rejects.toThrow();
  });

  test('takes the token of its run folder over TCP, and asks for none on its socket', async () => {
    const settings = config(await databaseUrl());
    const server = await start(settings);
    const token = readFileSync(join(settings.runDir, 'token'), 'utf8').trim();
    expect(statSync(join(settings.runDir, 'token')).mode & 0o777).toBe(0o600);
    expect(statSync(settings.runDir).mode & 0o077).toBe(0);
    expect((await fetch(`${server.apiUrl}/v1/openapi.json`)).status).toBe(401);
    expect(
      (await fetch(`${server.apiUrl}/v1/openapi.json`, { headers: { authorization: `Bearer ${token}` } })).status,
    ).toBe(200);
    expect((await overSocket(server.socket ?? '', '/v1/openapi.json')).status).toBe(200);
    expect((await fetch(`${server.siteUrl}/v1/openapi.json`)).status).toBe(404);
  });

  test('measures what the dashboard shows, says what each metric is in the reference, and traces without personal data', async () => {
    const spans: string[] = [];
    const collector = createHttpServer((asked, answer) => {
      let body = '';
      asked.on('data', (chunk) => (body += String(chunk)));
      asked.on('end', () => {
        spans.push(body);
        answer.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    cleanups.push(() => void collector.close());
    const { port } = collector.address() as { port: number };
    const settings = config(await databaseUrl(), { 'tracing.endpoint': `http://127.0.0.1:${port}/v1/traces` });
    const server = await start(settings);
    const personal = 'hong.gildong@bank.example';
    const socket = server.socket ?? '';
    expect((await overSocket(socket, `/v1/plans/${personal}?phone=01012345678`)).status).toBeGreaterThanOrEqual(400);
    const metrics = (await overSocket(socket, '/metrics')).body;
    const named = new Set([...metrics.matchAll(/^# TYPE (breakwater_\S+) /gm)].map(([, name]) => name ?? ''));
    const dashboard = readFileSync(new URL('../../../deploy/grafana-dashboard.json', import.meta.url), 'utf8');
    const shown = [...dashboard.matchAll(/breakwater_[a-z_0-9]+/g)].map(([name]) =>
      name.replace(/_(?:bucket|count|sum)$/, ''),
    );
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.filter((name) => !named.has(name))).toEqual([]);
    const reference = readFileSync(new URL('../../../docs/guide/en/operate.md', import.meta.url), 'utf8');
    const own = [...named].filter((name) => !/^breakwater_(?:nodejs|process)_/.test(name));
    expect(own.filter((name) => !reference.includes(`\`${name}\``))).toEqual([]);
    await server.stop();
    running.splice(0);
    const sent = spans.join('');
    expect(sent).toContain('/v1/plans/:');
    expect(sent).not.toMatch(/gildong|01012345678/);
    const keys = new Set([...sent.matchAll(/"key":"([^"]+)"/g)].map(([, key]) => key ?? ''));
    expect([...keys].filter((key) => !/^(?:service|telemetry|http|breakwater)\./.test(key))).toEqual([]);
  });

  test('keeps its token over a restart', async () => {
    const settings = config(await databaseUrl());
    await (await startServer(settings, ['api'])).stop();
    const token = readFileSync(join(settings.runDir, 'token'), 'utf8');
    await start(settings, ['api']);
    expect(readFileSync(join(settings.runDir, 'token'), 'utf8')).toBe(token);
  });

  test('with role worker alone opens no address', async () => {
    const server = await start(config(await databaseUrl()), ['worker']);
    expect(server).toMatchObject({ apiUrl: null, siteUrl: null, socket: null });
  });

  test('starts beside others on one database, all at once', async () => {
    const url = await databaseUrl();
    await Promise.all([start(config(url)), start(config(url)), start(config(url), ['worker'])]);
    expect(running).toHaveLength(3);
  });

  test('that finds its port taken says which setting to change, and stops what it had started', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    cleanups.push(() => void taken.close());
    const { port } = taken.address() as { port: number };
    const settings = config(undefined, { 'http.port': port });
    await expect(startServer(settings, ['api'])).rejects.toMatchObject({ code: 'http.listen', path: 'http.port' });
    const again = await start({ ...settings, http: { ...settings.http, port: 0 } });
    expect((await fetch(`${again.apiUrl}/healthz`)).status).toBe(200);
  });

  test('refuses the role of a hub, which this version has not', async () => {
    await expect(startServer(config(undefined), ['hub'])).rejects.toMatchObject({ code: 'role.hub' });
  });
});

test('the OpenAPI document needs no database', async () => {
  expect(await openApi()).toMatchObject({ openapi: '3.1.0', paths: { '/readyz': expect.anything() } });
});
