import { describe, expect, test } from 'vitest';
import { lintNotice, messageBytes, messageType } from './index.ts';
import { draftNotice, draftSuccessor, successorKinds } from './draft.ts';
import { mayFollow, mustBeSent, successions } from './succession.ts';
import { noticeTemplates } from './templates.ts';

const work = {
  kind: 'emergency-patch' as const,
  window: { start: '2026-11-29T01:00:00+09:00', end: '2026-11-29T04:00:00+09:00' },
  services: ['transfer', 'cards'],
  notice: { alternativeChannels: [{ name: '자동화기기(ATM)', service: 'atm', opens: '00:00', closes: '24:00' }] },
};
const announcer = {
  company: { name: { ko: '한빛은행', en: 'Hanbit Bank' }, phone: '15881234' },
  sender: '15881234',
  serviceNames: { transfer: { ko: '이체', en: 'Transfers' }, cards: { ko: '카드', en: 'Cards' } },
};
const advance = draftNotice(work, announcer);
const later = { start: '2026-12-01T01:00:00+09:00', end: '2026-12-01T04:00:00+09:00' };
const now = '2026-11-23T09:00:00+09:00';

describe('the draft of each kind', () => {
  test.each(successorKinds)('%s is fit to be published as it stands, in both languages', (kind) => {
    const moves = kind === 'postponement' || kind === 'change' || kind === 'extension';
    const disrupted = {
      since: Date.parse('2026-11-29T01:20:00+09:00'),
      until: Date.parse('2026-11-29T02:00:00+09:00'),
    };
    const draft = draftSuccessor(advance, { kind, ...(moves ? { window: later } : {}), disrupted });
    const { findings } = lintNotice(draft, now);
    expect(findings).toEqual([]);
    expect(draft.kind).toBe(kind);
    for (const text of [
      draft.title?.ko,
      draft.title?.en,
      draft.texts.website?.ko,
      draft.texts.website?.en,
      draft.texts.sms,
    ])
      expect(text).not.toMatch(/[{}]|undefined|확인 중/);
    if (moves) expect(draft.texts.sms).toContain('11월 29일(일) 01:00 ~ 04:00');
  });

  test('a reminder of one service fits into a short message', () => {
    const short = draftNotice({ ...work, services: ['transfer'] }, announcer);
    const { sms } = draftSuccessor(short, { kind: 'reminder' }).texts;
    expect([messageType(sms ?? ''), messageBytes(sms ?? '') + 10 <= 90]).toEqual(['SMS', true]);
  });

  test('a result says for how long services were down, and that it is being established while nobody knows', () => {
    const since = Date.parse('2026-11-29T01:20:00+09:00');
    const told = draftSuccessor(advance, { kind: 'result', disrupted: { since, until: since + 2_345_678 } });
    expect(told.texts.sms).toContain('서비스 중단 시간: 39분 6초');
    expect(draftSuccessor(advance, { kind: 'result' }).texts.sms).toContain('서비스 중단 시간: 확인 중');
  });

  test('every kind has a template, and no kind is a dead end but by intent', () => {
    expect(Object.keys(noticeTemplates).toSorted()).toEqual(Object.keys(successions).toSorted());
    expect(mayFollow('disruption')).toEqual(['extension', 'disruption', 'end', 'result']);
  });
});

describe('a series', () => {
  const windows = [1, 2, 3].map((day) => ({
    start: `2026-12-0${day}T01:00:00+09:00`,
    end: `2026-12-0${day}T02:00:00+09:00`,
  }));

  test('names every window with its weekday and is fit to be published', () => {
    const series = draftNotice(work, announcer, windows);
    expect(series.window).toEqual({ start: windows[0]?.start, end: windows[2]?.end });
    expect(series.fields.timing).toBe(
      '12월 1일(화) 01:00 ~ 02:00, 12월 2일(수) 01:00 ~ 02:00, 12월 3일(목) 01:00 ~ 02:00',
    );
    expect(lintNotice(series, now).findings).toEqual([]);
  });

  test('is kept by a successor that moves nothing, and replaced by one that does', () => {
    const series = draftNotice(work, announcer, windows);
    expect(draftSuccessor(series, { kind: 'reminder' }).windows).toEqual(windows);
    expect(draftSuccessor(series, { kind: 'change', window: later }).windows).toBeUndefined();
    expect(mustBeSent(series, draftSuccessor(series, { kind: 'change', windows: windows.slice(1) }))).toBe(true);
    expect(mustBeSent(series, draftSuccessor(series, { kind: 'reminder' }))).toBe(false);
  });
});
