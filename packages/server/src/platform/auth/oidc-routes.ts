import type { FastifyReply, FastifyRequest } from 'fastify';
import { BreakwaterError } from '@breakwater/rules';
import { z } from 'zod';
import type { Platform } from '#platform';
import { apiVersion, errorAnswers, evidenceActorOf, type Http } from '#platform/http';
import { clearStateCookie, cookieOf, setCookie, setStateCookie, stateCookieOf } from './cookie.ts';
import { identityProvider, linkIdentity, unlinkIdentity, type IdentityProvider } from './oidc.ts';
import { pseudonym } from './person-routes.ts';
import type { Change } from './persons.ts';
import { consolePlace } from './place.ts';

const identity = {
  issuer: z.url({ protocol: /^https?$/ }).max(300),
  subject: z.string().min(1).max(255).describe('What the identity provider calls the person (`sub`).'),
};

const callback = '/session/oidc/callback';
const perMinute = { max: 60, timeWindow: 60_000 };

/**
 * A page that goes on to the console. Not a redirect: the browser came from another site, and would not send the
 * cookie of the session (SameSite=Strict) along a chain that began there.
 */
const onward = '<!doctype html><meta http-equiv="refresh" content="0; url=/"><title>Breakwater</title>';

/** Adds signing in at the company's identity provider, and linking its accounts to persons. */
export function oidcRoutes(app: Http, { db, config, clock, log }: Platform): void {
  const { institution } = config;
  const provider = identityProvider(db, config, log);
  const redirectUri = (): string => `${consolePlace(app, config).origin}${apiVersion}${callback}`;
  const changeOf = (request: FastifyRequest): Change => ({
    institution,
    by: evidenceActorOf(request),
    at: clock.now(),
  });

  app.get(
    '/session/oidc',
    {
      config: { open: true, rateLimit: perMinute },
      schema: {
        summary: 'Go to the identity provider to sign in (302)',
        querystring: z.strictObject({ again: z.literal('yes').optional() }),
        response: errorAnswers,
      },
    },
    async (request, reply) => {
      const again = request.query.again === 'yes';
      const { url, state } = await requireProvider(provider).start(redirectUri(), again, clock.now());
      setStateCookie(reply, config, state);
      return reply.redirect(url, 302);
    },
  );

  app.get(
    callback,
    {
      config: { open: true, rateLimit: perMinute },
      schema: { summary: 'Where the identity provider sends the browser back to', response: errorAnswers },
    },
    async (request, reply) => {
      const begun = await requireProvider(provider).finish({
        url: `${redirectUri()}?${request.url.split('?')[1] ?? ''}`,
        state: stateCookieOf(request, config),
        agent: request.headers['user-agent'] ?? '',
        at: clock.now(),
        replaces: cookieOf(request, config),
      });
      clearStateCookie(reply, config);
      setCookie(reply, config, begun.secret, begun.expiresAt);
      return sendOnward(reply);
    },
  );

  app.post(
    '/persons/:person/identities',
    {
      config: { action: 'person.change' },
      schema: {
        summary: 'Link an account at the identity provider to a person',
        params: z.object({ person: pseudonym }),
        body: z.strictObject(identity),
        response: { 200: z.object({ person: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      const { person } = request.params;
      await linkIdentity(db, changeOf(request), { ...request.body, person });
      return { person };
    },
  );

  app.post(
    '/identities/unlink',
    {
      config: { action: 'person.change' },
      schema: {
        summary: 'Take such a link away',
        body: z.strictObject(identity),
        response: { 200: z.object({ unlinked: z.literal(true) }), ...errorAnswers },
      },
    },
    async (request) => {
      await unlinkIdentity(db, changeOf(request), request.body.issuer, request.body.subject);
      return { unlinked: true as const };
    },
  );
}

function requireProvider(provider: IdentityProvider | null): IdentityProvider {
  if (provider !== null) return provider;
  throw new BreakwaterError('oidc.not-found', 'no identity provider is set: see the settings auth.oidc');
}

async function sendOnward(reply: FastifyReply): Promise<FastifyReply> {
  return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(onward);
}
