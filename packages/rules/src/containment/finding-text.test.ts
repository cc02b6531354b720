import fc from 'fast-check';
import { expect, test } from 'vitest';
import { harmless, harmlessJson } from './finding-text.ts';

test.each([
  ['\u001b[31mred\u001b[0m', 'red'],
  ['\u001b]0;owned\u0007title', 'title'],
  ['\u001b]8;;http://evil.example\u001b\\link\u001b]8;;\u001b\\', 'link'],
  ['\u009b2Jclear', 'clear'],
  ['a\r\nSet-Cookie: b', 'a Set-Cookie: b'],
  ['a\u0008b\u007f', 'a\uFFFDb\uFFFD'],
  ['user\u202Egnp.exe', 'user\uFFFDgnp.exe'],
  ['\u2066x\u2069', '\uFFFDx\uFFFD'],
  ['zero\u200bwidth\ufeff', 'zero\uFFFDwidth\uFFFD'],
  ['tag\u{E0041}', 'tag\uFFFD'],
  ['half\ud800', 'half\uFFFD'],
  ['이체 서비스 – TLS 1.0', '이체 서비스 – TLS 1.0'],
])('%j is shown as %j', (text, shown) => {
  expect(harmless(text)).toBe(shown);
});

test('no text keeps a character that is obeyed instead of shown, and harmless text stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = harmless(`\u001b[${text}\u001b`);
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(harmless(shown)).toBe(shown);
    }),
  );
});

test('JSON keeps every value and holds no character that is obeyed', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      for (const indent of [undefined, 2]) {
        const text = harmlessJson(['\u202e\u009b\u{e0041}', value], indent);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(['\u202e\u009b\u{e0041}', value])));
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }
    }),
  );
});
