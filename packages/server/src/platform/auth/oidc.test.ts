import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAuthStand, type AuthStand } from './auth.testing.ts';
import { clientId, clientSecret, goWhereSent, openProvider, type TestProvider } from './identity-provider.testing.ts';

let stand: AuthStand;
let provider: TestProvider;
/** The console's address is fixed before either server listens, so the provider can know it. */
const origin = 'https://breakwater.bank.example';
const callback = `${origin}/v1/session/oidc/callback`;

beforeAll(async () => {
  provider = await openProvider(() => callback);
  stand = await openAuthStand({
    'http.publicUrl': origin,
    'auth.oidc.issuer': provider.issuer,
    'auth.oidc.clientId': clientId,
    'auth.oidc.acr': 'urn:bank:two-factors',
  });
  mkdirSync(join(stand.config.dataDir, 'keys'), { recursive: true });
  writeFileSync(join(stand.config.dataDir, 'keys/oidc.secret'), `${clientSecret}\n`, { mode: 0o600 });
  await stand.local('POST', '/persons', { person: 'p-17', roles: ['approver'] });
  const account = { issuer: provider.issuer, subject: 'account-17' };
  expect((await stand.local('POST', '/persons/p-17/identities', account)).status).toBe(200);
});
afterAll(async () => {
  await stand?.close();
  provider?.close();
});

/** Begins a sign-in, lets the provider do its part, and says where the browser is sent back to and what it holds. */
async function atProvider(again = ''): Promise<{ answer: string; state: string }> {
  const begun = await fetch(`${stand.url}/session/oidc${again}`, { redirect: 'manual' });
  const [line = ''] = begun.headers.getSetCookie();
  expect(line).toMatch(/^__Host-breakwater-state=[\w-]{43}; SameSite=Lax; Max-Age=600; Path=\/; HttpOnly; Secure$/);
  const answer = await goWhereSent(begun.headers.get('location') ?? '', callback);
  return { answer, state: line.split(';')[0] ?? '' };
}

const comeBack = (answer: string, cookie: string): Promise<Response> =>
  fetch(answer.replace(`${origin}/v1`, stand.url), { headers: { cookie }, redirect: 'manual' });

async function codeOf(answer: Response): Promise<[number, string]> {
  return [answer.status, ((await answer.json()) as { code: string }).code];
}

describe('the identity provider', () => {
  test('signs in whom an administrator linked, with a cookie that only a page of ours sends', async () => {
    const { answer, state } = await atProvider();
    const back = await comeBack(answer, state);
    expect([back.status, await back.text()]).toEqual([200, expect.stringContaining('url=/')]);
    const cookies = back.headers.getSetCookie();
    expect(cookies[0]).toMatch(/^__Host-breakwater-state=; SameSite=Lax; Max-Age=0/);
    expect(cookies[1]).toMatch(/^__Host-breakwater=[\w-]{43}; SameSite=Strict; .*; Secure$/);
    const session = await fetch(`${stand.url}/session`, { headers: { cookie: cookies[1]?.split(';')[0] ?? '' } });
    expect(await session.json()).toMatchObject({ person: 'p-17', session: { method: 'oidc' } });
  });

  test('answers once, and to the browser that asked', async () => {
    const { answer, state } = await atProvider();
    expect(await codeOf(await comeBack(answer, ''))).toEqual([401, 'oidc.not-signed-in']);
    const another = await atProvider();
    expect(await codeOf(await comeBack(answer, another.state))).toEqual([401, 'oidc.not-signed-in']);
    expect((await comeBack(answer, state)).status).toBe(200);
    expect(await codeOf(await comeBack(answer, state))).toEqual([401, 'oidc.not-signed-in']);
  });

  test('is not believed when its answer was changed, is over, or asked for too little', async () => {
    const changed = await atProvider();
    expect((await comeBack(changed.answer.replace(/code=[^&]+/, 'code=of-somebody-else'), changed.state)).status).toBe(
      401,
    );
    const late = await atProvider();
    stand.clock.advance(10 * 60_000);
    expect((await comeBack(late.answer, late.state)).status).toBe(401);
    provider.who.acr = 'urn:bank:password';
    const weak = await atProvider();
    expect((await comeBack(weak.answer, weak.state)).status).toBe(401);
    provider.who.acr = 'urn:bank:two-factors';
  });

  test('signs in nobody whom no one linked', async () => {
    provider.who.subject = 'account-of-a-stranger';
    const { answer, state } = await atProvider();
    expect(await codeOf(await comeBack(answer, state))).toEqual([401, 'oidc.not-signed-in']);
    provider.who.subject = 'account-17';
    const account = { issuer: provider.issuer, subject: 'account-17' };
    expect((await stand.local('POST', '/identities/unlink', account)).status).toBe(200);
    const unlinked = await atProvider();
    expect((await comeBack(unlinked.answer, unlinked.state)).status).toBe(401);
    await stand.local('POST', '/persons/p-17/identities', account);
  });

  test('is asked anew when the person shall show who they are again', async () => {
    const begun = await fetch(`${stand.url}/session/oidc?again=yes`, { redirect: 'manual' });
    const asked = new URL(begun.headers.get('location') ?? '');
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      max_age: '0',
      acr_values: 'urn:bank:two-factors',
      code_challenge_method: 'S256',
      response_type: 'code',
    });
  });
});
