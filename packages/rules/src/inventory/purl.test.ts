import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { BreakwaterError } from '../error.ts';
import { formatPurl, parsePurl, type Purl } from './purl.ts';

describe('a package URL', () => {
  test.each([
    [
      'pkg:deb/debian/openssl@3.0.11-1~deb12u2?arch=amd64&distro=debian-12',
      'pkg:deb/debian/openssl@3.0.11-1~deb12u2?arch=amd64&distro=debian-12',
    ],
    ['pkg:PYPI/Flask_Login@0.6.3', 'pkg:pypi/flask-login@0.6.3'],
    ['pkg:npm/@scope/name@1.0.0', 'pkg:npm/%40scope/name@1.0.0'],
    [
      'pkg://maven//org.example/thing@1.0 final?type=jar&classifier=',
      'pkg:maven/org.example/thing@1.0%20final?type=jar',
    ],
    ['pkg:generic/a@1#./x/../y/', 'pkg:generic/a@1#x/y'],
    ['pkg:git/example.org/Team/Tool@abc', 'pkg:git/example.org/team/tool@abc'],
    ['pkg:brew/node@22@22.1.0', 'pkg:brew/node%4022@22.1.0'],
  ])('%s in canonical form is %s', (text, form) => {
    expect(formatPurl(parsePurl(text))).toBe(form);
  });

  test.each([
    ['npm/name@1', 'scheme'],
    ['pkg:npm', 'type'],
    ['pkg:1npm/name', 'type'],
    ['pkg:npm/', 'name'],
    ['pkg:npm/@1.0', 'name'],
    ['pkg:npm/a%2', 'name'],
    ['pkg:npm/a@%ff', 'version'],
    ['pkg:npm/a?x y=1', 'qualifiers/x y'],
    ['pkg:npm/a?k=1&k=2', 'qualifiers/k'],
    ['pkg:swift/name@1', 'namespace'],
    ['pkg:otp/ns/name@1', 'namespace'],
    ['pkg:swid/name@1', 'qualifiers/tag_id'],
    [`pkg:npm/${'a'.repeat(9000)}`, ''],
  ])('%.40s is refused at its %s', (text, path) => {
    expect(() => parsePurl(text)).toThrow(expect.objectContaining({ code: 'purl.malformed', path }));
  });

  test('what is formatted is parsed back to the same parts', () => {
    const word = fc
      .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
      .filter((text) => !text.includes('/') && text.isWellFormed());
    const purl = fc.record({
      type: fc.constantFrom('generic', 'maven', 'cargo', 'gem'),
      namespace: fc.option(fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join('/'))),
      name: word,
      version: fc.option(word),
      qualifiers: fc.option(
        fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9._-]{0,5}$/), word, { minKeys: 1, maxKeys: 4 }),
      ),
      subpath: fc.option(
        fc
          .array(
            word.filter((text) => text !== '.' && text !== '..'),
            { minLength: 1, maxLength: 3 },
          )
          .map((words) => words.join('/')),
      ),
    });
    fc.assert(
      fc.property(purl, (parts) => {
        expect(parsePurl(formatPurl(parts))).toEqual(parts satisfies Purl);
      }),
    );
  });

  test('any text is parsed or refused with a place', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((text) => `pkg:${text}`),
        ),
        (text) => {
          try {
            const once = formatPurl(parsePurl(text));
            expect(formatPurl(parsePurl(once))).toBe(once);
          } catch (error) {
            expect(error).toBeInstanceOf(BreakwaterError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
