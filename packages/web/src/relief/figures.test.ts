import { expect, test } from 'vitest';
import { sayIn } from '#words';
import { againstLimit, deadlineOf, laneOf, rangeOf, sayRange } from './figures.ts';
import { reliefWords } from './words.ts';

const policy = { answerWithinDays: 15, proactiveWithinDays: 14 };
const opened = '2026-12-01T00:00:00+09:00';
const dayMs = 86_400_000;

test.each([
  ['a claim that nobody decided', { state: 'open' as const, proposal: null, toldAt: null }, 'laneOpen'],
  [
    'one that waits for a second person',
    {
      state: 'open' as const,
      proposal: { amount: 1, at: opened, by: 'p-21', code: null, decision: 'accepted' as const, reason: null },
      toldAt: null,
    },
    'laneSecond',
  ],
  ['an accepted one that is not paid', { state: 'accepted' as const, proposal: null, toldAt: opened }, 'laneSettle'],
  ['a refused one that was not told', { state: 'refused' as const, proposal: null, toldAt: null }, 'laneSettle'],
  ['a paid one that was told', { state: 'paid' as const, proposal: null, toldAt: opened }, 'laneDone'],
])('%s stands where it waits', (_, claim, lane) => {
  expect(laneOf(claim)).toBe(lane);
});

test('a deadline is fifteen days for what was filed, fourteen for what the company opened, and none once it was told', () => {
  const at = Date.parse(opened);
  const filed = { source: 'filed' as const, openedAt: opened, toldAt: null };
  expect(deadlineOf(filed, policy, at)).toEqual({ at: at + 15 * dayMs, days: 15, urgency: 'calm' });
  expect(deadlineOf(filed, policy, at + 10 * dayMs + 1)).toMatchObject({ days: 4, urgency: 'soon' });
  expect(deadlineOf(filed, policy, at + 15 * dayMs)).toMatchObject({ urgency: 'over' });
  expect(deadlineOf({ ...filed, source: 'proactive' }, policy, at)?.at).toBe(at + 14 * dayMs);
  expect(deadlineOf({ ...filed, toldAt: opened }, policy, at)).toBe(null);
});

test('damage that reaches the limit passes it; without an upper bound nothing is left for certain', () => {
  expect(againstLimit({ low: 1, high: 99_999_999 }, 100_000_000)).toEqual({ left: 1, isOver: false });
  expect(againstLimit({ low: 1, high: 100_000_000 }, 100_000_000)).toEqual({ left: 0, isOver: true });
  expect(againstLimit({ low: 1, high: null }, 100_000_000)).toEqual({ left: null, isOver: false });
});

test('an amount nobody knows is a word, one without a bound says so', () => {
  const say = sayIn(reliefWords, 'ko');
  expect(sayRange(null, say, 'ko')).toBe('알 수 없음');
  expect(sayRange({ low: 1000, high: null }, say, 'ko')).toBe('1,000원 이상');
  expect(sayRange({ low: 1000, high: 2000 }, say, 'ko')).toBe('1,000원–2,000원');
  expect(sayRange({ low: 0, high: 0 }, say, 'ko')).toBe('0원');
});

test('what is typed for an amount may have separators; nothing typed is nothing known', () => {
  expect(rangeOf('1,000', '2,000')).toEqual({ low: 1000, high: 2000 });
  expect(rangeOf('1000', '')).toEqual({ low: 1000, high: null });
  expect(rangeOf('', '5')).toBe(null);
  expect(rangeOf('-1', '')).toBe(null);
});
