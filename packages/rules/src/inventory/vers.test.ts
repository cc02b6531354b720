import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import { formatVers, parseVers, versContains } from './vers.ts';

describe('a version range', () => {
  test.each([
    ['vers:deb/>=1.0|<1.2-3', '1.1', true],
    ['vers:deb/>=1.0|<1.2-3', '1.2-3', false],
    ['vers:deb/>=1.0|<1.2-3', '1.0~rc1', false],
    ['vers:npm/*', '9.9.9', true],
    ['vers:none/*', '1', false],
    ['vers:npm/!=1.5.0', '1.4.0', true],
    ['vers:npm/!=1.5.0', '1.5.0', false],
    ['vers:npm/<1.0.0|>=2.0.0|<2.5.0|3.1.0', '2.4.9', true],
    ['vers:npm/<1.0.0|>=2.0.0|<2.5.0|3.1.0', '1.5.0', false],
    ['vers:npm/<1.0.0|>=2.0.0|<2.5.0|3.1.0', '3.1.0', true],
    ['vers:npm/<1.0.0|<2.0.0', '1.5.0', true],
    ['vers:npm/>1.0.0|>2.0.0', '1.5.0', true],
    ['vers:npm/>1.0.0|!=1.5.0|<2.0.0', '1.5.0', false],
    ['vers:npm/>1.0.0', '1.0.0', false],
    ['vers:cargo/>=1.0.0', '1.0.0-rc.1', false],
    ['vers:datetime/>=2026-01-01T00:00:00Z', '2026-01-01T08:59:59+09:00', false],
    ['vers:datetime/>=2026-01-01T00:00:00Z', '2026-01-01T09:00:00+09:00', true],
  ])('%s, %s: %s', (range, version, held) => {
    expect(versContains(parseVers(range), version)).toBe(held);
  });

  test.each([
    'npm/1',
    'vers:npm',
    'vers:NPM/1',
    'vers:npm/',
    'vers:npm/1|',
    'vers:npm/|1',
    'vers:npm/1||2',
    'vers:npm/>=1 |<2',
    'vers:npm/>=2.0.0|<1.0.0',
    'vers:npm/=>1',
    'vers:npm/1%2',
    'vers:npm/1%2f0',
    'vers:npm/*|1',
    'vers:datetime/2026-01-01t00:00:00z',
  ])('%s is refused', (text) => {
    expect(() => parseVers(text)).toThrow(expect.objectContaining({ code: 'vers.malformed' }));
  });

  test('of a scheme whose order is not known is refused when it has to be put in order', () => {
    expect(() => parseVers('vers:cobol/>=1|<2')).toThrow(expect.objectContaining({ code: 'version.ecosystem' }));
  });

  test('holds by its bounds what a look at every version of a small world says', () => {
    const world = Array.from({ length: 12 }, (_, i) => `${i}.0.0`);
    const bounds = fc.array(fc.tuple(fc.constantFrom('<', '<=', '>', '>='), fc.constantFrom(...world)), {
      minLength: 1,
      maxLength: 1,
    });
    const interval = fc.tuple(fc.nat(10), fc.nat(10)).filter(([a, b]) => a < b);
    fc.assert(
      fc.property(bounds, interval, fc.constantFrom(...world), ([bound], [low, high], version) => {
        const at = Number(version.split('.')[0]);
        const [sign = '<', text = ''] = bound ?? [];
        const limit = Number(text.split('.')[0]);
        const says = { '<': at < limit, '<=': at <= limit, '>': at > limit, '>=': at >= limit }[sign];
        expect(versContains(parseVers(`vers:npm/${sign}${text}`), version)).toBe(says);
        expect(versContains(parseVers(`vers:npm/>=${low}.0.0|<${high}.0.0`), version)).toBe(at >= low && at < high);
      }),
    );
  });

  test('any text is parsed and written back, or refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^vers:(npm|deb|pypi)\/[<>=!|%0-9a.*-]{0,24}$/)),
        (text) => {
          try {
            const form = formatVers(parseVers(text));
            expect(formatVers(parseVers(form))).toBe(form);
          } catch (error) {
            expect(error).toBeInstanceOf(BreakwaterError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
