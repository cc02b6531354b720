import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Platform } from '#platform';
import { createNotice, type NoticeDoor } from './door.ts';
import { gatewaysOf } from './gateways.ts';
import { openRecipientSecrets, type RecipientSecrets } from './recipients.ts';
import { commandKeyWrapper } from './sending-keys.ts';

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
export function noticeOf(platform: Platform): NoticeDoor {
  const { config, db, jobs, clock, log } = platform;
  const { settleSeconds, siteUrl, registeredSenders, keyCommand, eraseDays, forgetYears } = config.notice;
  return createNotice({
    db,
    jobs,
    clock,
    log,
    institution: config.institution,
    secrets: recipientSecrets(platform),
    gateways: gatewaysOf(platform),
    site: { dir: siteFolder(platform), url: siteUrl ?? siteAddress(platform) },
    settleAfterMs: settleSeconds * 1000,
    lifetimes: { eraseDays, forgetYears },
    ...(keyCommand.length === 0 ? {} : { wrapper: commandKeyWrapper(keyCommand) }),
    ...(registeredSenders.length === 0 ? {} : { registeredSenders }),
  });
}

/** Where the pages are found without `notice.siteUrl`. A port that is only chosen at the start is no address: then the folder is. */
function siteAddress(platform: Pick<Platform, 'config'>): string {
  const { host, port } = platform.config.site;
  return port === 0 ? pathToFileURL(siteFolder(platform)).href : `http://${host}:${port}`;
}
