import { expect, test } from 'vitest';
import { cageLevel } from '#containment/record';
import type { JournalEvent } from '#guard/record';
import { cageLevelWords, cageWords } from './cage-words.ts';
import { endsOfPulses } from './pulse.ts';

const digest = `sha256:${'0'.repeat(64)}`;
type Attempt = Extract<JournalEvent, { type: 'cage.attempts' }>['data']['attempts'][number];

test('every level has its words, and the weakest says that it enforces nothing', () => {
  expect(Object.keys(cageLevelWords)).toEqual(cageLevel.options);
  expect(cageLevelWords.cooperative).toEqual({
    ko: '프록시 협조(강제 아님)',
    en: 'cooperative proxy, not enforced',
  });
});

test.each<[string, Attempt, string]>([
  ['a port', { address: '10.0.0.9', port: 22, protocol: 'tcp', packets: 1 }, '10.0.0.9 tcp/22'],
  ['a port of IPv6', { address: 'fd00::9', port: 53, protocol: 'udp', packets: 1 }, '[fd00::9] udp/53'],
  ['no port', { address: '10.0.0.9', port: null, protocol: 'icmp', packets: 1 }, '10.0.0.9 (icmp)'],
])('an attempt tells its destination: %s', (_, attempt, destination) => {
  const words = cageWords({
    type: 'cage.attempts',
    data: { packets: 1, attempts: [attempt], soFar: { packets: 1, destinations: 1 } },
  });
  expect(words?.en).toBe(
    `Attempts outside the scope blocked: ${destination}; 1 packets (so far 1 destinations, 1 packets)`,
  );
  expect(words?.ko).toContain(destination);
});

test('of many destinations some are named and all are counted, also before any was read', () => {
  const attempts = Array.from({ length: 5 }, (_, port) => ({
    address: '10.0.0.9',
    port,
    protocol: 'tcp' as const,
    packets: 1,
  }));
  const data = { packets: 1200, attempts, soFar: { packets: 3400, destinations: 700 } };
  expect(cageWords({ type: 'cage.attempts', data })?.en).toBe(
    'Attempts outside the scope blocked: 10.0.0.9 tcp/0, 10.0.0.9 tcp/1, 10.0.0.9 tcp/2 and more; 1,200 packets (so far 700 destinations, 3,400 packets)',
  );
  expect(cageWords({ type: 'cage.attempts', data: { ...data, attempts: [] } })?.ko).toBe(
    '범위 밖 접근 시도 차단: 패킷 1,200개(누적 700곳, 패킷 3,400개)',
  );
});

test('what is told again and again stands as it began and as it ended', () => {
  const rows = [
    { pulse: 'a', n: 1 },
    { pulse: 'a', n: 2 },
    { pulse: 'a', n: 3 },
    { n: 4 },
    { n: 5 },
    { pulse: 'a', n: 6 },
  ];
  expect(endsOfPulses(rows).map(({ n }) => n)).toEqual([1, 3, 4, 5, 6]);
});

test('a cage that was opened without a self-test does not say that it passed one', () => {
  const data = { step: 'tester', level: 'kernel', scope: digest, selfTest: null } as const;
  expect(cageWords({ type: 'cage.opened', data })?.en).toContain('outside blocked unknown, inside answered unknown');
});

test('findings are need-to-know and stand in no time line', () => {
  expect(cageWords({ type: 'cage.finding', data: { fingerprint: 'v1:0' } })).toBeNull();
});

test('the end of a cage tells how it ended and what went through it, by the counts of its gate', () => {
  const words = cageWords({
    type: 'cage.closed',
    data: {
      step: 'tester',
      report: digest,
      tester: 'stopped',
      totals: { allowed: 4, connections: 1234, denied: 1, deniedPackets: 2, findings: 7 },
      containment: {
        schema: 'breakwater.containment/1',
        level: 'kernel',
        signed: true,
        outcome: 'stopped',
        exitCode: null,
        trip: null,
        allowed: [],
        denied: [],
        lostToCap: { packets: 3 },
        bytes: { out: 1, in: 2 },
        stoppedAfterMs: 12.5,
      },
    },
  });
  expect(words?.en).toBe(
    'Cage closed: stopped, 12.5 ms; allowed 4 destinations (1,234 connections), denied 1 (2 packets), 3 packets lost to a cap',
  );
  expect(words?.ko).toContain('연결 1,234건');
});
