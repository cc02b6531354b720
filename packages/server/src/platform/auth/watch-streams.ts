import type { FastifyRequest } from 'fastify';
import type { Platform } from '#platform';
import { endStream, streamsOf, type Http } from '#platform/http';
import { warnSparingly } from '#platform/telemetry';
import { sessionOfRequest } from './identify.ts';
import { liveSessions } from './store-sessions.ts';
import { tokensInForce } from './store-tokens.ts';

/** A stream that is watched is in use: the idle limit does not darken a screen in the middle of a run. */
const watched = new Date(0);
/** Whoever was shut out sees nothing new after this time. */
const everyMs = 2000;

/**
 * Ends open event streams whose session or token was revoked, ran out, or is of a person who may not sign in any more. Two queries
 * a time, however many streams are open. A database that does not answer ends no stream: who watches a run goes on seeing it.
 */
export function watchStreams(app: Http, { db, config, clock, log }: Platform): void {
  const warn = warnSparingly(log);
  let looking = false;

  async function look(): Promise<void> {
    const streams = streamsOf(app.server).map((request) => ({ request, ...callerOf(request) }));
    const [sessions, tokens] = [streams.flatMap((one) => one.session), streams.flatMap((one) => one.token)];
    if (sessions.length + tokens.length === 0) return;
    const now = clock.now();
    const known = new Set([
      ...(await liveSessions(db, config.institution, sessions, now, watched)),
      ...(await tokensInForce(db, config.institution, tokens, now)),
    ]);
    for (const { request, session, token } of streams)
      if ([...session, ...token].some((id) => !known.has(id))) endStream(request);
  }

  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch((error: unknown) => warn({ error }, 'open streams could not be looked at'))
      .finally(() => (looking = false));
  }, everyMs);
  timer.unref();
  app.addHook('onClose', async () => clearInterval(timer));
}

/** What a stream was opened by. That of the server itself, and of the machine, are not revoked. */
function callerOf(request: FastifyRequest): { session: string[]; token: string[] } {
  const session = sessionOfRequest(request);
  const { actor } = request;
  return {
    session: session === null ? [] : [session.id],
    token: actor?.kind === 'token' && actor.scope !== 'all' ? [actor.id] : [],
  };
}
