import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statementBytes, type EnrolmentStatement } from '@breakwater/rules';
import { approvalBytes, countApprovals, type Approval } from '@breakwater/rules/plan';
import { requireModel } from './authenticator-model.ts';
import { keyDigest, listKeys, signatureVerifies } from './index.ts';
import { openAuthStand, type AuthStand, type Browser } from './auth.testing.ts';
import { makeAuthenticator, type Authenticator } from './authenticator.testing.ts';

type Problem = { code: string; detail: string };
type Options = { challenge: string };

let stand: AuthStand;
let origin: string;
beforeAll(async () => {
  stand = await openAuthStand();
  origin = `http://localhost:${new URL(stand.url).port}`;
  for (const person of ['p-1', 'p-2', 'p-3']) await stand.local('POST', '/persons', { person, roles: ['approver'] });
});
afterAll(() => stand?.close());

async function register(browser: Browser, key: Authenticator, where = origin) {
  const { body } = await browser.call<Options>('POST', '/passkeys/options');
  return browser.call<Problem>('POST', '/passkeys', { label: 'a key', response: key.register(body, where) });
}

async function withPasskey(person: string): Promise<{ browser: Browser; key: Authenticator }> {
  const browser = stand.browser();
  await browser.signIn(person);
  const key = makeAuthenticator();
  expect((await register(browser, key)).status).toBe(200);
  return { browser, key };
}

const optionsFor = async (browser: Browser): Promise<Options> =>
  (await browser.call<Options>('POST', '/session/passkey/options')).body;

describe('a passkey', () => {
  test('signs its person in, and takes the place of the session before', async () => {
    const { browser, key } = await withPasskey('p-1');
    const before = browser.cookie;
    const response = key.signIn(await optionsFor(browser), origin);
    expect((await browser.call('POST', '/session/passkey', { response })).status).toBe(200);
    expect((await browser.call('GET', '/session')).body).toMatchObject({
      person: 'p-1',
      session: { method: 'passkey' },
    });
    const old = stand.browser();
    old.cookie = before;
    expect((await old.call('GET', '/session')).status).toBe(401);
    expect((await stand.browser().call<Problem>('POST', '/session/passkey', { response })).body.code).toBe(
      'passkey.not-signed-in',
    );
  });

  test('of a model that the company does not hand out, or that nobody vouches for, is refused where models are named', async () => {
    const [model, other] = ['ee882879-721c-4913-9775-3dfcce97072a', 'fa2b99dc-9e39-4257-8f92-4a30d23c4118'];
    expect(() => requireModel([model], model, 'maker')).not.toThrow();
    expect(() => requireModel([model], other, 'maker')).toThrow(other);
    stand.config.auth.authenticators = [model];
    try {
      const browser = stand.browser();
      await browser.signIn('p-3');
      const { status, body } = await register(browser, makeAuthenticator());
      expect([status, body.code, body.detail]).toEqual([
        400,
        'passkey.model',
        expect.stringContaining('does not attest'),
      ]);
    } finally {
      stand.config.auth.authenticators = [];
    }
  });

  test('made on another site, or by nobody whom the key verified, is refused', async () => {
    const browser = stand.browser();
    await browser.signIn('p-1');
    expect((await register(browser, makeAuthenticator(), 'https://evil.example')).body.code).toBe('passkey.refused');
    const unverified = makeAuthenticator();
    unverified.flags = 0x01;
    expect((await register(browser, unverified)).body.code).toBe('passkey.refused');
  });

  test('signs in nowhere else, without verification, or once it was taken away', async () => {
    const { browser, key } = await withPasskey('p-1');
    const tryIt = async (where: string) => {
      const response = key.signIn(await optionsFor(browser), where);
      return (await stand.browser().call('POST', '/session/passkey', { response })).status;
    };
    expect(await tryIt('https://evil.example')).toBe(401);
    key.flags = 0x01;
    expect(await tryIt(origin)).toBe(401);
    key.flags = 0x05;
    expect(await tryIt(origin)).toBe(200);
    expect((await browser.call('POST', `/passkeys/${key.credential}/remove`)).status).toBe(200);
    expect(await tryIt(origin)).toBe(401);
  });
});

