import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { BreakwaterError, enrolmentStatement, signedValue } from '@breakwater/rules';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, evidenceActorOf, type Http } from '#platform/http';
import { cookieOf, setCookie } from './cookie.ts';
import { sessionOfRequest } from './identify.ts';
import {
  listPasskeys,
  registerPasskey,
  registrationOptions,
  removePasskey,
  signInOptions,
  signInWithPasskey,
} from './passkeys.ts';
import { requirePerson, type Change } from './persons.ts';
import { consolePlace } from './place.ts';
import { listProposals, proposeKey } from './proposals.ts';
import type { Passkey } from './store-passkeys.ts';

const passkeyAnswer = z
  .object({
    credential: z.string().describe('base64url, as browsers name it.'),
    key: z.string().describe('How it is named once it is an operator key.'),
    publicKey: z.string(),
    webauthn: z.object({ rpId: z.string(), origin: z.string() }),
    label: z.string(),
    synced: z.boolean().describe('Its key leaves its device: it signs in, and decides nothing.'),
    registeredAt: z.string(),
    lastUsedAt: z.string().nullable(),
  })
  .meta({ id: 'Passkey' });

/** What a browser answers, as far as it is looked at before the library reads it. */
const fromBrowser = z.looseObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,1400}$/, 'base64url'),
  rawId: z.string().max(1400),
  type: z.literal('public-key'),
  response: z.looseObject({ clientDataJSON: z.string().max(8192) }),
});

const forBrowser = z.looseObject({ challenge: z.string() }).describe('For `navigator.credentials`, in JSON.');

const proposalAnswer = z
  .object({
    statement: enrolmentStatement,
    possession: z.object(signedValue),
    proposedAt: z.string(),
  })
  .meta({ id: 'KeyProposal' });

/** Adds passkeys: registering, signing in with one, and proposing one as an operator key. */
export function passkeyRoutes(app: Http, { db, config, clock }: Platform): void {
  const { institution } = config;
  const changeOf = (request: FastifyRequest): Change => ({
    institution,
    by: evidenceActorOf(request),
    at: clock.now(),
  });

  app.get(
    '/passkeys',
    {
      config: { action: 'session.own' },
      schema: {
        summary: 'One’s own passkeys',
        response: { 200: z.object({ passkeys: z.array(passkeyAnswer) }), ...errorAnswers },
      },
    },
    async (request) => ({
      passkeys: (await listPasskeys(db, institution, personOf(request))).map(passkeyBody),
    }),
  );

  app.post(
    '/passkeys/options',
    {
      config: { action: 'passkey.register', secret: true },
      schema: { summary: 'What a browser needs to make a passkey', response: { 200: forBrowser, ...errorAnswers } },
    },
    async (request) => {
      const person = await requirePerson(db, institution, personOf(request));
      return { ...(await registrationOptions(db, changeOf(request), consolePlace(app, config), person)) };
    },
  );

  app.post(
    '/passkeys',
    {
      config: { action: 'passkey.register' },
      schema: {
        summary: 'Register the passkey that a browser made',
        body: z.strictObject({ label: z.string().min(1).max(64), response: fromBrowser }),
        response: { 200: passkeyAnswer, ...errorAnswers },
      },
    },
    async (request) => {
      const { label, response } = request.body;
      const made = { person: personOf(request), label, response: response as unknown as RegistrationResponseJSON };
      return passkeyBody(
        await registerPasskey(db, changeOf(request), consolePlace(app, config), made, config.auth.authenticators),
      );
    },
  );

  app.post(
    '/passkeys/:credential/remove',
    {
      config: { action: 'session.own' },
      schema: {
        summary: 'Take one of one’s own passkeys away',
        params: z.object({ credential: z.string().regex(/^[A-Za-z0-9_-]{1,1400}$/) }),
        response: { 200: z.object({ credential: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      const { credential } = request.params;
      await removePasskey(db, changeOf(request), personOf(request), credential);
      return { credential };
    },
  );

  app.post(
    '/session/passkey/options',
    {
      config: { open: true, rateLimit: { max: 60, timeWindow: 60_000 } },
      schema: {
        summary: 'What a browser needs to sign in with a passkey',
        response: { 200: forBrowser, ...errorAnswers },
      },
    },
    async () => ({ ...(await signInOptions(db, config, consolePlace(app, config), clock.now())) }),
  );

  app.post(
    '/session/passkey',
    {
      config: { open: true, rateLimit: { max: 60, timeWindow: 60_000 } },
      schema: {
        summary: 'Sign in with a passkey; signing in again takes the place of the session before',
        body: z.strictObject({ response: fromBrowser }),
        response: { 200: z.object({ person: z.string(), expiresAt: z.string() }), ...errorAnswers },
      },
    },
    async (request, reply) => {
      const begun = await signInWithPasskey(db, config, consolePlace(app, config), {
        response: request.body.response as unknown as AuthenticationResponseJSON,
        agent: request.headers['user-agent'] ?? '',
        at: clock.now(),
        replaces: cookieOf(request, config),
      });
      setCookie(reply, config, begun.secret, begun.expiresAt);
      return { person: begun.person, expiresAt: begun.expiresAt.toISOString() };
    },
  );

  app.get(
    '/keys/proposals',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Keys that wait for a second person to enrol them',
        response: { 200: z.object({ proposals: z.array(proposalAnswer) }), ...errorAnswers },
      },
    },
    async () => ({
      proposals: (await listProposals(db, institution)).map(({ statement, possession, proposedAt }) => ({
        statement,
        possession,
        proposedAt: proposedAt.toISOString(),
      })),
    }),
  );

  app.post(
    '/keys/proposals',
    {
      config: { action: 'key.propose', signed: true },
      schema: {
        summary: 'Propose one’s own key; the person whom the statement names enrols it with `POST /keys`',
        body: z.strictObject({ statement: enrolmentStatement, possession: z.strictObject(signedValue) }),
        response: { 200: z.object({ key: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      const { statement } = request.body;
      if (statement.person !== personOf(request)) {
        throw new BreakwaterError('key.not-theirs', 'one proposes a key of one’s own', '/statement/person');
      }
      return { key: await proposeKey(db, institution, { ...request.body, proposedAt: clock.now() }) };
    },
  );
}

function personOf(request: FastifyRequest): string {
  const session = sessionOfRequest(request);
  if (session !== null) return session.person;
  throw new BreakwaterError('request.not-signed-in', 'only a person who signed in has passkeys');
}

function passkeyBody(passkey: Passkey): z.infer<typeof passkeyAnswer> {
  const { credential, key, publicKey, rpId, origin, label, isSynced, registeredAt, lastUsedAt } = passkey;
  return {
    credential,
    key,
    publicKey,
    webauthn: { rpId, origin },
    label,
    synced: isSynced,
    registeredAt: registeredAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
