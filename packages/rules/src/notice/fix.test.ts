import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixMessage, unshownCharacters } from './index.ts';
import { charsetFixes } from './message.ts';

describe('mending a text message', () => {
  test.each([
    ['a dash of a word processor', '01:00–04:00', '01:00-04:00'],
    ['the sign of the won', '₩1,000', '원1,000'],
    ['a space that does not break', '이체\u00a0중단', '이체 중단'],
    ['syllables in parts, as file names of other systems hold them', '한글'.normalize('NFD'), '한글'],
    ['a letter with an accent', 'café', 'cafe'],
    ['marks that show nothing', '점검\u200b\ufeff', '점검'],
    ['line ends of Windows', '가\r\n나', '가\n나'],
  ])('%s', (_what, text, mended) => {
    expect(fixMessage(text).text).toBe(mended);
  });

  test('a syllable outside KS X 1001 and an emoji are left to the author', () => {
    expect(fixMessage('똠방각하 🙂')).toEqual({ text: '똠방각하 🙂', fixes: [] });
  });

  test('says what it replaced and how often', () => {
    expect(fixMessage('1–2–3').fixes).toEqual([{ from: '–', to: '-', count: 2 }]);
  });

  test('every replacement is one that a handset shows, of a character it does not', () => {
    for (const [from, to] of Object.entries(charsetFixes)) {
      expect(unshownCharacters(from), from).toEqual([from]);
      expect(unshownCharacters(to), from).toEqual([]);
    }
  });

  test('never makes a text worse, and a second time changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const { text: mended } = fixMessage(text);
        const unshown = new Set(unshownCharacters(text));
        for (const character of unshownCharacters(mended)) expect(unshown.has(character)).toBe(true);
        expect(fixMessage(mended).text).toBe(mended);
      }),
    );
  });
});