describe('a decision by passkey', () => {
  const planHash = `sha256:${'a'.repeat(64)}`;
  const place = () => ({ rpId: 'localhost', origin });
  const keyOf = (key: Authenticator): string => keyDigest(key.publicKey, place());

  function enrolment(person: string, key: Authenticator, enrolledBy: string): EnrolmentStatement {
    return {
      schema: 'breakwater.enrolment/1',
      institution: 'hanbit-bank',
      person,
      role: 'approver',
      publicKey: key.publicKey,
      webauthn: place(),
      enrolledBy,
      from: '2026-01-01T00:00:00Z',
      to: '2099-01-01T00:00:00Z',
      nonce: randomBytes(16).toString('hex'),
    };
  }

  function signedEnrolment(person: string, key: Authenticator, by: string, their: Authenticator) {
    const statement = enrolment(person, key, by);
    const bytes = statementBytes(statement);
    return {
      statement,
      enroller: { key: keyOf(their), ...their.decide(bytes, origin) },
      possession: key.decide(bytes, origin),
    };
  }

  function approval(person: string, key: Authenticator, of = planHash): Approval {
    const decision = {
      planHash: of,
      decision: 'approve' as const,
      person,
      role: 'approver',
      at: stand.clock.now().toISOString(),
      expires: '2099-01-01T00:00:00Z',
      nonce: randomBytes(16).toString('hex'),
    };
    const signed = key.decide(approvalBytes(decision), origin);
    return { schema: 'breakwater.approval/1', ...decision, key: keyOf(key), ...signed };
  }

  const [one, two, three] = [makeAuthenticator(), makeAuthenticator(), makeAuthenticator()];

  test('takes a key that a second person enrolled: two found each other, the third is proposed and confirmed', async () => {
    const founders = [signedEnrolment('p-1', one, 'p-2', two), signedEnrolment('p-2', two, 'p-1', one)];
    expect((await stand.local('POST', '/keys/founding', { founders })).status).toBe(200);
    const browser = stand.browser();
    await browser.signIn('p-3');
    const { enroller, ...proposal } = signedEnrolment('p-3', three, 'p-1', one);
    expect((await browser.call('POST', '/keys/proposals', proposal)).status).toBe(200);
    const { body } = await browser.call<{ proposals: { statement: object; possession: object }[] }>(
      'GET',
      '/keys/proposals',
    );
    const [waiting] = body.proposals;
    expect(waiting?.statement).toEqual(proposal.statement);
    const alone = {
      ...proposal,
      enroller: { key: keyOf(three), ...three.decide(statementBytes(proposal.statement), origin) },
    };
    expect((await browser.call<Problem>('POST', '/keys', alone)).body.code).toBe('key.not-enrolled');
    const confirmer = stand.browser();
    await confirmer.signIn('p-1');
    const confirmed = await confirmer.call('POST', '/keys', { ...proposal, enroller });
    expect(confirmed).toMatchObject({ status: 200, body: { person: 'p-3', webauthn: place() } });
    expect((await browser.call<{ proposals: unknown[] }>('GET', '/keys/proposals')).body.proposals).toEqual([]);
  });

  test('counts for two persons, and never for the author', async () => {
    const keys = await listKeys(stand.database.db, 'hanbit-bank');
    const tally = (author: string, ...approvals: Approval[]) =>
      countApprovals({ hash: planHash, author }, approvals, keys, stand.clock.now().getTime(), signatureVerifies);
    const approved = tally('p-9', approval('p-1', one), approval('p-2', two), approval('p-3', three));
    expect(approved.faults).toEqual([]);
    expect(approved.approvedBy.map(({ person }) => person)).toEqual(['p-1', 'p-2', 'p-3']);
    expect(tally('p-1', approval('p-1', one)).faults).toEqual([{ index: 0, fault: 'author' }]);
    const forOther = { ...approval('p-1', one, `sha256:${'b'.repeat(64)}`), planHash };
    const plain = approval('p-1', one);
    const wrong = [
      forOther,
      { ...plain, key: keyOf(two), person: 'p-2' },
      { ...plain, webauthn: undefined },
      { ...plain, expires: '2098-01-01T00:00:00Z' },
    ];
    for (const faulty of wrong) expect(tally('p-9', faulty).faults).toMatchObject([{ fault: 'bad-signature' }]);
    one.flags = 0x0d;
    expect(tally('p-9', approval('p-1', one)).faults).toMatchObject([{ fault: 'bad-signature' }]);
    one.flags = 0x05;
  });

  test('with a key whose passkey leaves its device enrols nobody', async () => {
    const synced = makeAuthenticator();
    synced.flags = 0x0d;
    const answer = await stand.local<Problem>('POST', '/keys', signedEnrolment('p-4', synced, 'p-1', one));
    expect(answer.body.code).toBe('key.assertion');
    expect(answer.body.detail).toContain('key-leaves-its-device');
  });
});
