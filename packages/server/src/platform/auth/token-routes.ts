import { actionNames } from '@breakwater/rules/authority';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, evidenceActorOf, type Http } from '#platform/http';
import type { Change } from './persons.ts';
import type { ApiToken } from './store-tokens.ts';
import { issueToken, listTokens, revokeToken } from './tokens.ts';

const action = z.enum(actionNames);

const tokenAnswer = z
  .object({
    id: z.uuid(),
    label: z.string(),
    scope: z.array(z.string()).describe('Actions that it may do, and no others.'),
    issuedBy: z.string(),
    issuedAt: z.string(),
    expiresAt: z.string(),
    revokedAt: z.string().nullable(),
  })
  .meta({ id: 'ApiToken' });

/** Adds tokens of machines: issuing, reading which there are, revoking. */
export function tokenRoutes(app: Http, { db, config, clock }: Platform): void {
  const { institution } = config;
  const changeOf = (request: FastifyRequest): Change => ({
    institution,
    by: evidenceActorOf(request),
    at: clock.now(),
  });

  app.get(
    '/tokens',
    {
      config: { action: 'token.read' },
      schema: {
        summary: 'API tokens, without their secrets',
        response: { 200: z.object({ tokens: z.array(tokenAnswer) }), ...errorAnswers },
      },
    },
    async () => ({ tokens: (await listTokens(db, institution)).map(tokenBody) }),
  );

  app.post(
    '/tokens',
    {
      config: { action: 'token.change', secret: true },
      schema: {
        summary: 'Issue an API token; its secret is in this answer and nowhere else',
        body: z.strictObject({
          label: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u, '1 to 64 letters, digits, spaces, ._-'),
          scope: z.array(action).min(1).max(actionNames.length),
          days: z.int().min(1).max(366).default(90),
        }),
        response: { 200: z.object({ token: tokenAnswer, secret: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      const { token, secret } = await issueToken(db, changeOf(request), request.body);
      return { token: tokenBody(token), secret };
    },
  );

  app.post(
    '/tokens/:token/revoke',
    {
      config: { action: 'token.change' },
      schema: {
        summary: 'Revoke an API token, at once',
        params: z.object({ token: z.uuid() }),
        response: { 200: z.object({ token: z.uuid() }), ...errorAnswers },
      },
    },
    async (request) => {
      const { token } = request.params;
      await revokeToken(db, changeOf(request), token);
      return { token };
    },
  );
}

function tokenBody({
  id,
  label,
  scope,
  issuedBy,
  issuedAt,
  expiresAt,
  revokedAt,
}: ApiToken): z.infer<typeof tokenAnswer> {
  return {
    id,
    label,
    scope: [...scope],
    issuedBy,
    issuedAt: issuedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
