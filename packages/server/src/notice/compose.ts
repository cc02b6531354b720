import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Platform } from '#platform';
import type { Channel } from './channels/channel.ts';
import { httpGateway } from './channels/http-gateway.ts';
import { smppChannel } from './channels/smpp/channel.ts';
import { createNotice, type NoticeDoor } from './door.ts';
import { openRecipientSecrets, type RecipientSecrets } from './recipients.ts';

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
  const { settleSeconds, siteUrl, registeredSenders } = config.notice;
  return createNotice({
    db,
    jobs,
    clock,
    log,
    institution: config.institution,
    secrets: recipientSecrets(platform),
    channel: channelOf(platform),
    site: { dir: siteFolder(platform), url: siteUrl ?? siteAddress(platform) },
    settleAfterMs: settleSeconds * 1000,
    ...(registeredSenders.length === 0 ? {} : { registeredSenders }),
  });
}

/** The text message gateway as it is configured: an SMS centre, one over HTTP, or none. */
function channelOf({ config, log }: Platform): Channel | null {
  const { gatewayUrl, gatewayKeyFile, smpp } = config.notice;
  const secret = (file: string) => (): string => readFileSync(resolve(config.dataDir, file), 'utf8').trim();
  if (smpp.host === undefined) {
    return gatewayUrl === undefined ? null : httpGateway({ url: gatewayUrl, key: secret(gatewayKeyFile) });
  }
  const { passwordFile, inDoubtSeconds, perSecond, host, ...options } = smpp;
  return smppChannel({
    ...options,
    host,
    password: secret(passwordFile),
    perSecond: perSecond ?? null,
    doubtMs: inDoubtSeconds * 1000,
    told: (line) => log.info({ component: 'smpp' }, line),
  });
}

/** Where the pages are found without `notice.siteUrl`. A port that is only chosen at the start is no address: then the folder is. */
function siteAddress(platform: Pick<Platform, 'config'>): string {
  const { host, port } = platform.config.site;
  return port === 0 ? pathToFileURL(siteFolder(platform)).href : `http://${host}:${port}`;
}
