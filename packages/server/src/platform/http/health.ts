import { z } from 'zod';
import type { Metrics } from '#platform/telemetry';
import type { Http } from './http.ts';

/** One thing that must hold for the server to do its work: null when it does, otherwise what is wrong. */
export type ReadinessCheck = { id: string; check: () => Promise<string | null> };

const readiness = z
  .object({
    ready: z.boolean(),
    checks: z.array(z.object({ id: z.string(), ok: z.boolean(), detail: z.string().nullable() })),
  })
  .meta({ id: 'Readiness' });

const checkLimitMs = 2000;

/** Adds `/healthz` (the process answers), `/readyz` (it can do its work, 503 otherwise) and `/metrics`. */
export function healthRoutes(app: Http, checks: readonly ReadinessCheck[], metrics: Metrics): void {
  app.get(
    '/healthz',
    {
      config: { open: true },
      schema: { summary: 'The process is alive', response: { 200: z.object({ alive: z.literal(true) }) } },
    },
    async () => ({ alive: true as const }),
  );
  readyRoute(app, checks);
  app.get('/metrics', { config: { open: true }, schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}

/** Adds `/readyz` alone: the API has it under its version too, for its own clients. */
export function readyRoute(app: Http, checks: readonly ReadinessCheck[]): void {
  app.get(
    '/readyz',
    {
      config: { open: true },
      schema: { summary: 'The server can do its work', response: { 200: readiness, 503: readiness } },
    },
    async (_request, reply) => {
      const results = await Promise.all(checks.map(runCheck));
      const ready = results.every(({ ok }) => ok);
      return reply.code(ready ? 200 : 503).send({ ready, checks: results });
    },
  );
}

async function runCheck({ id, check }: ReadinessCheck): Promise<{ id: string; ok: boolean; detail: string | null }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${checkLimitMs} ms`), checkLimitMs);
  });
  const detail = await Promise.race([check().catch(() => 'failed'), late]);
  clearTimeout(timer);
  return { id, ok: detail === null, detail };
}
