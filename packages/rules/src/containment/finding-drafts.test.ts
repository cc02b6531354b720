import { describe, expect, test } from 'vitest';
import { readDocument } from '../document.ts';
import { draftOf, type DraftOptions, type FindingAct } from './finding-drafts.ts';
import { findingOf } from './finding.ts';
import { gradeOf } from './severity.ts';

const finding = findingOf({
  rule: 'rce\u001b[31m',
  cves: ['CVE-2026-1234'],
  asset: '10.66.0.10',
  protocol: 'tcp',
  port: 8443,
  path: '/api',
  title: 'Remote\u202E code\nexecution: "yes"',
  severity: gradeOf('9.8'),
  tool: 'nuclei',
  seenAt: '2026-11-29T01:00:00Z',
});

const options: DraftOptions = { institution: 'hanbit-bank', now: '2026-11-29T02:00:00Z', person: 'p-17', base: null };

const base = {
  title: { ko: '다른 작업', en: 'other work' },
  approvals: { needed: 2 },
  services: ['transfer'],
  host: 'local',
  measures: [
    { kind: 'kill-switch' },
    {
      kind: 'module-isolation',
      driver: 'command',
      do: { run: ['./bankctl', 'isolate', 'transfer'] },
      undo: { run: ['./bankctl', 'rejoin', 'transfer'] },
    },
  ],
};

describe('drafts about a critical finding', () => {
  test.each<FindingAct>(['isolate', 'report-to-fsi', 'request-dissemination', 'emergency-plan'])(
    '%s hold nothing that a reader would obey',
    (act) => {
      const { text } = draftOf(act, finding, options);
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    },
  );

  test('a report goes to FSI, names the place, and leaves the vendor to FSI', () => {
    const { text } = draftOf('report-to-fsi', finding, options);
    expect(text).toContain('수신: 금융보안원');
    expect(text).toContain('10.66.0.10 tcp/8443 /api');
    expect(text).toContain('제조사에는 당사가 직접 알리지 않았습니다.');
    expect(text).toContain('CVE-2026-1234');
  });

  test('a plan to isolate uses the isolation that a plan of the service rehearsed', () => {
    const { value } = readDocument(draftOf('isolate', finding, { ...options, base }).text);
    expect(value).toMatchObject({
      schema: 'breakwater.plan/1',
      urgency: 'emergency',
      author: 'p-17',
      fixes: ['CVE-2026-1234'],
      services: ['transfer'],
      steps: [{ id: 'isolate', do: { run: ['./bankctl', 'isolate', 'transfer'] }, wayBack: 'undo' }],
    });
    expect(value).not.toHaveProperty('approvals');
  });

  test('a plan without one shows what is to be filled in', () => {
    for (const act of ['isolate', 'emergency-plan'] as const) {
      const { text } = draftOf(act, finding, options);
      expect(text).toMatch(/<(?:isolate|do)>/);
      expect(readDocument(text).value).toMatchObject({ advisories: [], window: { start: '2026-11-29T02:00:00.000Z' } });
    }
  });
});
