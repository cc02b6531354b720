import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { BreakwaterError } from '../../error.ts';
import { compareVersions, ecosystems, versionKey } from './ecosystem.ts';
import { versionOf } from './version.arbitrary.ts';

const orders = parse(readFileSync(new URL('../cases/version-order.yaml', import.meta.url), 'utf8')) as Record<
  string,
  string[][]
>;

describe.each(ecosystems)('versions of %s', (ecosystem) => {
  const rows = orders[ecosystem] ?? [];
  const pairs = rows.flatMap((row, i) =>
    row.flatMap((a) => rows.flatMap((others, k) => others.map((b) => [a, b, Math.sign(i - k)] as const))),
  );

  test('come in the order of the published rules', () => {
    expect(rows.length).toBeGreaterThan(3);
    for (const [a, b, order] of pairs) expect([a, b, compareVersions(ecosystem, a, b)]).toEqual([a, b, order]);
  });

  test('have one order, whichever way they are compared', () => {
    const version = versionOf(ecosystem);
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [ab, ba, bc, ac] = [
          [a, b],
          [b, a],
          [b, c],
          [a, c],
        ].map(([x = '', y = '']) => compareVersions(ecosystem, x, y));
        expect(ab === 0 ? 0 : -(ba ?? 0)).toBe(ab === 0 ? ba : ab);
        if (ab === -1 && bc === -1) expect(ac).toBe(-1);
        if (ab === 0 && bc === 0) expect(ac).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test('are read or refused, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        try {
          expect(versionKey(ecosystem, text)).toBeInstanceOf(Uint8Array);
        } catch (error) {
          expect(error).toBeInstanceOf(BreakwaterError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test.each([
  ['cobol', '1.0', 'version.ecosystem'],
  ['deb', '', 'version.malformed'],
  ['deb', '1:', 'version.malformed'],
  ['apk', '1.0-final', 'version.malformed'],
  ['npm', 'latest', 'version.malformed'],
  ['npm', '1.0 beta', 'version.malformed'],
  ['gem', '1..0', 'version.malformed'],
  ['generic', '9'.repeat(600), 'version.malformed'],
])('%s %.20s is refused', (ecosystem, version, code) => {
  expect(() => versionKey(ecosystem, version)).toThrow(expect.objectContaining({ code }));
});

test('what is no Python version comes before all that are', () => {
  expect(compareVersions('pypi', '0.7.10p1', '0.0.1.dev0')).toBe(-1);
});
