import { BreakwaterError } from '@breakwater/rules';
import { actionNames, denialText, permissionsOf, roleNames, type Permission } from '@breakwater/rules/authority';
import { signInMethods } from '@breakwater/rules/authority/record';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Platform } from '#platform';
import { actorOf, evidenceActorOf, requirePermission, errorAnswers, type Http } from '#platform/http';
import { clearCookie, cookieOf, setCookie } from './cookie.ts';
import { sessionOfRequest } from './identify.ts';
import { isFromLoopback } from './loopback.ts';
import { pseudonym } from './person-routes.ts';
import { knownRoles, requirePerson } from './persons.ts';
import { consolePlace } from './place.ts';
import { isSecret } from './secret-token.ts';
import { endSession, exchangeLink, firstLink, issueLink, listSessions } from './sessions.ts';
import type { LiveSession } from './store-sessions.ts';

const text = z.object({ ko: z.string(), en: z.string() });

const permissionAnswer = z.object({
  allowed: z.boolean(),
  reason: z.string().nullable().describe('Why not: an arm of the denials; null when allowed.'),
  text: text.nullable().describe('Why not, for a person.'),
});

const sessionAnswer = z
  .object({
    id: z.uuid(),
    method: z.enum(signInMethods),
    beganAt: z.string(),
    authenticatedAt: z.string().describe('When the person last showed who they are.'),
    lastUsedAt: z.string(),
    idleEnds: z.string().describe('When it ends if it is not used.'),
    expiresAt: z.string().describe('When it ends however much it is used.'),
    agent: z.string().describe('What the browser called itself.'),
    current: z.boolean(),
  })
  .meta({ id: 'SignInSession' });

const whoAnswer = z
  .object({
    actor: z.enum(['machine', 'token', 'person']),
    institution: z.string(),
    person: z.string().nullable().describe('Pseudonym.'),
    name: z.string().nullable(),
    roles: z.array(z.enum(roleNames)),
    session: sessionAnswer.nullable(),
    actions: z
      .record(z.enum(actionNames), permissionAnswer)
      .describe('What they may do, before any one thing is looked at: a state or an author may still forbid it.'),
  })
  .meta({ id: 'Session' });

const linkAnswer = z
  .object({
    person: z.string(),
    url: z.string().describe('Open it in a browser on the machine of the server. It works once.'),
    expiresAt: z.string(),
  })
  .meta({ id: 'SignInLink' });

