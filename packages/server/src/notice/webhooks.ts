/** Telling other programs of each new public notice. */
import { titleOf } from './site/published.ts';
import { windowsOf } from '@breakwater/rules/notice';
import type { Tx } from '#platform/db';
import type { Job, Jobs } from '#platform/jobs';
import { postSigned, type Webhook } from '#platform/webhook';
import { listVersions } from './chain-store.ts';
import type { Publisher } from './publishing.ts';
import { tellWebhook } from './queues.ts';

export type WebhookOptions = Publisher & { jobs: Jobs; webhooks: readonly Webhook[] };

/** Leaves the telling of a version in the transaction that publishes it. */
export async function leaveTelling(
  { jobs, institution, webhooks }: WebhookOptions,
  tx: Tx,
  notice: string,
): Promise<void> {
  for (const { name } of webhooks) await jobs.enqueue(tellWebhook, { institution, notice, webhook: name }, { tx });
}

/** Tells a webhook: `breakwater.notice-event/1`, signed. What it holds is public; a plan is not named. */
export async function tell(
  { db, institution, clock, site, webhooks }: WebhookOptions,
  { payload, signal }: Pick<Job<{ institution: string; notice: string; webhook: string }>, 'payload' | 'signal'>,
): Promise<void> {
  const webhook = webhooks.find(({ name }) => name === payload.webhook);
  const row = (await listVersions(db, institution, { limit: listed })).find(({ id }) => id === payload.notice);
  if (webhook === undefined || row === undefined || payload.institution !== institution) return;
  const { year, serial, version, document, digest, hash, publishedAt, url } = row;
  const body = JSON.stringify({
    schema: 'breakwater.notice-event/1',
    institution,
    number: `${year}-${serial}`,
    version,
    kind: document.kind,
    windows: windowsOf(document),
    services: document.services,
    title: { ko: titleOf(document, 'ko'), en: titleOf(document, 'en') },
    url,
    status: `${site.url}/ko/status/`,
    document: digest,
    hash,
    publishedAt: publishedAt.toISOString(),
  });
  await postSigned(
    webhook,
    { header: 'breakwater-notice', id: `${year}-${serial}/${version}`, body },
    clock.now(),
    signal,
  );
}

const listed = 100;
