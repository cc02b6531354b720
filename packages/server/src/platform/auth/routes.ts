import { enrolmentStatement, revocationStatement, signature, signedValue } from '@breakwater/rules';
import { keysSchema } from '@breakwater/rules/review';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { enrolKey, exportKeys, foundKeys, listKeys, revokeKey } from './keys.ts';
import { breakGlassRoutes } from './break-glass-routes.ts';
import { oidcRoutes } from './oidc-routes.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import { personRoutes } from './person-routes.ts';
import { tokenRoutes } from './token-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { watchStreams } from './watch-streams.ts';

const signedEnrolment = z
  .strictObject({
    statement: enrolmentStatement,
    enroller: signature.describe('By the person who enrols.'),
    possession: z
      .union([z.base64().length(88), z.strictObject(signedValue)])
      .describe('By the key that is enrolled: shows that the person holds it. Of a passkey with its assertion.'),
  })
  .meta({ id: 'SignedEnrolment' });

const keyAnswer = z
  .object({
    key: z.string(),
    person: z.string(),
    role: z.string(),
    publicKey: z.string(),
    webauthn: z.object({ rpId: z.string(), origin: z.string() }).nullable().describe('Where a passkey answers.'),
    enrolledBy: z.string(),
    from: z.string(),
    to: z.string(),
    revokedAt: z.string().nullable(),
    revokedBy: z.string().nullable(),
  })
  .meta({ id: 'OperatorKey' });

const keysAnswer = z.object({ keys: z.array(keyAnswer) });

/** Adds sessions, persons, tokens, passkeys, and operator keys: the founding ceremony, enrolment, revocation, and the list for verifiers. */
export function authRoutes(app: Http, platform: Platform): void {
  const { db, config, clock } = platform;
  const { institution } = config;
  sessionRoutes(app, platform);
  personRoutes(app, platform);
  tokenRoutes(app, platform);
  passkeyRoutes(app, platform);
  oidcRoutes(app, platform);
  breakGlassRoutes(app, platform);
  watchStreams(app, platform);

  app.get(
    '/keys',
    {
      config: { action: 'read' },
      schema: { summary: 'Operator keys', response: { 200: keysAnswer, ...errorAnswers } },
    },
    async () => ({ keys: await listKeys(db, institution) }),
  );

  app.get(
    '/keys/export',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Operator keys as a verifier takes them (breakwater.keys/1)',
        response: { 200: keysSchema, ...errorAnswers },
      },
    },
    async () => exportKeys(db, institution),
  );

  app.post(
    '/keys/founding',
    {
      config: { action: 'key.found', signed: true },
      schema: {
        summary: 'Found the keys of an institution that has none: two persons enrol each other',
        body: z.strictObject({ founders: z.tuple([signedEnrolment, signedEnrolment]) }),
        response: { 200: keysAnswer, ...errorAnswers },
      },
    },
    async (request) => {
      return { keys: await foundKeys(db, institution, request.body.founders, clock.now()) };
    },
  );

  app.post(
    '/keys',
    {
      config: { action: 'key.enrol', signed: true },
      schema: {
        summary: 'Enrol a key',
        description: 'The signature of an enrolled second person is the permission.',
        body: signedEnrolment,
        response: { 200: keyAnswer, ...errorAnswers },
      },
    },
    async (request) => enrolKey(db, institution, request.body, clock.now()),
  );

  app.post(
    '/keys/revocations',
    {
      config: { action: 'key.revoke', signed: true },
      schema: {
        summary: 'Revoke a key',
        description: 'The signature of any enrolled person is the permission.',
        body: z.strictObject({ statement: revocationStatement, signature }),
        response: { 200: z.object({ key: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      const { statement, signature: by } = request.body;
      await revokeKey(db, institution, statement, by, clock.now());
      return { key: statement.key };
    },
  );
}
