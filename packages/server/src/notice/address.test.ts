import { Readable } from 'node:stream';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { readAddress } from './address.ts';
import type { AddressKind } from './channels/channel.ts';
import { readList } from './list-file.ts';

const cases: readonly (readonly [AddressKind, string, string])[] = [
  ['phone', '01012345678', '01012345678'],
  ['phone', ' 010-1234-5678 ', '01012345678'],
  ['phone', '+82 10 1234 5678', '01012345678'],
  ['phone', '0082-10-1234-5678', '01012345678'],
  ['phone', '０１０－１２３４－５６７８', '01012345678'],
  ['phone', '+14155552671', '+14155552671'],
  ['phone', '0081 90-1234-5678', '+819012345678'],
  ['phone', '+1 415 555', 'foreign-not-valid'],
  ['phone', '+44 20 7946 0958', 'foreign-not-valid'],
  ['phone', '011-234-5678', 'retired-number'],
  ['phone', '02-123-4567', 'not-mobile'],
  ['phone', '0101234567', 'not-mobile'],
  ['phone', '010123456789', 'not-mobile'],
  ['phone', '010 1234 567a', 'not-a-number'],
  ['phone', '📱01012345678', 'not-a-number'],
  ['phone', '\u202e87654321010', 'not-a-number'],
  ['phone', '', 'empty'],
  ['token', 'c-63539f73252d9e2a', 'c-63539f73252d9e2a'],
  ['token', '010-1234-5678', 'number-for-token'],
  ['token', 'a b', 'not-a-token'],
  ['email', 'Hong.Gildong@Example.COM', 'Hong.Gildong@example.com'],
  ['email', 'a@b', 'not-an-address'],
  ['email', 'a@example.com\r\nBcc: b@example.com', 'not-an-address'],
];

describe('an address', () => {
  test.each(cases)('%s %j is %s', (kind, text, expected) => {
    const read = readAddress(kind, text);
    expect('address' in read ? read.address : read.reason).toBe(expected);
  });

  test('is its own plain form, and no text breaks its reading', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[+0-9 ().-]{0,20}$/));
    fc.assert(
      fc.property(fc.constantFrom<AddressKind>('phone', 'token', 'email'), text, (kind, given) => {
        const read = readAddress(kind, given);
        if ('address' in read) expect(readAddress(kind, read.address)).toEqual(read);
      }),
      { numRuns: 300 },
    );
  });
});

async function read(body: Buffer | string, column: string | null = null): Promise<(readonly [number, string])[]> {
  const lines: (readonly [number, string])[] = [];
  const octets = Buffer.from(body);
  const chunks = Array.from({ length: Math.ceil(octets.length / 7) }, (_, n) => octets.subarray(n * 7, n * 7 + 7));
  for await (const { line, text } of readList(Readable.from(chunks), column)) lines.push([line, text]);
  return lines;
}

describe('a list', () => {
  test('names the lines of its addresses, past headers, quotes, empty lines and marks of the encoding', async () => {
    expect(await read('\ufeffphone,name\r\n01000000001,홍길동\r\n\r\n"010-0000-0002","a\nb"\r\n')).toEqual([
      [2, '01000000001'],
      [5, '010-0000-0002'],
    ]);
    expect(await read('01000000001\n01000000002')).toEqual([
      [1, '01000000001'],
      [2, '01000000002'],
    ]);
    expect(await read('name;mobile\nKim;01000000001\nLee\n', 'mobile')).toEqual([
      [2, '01000000001'],
      [3, ''],
    ]);
    expect(await read(iconv.encode('번호\n01000000001\n', 'euc-kr'))).toEqual([[2, '01000000001']]);
  });

  test('that is UTF-16, has no such column, or no end of a line is refused with the place', async () => {
    await expect(read(iconv.encode('01000000001\n', 'utf16-le'))).rejects.toMatchObject({ code: 'list.encoding' });
    await expect(read(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('a')]))).rejects.toMatchObject({
      code: 'list.encoding',
    });
    await expect(read('phone\n01000000001\n', 'mobile')).rejects.toMatchObject({ code: 'list.column' });
    await expect(read('0'.repeat(200_000))).rejects.toMatchObject({ code: 'list.csv' });
  });
});
