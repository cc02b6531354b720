import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textChanges } from './diff.ts';

const spelt = (before: string, after: string): string =>
  textChanges(before, after)
    .map(({ kind, text }) => ({ same: text, removed: `[-${text}]`, added: `[+${text}]` })[kind])
    .join('');

test.each([
  ['01:00 ~ 03:00', '01:00 ~ 04:00', '01:00 ~ [-03:00][+04:00]'],
  ['이체', '이체, 카드', '이체[+, 카드]'],
  ['이체, 카드', '이체, 카드, 조회', '이체, 카드[+, 조회]'],
  ['11월 29일(일) 01:00', '12월 1일(화) 01:00', '[-11월 29일(일][+12월 1일(화]) 01:00'],
  ['', '가', '[+가]'],
  ['가', '', '[-가]'],
  ['같은 말', '같은 말', '같은 말'],
])('%j to %j', (before, after, changes) => {
  expect(spelt(before, after)).toBe(changes);
});

test('what stayed and went is the old text, what stayed and came is the new one', () => {
  const text = fc
    .array(fc.constantFrom('가', '나', '11월', ' ', ', ', '~', '01:00'), { maxLength: 30 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const changes = textChanges(before, after);
      const without = (kind: string): string => changes.map((one) => (one.kind === kind ? '' : one.text)).join('');
      expect([without('added'), without('removed')]).toEqual([before, after]);
      expect(changes.every((one, i) => one.kind !== changes[i + 1]?.kind)).toBe(true);
    }),
  );
});

test('two long texts without a word in common are compared as wholes', () => {
  const [before, after] = [0, 1].map((n) => Array.from({ length: 3000 }, (_, i) => `w${n}x${i}`).join(' '));
  expect(textChanges(before ?? '', after ?? '').map(({ kind }) => kind)).toEqual(['removed', 'added']);
});
