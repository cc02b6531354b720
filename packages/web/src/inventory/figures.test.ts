import { expect, test } from 'vitest';
import { hasEnded, matchesFilter } from './figures.ts';

const asset = { id: 'core-01', name: '이체 처리 1', zone: 'core', owner: 'team-core', kind: 'server' };

test.each([
  ['', true],
  ['CORE', true],
  ['이체 server', true],
  ['이체 dmz', false],
])('the filter %j finds an asset by every word of it: %s', (filter, isFound) => {
  expect(matchesFilter(asset, filter)).toBe(isFound);
});

test('support has ended the day after its last day, by the calendar of Korea', () => {
  expect(hasEnded('2026-12-01', new Date('2026-12-01T14:59:59Z'))).toBe(false);
  expect(hasEnded('2026-12-01', new Date('2026-12-01T15:00:00Z'))).toBe(true);
  expect(hasEnded(null, new Date())).toBe(false);
});
