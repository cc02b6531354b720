import type { FastifyRequest } from 'fastify';
import { stopping, type Actor } from '@breakwater/rules/authority';
import type { Platform } from '#platform';
import { cookieOf } from './cookie.ts';
import { knownRoles } from './persons.ts';
import { isSecret } from './secret-token.ts';
import { sessionOf } from './sessions.ts';
import type { LiveSession } from './store-sessions.ts';
import { tokenOf } from './tokens.ts';

const sessions = new WeakMap<FastifyRequest, LiveSession>();

/** The session of the browser that sent the request; null for machines. */
export function sessionOfRequest(request: FastifyRequest): LiveSession | null {
  return sessions.get(request) ?? null;
}

/** A lever does not wait longer than this for the database to say whose it is. */
const patienceMs = 500;
/** Callers that are remembered for it; the oldest are forgotten. */
const mostRemembered = 1000;

/**
 * Finds out who sends a request, by the cookie of a session or by an API token; null when neither counts. When the
 * database does not answer, whoever it last knew may still stop: a lever waits for no database.
 */
export function identifyCallers(platform: Platform): (request: FastifyRequest) => Promise<Actor | null> {
  const remembered = new Map<string, { actor: Actor; until: number }>();

  function remember(secret: string, actor: Actor | null, until: number): void {
    remembered.delete(secret);
    if (actor === null) return;
    remembered.set(secret, { actor, until });
    const [oldest] = remembered.keys();
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
  }

  return async (request) => {
    const secret = secretOf(request, platform);
    if (secret === null) return null;
    const asked = ask(request, secret, platform).then(({ actor, until }) => {
      remember(secret, actor, until);
      return actor;
    });
    const { action } = request.routeOptions.config;
    if (action === undefined || !stopping.includes(action)) return asked;
    const known = remembered.get(secret);
    const last = known !== undefined && known.until > platform.clock.now().getTime() ? known.actor : null;
    if (last === null) return asked;
    return Promise.race([asked.catch(() => last), later(last)]);
  };
}

/** What the request offers to be known by. */
function secretOf(request: FastifyRequest, { config }: Platform): string | null {
  const bearer = /^Bearer ([\x21-\x7e]{1,256})$/.exec(request.headers.authorization ?? '')?.[1];
  return bearer ?? cookieOf(request, config);
}

async function ask(
  request: FastifyRequest,
  secret: string,
  { db, config, clock }: Platform,
): Promise<{ actor: Actor | null; until: number }> {
  const now = clock.now();
  if (request.headers.authorization !== undefined) {
    const token = await tokenOf(db, config.institution, secret, now);
    return { actor: token === null ? null : { kind: 'token', ...token }, until: now.getTime() + 3_600_000 };
  }
  const session = isSecret(secret) ? await sessionOf(db, config, secret, now) : null;
  if (session === null) return { actor: null, until: 0 };
  sessions.set(request, session);
  const { person, roles, authenticatedAt, expiresAt } = session;
  const actor: Actor = {
    kind: 'person',
    person,
    institution: config.institution,
    roles: knownRoles(roles),
    authenticatedAt: authenticatedAt.getTime(),
  };
  return { actor, until: expiresAt.getTime() };
}

function later(actor: Actor): Promise<Actor> {
  return new Promise((resolve) => setTimeout(resolve, patienceMs, actor).unref());
}
