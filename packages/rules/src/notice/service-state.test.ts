import { describe, expect, test } from 'vitest';
import { draftNotice, draftSuccessor } from './draft.ts';
import { serviceStateOf } from './service-state.ts';
import { noticeDigest, versionHash } from './chain.ts';
import type { NoticeKind } from './succession.ts';

const at = (time: string): number => Date.parse(`2026-11-${time}:00+09:00`);
const windows = ['29', '30'].map((day) => ({
  start: `2026-11-${day}T01:00:00+09:00`,
  end: `2026-11-${day}T02:00:00+09:00`,
}));
const notice = draftNotice(
  { kind: 'security-test', window: windows[0] ?? { start: '', end: '' }, services: ['transfer'] },
  { company: { name: { ko: '한빛은행', en: 'Hanbit Bank' }, phone: '15881234' }, sender: '15881234', serviceNames: {} },
  windows,
);

describe('a service', () => {
  test.each<[NoticeKind, string, string]>([
    ['advance', '29T00:59', 'planned'],
    ['advance', '29T01:00', 'down'],
    ['advance', '29T02:00', 'planned'],
    ['advance', '30T02:00', 'unknown'],
    ['start', '29T01:30', 'down'],
    ['disruption', '30T05:00', 'down'],
    ['end', '29T01:30', 'available'],
    ['cancel', '29T01:30', 'available'],
  ])('after a notice of %s, at %s: %s', (kind, time, state) => {
    const newest = kind === 'advance' ? notice : draftSuccessor(notice, { kind });
    expect(serviceStateOf(newest, null, at(time))).toBe(state);
  });

  test('is what its probes say while they are fresh', () => {
    const now = at('29T01:30');
    expect(serviceStateOf(notice, { state: 'available', at: now - 60_000 }, now)).toBe('available');
    expect(serviceStateOf(notice, { state: 'available', at: now - 60_001 }, now)).toBe('down');
  });
});

test('a version cannot be changed, left out or moved without the last hash showing it', () => {
  const second = draftSuccessor(notice, { kind: 'reminder' });
  const last = versionHash(versionHash(null, notice), second);
  expect(versionHash(null, second)).not.toBe(last);
  expect(versionHash(versionHash(null, { ...notice, sender: '0' }), second)).not.toBe(last);
  expect(versionHash(null, notice)).toBe(noticeDigest(notice));
  expect(last).toMatch(/^sha256:[0-9a-f]{64}$/);
});
