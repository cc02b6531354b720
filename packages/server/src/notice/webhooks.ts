/** Telling other programs of each new public notice. */
import { windowsOf } from '@breakwater/rules/notice';
import type { Tx } from '#platform/db';
import type { Jobs } from '#platform/jobs';
import { leaveWebhook } from '#platform/webhook';
import { listVersions } from './chain-store.ts';
import type { Publisher } from './publishing.ts';
import { titleOf } from './site/published.ts';

export type WebhookOptions = Publisher & { jobs: Jobs; webhooks: readonly { readonly name: string }[] };

const listed = 100;

/**
 * Leaves the telling of a version in the transaction that publishes it: `breakwater.notice-event/1`. What it holds is public; a
 * plan is not named.
 */
export async function leaveTelling(options: WebhookOptions, tx: Tx, notice: string): Promise<void> {
  const { institution, clock, site, webhooks } = options;
  if (webhooks.length === 0) return;
  const row = (await listVersions(tx, institution, { limit: listed })).find(({ id }) => id === notice);
  if (row === undefined) throw new Error('a notice is told of that was not published');
  const { year, serial, version, document, digest, hash, publishedAt, url } = row;
  const id = `${year}-${serial}/${version}`;
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
  const at = clock.now();
  for (const { name } of webhooks)
    await leaveWebhook(tx, options, { source: 'notice', webhook: name, header: 'breakwater-notice', id, body, at });
}