/** Adds signing in by a link, the session, and signing out. */
export function sessionRoutes(app: Http, { db, config, clock }: Platform): void {
  const { institution } = config;

  app.get(
    '/session',
    {
      config: { action: 'session.read' },
      schema: {
        summary: 'Who the caller is, and what they may do',
        description: 'Answers 401 when nobody has signed in.',
        response: { 200: whoAnswer, ...errorAnswers },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const now = clock.now();
      const session = sessionOfRequest(request);
      const permissions = permissionsOf(actor, {}, { now: now.getTime(), signed: true });
      const person = actor.kind === 'person' ? await requirePerson(db, institution, actor.person) : null;
      const actions = Object.fromEntries(
        actionNames.map((name) => [name, permissionBody(permissions[name])]),
      ) as Record<(typeof actionNames)[number], z.infer<typeof permissionAnswer>>;
      return {
        actor: actor.kind,
        institution,
        person: person?.person ?? null,
        name: person?.name ?? null,
        roles: knownRoles(person?.roles ?? []),
        session: session === null ? null : sessionBody(session, request),
        actions,
      };
    },
  );

  app.post(
    '/session/link',
    {
      config: { open: true, rateLimit: { max: 60, timeWindow: 60_000 } },
      schema: {
        summary: 'Sign in with a one-time link; answers with the cookie of the session',
        body: z.strictObject({ link: z.string().max(128).describe('What stands after `#link=` in the address.') }),
        response: { 200: z.object({ person: z.string(), expiresAt: z.string() }), ...errorAnswers },
      },
    },
    async (request, reply) => {
      if (config.auth.links === 'loopback' && !isFromLoopback(request)) {
        throw new BreakwaterError(
          'link.forbidden',
          'links are for a browser on the machine of the server: open it there, or set auth.links',
        );
      }
      const { link } = request.body;
      if (!isSecret(link)) throw new BreakwaterError('link.not-a-link', 'this is no link of ours', '/link');
      const agent = request.headers['user-agent'] ?? '';
      const begun = await exchangeLink(db, config, link, {
        agent,
        at: clock.now(),
        replaces: cookieOf(request, config),
      });
      setCookie(reply, config, begun.secret, begun.expiresAt);
      return { person: begun.person, expiresAt: begun.expiresAt.toISOString() };
    },
  );

  app.post(
    '/session/end',
    {
      config: { action: 'session.own' },
      schema: {
        summary: 'Sign out',
        response: { 200: z.object({ ended: z.array(z.uuid()) }), ...errorAnswers },
      },
    },
    async (request, reply) => {
      const { id, person } = ownSession(request);
      const change = { institution, by: evidenceActorOf(request), at: clock.now() };
      const ended = await endSession(db, change, person, id);
      clearCookie(reply, config);
      return { ended };
    },
  );

  app.get(
    '/sessions',
    {
      config: { action: 'session.own' },
      schema: {
        summary: 'One’s own sessions',
        response: { 200: z.object({ sessions: z.array(sessionAnswer) }), ...errorAnswers },
      },
    },
    async (request) => {
      const sessions = await listSessions(db, config, ownSession(request).person, clock.now());
      return { sessions: sessions.map((session) => sessionBody(session, request)) };
    },
  );

  app.post(
    '/sessions/:session/end',
    {
      config: { action: 'session.own' },
      schema: {
        summary: 'End one of one’s own sessions, or all of them (`all`), at once',
        params: z.object({ session: z.union([z.uuid(), z.literal('all')]) }),
        response: { 200: z.object({ ended: z.array(z.uuid()) }), ...errorAnswers },
      },
    },
    async (request) => {
      const change = { institution, by: evidenceActorOf(request), at: clock.now() };
      return { ended: await endSession(db, change, ownSession(request).person, request.params.session) };
    },
  );

  app.post(
    '/sign-in-links',
    {
      config: { action: 'sign-in.invite', secret: true },
      schema: {
        summary: 'Issue a one-time sign-in link for a person',
        description: 'Without a person: for the first administrator. Through the Unix socket, or by an administrator.',
        body: z.strictObject({
          person: pseudonym.nullable().default(null),
          onlyFirst: z.boolean().default(false).describe('Answer 409 once an administrator has signed in.'),
        }),
        response: { 200: linkAnswer, ...errorAnswers },
      },
    },
    async (request) => {
      const { person, onlyFirst } = request.body;
      requirePermission(request, 'sign-in.invite', person === null ? {} : { subject: person });
      const change = { institution, by: evidenceActorOf(request), at: clock.now() };
      const link = person === null ? await firstLink(db, change, !onlyFirst) : await issueLink(db, change, person);
      if (link === null) throw new BreakwaterError('sign-in.exists', 'an administrator has signed in before');
      return { person: link.person, url: linkUrl(app, link.secret), expiresAt: link.expiresAt.toISOString() };
    },
  );

  /** Behind `#`, which no browser sends: a preview, a proxy and a log never see the secret. */
  function linkUrl(http: Http, secret: string): string {
    return `${consolePlace(http, config).origin}/sign-in#link=${secret}`;
  }

  function sessionBody(session: LiveSession, request: FastifyRequest): z.infer<typeof sessionAnswer> {
    const { id, method, beganAt, authenticatedAt, lastUsedAt, expiresAt, agent } = session;
    const idleEnds = new Date(lastUsedAt.getTime() + config.auth.sessionIdleMinutes * 60_000);
    return {
      id,
      method: method as (typeof signInMethods)[number],
      beganAt: beganAt.toISOString(),
      authenticatedAt: authenticatedAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
      idleEnds: idleEnds.toISOString(),
      expiresAt: expiresAt.toISOString(),
      agent,
      current: sessionOfRequest(request)?.id === id,
    };
  }
}

function permissionBody(permission: Permission): z.infer<typeof permissionAnswer> {
  if (permission.allowed) return { allowed: true, reason: null, text: null };
  return { allowed: false, reason: permission.denial.reason, text: denialText(permission.denial) };
}

function ownSession(request: FastifyRequest): LiveSession {
  const session = sessionOfRequest(request);
  if (session !== null) return session;
  throw new BreakwaterError('request.not-signed-in', 'only a person who signed in has sessions');
}
