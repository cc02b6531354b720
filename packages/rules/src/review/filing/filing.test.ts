import { describe, expect, test } from 'vitest';
import { type Facts, assess, getPack } from '#criteria';
import { type Filed, draftFiling, filingClocks, filingDuties, filingDutyIds, filingText } from './index.ts';

const pack = getPack('kr-fsc-2026-06-30');
const base: Facts = {
  schema: 'breakwater.facts/1',
  institution: 'hanbit-bank',
  awareAt: '2026-12-31T10:00:00+09:00',
  services: [{ id: 'transfer', subscribers: 120_000 }],
  work: { kind: 'emergency-patch', activity: 'os-patch', start: '2026-12-31T09:00:00+09:00' },
  disruptions: [
    { service: 'transfer', start: '2026-12-31T09:30:00+09:00', end: '2026-12-31T10:10:00+09:00', cause: 'work' },
  ],
  leaks: { personalCredit: 0, other: 0, unclassified: 0 },
};
const asOf = '2026-12-31T12:00:00+09:00';
const clocks = (facts: Facts, filed: readonly Filed[] = [], now = asOf) =>
  filingClocks({ facts, assessment: assess(facts, pack, asOf), pack }, filed, Date.parse(now));
const of = (duty: string, ...args: Parameters<typeof clocks>) => clocks(...args).find((one) => one.duty === duty);
const report = (duty: Filed['duty'], filedAt: string): Filed => ({
  duty,
  filedAt,
  reference: 'R-1',
  delayReason: null,
});
const first = '2027-01-01T01:00:00.000Z';

describe('clocks of duties', () => {
  test('the first report is due a day after awareness, and stands by when it was filed', () => {
    expect(of('efars-initial', base)).toMatchObject({
      status: 'due',
      due: '2027-01-01T10:00:00+09:00',
      standing: 'open',
    });
    expect(of('efars-initial', base, [], '2027-01-01T10:00:00.001+09:00')?.standing).toBe('overdue');
    expect(of('efars-initial', base, [report('efars-initial', first)])?.standing).toBe('filed');
    expect(of('efars-initial', base, [report('efars-initial', '2027-01-01T10:00:01+09:00')])?.standing).toBe('late');
  });

  test('the interim report follows by calendar months in Korea, cut to the last of the month, and then every six', () => {
    const aware = {
      ...base,
      awareAt: '2026-12-31T10:00:00+09:00',
      disruptions: [{ ...base.disruptions?.[0], start: '2026-12-31T10:00:00+09:00', end: '2026-12-31T11:00:00+09:00' }],
    };
    expect(of('efars-interim', aware)).toMatchObject({ status: 'conditional', due: '2027-02-28T01:00:00.000Z' });
    const interim = report('efars-interim', '2027-02-20T00:00:00Z');
    expect(of('efars-interim', aware, [interim])).toMatchObject({ due: '2027-08-31T01:00:00.000Z', standing: 'open' });
    expect(of('efars-interim', aware, [interim, report('efars-final', '2027-03-01T00:00:00Z')])).toMatchObject({
      due: null,
    });
  });

  test('the final report has no time, for none is set', () => {
    expect(of('efars-final', base)).toMatchObject({ status: 'conditional', due: null, standing: 'open' });
  });

  test('a short disruption of few starts nothing', () => {
    const short = {
      ...base,
      services: [{ id: 'transfer', subscribers: 9999 }],
      disruptions: [
        { ...base.disruptions?.[0], start: '2026-12-31T09:30:00+09:00', end: '2026-12-31T09:59:59.999+09:00' },
      ],
    };
    expect(clocks(short).filter(({ duty }) => duty.startsWith('efars'))).toEqual([]);
  });

  test.each([
    [0, 0, undefined, undefined],
    [1, 0, 'due', undefined],
    [0, 1, 'possible', undefined],
    [9999, 0, 'due', undefined],
    [10_000, 0, 'due', 'possible'],
    [9000, 1000, 'due', 'possible'],
  ])(
    '%i records of credit information and %i unclassified: notice %s, report %s',
    (personalCredit, unclassified, notice, reported) => {
      const leaked = {
        ...base,
        leaks: { personalCredit, other: 0, unclassified, discoveredAt: '2026-12-31T09:45:00+09:00' },
      };
      expect([of('credit-leak-notice', leaked)?.status, of('credit-leak-report', leaked)?.status]).toEqual([
        notice,
        reported,
      ]);
      if (notice !== undefined)
        expect(Date.parse(of('credit-leak-notice', leaked)?.due ?? '')).toBe(Date.parse('2026-12-31T09:45:00+09:00'));
    },
  );

  test('what is not known is never taken as nothing', () => {
    const { leaks: _, ...unknown } = base;
    expect(of('credit-leak-report', unknown)).toMatchObject({ status: 'unknown' });
    expect(of('user-cause-and-result', unknown)).toMatchObject({ status: 'unknown', due: '2027-01-14T01:00:00.000Z' });
  });
});

describe('drafts', () => {
  test.each(filingDutyIds)('%s: every part has a title, and what no record tells is listed as missing', (duty) => {
    const draft = draftFiling(duty, { facts: base, assessment: assess(base, pack, asOf), records: [] });
    expect(draft.parts.map(({ part }) => part)).toEqual(filingDuties[duty].parts);
    expect(draft.missing).toEqual(draft.parts.flatMap(({ part, value }) => (value === null ? [part] : [])));
    const text = filingText(draft, 'ko');
    expect(text).toContain('담당자');
    expect(text).not.toMatch(/undefined|null|면책/);
  });

  test('the first report says what happened when, in Korean time', () => {
    const draft = draftFiling('efars-initial', { facts: base, assessment: assess(base, pack, asOf), records: [] });
    const value = (part: string) => draft.parts.find((one) => one.part === part)?.value?.ko;
    expect([value('occurred'), value('ended'), value('lasted'), value('users')]).toEqual([
      '2026-12-31 09:30 KST',
      '2026-12-31 10:10 KST',
      '40분',
      '가입자 120,000명 이하',
    ]);
    expect(draft.missing).toEqual(expect.arrayContaining(['external', 'cause']));
  });
});
