import type { EvidenceRecord } from '@breakwater/rules/evidence';
import type { Containment } from '@breakwater/rules/containment';
import { expect, test } from 'vitest';
import { containment } from './containment.ts';
import type { Content } from './content.ts';

const digest = `sha256:${'0'.repeat(64)}`;

function contentOf(report: Partial<Containment>): Content {
  const whole = {
    schema: 'breakwater.containment/1',
    level: 'kernel',
    signed: true,
    outcome: 'stopped',
    exitCode: null,
    trip: null,
    allowed: [{ address: '10.0.0.2', port: 443, protocol: 'tcp', connections: 31 }],
    denied: [],
    lostToCap: { packets: 5 },
    bytes: { out: 1000, in: 2000 },
    stoppedAfterMs: 7.5,
    ...report,
  };
  const event = {
    type: 'cage.closed',
    data: {
      step: 'tester',
      report: digest,
      tester: 'stopped',
      totals: { allowed: 1, connections: 31, denied: whole.denied.length, deniedPackets: 0, findings: 0 },
      containment: whole,
    },
  };
  const payload = {
    schema: 'breakwater.journal/1',
    run: 'r-1',
    host: 'local',
    seq: 0,
    epoch: 1,
    at: '2026-11-29T01:00:00Z',
    mono: 0,
    boot: 'b',
    event,
    prev: null,
    hash: digest,
  };
  const leaf = { type: 'guard.journal', actor: { kind: 'host', id: 'local' }, at: payload.at, subjects: {} };
  return { records: [{ index: 7, leaf, payload } as unknown as EvidenceRecord] } as unknown as Content;
}

const textOf = (report: Partial<Containment>, lang: 'ko' | 'en'): string =>
  JSON.stringify(containment(contentOf(report), lang));

test('a dossier without a caged test says nothing about one', () => {
  expect(containment({ records: [] } as unknown as Content, 'en')).toEqual([]);
});

test('the level, what was allowed, and what no answer tells anything about stand in both languages', () => {
  expect(textOf({}, 'en')).toContain('enforced by the kernel');
  expect(textOf({}, 'en')).toContain('5 packets (these probes tell nothing about their target)');
  expect(textOf({}, 'ko')).toContain('커널 강제');
  for (const lang of ['ko', 'en'] as const) {
    expect(textOf({}, lang)).toContain('10.0.0.2');
    expect(textOf({}, lang)).toContain('7.5 ms');
  }
});

test('what a weaker level does not hold is printed', () => {
  const notHeld = [{ ko: '통제하지 못합니다.', en: 'is not held.' }];
  expect(textOf({ level: 'cooperative', notHeld }, 'en')).toContain('is not held.');
  expect(textOf({ level: 'cooperative', notHeld }, 'ko')).toContain('강제 아님');
});

test('of a long list the rest is counted, not left out silently', () => {
  const denied = Array.from({ length: 60 }, (_, port) => ({
    address: '10.0.0.9',
    port,
    protocol: 'tcp' as const,
    packets: 1,
  }));
  expect(textOf({ denied }, 'en')).toContain('10 more');
});
