import { describe, expect, test } from 'vitest';
import { draftNotice } from './draft.ts';
import { changesTimingOrScope, inForce, mayFollow, noticeChanges, successions, type NoticeKind } from './succession.ts';

const notice = draftNotice(
  {
    kind: 'emergency-patch',
    window: { start: '2026-11-29T01:00:00+09:00', end: '2026-11-29T04:00:00+09:00' },
    services: ['transfer'],
    notice: { alternativeChannels: [{ name: 'ATM', service: 'atm', opens: '00:00', closes: '24:00' }] },
  },
  {
    company: { name: { ko: '한빛은행', en: 'Hanbit Bank' }, phone: '15881234' },
    sender: '15881234',
    serviceNames: { transfer: { ko: '이체', en: 'Transfers' } },
  },
);

describe('the notices of a work', () => {
  test('begin with an advance notice, or with the start of what could not be announced', () => {
    expect(mayFollow(null)).toEqual(['advance', 'start', 'disruption']);
  });

  test.each<[NoticeKind, NoticeKind, boolean]>([
    ['advance', 'change', true],
    ['advance', 'advance', false],
    ['advance', 'result', false],
    ['start', 'cancel', false],
    ['start', 'extension', true],
    ['cancel', 'reminder', false],
    ['cancel', 'advance', true],
    ['end', 'result', true],
    ['result', 'start', false],
  ])('after %s, %s: %s', (last, next, may) => {
    expect(mayFollow(last).includes(next)).toBe(may);
  });

  test('can all be reached', () => {
    const reached = new Set<NoticeKind>(mayFollow(null));
    for (const kind of reached) for (const next of successions[kind].next) reached.add(next);
    expect([...reached].toSorted()).toEqual(Object.keys(successions).toSorted());
  });

  test('hold until one changes the time or the scope, or ends it', () => {
    const of = (...kinds: [NoticeKind, string][]): number[] => {
      const chain = kinds.map(([kind, end]) => ({ ...notice, kind, window: { ...notice.window, end } }));
      return inForce(chain, (one) => one).map((one) => chain.indexOf(one));
    };
    const [four, five] = ['2026-11-29T04:00:00+09:00', '2026-11-29T05:00:00+09:00'];
    expect(of(['advance', four])).toEqual([0]);
    expect(of(['advance', four], ['reminder', four])).toEqual([0, 1]);
    expect(of(['advance', four], ['change', five], ['reminder', five])).toEqual([1, 2]);
    expect(of(['advance', four], ['cancel', four])).toEqual([]);
    expect(of(['advance', four], ['cancel', four], ['advance', four])).toEqual([2]);
    expect(of(['advance', four], ['start', four], ['end', four])).toEqual([]);
  });

  test('that say the same change nothing', () => {
    expect(noticeChanges(notice, structuredClone(notice))).toEqual([]);
    expect(
      changesTimingOrScope(notice, {
        ...notice,
        window: { start: '2026-11-28T16:00:00Z', end: '2026-11-28T19:00:00Z' },
      }),
    ).toBe(false);
  });

  test('say part by part what they say differently', () => {
    const later = {
      ...notice,
      fields: { ...notice.fields, timing: '내일', alternativeChannels: [] },
      services: ['transfer', 'cards'],
    };
    expect(noticeChanges(notice, later)).toEqual([
      { part: 'timing', before: notice.fields.timing, after: '내일' },
      { part: 'alternative-channels', before: 'ATM 00:00~24:00', after: '' },
    ]);
    expect(changesTimingOrScope(notice, later)).toBe(true);
  });
});
