import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import { encodeBase64 } from './base64.ts';
import { formatCheckpoint, parseCheckpoint, parseSize } from './checkpoint.ts';
import { formatTlogProof, parseTlogProof } from './tlog-proof.ts';

const root = new Uint8Array(32).fill(7);
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('checkpoints', () => {
  const good = formatCheckpoint({ origin: 'bank.example/log', size: 3, root });

  test('are read from the text alone and from the signed note, with extensions passed over', () => {
    const expected = { origin: 'bank.example/log', size: 3n, root };
    expect(parseCheckpoint(good)).toEqual(expected);
    expect(parseCheckpoint(`${good}\n\u2014 bank.example/log AAAAAAA=\n`)).toEqual(expected);
    expect(parseCheckpoint(`${good}extension\nanother one\n`)).toEqual(expected);
  });

  test.each([
    ['no origin', good.slice('bank.example/log'.length), '1:1'],
    ['a size with a leading zero', good.replace('\n3\n', '\n03\n'), '2:1'],
    ['a signed size', good.replace('\n3\n', '\n+3\n'), '2:1'],
    ['a size of 2^63', good.replace('\n3\n', '\n9223372036854775808\n'), '2:1'],
    ['a short root', good.replace(encodeBase64(root), encodeBase64(root.slice(1))), '3:1'],
    ['a loose root', good.replace('Bwc=\n', 'Bwd=\n'), '3:1'],
    ['no last newline', good.slice(0, -1), '1:1'],
    ['two lines', 'a\n1\n', '3:1'],
    ['nothing', '', '1:1'],
    ['65 kB', `${'x'.repeat(70_000)}\n1\n${encodeBase64(root)}\n`, '1:1'],
  ])('with %s are refused with the line', (_name, text, path) => {
    expect(() => parseCheckpoint(text)).toThrow(expect.objectContaining({ code: 'checkpoint.malformed', path }));
  });

  test('any size below 2^63 is read as it is written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 63n) - 1n }), hash, (size, anyRoot) => {
        expect(parseCheckpoint(formatCheckpoint({ origin: 'o', size, root: anyRoot }))).toEqual({
          origin: 'o',
          size,
          root: anyRoot,
        });
      }),
    );
    expect(['', '-1', '1e3', '１', ' 1', '0x1'].map(parseSize)).toEqual(Array(6).fill(null));
  });
});

describe('offline proofs', () => {
  test('are read as they are written', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 1n << 62n }),
        fc.array(hash, { maxLength: 63 }),
        fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }),
        (index, proof, extra) => {
          const checkpoint = `${formatCheckpoint({ origin: 'o', size: 9, root })}\n\u2014 o AAAAAAA=\n`;
          const whole = { index, proof, checkpoint, ...(extra === undefined ? {} : { extra }) };
          expect(parseTlogProof(formatTlogProof(whole))).toEqual(whole);
        },
      ),
    );
  });

  const head = 'c2sp.org/tlog-proof@v1\n';
  const line = encodeBase64(root);
  test.each([
    ['another version', 'c2sp.org/tlog-proof@v2\nindex 1\n\nx', '1:1'],
    ['no empty line', `${head}index 1\n`, '1:1'],
    ['no index', `${head}${line}\n\nx`, '2:1'],
    ['a leading zero', `${head}index 01\n\nx`, '2:1'],
    ['loose extra data', `${head}extra AB==\nindex 1\n\nx`, '2:1'],
    ['extra data after the index', `${head}index 1\nextra AAAA\n\nx`, '3:1'],
    ['a hash that is too short', `${head}index 1\n${line}\nAAAA\n\nx`, '4:1'],
    ['64 hashes', `${head}index 1\n${`${line}\n`.repeat(64)}\nx`, '3:1'],
    ['a megabyte', `${head}index 1\n\n${'x'.repeat(1_000_000)}`, '1:1'],
  ])('with %s are refused with the line', (_name, text, path) => {
    expect(() => parseTlogProof(text)).toThrow(expect.objectContaining({ code: 'tlog-proof.malformed', path }));
  });

  test('any text is read or refused with a code', () => {
    const lines = fc.array(fc.constantFrom('c2sp.org/tlog-proof@v1', 'index 1', 'extra AAAA', line, '', 'o', '3'), {
      maxLength: 9,
    });
    fc.assert(
      fc.property(lines, (parts) => {
        for (const parse of [parseTlogProof, parseCheckpoint]) {
          try {
            parse(`${parts.join('\n')}\n`);
          } catch (error) {
            expect(error).toBeInstanceOf(BreakwaterError);
          }
        }
      }),
    );
  });
});
