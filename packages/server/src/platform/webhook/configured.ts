import { resolve } from 'node:path';
import type { Worker } from '#platform';
import type { Config } from '#platform/config';
import { workOnWebhooks, type WebhookSender } from './deliver.ts';
import { readWebhookSecret } from './post.ts';

/** Every webhook that the settings name. */
export function configuredWebhooks(config: Config): WebhookSender['webhooks'] {
  const { notice, containment, auth } = config;
  const sources = { notice: notice.webhooks, containment: containment.webhooks, auth: auth.alarms } as const;
  return (['notice', 'containment', 'auth'] as const).flatMap((source) =>
    sources[source].map(({ name, url, secretFile }) => ({
      source,
      name,
      url,
      secret: () => readWebhookSecret(resolve(config.dataDir, secretFile), name),
    })),
  );
}

/** Delivers what waits for webhooks. */
export const webhookWorker: Worker = async ({ config, db, jobs, clock, log }) => {
  const { institution } = config;
  await workOnWebhooks({ db, jobs, clock, log, institution, webhooks: configuredWebhooks(config) });
  return async () => undefined;
};
