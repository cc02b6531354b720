import { BreakwaterError } from '@breakwater/rules';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { configuredWebhooks } from './configured.ts';
import { deliverWebhook } from './deliver.ts';
import { listDeliveries, readDelivery } from './store.ts';

const delivery = z
  .object({
    delivery: z.int(),
    source: z.string().describe('Which setting names the webhook: notice, containment or auth.'),
    webhook: z.string(),
    header: z.string(),
    id: z.string().describe('The same in every try: a receiver knows by it what it has.'),
    leftAt: z.string(),
    deliveredAt: z.string().nullable(),
    attempts: z.array(
      z.object({ at: z.string(), failure: z.string().nullable().describe('Null: it was taken.'), ms: z.int() }),
    ),
  })
  .meta({ id: 'WebhookDelivery' });

/** Adds the log of what was told to webhooks. */
export function webhookRoutes(app: Http, platform: Platform): void {
  const { db, config } = platform;
  const { institution } = config;

  app.get(
    '/webhooks',
    {
      config: { action: 'webhook.read' },
      schema: {
        summary: 'Webhooks that the settings name; never their addresses',
        response: {
          200: z.object({ webhooks: z.array(z.object({ source: z.string(), name: z.string() })) }),
          ...errorAnswers,
        },
      },
    },
    async () => ({ webhooks: configuredWebhooks(config).map(({ source, name }) => ({ source, name })) }),
  );

  app.get(
    '/webhook-deliveries',
    {
      config: { action: 'webhook.read' },
      schema: {
        summary: 'What was told to webhooks and how each try ended, newest first',
        querystring: z.strictObject({
          webhook: z.string().max(64).optional(),
          open: z.enum(['yes', 'no']).default('no').describe('Only what nobody has taken.'),
          before: z.coerce.number().int().min(0).default(0).describe('`next` of the page before.'),
          limit: z.coerce.number().int().min(1).max(1000).default(100),
        }),
        response: { 200: z.object({ deliveries: z.array(delivery), next: z.int().nullable() }), ...errorAnswers },
      },
    },
    async ({ query: { webhook = null, open, before, limit } }) => {
      const rows = await listDeliveries(db, institution, { webhook, open: open === 'yes', before, limit });
      return {
        deliveries: rows.map(({ leftAt, deliveredAt, attempts, ...row }) => ({
          ...row,
          leftAt: leftAt.toISOString(),
          deliveredAt: deliveredAt?.toISOString() ?? null,
          attempts: attempts.map(({ at, ...attempt }) => ({ ...attempt, at: at.toISOString() })),
        })),
        next: rows.length < limit ? null : (rows.at(-1)?.delivery ?? null),
      };
    },
  );

  app.post(
    '/webhook-deliveries/:delivery/redeliver',
    {
      config: { action: 'webhook.redeliver' },
      schema: {
        summary: 'Tell a webhook again, also what it has taken',
        params: z.object({ delivery: z.coerce.number().int().min(1) }),
        response: { 200: z.object({ delivery: z.int() }), ...errorAnswers },
      },
    },
    async ({ params }) => {
      if ((await readDelivery(db, institution, params.delivery)) === null)
        throw new BreakwaterError('webhook-delivery.not-found', `there is no delivery ${params.delivery}`, '/delivery');
      await platform.jobs.enqueue(deliverWebhook, { institution, delivery: params.delivery });
      return { delivery: params.delivery };
    },
  );
}
