import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logEvent } from './events.ts';
import { plainText } from './plain.ts';

describe('text of a stranger', () => {
  test.each([
    ['colours and a cleared screen', '\u001b[31mred\u001b[2J\u001b[H', 'red'],
    ['a title of the terminal', '\u001b]0;owned\u0007ok', 'ok'],
    ['a title of the terminal, ended otherwise', '\u001b]0;owned\u001b\\ok', 'ok'],
    ['a link of the terminal', '\u001b]8;;http://evil\u0007here\u001b]8;;\u0007', 'here'],
    ['sequences of one byte', '\u009b31mred\u009d0;t\u009c', 'red'],
    ['turned text', 'safe\u202egnp.exe', 'safe\uFFFDgnp.exe'],
    ['isolates', '\u2066a\u2069', '\uFFFDa\uFFFD'],
    ['invisible characters', 'a\u200b\u00adb\ufeff', 'a\uFFFD\uFFFDb\uFFFD'],
    ['backspaces over a word', 'rm -rf\b\b\b\b\b\bls', `rm -rf${'\uFFFD'.repeat(6)}ls`],
    ['lines of a log of their own', 'ok\r\n{"level":"error"}', 'ok {"level":"error"}'],
    ['NUL', 'a\0b', 'a\uFFFDb'],
    ['Korean and emoji stay', '이체 서비스 🙂', '이체 서비스 🙂'],
  ])('%s', (_, text, plain) => {
    expect(plainText(text, 100)).toBe(plain);
  });

  test('is one line that no terminal acts on, within its length, and plain for ever', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    const hostile = fc.constantFrom('\u001b[', '\u001b]0;', '\u009b', '\u202e', '\u0007', '\r', '\ud800', '\u001b\\');
    fc.assert(
      fc.property(fc.array(fc.oneof(text, hostile)), fc.integer({ min: 1, max: 400 }), (parts, most) => {
        const plain = plainText(parts.join(''), most);
        expect(plain.length).toBeLessThanOrEqual(most);
        expect(plain).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
        expect(stripVTControlCharacters(plain)).toBe(plain);
        expect(plain.isWellFormed()).toBe(true);
        expect(plainText(plain, most)).toBe(plain);
      }),
    );
  });

  test('a megabyte of escapes is as quick as a line', () => {
    expect(plainText('\u001b['.repeat(500_000), 100)).toBe('');
  });

  test('an event holds no more than its shape does', () => {
    const event = logEvent('info', '가'.repeat(10_000));
    expect(event.kind === 'log' && event.text.length).toBe(4096);
  });
});
