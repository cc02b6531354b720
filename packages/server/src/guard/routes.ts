import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { guardOf } from './compose.ts';
import { enrolHost } from './hosts.ts';
import { trustRoutes } from './trust-routes.ts';
import { readHosts, readSeenHosts } from './store.ts';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/);

const hostAnswer = z
  .object({
    host: z.string(),
    publicKey: z.string(),
    enrolledBy: z.string(),
    enrolledAt: z.string(),
    seen: z
      .object({ boot: z.string(), protocol: z.int(), level: z.string(), clockOffsetMs: z.number(), seenAt: z.string() })
      .nullable()
      .describe('What it last said of itself; null: it never answered.'),
  })
  .meta({ id: 'ExecutionHost' });

/** Adds the registry of execution hosts. */
export function guardRoutes(app: Http, platform: Platform): void {
  const { db } = platform;
  const { institution } = platform.config;
  const guard = guardOf(platform);
  trustRoutes(app, platform);

  app.get(
    '/hosts',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Execution hosts and what they said of themselves',
        response: { 200: z.object({ hosts: z.array(hostAnswer) }), ...errorAnswers },
      },
    },
    async () => {
      await guard.levels();
      const seen = await readSeenHosts(db, institution);
      const hosts = await readHosts(db, institution);
      return {
        hosts: hosts.map((host) => {
          const { host: _, ...last } = seen.find((one) => one.host === host.host) ?? { host: '' };
          return { ...host, seen: 'boot' in last ? last : null };
        }),
      };
    },
  );

  app.post(
    '/hosts',
    {
      config: { action: 'host.enrol' },
      schema: {
        summary: 'Enrol the key by which a host signs its journals',
        body: z.strictObject({ host: name, publicKey: z.string().max(1024), by: z.string().min(1).max(64) }),
        response: { 200: hostAnswer, ...errorAnswers },
      },
    },
    async (request) => {
      return { ...(await enrolHost(db, institution, request.body)), seen: null };
    },
  );
}
