/** The work plan of the sample patch: drain the transfer service, switch it to v2, warm it up; and the way back of each. */
import { createHash } from 'node:crypto';
import type { Bank } from './bank.ts';
import { patchFixes } from './bank.ts';

export type DemoPlanOptions = {
  bank: Pick<Bank, 'urls'>;
  /** Execution host of the live run, whose working folder is the bank's. Default `local`. */
  host?: string;
  /** Execution host of the rehearsals. Default `staging`. */
  rehearseHost?: string;
  /** Start of the window; it lasts `minutes` (default 30). */
  start: Date;
  minutes?: number;
  /** How long the services are watched after the end. Default PT15S: short, and said to be so. */
  observe?: string;
  id?: string;
  institution?: string;
  author?: string;
  /** Disseminated advisories that the patch answers. */
  advisories?: string[];
  /** Default PT30S. */
  outage?: string;
  /** How long before the start the notices must be out. Default PT5S: a demo's, not a bank's. */
  leadTime?: string;
};

const bankctl = (...words: string[]): { run: string[] } => ({ run: ['./bankctl', ...words] });

/**
 * A `breakwater.plan/1` document. Commands are relative to the execution host's folder, so that the same steps run
 * against the live bank and against the one that stands in for it.
 */
export function demoPlan(options: DemoPlanOptions): Record<string, unknown> {
  return {
    ...planHead({ ...options, id: options.id ?? 'transfer-openssl-2026-11', services: ['transfer', 'cards'] }),
    kind: 'emergency-patch',
    activity: 'software-patch',
    title: { ko: '이체 서비스 긴급 보안 패치', en: 'Emergency security patch of the transfer service' },
    advisories: options.advisories ?? ['FSI-2026-0142'],
    fixes: patchFixes,
    otherChanges: false,
    steps: [
      {
        id: 'drain',
        title: { ko: '신규 이체 접수 중지', en: 'Take no new transfers' },
        driver: 'command',
        check: bankctl('is', 'transfer', 'drained'),
        do: bankctl('drain', 'transfer'),
        undo: bankctl('resume', 'transfer'),
        wayBack: 'undo',
        timeout: 'PT10S',
        onStop: 'finish',
      },
      {
        id: 'switch',
        title: { ko: '새 버전으로 전환', en: 'Switch to the new version' },
        driver: 'command',
        check: bankctl('is', 'transfer', 'v2'),
        do: bankctl('switch', 'transfer', 'v2'),
        undo: bankctl('switch', 'transfer', 'v1'),
        wayBack: 'undo',
        timeout: 'PT15S',
        onStop: 'finish',
      },
      {
        id: 'warm-up',
        title: { ko: '새 버전 자체 점검', en: 'Self-test of the new version' },
        driver: 'command',
        check: bankctl('is', 'transfer', 'warm'),
        do: bankctl('warm-up', 'transfer'),
        undo: bankctl('drain', 'transfer'),
        wayBack: 'undo',
        timeout: 'PT12S',
        onStop: 'cut',
      },
    ],
    probes: bankProbes(options.bank),
    limits: bankLimits(options),
    measures: [{ kind: 'kill-switch' }, { kind: 'rollback' }, ...spreadMeasures],
  };
}

