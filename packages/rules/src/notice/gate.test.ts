import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeGate, type GateAsk, type SendingReceipts } from './gate.ts';

const hour = 3_600_000;
const windowStart = Date.parse('2026-11-29T01:00:00+09:00');
const sending: SendingReceipts = {
  intended: 1000,
  delivered: 970,
  unknown: 20,
  coveredAt: windowStart - 25 * hour,
  stalled: false,
};
const ask: GateAsk = {
  windowStart,
  now: windowStart - hour,
  leadMs: 24 * hour,
  coverage: 0.95,
  publishedAt: windowStart - 30 * hour,
  sending,
};
const statuses = (changes: Partial<GateAsk>) =>
  Object.fromEntries(judgeGate({ ...ask, ...changes }).findings.map(({ what, status }) => [what, status]));

describe('the gate of a work', () => {
  test('is met by what arrived in time', () => {
    expect(judgeGate(ask).status).toBe('met');
  });

  test.each<[string, Partial<GateAsk>, object]>([
    ['nothing was published', { publishedAt: null }, { website: 'not-met' }],
    ['the page came exactly a lead time before', { publishedAt: windowStart - 24 * hour }, { website: 'met' }],
    ['the page came a millisecond later', { publishedAt: windowStart - 24 * hour + 1 }, { website: 'not-met' }],
    ['nothing was sent', { sending: null }, { coverage: 'not-met', lead: 'not-met' }],
    ['exactly the needed share arrived', { sending: { ...sending, delivered: 950, unknown: 0 } }, { coverage: 'met' }],
    [
      'one less arrived and nothing is to come',
      { sending: { ...sending, delivered: 949, unknown: 0, coveredAt: null } },
      { coverage: 'not-met' },
    ],
    [
      'one less arrived and one is to come',
      { sending: { ...sending, delivered: 949, unknown: 1, coveredAt: null } },
      { coverage: 'unknown', lead: 'not-met' },
    ],
    [
      'enough may come, and there is still time',
      { now: windowStart - 30 * hour, sending: { ...sending, delivered: 0, unknown: 1000, coveredAt: null } },
      { coverage: 'unknown', lead: 'unknown' },
    ],
    [
      'the share was complete too late',
      { sending: { ...sending, coveredAt: windowStart - 24 * hour + 1 } },
      { lead: 'not-met' },
    ],
    ['the sending stands still', { sending: { ...sending, stalled: true } }, { progress: 'unknown' }],
    [
      'it was for nobody',
      { sending: { ...sending, intended: 0, delivered: 0, unknown: 0, coveredAt: null } },
      { coverage: 'not-met' },
    ],
  ])('when %s', (_what, changes, expected) => {
    expect(statuses(changes)).toMatchObject(expected);
    const of = Object.values(statuses(changes));
    expect(judgeGate({ ...ask, ...changes }).status).toBe(
      of.includes('not-met') ? 'not-met' : of.includes('unknown') ? 'unknown' : 'met',
    );
  });

  test('says its numbers', () => {
    const [, coverage, lead] = judgeGate(ask).findings;
    expect(coverage?.words).toEqual({
      ko: '도달 970 / 대상 1,000(97.0%), 미확인 20, 필요 95.0%',
      en: '970 of 1,000 delivered (97.0%), 20 unknown, 95.0% needed',
    });
    expect(lead?.words.ko).toBe('문자: 작업 1일 1시간 전, 필요 1일');
  });

  test('is never opened by less arriving', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.nat(1000), (delivered, fewer, unknown) => {
        const rank = { 'not-met': 0, unknown: 1, met: 2 } as const;
        const of = (count: number, lost: number) =>
          rank[statuses({ sending: { ...sending, delivered: count, unknown: lost } })['coverage'] as keyof typeof rank];
        expect(of(Math.min(delivered, fewer), unknown)).toBeLessThanOrEqual(of(delivered, unknown));
      }),
    );
  });
});
