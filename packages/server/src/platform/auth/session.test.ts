import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAuthStand, serverToken, type AuthStand, type Browser } from './auth.testing.ts';

let stand: AuthStand;
beforeAll(async () => {
  stand = await openAuthStand();
  await stand.local('POST', '/persons', { person: 'p-17', name: '김하늘', roles: ['approver'] });
  await stand.local('POST', '/persons', { person: 'p-21', roles: ['auditor'] });
});
afterAll(() => stand?.close());

type Error = { code: string; ko?: string; refusal?: { reason: string } };
type Who = {
  person: string;
  roles: string[];
  session: { id: string; current: boolean };
  actions: Record<string, { allowed: boolean; reason: string | null; text: { ko: string } | null }>;
};

async function signedIn(person: string): Promise<Browser> {
  const browser = stand.browser();
  await browser.signIn(person);
  return browser;
}

const linkOf = async (person: string | null): Promise<string> => {
  const { body } = await stand.local<{ url: string }>('POST', '/sign-in-links', { person });
  return body.url.split('#link=')[1] ?? '';
};

async function evidence(): Promise<{ type: string; text: string }[]> {
  const { rows } = await sql<{ type: string; text: string }>`
    select leaf::jsonb ->> 'type' as type, leaf || payload as text from evidence_outbox`.execute(stand.database.db);
  return rows;
}