/** What every plan of the sample bank says alike. */
export function planHead(options: DemoPlanOptions & { id: string; services: string[] }): Record<string, unknown> {
  const { urls } = options.bank;
  const { start, end } = windowOf(options);
  return {
    schema: 'breakwater.plan/1',
    id: options.id,
    institution: options.institution ?? 'hanbit-bank',
    urgency: 'planned',
    author: options.author ?? 'p-03',
    authority: authorityOf(options, `sample bank: authority for ${options.id}`),
    window: { start: korean(start), end: korean(end), observe: options.observe ?? 'PT15S' },
    services: options.services,
    host: options.host ?? 'local',
    meters: {
      damage: { kind: 'http-json', url: `${urls.channel}/failed-amount`, pointer: '/krw', every: 'PT1S' },
      records: { kind: 'none', attestedBy: 'p-17' },
    },
    rehearse: { host: options.rehearseHost ?? 'staging', atLeast: 3 },
    notice: {
      leadTime: options.leadTime ?? 'PT5S',
      channels: ['website', 'sms'],
      services: options.services,
      alternativeChannels: [
        { name: '자동화기기(ATM)', service: 'atm', opens: '00:00', closes: '24:00' },
        { name: '고객센터 1588-1234', service: 'call-centre', opens: '00:00', closes: '24:00' },
      ],
    },
    relief: { claimsUntil: 'P30D', contact: '15881234' },
    approvals: { needed: 2 },
    vendors: [],
  };
}

function windowOf({ start, minutes = 30 }: DemoPlanOptions): { start: Date; end: Date } {
  return { start, end: new Date(start.getTime() + minutes * 60_000) };
}

/** A document of the bank that stands for the written authority, by its digest. */
export function authorityOf(options: DemoPlanOptions, document: string): Record<string, string> {
  return {
    document: `sha256:${createHash('sha256').update(document).digest('hex')}`,
    signer: 'p-17',
    validUntil: korean(new Date(windowOf(options).end.getTime() + 30 * 86_400_000)),
  };
}

/** How often services are asked, and when one is down. */
export const watched = { every: 'PT0.5S', downAfter: 3, upAfter: 3 } as const;

/** Log-in and self-test of a service, as a customer's journey. */
export function journeyProbe(service: string, login: string, selftest: string, within: string): object {
  return {
    id: `${service}-journey`,
    service,
    kind: 'http',
    requests: [
      {
        method: 'POST',
        url: `${login}/login`,
        body: { customer: 'probe' },
        expect: { status: 200, contains: 'session', within: 'PT1S' },
      },
      {
        method: 'GET',
        url: selftest,
        expect: { status: 200, json: { pointer: '/ok', equals: true }, within },
      },
    ],
    ...watched,
  };
}

/** What watches the bank in every plan. */
export function bankProbes({ urls }: Pick<Bank, 'urls'>): object[] {
  return [
    journeyProbe('transfer', urls.login, `${urls.transfer}/transfer/selftest`, 'PT1S'),
    {
      id: 'card-payment',
      service: 'cards',
      kind: 'http',
      url: `${urls.cards}/cards/selftest`,
      expect: { status: 200, within: 'PT1S' },
      ...watched,
    },
  ];
}

export function bankLimits({ outage }: DemoPlanOptions): Record<string, unknown> {
  return {
    outage: outage ?? 'PT30S',
    serviceDown: { transfer: 'PT5S', cards: 'PT5S' },
    damage: 30_000_000,
    records: 0,
    personalCredit: 0,
    takeoverGrace: 'PT5S',
  };
}

/** What keeps damage of the transfer service from spreading, and customers served without it. */
export const spreadMeasures: readonly object[] = [
  {
    kind: 'module-isolation',
    services: ['transfer'],
    driver: 'command',
    do: bankctl('isolate', 'transfer'),
    undo: bankctl('rejoin', 'transfer'),
    timeout: 'PT10S',
  },
  {
    kind: 'failover',
    services: ['transfer'],
    driver: 'command',
    do: bankctl('failover', 'transfer'),
    undo: bankctl('switch', 'transfer', 'v1'),
    timeout: 'PT10S',
  },
  {
    kind: 'manual-processing',
    card: {
      ko: '영업점에서 이체 신청서를 수기로 접수하고, 서비스가 복구되면 접수 순서대로 처리합니다.',
      en: 'Branches take transfer orders on paper and book them in order once the service is back.',
    },
    capacityPerHour: 1200,
  },
];

/** An instant in Korean time, to the second. */
export function korean(instant: Date): string {
  return `${new Date(instant.getTime() + 9 * 3_600_000).toISOString().slice(0, 19)}+09:00`;
}
