import { BreakwaterError } from '@breakwater/rules';
import { z } from 'zod';
import type { Clock } from '#platform/clock';
import type { Db, Tx } from '#platform/db';
import { queue, type Job, type Jobs } from '#platform/jobs';
import type { Log } from '#platform/telemetry';
import { postSigned, type Told, type Webhook } from './post.ts';
import { insertAttempt, insertDelivery, readDelivery, type WebhookSource } from './store.ts';

/** One thing for one webhook. Retried over a day: what is told late is better than what is not told. */
export const deliverWebhook = queue({
  name: 'webhook.deliver',
  payload: z.strictObject({ institution: z.string(), delivery: z.int().min(1) }),
  expireSeconds: 30,
  retries: 30,
  retryDelaySeconds: 1,
});

export interface WebhookSender {
  readonly db: Db;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly log: Log;
  readonly institution: string;
  readonly webhooks: readonly (Webhook & { readonly source: WebhookSource })[];
}

/** Leaves something for a webhook in the transaction of what it tells: it goes out when that commits, and not otherwise. */
export async function leaveWebhook(
  tx: Tx,
  { jobs, institution }: Pick<WebhookSender, 'jobs' | 'institution'>,
  told: Told & { source: WebhookSource; webhook: string; at: Date },
): Promise<void> {
  const delivery = await insertDelivery(tx, institution, told);
  await jobs.enqueue(deliverWebhook, { institution, delivery }, { tx });
}

/** Delivers in this process until its jobs stop. */
export async function workOnWebhooks(sender: WebhookSender): Promise<void> {
  await sender.jobs.work(deliverWebhook, (job) => deliver(sender, job));
}

async function deliver(
  { db, webhooks, clock, log, institution }: WebhookSender,
  { payload, signal }: Pick<Job<{ institution: string; delivery: number }>, 'payload' | 'signal'>,
): Promise<void> {
  const told = payload.institution === institution ? await readDelivery(db, institution, payload.delivery) : null;
  const webhook = webhooks.find(({ source, name }) => source === told?.source && name === told.webhook);
  if (told === null || webhook === undefined) {
    log.warn(
      { delivery: payload.delivery, webhook: told?.webhook },
      'something waits for a webhook that is not configured',
    );
    return;
  }
  const started = performance.now();
  const failure = await postSigned(webhook, told, clock.now(), signal).then(
    () => null,
    (error: unknown) => error,
  );
  const ms = Math.round(performance.now() - started);
  await insertAttempt(db, told.delivery, { at: clock.now(), failure: failure === null ? null : reasonOf(failure), ms });
  if (failure !== null) throw failure;
}

/** Why a try failed; never the address, which may hold a secret. */
function reasonOf(error: unknown): string {
  return error instanceof BreakwaterError ? error.message : 'failed';
}
