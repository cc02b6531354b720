/** Every route of the API, asked by every role and machine: what the table of authority denies is refused, and nothing else. */
import { readFileSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@breakwater/client';
import { can, roleNames, type Action, type Actor, type Role } from '@breakwater/rules/authority';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '#platform/config';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { apiRoutes, startServer, type RunningServer } from './app.ts';

type Asked = { method: string; url: string; action: Action; signed: boolean };

let folder: string;
let database: TestDatabase;
let server: RunningServer;
const cookies = new Map<Role, string>();
let token: string;
let scoped: string;
const everyRoute = await apiRoutes();
const routes = everyRoute.filter((route): route is Asked => route.action !== null && route.method !== 'HEAD');
/** They end what the next question is asked with. */
const endsSessions: ReadonlySet<string> = new Set(['/v1/session/end', '/v1/sessions/:session/end']);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-authority-'));
  database = await testDatabase();
  const overrides = { 'log.level': 'silent', 'http.port': 0, 'site.port': 0, 'database.url': database.url } as const;
  const config = loadConfig({
    root: folder,
    env: {},
    overrides: { ...overrides, 'http.requestsPerMinute': 1_000_000 },
  });
  server = await startServer(config, ['api']);
  token = readFileSync(join(config.runDir, 'token'), 'utf8').trim();
  const client = createClient({ socket: server.socket ?? '' });
  for (const role of roleNames) {
    await client.POST('/persons', { body: { person: `p-${role}`, roles: [role] } });
    const { data } = await client.POST('/sign-in-links', { body: { person: `p-${role}` } });
    const answer = await fetch(`${server.apiUrl}/v1/session/link`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.apiUrl ?? '', 'x-test': role },
      body: JSON.stringify({ link: data?.url.split('#link=')[1] }),
    });
    cookies.set(role, answer.headers.getSetCookie()[0]?.split(';')[0] ?? '');
  }
  const issued = await client.POST('/tokens', { body: { label: 'fuzz', scope: ['read'] } });
  scoped = issued.data?.secret ?? '';
});
afterAll(async () => {
  await server?.stop();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Asks a route with nothing in it, and says whether it was refused for who asks. The answer of a stream is cut off. */
async function isRefused({ method, url }: Asked, headers: Record<string, string>): Promise<string> {
  const cut = new AbortController();
  const path = url.replaceAll(/:[a-z]+/gi, 'nothing-of-this-name').replace('*', 'nothing');
  const answer = await fetch(`${server.apiUrl}${path}`, {
    method,
    signal: cut.signal,
    headers: {
      ...headers,
      ...(method === 'GET' ? {} : { origin: server.apiUrl ?? '', 'content-type': 'application/json' }),
    },
    ...(method === 'GET' ? {} : { body: '{}' }),
  });
  cut.abort();
  if (answer.status === 401) return 'not signed in';
  return answer.status === 403 ? 'refused' : 'let in';
}

const expected = (actor: Actor, { action, signed }: Asked): string =>
  can(actor, action, {}, { now: Date.now(), signed }).allowed ? 'let in' : 'refused';

test('every route says what it does, or is open on purpose', () => {
  expect(routes.length).toBeGreaterThan(50);
  const open = everyRoute.filter(({ action }) => action === null).map(({ method, url }) => `${method} ${url}`);
  expect(open.filter((route) => !route.startsWith('HEAD')).toSorted()).toEqual([
    'GET /*',
    'GET /healthz',
    'GET /metrics',
    'GET /readyz',
    'GET /v1/readyz',
    'GET /v1/session/oidc',
    'GET /v1/session/oidc/callback',
    'POST /v1/host-enrolments',
    'POST /v1/session/break-glass',
    'POST /v1/session/link',
    'POST /v1/session/passkey',
    'POST /v1/session/passkey/options',
  ]);
});

describe.each(roleNames)('a person who is %s', (role) => {
  test('is let in where the table says so, and refused everywhere else', async () => {
    const actor: Actor = {
      kind: 'person',
      person: `p-${role}`,
      institution: 'local',
      roles: [role],
      authenticatedAt: Date.now(),
    };
    const asked = routes.filter(({ url }) => !endsSessions.has(url));
    const wrong: string[] = [];
    for (const route of asked) {
      const found = await isRefused(route, { cookie: cookies.get(role) ?? '' });
      if (found !== expected(actor, route)) wrong.push(`${route.method} ${route.url}: ${found}`);
    }
    expect(wrong).toEqual([]);
  });
});

test.each([
  ['the token of the server', () => token, 'all'],
  ['a token of the scope `read`', () => scoped, ['read']],
] as const)('%s does what its scope says', async (_, secret, scope) => {
  const wrong: string[] = [];
  for (const route of routes) {
    const found = await isRefused(route, { authorization: `Bearer ${secret()}` });
    if (found !== expected({ kind: 'token', id: 't', scope }, route))
      wrong.push(`${route.method} ${route.url}: ${found}`);
  }
  expect(wrong).toEqual([]);
});

test('nobody in particular is let in nowhere', async () => {
  for (const route of routes) expect(await isRefused(route, {}), route.url).toBe('not signed in');
});
