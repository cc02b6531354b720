import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { streamEvents } from '#platform/http';
import { openAuthStand, serverToken, type Answer, type AuthStand } from './auth.testing.ts';

type Problem = { code: string; refusal?: { reason: string } };
type Issued = { token: { id: string }; secret: string };

let stand: AuthStand;
let handled = 0;
beforeAll(async () => {
  stand = await openAuthStand({ 'http.requestsPerMinute': 60 }, (app) => {
    app.post('/work/:how', { config: { action: 'plan.submit' } }, async (request) => {
      handled += 1;
      if ((request.params as { how: string }).how === 'fails') throw new Error('a fault of ours');
      return { handled };
    });
    app.get('/stream', { config: { action: 'read' } }, (request, reply) =>
      streamEvents(request, reply, async function* (signal) {
        for (let n = 0; !signal.aborted; n += 1) {
          yield { id: String(n), event: 'tick', data: n };
          await sleep(100, undefined, { signal }).catch(() => undefined);
        }
      }),
    );
    app.post('/lever', { config: { action: 'run.stop' } }, async () => ({ stopped: true }));
  });
});
afterAll(() => stand?.close());

async function call<T = Problem>(
  secret: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body: object = {},
): Promise<Answer<T>> {
  const answer = await fetch(`${stand.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...headers },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as T };
}

const issue = async (scope: string[], days = 30): Promise<Issued> =>
  (await stand.local<Issued>('POST', '/tokens', { label: 'monitoring', scope, days })).body;

describe('a token', () => {
  test('does what its scope names and nothing else, until it is over', async () => {
    const { secret } = await issue(['read'], 1);
    expect((await call(secret, 'GET', '/keys')).status).toBe(200);
    const refused = await call(secret, 'POST', '/work/once');
    expect([refused.status, refused.body.refusal?.reason]).toEqual([403, 'scope-missing']);
    stand.clock.advance(86_400_000);
    expect((await call(secret, 'GET', '/keys')).status).toBe(401);
  });

  test('ends at once when it is revoked', async () => {
    const { secret, token } = await issue(['read']);
    expect((await stand.local('POST', `/tokens/${token.id}/revoke`)).status).toBe(200);
    expect((await call(secret, 'GET', '/keys')).status).toBe(401);
    expect((await stand.local('POST', `/tokens/${token.id}/revoke`)).status).toBe(404);
  });

  test('is never issued for what no token may do, nor by a token', async () => {
    const never = await stand.local<Problem>('POST', '/tokens', { label: 'x', scope: ['host.enrol'] });
    expect([never.status, never.body.code]).toEqual([400, 'token.scope']);
    expect((await call(serverToken, 'POST', '/tokens')).status).toBe(403);
  });

  test('is in the database as a hash alone, and in the log not at all', async () => {
    const { secret } = await issue(['read']);
    await call(secret, 'GET', '/keys');
    const { rows } = await sql<{ text: string }>`
      select t::text as text from api_token t union all select leaf || payload from evidence_outbox`.execute(
      stand.database.db,
    );
    expect(rows.length).toBeGreaterThan(1);
    expect(JSON.stringify(rows) + stand.logged.join()).not.toContain(secret.slice(4));
  });
});

describe('a change with an idempotency key', () => {
  const once = { 'idempotency-key': 'a-key-of-this-test' };

  test('is carried out once, and answered the same again', async () => {
    const first = await call<{ handled: number }>(serverToken, 'POST', '/work/once', once);
    const again = await call<{ handled: number }>(serverToken, 'POST', '/work/once', once);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const other = await call(serverToken, 'POST', '/work/once', once, { another: 'body' });
    expect([other.status, other.body.code]).toEqual([409, 'idempotency.conflict']);
  });

  test('counts for its caller alone', async () => {
    const { secret } = await issue(['plan.submit']);
    const before = handled;
    await call(secret, 'POST', '/work/once', once);
    expect(handled).toBe(before + 1);
  });

  test('of two at the same time one is carried out', async () => {
    const before = handled;
    const key = { 'idempotency-key': 'two-at-the-same-time' };
    const answers = await Promise.all([1, 2, 3].map(() => call(serverToken, 'POST', '/work/twice', key)));
    expect(handled).toBe(before + 1);
    expect(answers.every(({ status, body }) => status === 200 || body.code === 'idempotency.in-use')).toBe(true);
  });

  test('that failed by our own fault is tried again', async () => {
    const before = handled;
    const key = { 'idempotency-key': 'fails-every-time' };
    expect((await call(serverToken, 'POST', '/work/fails', key)).status).toBe(500);
    expect((await call(serverToken, 'POST', '/work/fails', key)).status).toBe(500);
    expect(handled).toBe(before + 2);
  });

  test('is refused with a key that is none', async () => {
    expect((await call(serverToken, 'POST', '/work/once', { 'idempotency-key': 'short' })).body.code).toBe(
      'idempotency.key',
    );
  });

  test('never keeps an answer that holds a secret', async () => {
    await stand.local('POST', '/persons', { person: 'p-60', roles: ['administrator'] });
    const browser = stand.browser();
    await browser.signIn('p-60');
    const key = { 'idempotency-key': 'asks-for-a-secret' };
    const ask = () => browser.call<Issued>('POST', '/tokens', { label: 'x', scope: ['read'] }, key);
    expect((await ask()).body.secret).not.toBe((await ask()).body.secret);
    const { rows } = await sql`select 1 from http_answer where key = 'asks-for-a-secret'`.execute(stand.database.db);
    expect(rows).toEqual([]);
  });
});

test('who asks too often is told when to come back; a lever and another caller are not', async () => {
  const { secret } = await issue(['read', 'run.stop']);
  const answers = [];
  for (let n = 0; n < 65; n += 1) answers.push(await call(secret, 'GET', '/keys'));
  const last = answers.at(-1);
  expect([last?.status, last?.body.code]).toEqual([429, 'request.too-many']);
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await call(secret, 'POST', '/lever')).status).toBe(200);
  const { secret: other } = await issue(['read']);
  expect((await call(other, 'GET', '/keys')).status).toBe(200);
});

test('an open stream ends when its token is revoked or its person is shut out, and no other does', async () => {
  const open = async (headers: Record<string, string>): Promise<{ text: string; over: boolean }> => {
    const { body } = await fetch(`${stand.url}/stream`, { headers });
    const heard = { text: '', over: false };
    void (async () => {
      for await (const chunk of body ?? []) heard.text += Buffer.from(chunk).toString();
      heard.over = true;
    })();
    return heard;
  };
  await stand.local('POST', '/persons', { person: 'p-60', roles: ['operator'] });
  const browser = stand.browser();
  await browser.signIn('p-60');
  const [revoked, kept] = [await issue(['read']), await issue(['read'])];
  const streams = await Promise.all([
    open({ authorization: `Bearer ${revoked.secret}` }),
    open({ cookie: browser.cookie ?? '' }),
    open({ authorization: `Bearer ${kept.secret}` }),
  ]);
  await expect.poll(() => streams.every(({ text }) => text.includes('tick'))).toBe(true);
  await stand.local('POST', `/tokens/${revoked.token.id}/revoke`);
  await stand.local('POST', '/persons/p-60/disabled', { disabled: true });
  await expect.poll(() => streams.map(({ over }) => over), { timeout: 10_000 }).toEqual([true, true, false]);
  await stand.local('POST', `/tokens/${kept.token.id}/revoke`);
  await expect.poll(() => streams[2]?.over, { timeout: 10_000 }).toBe(true);
});

test('a person who signed in acts in their own name only', async () => {
  await stand.local('POST', '/persons', { person: 'p-80', roles: ['author'] });
  const browser = stand.browser();
  await browser.signIn('p-80');
  const other = await browser.call<Problem>('POST', '/work/once', { by: 'p-99' });
  expect([other.status, other.body.refusal?.reason]).toEqual([403, 'other-person']);
  expect((await browser.call('POST', '/work/once', { by: 'p-80' })).status).toBe(200);
});

test('with the database gone nobody is let in but to stop, and only who was known', async () => {
  await stand.local('POST', '/persons', { person: 'p-70', roles: ['operator'] });
  const browser = stand.browser();
  await browser.signIn('p-70');
  expect((await browser.call('GET', '/session')).status).toBe(200);
  await sql`alter table person_session rename to person_session_gone`.execute(stand.owner);
  try {
    expect((await browser.call('POST', '/lever', {})).status).toBe(200);
    expect((await browser.call('POST', '/work/once', {})).status).toBe(500);
    const stranger = stand.browser();
    stranger.cookie = 'breakwater-loopback=' + 'A'.repeat(43);
    expect((await stranger.call('POST', '/lever', {})).status).toBe(500);
  } finally {
    await sql`alter table person_session_gone rename to person_session`.execute(stand.owner);
  }
});
