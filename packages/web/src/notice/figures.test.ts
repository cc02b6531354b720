import { describe, expect, test } from 'vitest';
import { draftNotice, lintNotice, type Notice } from '@breakwater/rules/notice';
import {
  chainOf,
  deliveryRows,
  findingsAt,
  fromKoreanInput,
  koreanInput,
  lintWhileWriting,
  rulerOf,
} from './figures.ts';

const now = new Date('2026-11-28T10:00:00+09:00');
const document: Notice = draftNotice(
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

test('a time is typed and read in Korean time whatever the zone of the browser', () => {
  expect(koreanInput('2026-11-28T16:00:00Z')).toBe('2026-11-29T01:00');
  expect(fromKoreanInput('2026-11-29T01:00')).toBe('2026-11-29T01:00:00+09:00');
  expect(fromKoreanInput('2026-11-')).toBe(null);
});

describe('the lint while a notice is written', () => {
  const unregistered = {
    rule: 'sender.unregistered' as const,
    severity: 'error' as const,
    path: '/sender',
    message: { ko: '등록되지 않음', en: 'not registered' },
  };
  const clean = lintNotice(document, now.toISOString());
  const saved = { document, lint: { ...clean, ok: false, findings: [...clean.findings, unregistered] } };

  test('keeps what the server said of the sender, until another one is typed', () => {
    const same = lintWhileWriting(document, saved, now);
    expect(same.ok).toBe(false);
    expect(findingsAt(same.findings, '/sender')).toEqual([unregistered]);
    expect(lintWhileWriting({ ...document, sender: '15889999' }, saved, now).ok).toBe(true);
  });

  test('puts each finding beside its text, errors first', () => {
    const texts = { ...document.texts, sms: `${document.texts.sms ?? ''}\nhttps://a.example 이벤트` };
    const { findings } = lintWhileWriting({ ...document, texts }, { document, lint: clean }, now);
    expect(findingsAt(findings, '/texts/sms').map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['text.url', 'text.advert']),
    );
    expect(findingsAt(findings, '/fields')).toEqual([]);
  });
});

test('the ruler has sending, lead time and work end to end on one axis, and says when now is past the latest start', () => {
  const windowStart = 100_000;
  const inTime = { now: 0, latestStart: 40_000, leadMs: 30_000, windowStart, windowEnd: 150_000 };
  const ruler = rulerOf(inTime);
  const [sending, lead, window] = ruler.parts;
  expect(ruler.isLate).toBe(false);
  expect([sending?.to, lead?.to]).toEqual([lead?.from, window?.from]);
  expect(ruler.now).toBeLessThan(ruler.latestStart);
  const late = rulerOf({ ...inTime, now: 60_000 });
  expect(late.isLate).toBe(true);
  expect(late.now).toBeGreaterThan(late.latestStart);
});

test('what became of messages stands figure by figure, and what is not settled is no number', () => {
  const sending = {
    state: 'settling',
    intended: 100,
    submitted: 98,
    accepted: 97,
    delivered: null,
    arrived: 60,
    failed: null,
    unknown: 38,
    suppressed: 2,
  };
  const rows = Object.fromEntries(deliveryRows(sending).map((row) => [row.what, row]));
  expect(rows['accepted']?.count).toBe(97);
  expect(rows['delivered']).toMatchObject({ count: null, soFar: 60, share: 0.6 });
  expect(rows['failed']).toMatchObject({ count: null, soFar: null });
  expect(rows['unknownReceipt']?.count).toBe(38);
});

test('the notice before is the last one that was published, not one that was only written', () => {
  const notice = (id: string, at: string, isPublished: boolean) => ({
    notice: id,
    plan: 'p',
    document,
    submittedBy: 'p-03',
    submittedAt: at,
    website: isPublished ? { at, url: 'https://notice.example' } : null,
    sendings: [],
  });
  const all = [
    notice('c', '2026-11-28T03:00:00Z', false),
    notice('b', '2026-11-28T02:00:00Z', false),
    notice('a', '2026-11-28T01:00:00Z', true),
  ] as Parameters<typeof chainOf>[0];
  const { chain, before } = chainOf(all, 'c');
  expect(chain.map((one) => one.notice)).toEqual(['a', 'b', 'c']);
  expect(before?.notice).toBe('a');
  expect(chainOf(all, 'a').before).toBe(null);
});
