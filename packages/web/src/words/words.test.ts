import { globSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hms, minutesSeconds, spokenDuration, won } from './number.ts';
import { clockTime, dayTime, longDay, withOffset } from './time.ts';
import { sayIn, type Words } from './words.ts';

const source = join(import.meta.dirname, '..');
const files = globSync('*/words.ts', { cwd: source }).filter((file) => file !== 'words/words.ts');

/** Names of the values that a message takes, in plural and select branches too. */
function valuesOf(message: string): string[] {
  const ast = new IntlMessageFormat(message, 'ko', undefined, { ignoreTag: true }).getAst();
  const names = new Set<string>();
  JSON.stringify(ast, (key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'type' in value && 'value' in value && value.type !== 0) {
      names.add(String(value.value));
    }
    return key === 'location' ? undefined : value;
  });
  return [...names].toSorted();
}

describe('the messages', () => {
  test.each(files)('of %s take the same values in both languages, and none is empty', async (file) => {
    const found = Object.values((await import(join(source, file))) as Record<string, Words<string>>);
    expect(found).not.toEqual([]);
    for (const { ko, en } of found) {
      expect(Object.keys(en).toSorted()).toEqual(Object.keys(ko).toSorted());
      for (const [key, message] of Object.entries(ko)) {
        expect([key, message.trim(), en[key]?.trim()]).not.toContain('');
        expect([key, valuesOf(en[key] ?? '')]).toEqual([key, valuesOf(message)]);
        expect(message).not.toMatch(/[!！]|죄송|성공적으로|면책됨|면책 대상/);
      }
    }
  });

  test('are said with their values', () => {
    const words = { ko: { left: '{n}건 남음' }, en: { left: '{n, plural, one {# item} other {# items}} left' } };
    expect(sayIn(words, 'ko')('left', { n: 3 })).toBe('3건 남음');
    expect(sayIn(words, 'en')('left', { n: 1 })).toBe('1 item left');
  });
});

describe('numbers', () => {
  test.each([
    [2_542_000, 'left', '0:42:22'],
    [2_542_999, 'left', '0:42:22'],
    [2_541_001, 'used', '0:42:22'],
    [14_400_000, 'used', '4:00:00'],
    [0, 'left', '0:00:00'],
    [-1, 'left', '−0:00:01'],
  ] as const)('%i ms %s are %s', (ms, rounding, text) => expect(hms(ms, rounding)).toBe(text));

  test('are never rounded to the safe side', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e8 }), (ms) => {
        const seconds = (text: string): number =>
          text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * 1000;
        expect(seconds(hms(ms, 'left'))).toBeLessThanOrEqual(ms);
        expect(seconds(hms(ms, 'used'))).toBeGreaterThanOrEqual(ms);
        expect(seconds(minutesSeconds(ms))).toBeGreaterThanOrEqual(ms);
      }),
      { numRuns: 200 },
    );
  });

  test('of money are in 만원 from ten thousand on, and exact in English', () => {
    expect(won(8_400_000, 'ko')).toBe('840만원');
    expect(won(9_999, 'ko')).toBe('9,999원');
    expect(won(8_400_001, 'ko')).toBe('841만원');
    expect(won(8_400_000, 'en')).toBe('KRW 8,400,000');
  });

  test('are spoken in words', () => {
    expect(spokenDuration(2_542_000, 'left', 'ko')).toBe('42분 22초');
    expect(spokenDuration(0, 'left', 'en')).toBe('0 s');
  });
});

test('instants are Korean time wherever the browser is', () => {
  const at = '2026-11-21T16:47:36Z';
  expect(clockTime(at)).toBe('01:47:36');
  expect(longDay(at, 'ko', at)).toBe('11월 22일(일)');
  expect(dayTime(at, 'ko', '2027-01-02T00:00:00Z')).toBe('2026-11-22(일) 01:47');
  expect(withOffset(at)).toBe('2026-11-22T01:47:36+09:00');
});
