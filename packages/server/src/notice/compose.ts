import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defaultPolicy } from '@breakwater/rules/plan';
import type { Platform } from '#platform';
import type { Tx } from '#platform/db';
import { companyOf } from '#plan';
import { createDesk, type Desk } from './desk.ts';
import { createNotice, type NoticeDoor } from './door.ts';
import { gatewaysOf } from './gateways.ts';
import { openRecipientSecrets, type RecipientSecrets } from './recipients.ts';
import { commandKeyWrapper } from './sending-keys.ts';
import { objectStoreTarget } from './site/object-store.ts';
import { leaveTelling, type WebhookOptions } from './webhooks.ts';

/** Where the secrets of recipients are kept. Relief keys its own hashes with the same pepper, under other names. */
export function recipientSecrets({ config }: Pick<Platform, 'config'>): () => RecipientSecrets {
  let secrets: RecipientSecrets | null = null;
  return () => (secrets ??= openRecipientSecrets(resolve(config.dataDir, 'keys/recipients.json')));
}

/** Folder of the public site. */
export function siteFolder({ config }: Pick<Platform, 'config'>): string {
  return resolve(config.dataDir, config.notice.siteDir);
}

/** The domain as a server is configured. It holds no state of its own: several may be opened. */
export function noticeOf(platform: Platform): NoticeDoor & Desk {
  const { config, db, jobs, clock, log } = platform;
  const { settleSeconds, registeredSenders, keyCommand, eraseDays, forgetYears } = config.notice;
  const gateways = gatewaysOf(platform);
  const { policy } = companyOf(platform);
  const telling: WebhookOptions = {
    db,
    jobs,
    clock,
    institution: config.institution,
    site: siteOf(platform),
    webhooks: config.notice.webhooks,
  };
  const options = {
    ...telling,
    log,
    coverage: policy.coverage ?? defaultPolicy.coverage,
    publishedNew: (tx: Tx, notice: string) => leaveTelling(telling, tx, notice),
    ...(registeredSenders.length === 0 ? {} : { registeredSenders }),
  };
  const door = createNotice({
    ...options,
    secrets: recipientSecrets(platform),
    gateways,
    settleAfterMs: settleSeconds * 1000,
    lifetimes: { eraseDays, forgetYears },
    ...(keyCommand.length === 0 ? {} : { wrapper: commandKeyWrapper(keyCommand) }),
  });
  const { approvals, quietHours, customers, price, lookMinutes } = config.notice;
  const desk = createDesk(
    {
      ...options,
      approvals,
      policy,
      quietHours: quietHours === 'yes',
      customers: customers.map(({ service, file }) => ({ service, file: resolve(config.dataDir, file) })),
      perSecond: gateways.sms[0]?.perSecond ?? null,
      price: { SMS: price.sms ?? null, LMS: price.lms ?? null },
      lookMinutes,
    },
    door,
  );
  return { ...door, ...desk };
}

/** The public site as it is configured: its folder, its copy in an object store, its address. */
function siteOf(platform: Platform): WebhookOptions['site'] {
  const { dataDir, notice } = platform.config;
  const { endpoint, secretKeyFile, ...store } = notice.objectStore;
  const secretAccessKey = (): string => readFileSync(resolve(dataDir, secretKeyFile), 'utf8').trim();
  return {
    dir: siteFolder(platform),
    copies: endpoint === undefined ? [] : [objectStoreTarget({ ...store, endpoint, secretAccessKey })],
    url: notice.siteUrl ?? siteAddress(platform),
  };
}

/** Where the pages are found without `notice.siteUrl`. A port that is only chosen at the start is no address: then the folder is. */
function siteAddress(platform: Pick<Platform, 'config'>): string {
  const { host, port } = platform.config.site;
  return port === 0 ? pathToFileURL(siteFolder(platform)).href : `http://${host}:${port}`;
}
