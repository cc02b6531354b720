import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentLimits, readDocument } from './document.ts';
import { BreakwaterError } from './error.ts';

const refusal = (text: string, format?: 'yaml' | 'json'): { code: string; path: string; message: string } => {
  try {
    readDocument(text, {}, format);
  } catch (error) {
    if (error instanceof BreakwaterError) return { code: error.code, path: error.path, message: error.message };
    throw error;
  }
  return { code: 'read', path: '', message: '' };
};

describe('a document', () => {
  const text = '# why\nname: 이체\nsteps:\n  - id: a\n    "x/y~z": [1, 2]\n  - id: b\nempty:\n';

  test('is read as YAML 1.2, where only true and false are truth values and times are text', () => {
    expect(readDocument('a: yes\nb: 2026-11-29T01:00:00+09:00\nc: 0123\nd: ~\ne: 1_000\n').value).toEqual({
      a: 'yes',
      b: '2026-11-29T01:00:00+09:00',
      c: 123,
      d: null,
      e: '1_000',
    });
  });

  test.each([
    ['', '2:1'],
    ['/name', '2:1'],
    ['/steps/0', '4:5'],
    ['/steps/0/id', '4:5'],
    ['/steps/0/x~1y~0z', '5:5'],
    ['/steps/0/x~1y~0z/1', '5:18'],
    ['/steps/1/id', '6:5'],
    ['/empty', '7:1'],
    ['/empty/deeper', '7:1'],
    ['/steps/7/id', '3:1'],
    ['/nothing', '2:1'],
  ])('knows where %s stands, or what is around it', (pointer, place) => {
    expect(readDocument(text).place(pointer)).toBe(place);
  });

  test('may begin with a byte order mark', () => {
    expect(readDocument('\uFEFFa: 1').value).toEqual({ a: 1 });
    expect(readDocument('\uFEFF{"a":1}', {}, 'json').value).toEqual({ a: 1 });
  });

  test('that is JSON means the same read as YAML', () => {
    const json = fc.jsonValue({ depthSize: 'small' }).filter((value) => !JSON.stringify(value).includes('"__proto__"'));
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 2, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        fc.pre(!/\\u0000|\\ud[89a-f]|"<<":|[\u007f-\u009f\ufffd-\uffff]/i.test(text));
        expect(readDocument(text, {}, 'json').value).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });
});

describe('what cannot be read is refused with line and column', () => {
  test.each([
    ['nothing', '', 'document.empty', '1:1'],
    ['comments only', '# a\n# b\n', 'document.empty', '1:1'],
    ['a doubled key', 'a: 1\nb: 2\na: 3', 'document.duplicate-key', '3:1'],
    ['a doubled key in JSON', '{"a": 1, "a": 2}', 'document.duplicate-key', '1:10'],
    ['an anchor', 'a: &x 1', 'document.alias', '1:4'],
    ['an alias', 'a: *x', 'document.alias', '1:4'],
    ['a merge key', 'a: 1\n<<: { b: 2 }', 'document.alias', '2:1'],
    ['a tag', 'a: !!binary aGk=', 'document.tag', '1:4'],
    ['a directive', '%YAML 1.1\n---\na: yes', 'document.tag', '1:1'],
    ['several documents', 'a: 1\n---\nb: 2', 'document.several', '2:1'],
    ['an alias bomb, at its first anchor', 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]', 'document.alias', '1:4'],
    ['a map as a key', '? { a: 1 }\n: b', 'document.key', '1:3'],
    ['a key that would become the prototype', '{"__proto__": {"a": 1}}', 'document.key', '1:2'],
    ['a number beyond all', 'a: 1e999', 'document.number', '1:4'],
    ['infinity', 'a: [.inf]', 'document.number', '1:5'],
    ['an open quote', 'a: "b', 'document.syntax', '1:6'],
    ['tabs as indentation', 'a:\n\tb: 1', 'document.syntax', '2:1'],
    ['NUL', 'a: b\nc: \0', 'document.encoding', '2:4'],
    ['an escaped NUL', 'a: "\\0"', 'document.encoding', '1:4'],
    ['half a surrogate pair', 'a: "\\ud800"', 'document.encoding', '1:4'],
    ['half a surrogate pair, raw', 'a: \ud800', 'document.encoding', '1:4'],
    ['the mark of lossy decoding', 'a: \ufffd', 'document.encoding', '1:4'],
    ['an escape sequence', 'a: \u001b[31m', 'document.encoding', '1:4'],
  ])('%s', (_, text, code, path) => {
    const found = refusal(text);
    expect(found.code).toBe(code);
    expect(found.path).toBe(path);
  });

  test.each([
    ['YAML', 'a: 1', '1:1'],
    ['a comment', '{"a": 1} // x', '1:10'],
    ['a trailing comma', '{"a": 1,}', '1:9'],
    ['a number that is none', '{"b": true,\n "a": NaN}', '2:7'],
    ['a number with a plus', '{"a": +1}', '1:7'],
    ['a text that just ends', '{"a": [\n1,', '2:3'],
  ])('%s where JSON was asked for', (_, text, path) => {
    expect(refusal(text, 'json')).toMatchObject({ code: 'document.syntax', path });
  });

  test.each([
    ['flow lists', '['.repeat(300_000)],
    ['closed flow lists', `${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['lists in a line', '- '.repeat(200_000)],
    ['explicit keys', '? '.repeat(200_000)],
    ['maps by indentation', Array.from({ length: 500 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('depth: %s', (_, text) => {
    expect(refusal(text).code).toBe('document.too-deep');
  });

  test('depth up to the limit is read', () => {
    const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(refusal(nested(documentLimits.maxDepth)).code).toBe('read');
    expect(refusal(nested(documentLimits.maxDepth + 1)).code).toBe('document.too-deep');
  });

  test.each([
    ['fifty megabytes', 'x'.repeat(50_000_000)],
    ['bytes, not characters', '가'.repeat(400_000)],
    ['very many values', Array.from({ length: 60_000 }, () => '- 1').join('\n')],
    ['very much punctuation', `{${','.repeat(900_000)}`],
  ])('size: %s', (_, text) => {
    expect(refusal(text).code).toBe('document.too-large');
  });

  test('fuzz: any text is read or refused, never anything else', () => {
    const fragments = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '-',
      '? ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '|',
      '>',
      '#',
      '&a ',
      '*a',
      '!t ',
      '%',
      '---',
      '...',
      '\t',
      '0x',
      '.inf',
      '<<',
      '\\u0000',
      '가',
      '@',
      '`',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(fragments, { maxLength: 60 }).map((parts) => parts.join('')),
        ),
        (text) => {
          const found = refusal(text);
          expect(found.code).toMatch(/^(?:read|document\.[a-z-]+)$/);
          if (found.code !== 'read' && !/too-large/.test(found.code)) expect(found.path).toMatch(/^\d+:\d+$/);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
