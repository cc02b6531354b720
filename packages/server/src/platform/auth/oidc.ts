import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BreakwaterError } from '@breakwater/rules';
import { identityLinked, identityUnlinked } from '@breakwater/rules/authority/record';
import * as client from 'openid-client';
import type { Config } from '#platform/config';
import { inTransaction, type Db } from '#platform/db';
import type { Log } from '#platform/telemetry';
import { requirePerson, tell, type Change } from './persons.ts';
import { newSecret, secretHash } from './secret-token.ts';
import { beginSession, type Begun } from './sessions.ts';
import {
  deleteIdentity,
  insertIdentity,
  insertOidcRequest,
  personOfIdentity,
  takeOidcRequest,
  type Identity,
} from './store-identities.ts';

/** How long a person has at the identity provider. */
const requestLifeMs = 10 * 60_000;
/** How old a sign-in may be that was asked to be a new one. */
const freshSeconds = 300;

/** The company's identity provider: OpenID Connect, authorization code with PKCE. */
export interface IdentityProvider {
  /** Where the browser goes, and what it keeps so that nobody else's answer is taken. `again`: the person shows anew who they are. */
  start(redirectUri: string, again: boolean, now: Date): Promise<{ url: string; state: string }>;
  /** Takes the answer. Throws BreakwaterError `oidc.*`. */
  finish(answer: {
    url: string;
    state: string | null;
    agent: string;
    at: Date;
    replaces: string | null;
  }): Promise<Begun>;
}

/** The identity provider of the settings, or null when there is none. It is asked for its addresses when first needed. */
export function identityProvider(db: Db, config: Config, log: Log): IdentityProvider | null {
  const { oidc } = config.auth;
  const { institution } = config;
  const { issuer, clientId } = oidc;
  if (issuer === undefined || clientId === undefined) return null;
  let known: Promise<client.Configuration> | null = null;

  async function discover(server: string, id: string): Promise<client.Configuration> {
    const secret = (await readFile(resolve(config.dataDir, oidc.clientSecretFile), 'utf8')).trim();
    const execute = server.startsWith('http://') ? [client.allowInsecureRequests] : [];
    return client.discovery(new URL(server), id, secret, undefined, { execute, timeout: 10 });
  }

  /** What is known of the provider; a failure is forgotten, so that the next sign-in asks again. */
  async function provider(): Promise<client.Configuration> {
    known ??= discover(issuer ?? '', clientId ?? '');
    try {
      return await known;
    } catch (error) {
      known = null;
      log.error({ error }, 'the identity provider cannot be asked');
      throw new BreakwaterError('oidc.unavailable', 'the identity provider cannot be reached: use a passkey or a link');
    }
  }

  return {
    async start(redirectUri, again, now) {
      const server = await provider();
      const [codeVerifier, nonce, state] = [client.randomPKCECodeVerifier(), client.randomNonce(), newSecret()];
      const maxAge = again ? 0 : oidc.maxAgeSeconds;
      const expiresAt = new Date(now.getTime() + requestLifeMs);
      await insertOidcRequest(db, institution, secretHash(state), { codeVerifier, nonce, maxAge, expiresAt });
      const url = client.buildAuthorizationUrl(server, {
        redirect_uri: redirectUri,
        scope: 'openid',
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        state,
        nonce,
        max_age: String(maxAge),
        ...(oidc.acr === undefined ? {} : { acr_values: oidc.acr }),
      });
      return { url: url.href, state };
    },
    async finish({ url, state, agent, at, replaces }) {
      const request = state === null ? null : await takeOidcRequest(db, institution, secretHash(state), at);
      if (state === null || request === null) {
        throw refused('it was not begun in this browser, or is over: sign in again');
      }
      const tokens = await client
        .authorizationCodeGrant(await provider(), new URL(url), {
          pkceCodeVerifier: request.codeVerifier,
          expectedState: state,
          expectedNonce: request.nonce,
          idTokenExpected: true,
          maxAge: Math.max(request.maxAge, freshSeconds),
        })
        .catch((error: unknown) => {
          log.warn({ error }, 'the identity provider’s answer was refused');
          throw refused('the answer of the identity provider is not good');
        });
      const claims = tokens.claims();
      if (claims === undefined) throw refused('the identity provider did not say who signed in');
      if (oidc.acr !== undefined && claims['acr'] !== oidc.acr) {
        throw refused(`the identity provider did not ask for enough: ${oidc.acr} is needed`);
      }
      return inTransaction(db, async (tx) => {
        const person = await personOfIdentity(tx, institution, claims.iss, claims.sub);
        if (person === null) throw refused('nobody here is linked to this account: ask an administrator');
        const authenticatedAt = new Date((claims.auth_time ?? 0) * 1000);
        return beginSession(tx, config, { person, method: 'oidc', agent, at, replaces, authenticatedAt });
      });
    },
  };
}

/** Links an account at an identity provider to a person. Throws BreakwaterError `identity.exists`, `person.not-found`. */
export async function linkIdentity(db: Db, change: Change, identity: Identity): Promise<void> {
  const { institution, by, at } = change;
  const { issuer, person } = identity;
  await inTransaction(db, async (tx) => {
    await requirePerson(tx, institution, person);
    if (!(await insertIdentity(tx, institution, identity, { by: by.id, at }))) {
      throw new BreakwaterError('identity.exists', 'this account is linked already: unlink it first', '/subject');
    }
    await tell(tx, change, person, identityLinked, { person, issuer, by: by.id });
  });
}

/** Takes such a link away. Throws BreakwaterError `identity.not-found`. */
export async function unlinkIdentity(db: Db, change: Change, issuer: string, subject: string): Promise<void> {
  const { institution, by } = change;
  await inTransaction(db, async (tx) => {
    const person = await deleteIdentity(tx, institution, issuer, subject);
    if (person === null) throw new BreakwaterError('identity.not-found', 'this account is not linked', '/subject');
    await tell(tx, change, person, identityUnlinked, { person, issuer, by: by.id });
  });
}

function refused(why: string): BreakwaterError {
  return new BreakwaterError('oidc.not-signed-in', `the sign-in was not taken: ${why}`);
}
