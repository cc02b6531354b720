import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fit } from '../frame.ts';
import { createTeller, folded } from './tell.ts';

describe('lines of the demo', () => {
  test('are broken between words, wide characters taking two columns, and keep their indent', () => {
    expect(folded('  one two three', 9)).toEqual(['  one two', '  three']);
    expect(folded('장애 한도 도달', 9)).toEqual(['장애 한도', '도달']);
  });

  test('keep a word whole that is longer than the line, so that it can be copied', () => {
    expect(folded('see /a/very/long/path/of/a/file now', 10)).toEqual(['see', '/a/very/long/path/of/a/file', 'now']);
  });

  test('lose no word and exceed the columns only by one word', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z가-힣]{1,12}$/), { minLength: 1 }),
        fc.integer({ min: 1, max: 60 }),
        (words, columns) => {
          const lines = folded(words.join(' '), columns);
          expect(lines.join(' ')).toBe(words.join(' '));
          for (const line of lines) expect(fit(line, columns) === line || !line.includes(' ')).toBe(true);
        },
      ),
    );
  });

  test('stand under each other beside the clock, and an act takes the live line of the one before away', () => {
    const notes: string[] = [];
    const lives: string[] = [];
    const teller = createTeller(
      'en',
      { note: (text) => void notes.push(text), update: (text) => void lives.push(text), end: () => undefined },
      () => 20,
    );
    teller.live({ ko: '', en: 'working' });
    teller.act({ ko: '', en: '5. Relief' });
    teller.say({ ko: '', en: 'one two three' });
    teller.more({ ko: '', en: 'four' });
    expect(lives.at(-1)).toBe('');
    expect(notes).toEqual(['\n5. Relief', '   0.0 s  one two\n          three', '          four']);
  });
});