describe('a link', () => {
  test('signs its person in once, by POST alone, and says what they may do', async () => {
    const browser = stand.browser();
    const link = await linkOf('p-17');
    expect((await browser.call('GET', `/session/link?link=${link}`)).status).toBe(401);
    const { status, headers } = await browser.call('POST', '/session/link', { link });
    expect(status).toBe(200);
    expect(headers.get('set-cookie')).toMatch(
      /^breakwater-loopback=[\w-]{43}; SameSite=Strict; Expires=[^;]+; Path=\/; HttpOnly$/,
    );
    const who = (await browser.call<Who>('GET', '/session')).body;
    expect(who).toMatchObject({ actor: 'person', person: 'p-17', name: '김하늘', roles: ['approver'] });
    expect(who.actions['plan.decide']).toEqual({ allowed: true, reason: null, text: null });
    expect(who.actions['run.request']).toMatchObject({ allowed: false, reason: 'role-missing' });
    expect(who.actions['run.request']?.text?.ko).toContain('운영 담당자');
    const again = await stand.browser().call<Error>('POST', '/session/link', { link });
    expect([again.status, again.body.code]).toEqual([401, 'link.not-signed-in']);
  });

  test('is over after ten minutes', async () => {
    const link = await linkOf('p-17');
    stand.clock.advance(10 * 60_000);
    expect((await stand.browser().call('POST', '/session/link', { link })).status).toBe(401);
  });

  test('works on the machine of the server only, also behind a proxy on it', async () => {
    const link = await linkOf('p-17');
    const answer = await stand
      .browser()
      .call<Error>('POST', '/session/link', { link }, { 'x-forwarded-for': '10.0.0.9' });
    expect([answer.status, answer.body.code]).toEqual([403, 'link.forbidden']);
    expect((await stand.browser().call('POST', '/session/link', { link })).status).toBe(200);
  });

  test('of two exchanges at once only one succeeds', async () => {
    const link = await linkOf('p-17');
    const answers = await Promise.all([1, 2, 3].map(() => stand.browser().call('POST', '/session/link', { link })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
  });

  test('of the first administrator is there until one has signed in, and on the socket always', async () => {
    const first = { person: null, onlyFirst: true };
    const { body } = await stand.local<{ url: string; person: string }>('POST', '/sign-in-links', first);
    expect(body).toMatchObject({
      person: 'administrator',
      url: expect.stringMatching(/^http:\/\/localhost:\d+\/sign-in#link=/),
    });
    expect((await stand.local('POST', '/sign-in-links', first)).status).toBe(200);
    await (await signedIn('administrator')).call('GET', '/session');
    expect((await stand.local<Error>('POST', '/sign-in-links', first)).body.code).toBe('sign-in.exists');
    expect((await stand.local('POST', '/sign-in-links', { person: null })).status).toBe(200);
  });
});

describe('a session', () => {
  test('ends when it is not used, and after its absolute limit however much it is used', async () => {
    const idle = await signedIn('p-17');
    const busy = await signedIn('p-17');
    for (let minute = 0; minute < 31; minute += 10) {
      stand.clock.advance(10 * 60_000);
      expect((await busy.call('GET', '/session')).status).toBe(200);
    }
    expect((await idle.call('GET', '/session')).status).toBe(401);
    for (let minute = 40; minute < 12 * 60; minute += 20) {
      expect((await busy.call('GET', '/session')).status).toBe(200);
      stand.clock.advance(20 * 60_000);
    }
    expect((await busy.call('GET', '/session')).status).toBe(401);
  });

  test('is among one’s own, and any of them ends at once', async () => {
    const here = await signedIn('p-21');
    const there = await signedIn('p-21');
    const { body } = await here.call<{ sessions: { id: string; current: boolean }[] }>('GET', '/sessions');
    expect(body.sessions.map(({ current }) => current)).toEqual(expect.arrayContaining([false, true]));
    const other = body.sessions.find(({ current }) => !current)?.id;
    expect((await here.call('POST', `/sessions/${other}/end`)).status).toBe(200);
    expect((await there.call('GET', '/session')).status).toBe(401);
    const secret = here.cookie;
    expect((await here.call('POST', '/session/end')).status).toBe(200);
    expect(here.cookie).toBeNull();
    here.cookie = secret;
    expect((await here.call('GET', '/session')).status).toBe(401);
  });

  test('of another person cannot be ended', async () => {
    const mine = await signedIn('p-17');
    const theirs = await signedIn('p-21');
    const { id } = (await theirs.call<Who>('GET', '/session')).body.session;
    expect((await mine.call('POST', `/sessions/${id}/end`)).status).toBe(404);
    expect((await theirs.call('GET', '/session')).status).toBe(200);
  });

  test('knows a role that was taken, and a person who was disabled, at the next request', async () => {
    await stand.local('POST', '/persons', { person: 'p-40', roles: ['operator', 'approver'] });
    const browser = await signedIn('p-40');
    await stand.local('POST', '/persons/p-40/roles/approver/revoke');
    const { body } = await browser.call<Who>('GET', '/session');
    expect(body.roles).toEqual(['operator']);
    expect(body.actions['plan.decide']?.allowed).toBe(false);
    await stand.local('POST', '/persons/p-40/disabled', { disabled: true });
    expect((await browser.call('GET', '/session')).status).toBe(401);
    expect((await stand.local<Error>('POST', '/sign-in-links', { person: 'p-40' })).body.code).toBe('person.disabled');
    await stand.local('POST', '/persons/p-40/disabled', { disabled: false });
    expect((await browser.call('GET', '/session')).status).toBe(401);
  });

  test('is no secret in the database or in the log', async () => {
    const browser = await signedIn('p-17');
    const secret = browser.cookie?.split('=')[1] ?? '';
    const { rows } = await sql<{ text: string }>`select s::text as text from person_session s`.execute(
      stand.database.db,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows) + stand.logged.join()).not.toContain(secret);
    expect(stand.logged.join()).not.toContain('김하늘');
  });
});

describe('a change', () => {
  const from = (headers: object) => async () => {
    const browser = await signedIn('p-21');
    const { status, body } = await browser.call<Error>('POST', '/sessions/all/end', undefined, headers);
    return [status, body?.code];
  };

  test.each([
    ['another origin', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another port', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
    ['an opaque origin', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
  ])('that a page of %s sends is refused', async (_, headers) => {
    expect(await from(headers)()).toEqual([403, 'origin.forbidden']);
  });

  test('with a cookie and without a word of where it comes from is refused', async () => {
    const { cookie } = await signedIn('p-21');
    const answer = await fetch(`${stand.url}/sessions/all/end`, { method: 'POST', headers: { cookie: cookie ?? '' } });
    expect(answer.status).toBe(403);
  });
});

describe('persons', () => {
  test('an administrator registers others, never themselves, and only soon after signing in', async () => {
    await stand.local('POST', '/persons', { person: 'p-50', roles: ['administrator'] });
    const browser = await signedIn('p-50');
    const granted = await browser.call('POST', '/persons', { person: 'p-51', roles: ['operator'] });
    expect(granted).toMatchObject({ status: 200, body: { roles: ['operator'] } });
    const self = await browser.call<Error>('POST', '/persons', { person: 'p-50', roles: ['approver'] });
    expect([self.status, self.body.refusal?.reason]).toEqual([403, 'self']);
    expect(self.body.ko).toMatch(/자신/);
  });

  test('an auditor reads them and changes none', async () => {
    const browser = await signedIn('p-21');
    expect((await browser.call('GET', '/persons')).status).toBe(200);
    const denied = await browser.call<Error>('POST', '/persons', { person: 'p-52' });
    expect([denied.status, denied.body.code, denied.body.refusal?.reason]).toEqual([
      403,
      'request.forbidden',
      'role-missing',
    ]);
  });

  test('the token of the server reads no persons and lets nobody in', async () => {
    const call = (method: string, path: string) =>
      fetch(`${stand.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${serverToken}`, 'content-type': 'application/json' },
        ...(method === 'POST' ? { body: '{}' } : {}),
      });
    expect((await call('GET', '/persons')).status).toBe(403);
    expect((await call('POST', '/sign-in-links')).status).toBe(403);
    expect((await call('GET', '/session')).status).toBe(200);
  });
});

test('everything that happened to persons and sessions is evidence, without a name', async () => {
  const rows = await evidence();
  const types = new Set(rows.map(({ type }) => type));
  expect([...types].toSorted()).toEqual([
    'auth.link-issued',
    'auth.person-disabled',
    'auth.person-registered',
    'auth.role-granted',
    'auth.role-revoked',
    'auth.signed-in',
    'auth.signed-out',
  ]);
  expect(rows.map(({ text }) => text).join()).not.toContain('김하늘');
});
