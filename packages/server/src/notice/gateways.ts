/** The gateways of messages as they are configured. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { BreakwaterError, readDocument } from '@breakwater/rules';
import type { Platform } from '#platform';
import type { Channel } from './channels/channel.ts';
import { emailChannel } from './channels/email.ts';
import { httpGateway } from './channels/http-gateway.ts';
import { sensGateway } from './channels/sens.ts';
import { smppChannel } from './channels/smpp/channel.ts';
import { tableChannel } from './channels/table/channel.ts';
import { databaseAt, ownDatabase } from './channels/table/database.ts';
import { tableLayouts, tableLayoutsSchema, type TableLayoutName, type TableLayouts } from './channels/table/layout.ts';
import type { Gateways } from './sending.ts';

type GatewayKind = Platform['config']['notice']['gateways'][number];
type Configured = Pick<Platform, 'config' | 'log' | 'db'>;

/** Each kind: its channel, or null when it is not configured. In the order in which one is chosen when none is named. */
const kinds: Readonly<Record<GatewayKind, (platform: Configured) => Channel | null>> = {
  smpp({ config, log }) {
    const { passwordFile, inDoubtSeconds, perSecond, host, ...options } = config.notice.smpp;
    if (host === undefined) return null;
    return smppChannel({
      ...options,
      host,
      password: secretOf(config, passwordFile),
      perSecond: perSecond ?? null,
      doubtMs: inDoubtSeconds * 1000,
      told: (line) => log.info({ component: 'smpp' }, line),
    });
  },
  http({ config }) {
    const { gatewayUrl: url, gatewayKeyFile, gatewayPerSecond } = config.notice;
    if (url === undefined) return null;
    return httpGateway({ url, key: secretOf(config, gatewayKeyFile), perSecond: gatewayPerSecond ?? null });
  },
  sens({ config, log }) {
    const { serviceId, url, accessKeyFile, secretKeyFile, perSecond, inDoubtSeconds } = config.notice.sens;
    if (serviceId === undefined) return null;
    return sensGateway({
      url,
      serviceId,
      accessKey: secretOf(config, accessKeyFile),
      secretKey: secretOf(config, secretKeyFile),
      perSecond: perSecond ?? null,
      doubtMs: inDoubtSeconds * 1000,
      told: (line) => log.warn({ component: 'sens' }, line),
    });
  },
  token({ config }) {
    const { url, keyFile, perSecond } = config.notice.token;
    if (url === undefined) return null;
    return httpGateway({ url, key: secretOf(config, keyFile), addresses: 'token', perSecond: perSecond ?? null });
  },
  table({ config, db }) {
    const { layout, layoutFile, databaseFile, perSecond } = config.notice.table;
    if (layout === undefined && layoutFile === undefined) return null;
    const isOwn = databaseFile === undefined;
    return tableChannel({
      database: isOwn ? ownDatabase(db) : databaseAt(secretOf(config, databaseFile)),
      layouts:
        layoutFile === undefined ? tableLayouts[layout ?? 'ums'] : readLayouts(resolve(config.dataDir, layoutFile)),
      isOwn,
      perSecond: perSecond ?? null,
    });
  },
};

/** The gateways of a server. Throws BreakwaterError `config.gateways` for one that is named and not configured, or mixed kinds of lists. */
export function gatewaysOf(platform: Configured): Gateways {
  const { gateways } = platform.config.notice;
  const named = gateways.length > 0 ? gateways : (Object.keys(kinds) as GatewayKind[]);
  const found = named.flatMap((kind) => {
    const channel = kinds[kind](platform);
    if (channel === null && gateways.length > 0) {
      throw new BreakwaterError(
        'config.gateways',
        `notice.gateways names ${kind}, which is not configured`,
        'notice.gateways',
      );
    }
    return channel ?? [];
  });
  const sms = gateways.length > 0 ? found : found.slice(0, 1);
  if (new Set(sms.map(({ addresses }) => addresses)).size > 1) {
    throw new BreakwaterError(
      'config.gateways',
      'a gateway that takes tokens cannot take over from one that takes numbers: notice.gateways holds both kinds',
      'notice.gateways',
    );
  }
  return { sms, email: emailOf(platform) };
}

function emailOf({ config }: Configured): Channel[] {
  const { host, user, passwordFile, perSecond, inDoubtSeconds, ...options } = config.notice.email;
  if (host === undefined) return [];
  return [
    emailChannel({
      ...options,
      host,
      user: user ?? null,
      password: secretOf(config, passwordFile),
      perSecond: perSecond ?? null,
      doubtMs: inDoubtSeconds * 1000,
    }),
  ];
}

const secretOf = (config: Platform['config'], file: string) => (): string =>
  readFileSync(resolve(config.dataDir, file), 'utf8').trim();

const mostLayoutBytes = 64 * 1024;

function readLayouts(file: string): TableLayouts {
  const { value } = readDocument(readFileSync(file, 'utf8'), { maxBytes: mostLayoutBytes });
  const { layout, ...rest } = value as { layout?: TableLayoutName };
  const parsed = tableLayoutsSchema.safeParse(layout === undefined ? value : merged(tableLayouts[layout], rest));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new BreakwaterError(
    'config.table-layout',
    `${file}: ${issue?.message ?? ''}`,
    `/${issue?.path.join('/') ?? ''}`,
  );
}

/** A layout that is known by name, with some names of the file's. */
function merged(known: TableLayouts | undefined, changes: Partial<Record<'SMS' | 'LMS', object>>): unknown {
  return { SMS: { ...known?.SMS, ...changes.SMS }, LMS: { ...known?.LMS, ...changes.LMS } };
}
