import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64.ts';

test('writes and reads as everyone else does', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
    }),
  );
});

test.each(['A', 'AA', 'AAA', 'AA=', 'AA==\n', ' AA==', 'AB==', 'AAB=', 'A===', '====', 'AA==AA==', 'AA-_', 'AA==='])(
  '%j has no value',
  (text) => {
    expect(decodeBase64(text)).toBeNull();
  },
);

test('a value has one spelling only', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('A', 'B', '/', '+', '=', '\n', 'z') }), (text) => {
      const bytes = decodeBase64(text);
      if (bytes !== null) expect(encodeBase64(bytes)).toBe(text);
    }),
  );
});
