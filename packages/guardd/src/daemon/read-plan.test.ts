import { describe, expect, test } from 'vitest';
import { planHash } from '@breakwater/rules/plan';
import { Refused } from '../refused.ts';
import { readPlan } from './read-plan.ts';

const step = {
  id: 'switch',
  title: { ko: '전환', en: 'Switch' },
  driver: 'command',
  check: { run: ['is'] },
  do: { run: ['do'] },
  undo: { run: ['undo'] },
  timeout: 'PT30S',
};
const plan = {
  schema: 'breakwater.plan/1',
  id: 'p',
  institution: 'hanbit-bank',
  kind: 'emergency-patch',
  activity: 'software-patch',
  title: { ko: '패치', en: 'Patch' },
  author: 'p-03',
  window: { start: '2026-11-29T01:00:00+09:00', end: '2026-11-29T04:00:00+09:00' },
  services: ['transfer'],
  host: 'local',
  steps: [step, { ...step, id: 'commit', wayBack: 'none', onStop: 'cut', undo: undefined }],
  probes: [
    {
      id: 'a',
      service: 'transfer',
      kind: 'http',
      url: 'http://10.77.0.2:8081/',
      expect: { status: 200, within: 'PT1S' },
      every: 'PT0.5S',
    },
    {
      id: 'b',
      service: 'transfer',
      kind: 'http',
      requests: [{ method: 'POST', url: 'http://10.77.0.2:8081/login', body: { a: 1 }, expect: { within: 'PT2S' } }],
      every: 'PT1S',
      downAfter: 5,
    },
    {
      id: 'c',
      service: 'transfer',
      kind: 'tcp',
      host: '10.77.0.2',
      port: 22,
      expect: { within: 'PT1S' },
      every: 'PT1S',
    },
  ],
  meters: {
    damage: { kind: 'http-json', url: 'http://10.77.0.2/krw', pointer: '/krw', every: 'PT1S' },
    records: { kind: 'none', attestedBy: 'p-17' },
  },
  limits: { outage: 'PT1H', damage: 1, records: 0, personalCredit: 0 },
  measures: [
    { kind: 'kill-switch' },
    { kind: 'module-isolation', driver: 'command', do: { run: ['isolate'] } },
    {
      kind: 'failover',
      id: 'standby',
      services: ['transfer'],
      timeout: 'PT10S',
      driver: 'manual',
      do: { card: { ko: '전환', en: 'Switch' } },
    },
  ],
  rehearse: { host: 'staging' },
};
const document = JSON.parse(JSON.stringify(plan)) as Record<string, unknown>;
const read = (changes: object = {}, more: object = {}) => {
  const changed = { ...document, ...changes };
  return readPlan({ plan: changed, planHash: planHash(changed), mode: 'live', host: 'local', targets: {}, ...more });
};
const refusalOf = (asked: () => unknown): object | null => {
  try {
    asked();
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
};

describe('what a guard needs of a plan', () => {
  test('has its defaults filled in and its durations in ms', () => {
    const guarded = read();
    expect(guarded.observeMs).toBe(86_400_000);
    expect(guarded.steps).toMatchObject([
      {
        id: 'switch',
        timeoutMs: 30_000,
        onStop: 'finish',
        commitPoint: false,
        digest: expect.stringMatching(/^sha256:/),
      },
      { id: 'commit', onStop: 'cut', commitPoint: true },
    ]);
    expect(guarded.probes).toMatchObject([
      {
        id: 'a',
        everyMs: 500,
        downAfter: 3,
        upAfter: 3,
        calls: [{ url: 'http://10.77.0.2:8081/', withinMs: 1000, expect: { status: 200 } }],
      },
      { id: 'b', downAfter: 5, calls: [{ method: 'POST', body: { a: 1 }, withinMs: 2000 }] },
      { id: 'c', kind: 'tcp', port: 22, withinMs: 1000 },
    ]);
    expect(guarded.meters).toEqual({
      damage: { kind: 'http-json', url: 'http://10.77.0.2/krw', pointer: '/krw', everyMs: 1000, withinMs: 2000 },
    });
  });

  test('leaves out what a person does by a card', () => {
    expect(read().measures).toEqual([
      {
        kind: 'module-isolation',
        on: [],
        id: null,
        driver: 'command',
        services: ['transfer'],
        timeoutMs: 300_000,
        do: { run: ['isolate'] },
      },
    ]);
  });
});

describe('of a security test', () => {
  const scan = {
    kind: 'security-test',
    activity: 'port-scan',
    scope: {
      schema: 'breakwater.scope/1',
      targets: [{ cidr: '10.77.0.2/32', ports: ['tcp/8080-8081'] }],
      caps: { newConnectionsPerSecond: 50, packetsPerSecond: 500, concurrent: 20, bytes: 1_000_000 },
      window: { start: plan.window.start, end: '2026-11-29T02:00:00+09:00' },
      lease: 'PT2S',
    },
    tester: { run: ['nmap', '-n'] },
    steps: undefined,
  };
  const targets = { 'http://10.77.0.2:8081': 'http://10.77.0.6:8081' };

  test('the test is the last step, is cut at once and leaves nothing to undo', () => {
    const guarded = read({ ...scan, steps: [step] });
    expect(guarded.steps.map(({ id }) => id)).toEqual(['switch', 'tester']);
    expect(guarded.steps.at(-1)).toMatchObject({ driver: 'tester', onStop: 'cut', timeoutMs: 3_600_000 });
    expect(guarded.steps.at(-1)?.undo).toBeUndefined();
    expect(guarded.test).toEqual({ tester: scan.tester, scope: scan.scope });
  });

  test('a rehearsal has the stand-ins for its scope, and is refused where nothing stands in', () => {
    const rehearsal = { mode: 'rehearsal', host: 'staging' };
    expect(read(scan, { ...rehearsal, targets }).test?.scope.targets).toEqual([
      { cidr: '10.77.0.6/32', ports: ['tcp/8081'] },
    ]);
    expect(refusalOf(() => read(scan, rehearsal))).toMatchObject({ reason: 'host-unfit', code: 'no-stand-in' });
  });
});

describe('a plan is refused', () => {
  test('when it is not the one that was named', () => {
    expect(refusalOf(() => read({}, { planHash: `sha256:${'0'.repeat(64)}` }))).toMatchObject({
      reason: 'plan-hash',
      actual: planHash(document),
    });
  });

  test('when it is none, with its place', () => {
    expect(refusalOf(() => read({ author: 3 }))).toMatchObject({ reason: 'malformed', path: '/request/plan/author' });
  });

  test('by a host that it is not for', () => {
    expect(refusalOf(() => read({}, { host: 'staging' }))).toMatchObject({ reason: 'host-unfit', code: 'other-host' });
    expect(refusalOf(() => read({}, { host: 'staging', mode: 'rehearsal' }))).toBeNull();
    expect(refusalOf(() => read({}, { mode: 'rehearsal' }))).toMatchObject({
      reason: 'host-unfit',
      code: 'other-host',
    });
  });

  test('when a step needs a driver that this host has not', () => {
    const manual = { id: 'm', title: step.title, driver: 'manual', do: { card: step.title }, timeout: 'PT1M' };
    expect(refusalOf(() => read({ steps: [manual] }))).toMatchObject({ reason: 'host-unfit', code: 'no-driver' });
  });
});
