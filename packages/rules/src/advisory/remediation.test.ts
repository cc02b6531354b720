import { describe, expect, test } from 'vitest';
import { ageDays, remediationDue, remediationLimits } from './remediation.ts';

const since = '2026-12-01T10:00:00.000Z';

describe('when an exposure is due', () => {
  test('follows its priority, and no limit is made up where no document names one', () => {
    const due = (decision: Parameters<typeof remediationDue>[0]['decision']) =>
      remediationDue({ decision, since, kevDue: null }).dueAt;
    expect(due('act')).toBe('2026-12-16T10:00:00.000Z');
    expect(due('attend')).toBe('2026-12-31T10:00:00.000Z');
    expect([due('track*'), due('track')]).toEqual([null, null]);
  });

  test('is the day of the catalogue where that is sooner, to its end in Seoul', () => {
    const sooner = remediationDue({ decision: 'act', since, kevDue: '2026-12-10' });
    expect(sooner).toMatchObject({ dueAt: '2026-12-10T15:00:00.000Z', source: { date: '2021-11-03' } });
    expect(remediationDue({ decision: 'act', since, kevDue: '2027-01-10' }).dueAt).toBe('2026-12-16T10:00:00.000Z');
    expect(remediationDue({ decision: 'track', since, kevDue: '2026-12-10' }).dueAt).toBe('2026-12-10T15:00:00.000Z');
  });

  test('follows the company where it sets days, also none', () => {
    const own = { act: 3, attend: null };
    expect(remediationDue({ decision: 'act', since, kevDue: null }, own)).toMatchObject({
      dueAt: '2026-12-04T10:00:00.000Z',
      source: { document: 'policy of the company' },
    });
    expect(remediationDue({ decision: 'attend', since, kevDue: null }, own).dueAt).toBeNull();
  });

  test('names its document and date for every priority', () => {
    for (const { source } of Object.values(remediationLimits)) {
      expect(source.document).not.toBe('');
      expect(source.date).toMatch(/^\d{4}/);
    }
  });
});

test('ages are whole days, never less than none', () => {
  expect(ageDays(since, '2026-12-02T09:59:59.999Z')).toBe(0);
  expect(ageDays(since, '2026-12-02T10:00:00.000Z')).toBe(1);
  expect(ageDays(since, '2026-11-01T00:00:00.000Z')).toBe(0);
});
