import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { disseminationRoutes } from './routes-dissemination.ts';
import { exposureRoutes } from './routes-exposure.ts';
import { readAdvisories } from './store.ts';

const advisoryBody = z
  .strictObject({
    id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/),
    disseminatedBy: z.string().min(1).max(64).describe('FSC, FSS, FSI, or another body.'),
    receivedAt: z.iso.datetime({ offset: true }),
    proof: z
      .enum(['proven', 'attested', 'absent'])
      .describe('proven: by the signature of a pinned key. attested: by two named persons.'),
    vulnerabilities: z.array(z.string().min(1).max(64)).max(1000),
    document: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/)
      .nullable(),
  })
  .meta({ id: 'Advisory' });

/** Adds advisories: their intake and what is exposed; their dissemination with its proof. */
export function advisoryRoutes(app: Http, platform: Platform): void {
  const { db, config } = platform;
  const { institution } = config;
  exposureRoutes(app, platform);
  disseminationRoutes(app, platform);

  app.get(
    '/advisories',
    {
      config: { action: 'read' },
      schema: {
        summary: 'All advisories, newest first',
        response: { 200: z.object({ advisories: z.array(advisoryBody) }), ...errorAnswers },
      },
    },
    async () => {
      const advisories = await readAdvisories(db, institution);
      return {
        advisories: advisories.map((advisory) => ({ ...advisory, vulnerabilities: [...advisory.vulnerabilities] })),
      };
    },
  );
}
