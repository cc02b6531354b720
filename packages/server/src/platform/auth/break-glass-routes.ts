import { BreakwaterError } from '@breakwater/rules';
import { Counter } from 'prom-client';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, evidenceActorOf, type Http } from '#platform/http';
import { openBreakGlass, sealBreakGlass } from './break-glass.ts';
import { setCookie } from './cookie.ts';
import { isSecret } from './secret-token.ts';

/** Adds the break-glass account: sealing its code, and opening it. */
export function breakGlassRoutes(app: Http, platform: Platform): void {
  const { db, config, clock, metrics } = platform;
  const opened = new Counter({
    name: 'breakwater_break_glass_total',
    help: 'Times the break-glass account was opened: alarm on any',
    registers: [metrics],
  });

  app.post(
    '/break-glass',
    {
      config: { action: 'break-glass.seal', secret: true },
      schema: {
        summary: 'Seal a new code of the break-glass account; earlier ones count no more',
        response: { 200: z.object({ code: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      const change = { institution: config.institution, by: evidenceActorOf(request), at: clock.now() };
      return sealBreakGlass(db, change);
    },
  );

  app.post(
    '/session/break-glass',
    {
      config: { open: true, rateLimit: { max: 10, timeWindow: 60_000 } },
      schema: {
        summary: 'Open the break-glass account for one hour; it raises an alarm',
        body: z.strictObject({
          code: z.string().max(128),
          reason: z.string().min(10).max(2000).describe('Why; it stays in the evidence, so it names no person.'),
        }),
        response: { 200: z.object({ person: z.string(), expiresAt: z.string() }), ...errorAnswers },
      },
    },
    async (request, reply) => {
      const { code, reason } = request.body;
      if (!isSecret(code)) throw new BreakwaterError('break-glass.not-a-code', 'this is no code of ours', '/code');
      const agent = request.headers['user-agent'] ?? '';
      const begun = await openBreakGlass(platform, { code, reason, agent, at: clock.now() });
      opened.inc();
      setCookie(reply, config, begun.secret, begun.expiresAt);
      return { person: begun.person, expiresAt: begun.expiresAt.toISOString() };
    },
  );
}
