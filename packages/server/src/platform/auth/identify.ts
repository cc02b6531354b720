import type { FastifyRequest } from 'fastify';
import type { Actor } from '@breakwater/rules/authority';
import type { Platform } from '#platform';
import { cookieOf } from './cookie.ts';
import { knownRoles } from './persons.ts';
import { sessionOf } from './sessions.ts';
import type { LiveSession } from './store-sessions.ts';
import { isSecret } from './secret-token.ts';

const sessions = new WeakMap<FastifyRequest, LiveSession>();

/** The session of the browser that sent the request; null for machines. */
export function sessionOfRequest(request: FastifyRequest): LiveSession | null {
  return sessions.get(request) ?? null;
}

/** Finds out which person sends a request by the cookie of their session; null when it has none that is open. */
export function identifySessions({ db, config, clock }: Platform): (request: FastifyRequest) => Promise<Actor | null> {
  return async (request) => {
    const secret = cookieOf(request, config);
    if (secret === null || !isSecret(secret)) return null;
    const session = await sessionOf(db, config, secret, clock.now());
    if (session === null) return null;
    sessions.set(request, session);
    return {
      kind: 'person',
      person: session.person,
      institution: config.institution,
      roles: knownRoles(session.roles),
      authenticatedAt: session.authenticatedAt.getTime(),
    };
  };
}
