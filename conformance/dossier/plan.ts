/** The work plan of the example. */
import { planHash, stepDigest } from '@breakwater/rules/plan';
import { host } from './trust.ts';

export const institution = 'hanbit-bank';

const steps = [
  {
    id: 'drain',
    title: { ko: '이체 서비스 접속 비우기', en: 'Drain the transfer service' },
    driver: 'command',
    check: { run: ['./bankctl', 'is', 'transfer', 'drained'] },
    do: { run: ['./bankctl', 'drain', 'transfer'] },
    undo: { run: ['./bankctl', 'undrain', 'transfer'] },
    wayBack: 'undo',
    timeout: 'PT30S',
    onStop: 'finish',
  },
  {
    id: 'switch',
    title: { ko: '새 버전으로 전환', en: 'Switch to the new version' },
    driver: 'command',
    check: { run: ['./bankctl', 'is', 'transfer', 'v2'] },
    do: { run: ['./bankctl', 'switch', 'transfer', 'v2'] },
    undo: { run: ['./bankctl', 'switch', 'transfer', 'v1'] },
    wayBack: 'undo',
    timeout: 'PT30S',
    onStop: 'finish',
  },
];

export const plan = {
  schema: 'breakwater.plan/1',
  id: 'transfer-openssl-2026-11',
  institution,
  kind: 'emergency-patch',
  urgency: 'planned',
  activity: 'software-patch',
  title: { ko: '이체 서비스 보안 패치', en: 'Security patch of the transfer service' },
  author: 'p-03',
  advisories: ['FSI-2026-0142'],
  fixes: ['CVE-2026-1234'],
  otherChanges: false,
  window: { start: '2026-11-15T01:00:00+09:00', end: '2026-11-15T04:00:00+09:00', observe: 'PT24H' },
  services: ['transfer'],
  host,
  steps,
  probes: [
    {
      id: 'transfer-journey',
      service: 'transfer',
      kind: 'http',
      url: 'http://10.77.0.2:8081/transfer/selftest',
      expect: { status: 200, within: 'PT1S' },
      every: 'PT0.5S',
      downAfter: 3,
      upAfter: 3,
    },
  ],
  meters: {
    damage: { kind: 'http-json', url: 'http://10.77.0.2:8090/failed-amount', pointer: '/krw', every: 'PT1S' },
    records: { kind: 'none', attestedBy: 'p-17' },
  },
  limits: { outage: 'PT1H', damage: 30_000_000, records: 0, personalCredit: 0, takeoverGrace: 'PT5S' },
  measures: [
    { kind: 'kill-switch' },
    { kind: 'rollback' },
    {
      kind: 'module-isolation',
      driver: 'command',
      do: { run: ['./bankctl', 'isolate', 'transfer'] },
      undo: { run: ['./bankctl', 'rejoin', 'transfer'] },
    },
    {
      kind: 'manual-processing',
      card: { ko: '영업점 수기 접수', en: 'Branches take orders by hand' },
      capacityPerHour: 1200,
    },
  ],
  rehearse: { host: 'staging', atLeast: 3 },
  notice: {
    leadTime: 'PT24H',
    channels: ['website', 'sms'],
    services: ['transfer'],
    alternativeChannels: [{ name: 'ATM', service: 'atm', opens: '00:00', closes: '24:00' }],
  },
  relief: { claimsUntil: 'P30D', contact: '15881234' },
  approvals: { needed: 2 },
};

export const hashOfPlan = planHash(plan);
export const digests = Object.fromEntries(steps.map((step) => [step.id, stepDigest(step)]));
