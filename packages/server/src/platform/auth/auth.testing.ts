/** A server of the auth routes alone, on real sockets, with a browser that keeps its cookie. */
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock, type ManualClock } from '#platform/clock';
import { loadConfig, type Config } from '#platform/config';
import { connect, type Db } from '#platform/db';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { answerStore, createHttp, listenOnSocket, type Http } from '#platform/http';
import { createLog, createMetrics } from '#platform/telemetry';
import type { Platform } from '#platform';
import { identifyCallers } from './index.ts';
import { authRoutes } from './routes.ts';

export interface AuthStand {
  readonly database: TestDatabase;
  readonly platform: Platform;
  readonly config: Config;
  readonly clock: ManualClock;
  readonly url: string;
  /** Connected as the owner of the tables. */
  readonly owner: Db;
  /** Lines of the server's log. */
  readonly logged: string[];
  /** As the administrator of the machine, through the Unix socket. */
  local<T = Record<string, unknown>>(method: string, path: string, body?: object): Promise<Answer<T>>;
  browser(): Browser;
  close(): Promise<void>;
}

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

export interface Browser {
  cookie: string | null;
  call<T = Record<string, unknown>>(method: string, path: string, body?: object, headers?: object): Promise<Answer<T>>;
  /** Signs a person in by a link that the machine issues. */
  signIn(person: string): Promise<void>;
}

export const serverToken = 'a-token-of-this-test';

export async function openAuthStand(
  overrides: Readonly<Record<string, unknown>> = {},
  add: (app: Http, platform: Platform) => void | Promise<void> = () => undefined,
): Promise<AuthStand> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-auth-'));
  const database = await testDatabase();
  const owner = connect(database.url, { role: 'owner', max: 1 });
  const clock = manualClock(new Date());
  const logged: string[] = [];
  const config = loadConfig({ root: folder, env: {}, overrides: { institution: 'hanbit-bank', ...overrides } });
  const log = createLog('debug', { write: (line) => logged.push(line) });
  const platform = {
    config,
    db: database.db,
    databaseUrl: database.url,
    clock,
    log,
    metrics: createMetrics(),
  } as unknown as Platform;
  const app = await createHttp({
    log,
    metrics: platform.metrics,
    access: { token: serverToken, identify: identifyCallers(platform), publicUrl: config.http.publicUrl },
    ...config.http,
    answers: answerStore(database.db, config.institution),
  });
  authRoutes(app, platform);
  await add(app, platform);
  const socket = join(folder, 'api.sock');
  await listenOnSocket(app, socket);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const local: AuthStand['local'] = (method, path, body) => overSocket(socket, method, path, body);
  return {
    database,
    platform,
    config,
    clock,
    url,
    owner,
    logged,
    local,
    browser: () => browserAt(url, local),
    async close() {
      await app.close();
      await owner.destroy();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function browserAt(url: string, local: AuthStand['local']): Browser {
  const browser: Browser = {
    cookie: null,
    async call(method, path, body, headers = {}) {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...(method === 'GET' ? {} : { origin: url, 'sec-fetch-site': 'same-origin' }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(browser.cookie === null ? {} : { cookie: browser.cookie }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const [cookie] = answer.headers.getSetCookie();
      if (cookie !== undefined) browser.cookie = cookie.includes('Max-Age=0') ? null : (cookie.split(';')[0] ?? null);
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, body: (text === '' ? {} : JSON.parse(text)) as never };
    },
    async signIn(person) {
      const { body } = await local<{ url: string }>('POST', '/sign-in-links', { person });
      const { status } = await browser.call('POST', '/session/link', { link: body.url.split('#link=')[1] });
      if (status !== 200) throw new Error(`${person} could not sign in: ${status}`);
    },
  };
  return browser;
}

function overSocket<T>(socketPath: string, method: string, path: string, body?: object): Promise<Answer<T>> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const call = httpRequest({ socketPath, method, path, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: JSON.parse(text === '' ? '{}' : text) as T,
          headers: new Headers(),
        }),
      );
    });
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
