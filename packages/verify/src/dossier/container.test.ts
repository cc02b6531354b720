import fc from 'fast-check';
import { deflateSync, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readContainer } from './index.ts';

const text = (s: string): Uint8Array => new TextEncoder().encode(s);
const files = {
  'manifest.json': text('{"a":1}'),
  'records/00000000.json': text('x'.repeat(500)),
  'README.txt': text('read me'),
};
const mtime = new Date(1980, 0, 1);
const stored = (): Uint8Array => zipSync(files, { level: 0, mtime });

function read(bytes: Uint8Array): Record<string, string> {
  return Object.fromEntries(readContainer(bytes).map((m) => [m.path, new TextDecoder().decode(m.bytes)]));
}

function reason(bytes: Uint8Array): string {
  try {
    readContainer(bytes);
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return 'accepted';
}

function changed(bytes: Uint8Array, at: number, ...values: number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
}

function concat(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const CENTRAL_AT = (bytes: Uint8Array): number => new DataView(bytes.buffer).getUint32(bytes.length - 6, true);

describe('a plain zip', () => {
  test('is read whole, stored or deflated, in any order and with any times', () => {
    const want = { 'manifest.json': '{"a":1}', 'records/00000000.json': 'x'.repeat(500), 'README.txt': 'read me' };
    expect(read(stored())).toEqual(want);
    expect(read(zipSync(files, { level: 9, mtime: new Date(2026, 10, 23, 9, 41, 8) }))).toEqual(want);
    expect(read(zipSync(Object.fromEntries(Object.entries(files).toReversed()), { level: 1 }))).toEqual(want);
  });

  test('of members of any bytes gives them back', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9]{0,8}\.json$/), fc.uint8Array({ maxLength: 3000 }), {
          noNullPrototype: true,
        }),
        fc.constantFrom<0 | 1 | 6 | 9>(0, 1, 6, 9),
        (contents, level) => {
          const got = readContainer(zipSync(contents, { level, mtime }));
          expect(Object.fromEntries(got.map((m) => [m.path, [...m.bytes]]))).toEqual(
            Object.fromEntries(Object.entries(contents).map(([path, bytes]) => [path, [...bytes]])),
          );
        },
      ),
    );
  });
});

describe('no changed byte passes', () => {
  test('wherever it stands in a stored zip', () => {
    const bytes = stored();
    for (let at = 0; at < bytes.length; at += 1) {
      for (const flip of [1, 0x80, 0xff]) {
        expect(reason(changed(bytes, at, (bytes[at] ?? 0) ^ flip)), `byte ${at} ^ ${flip}`).not.toBe('accepted');
      }
    }
  });

  test('and garbage is refused, never a crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(reason(bytes)).toMatch(/^BreakwaterError: /);
      }),
    );
    const bytes = stored();
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.uint8Array({ minLength: 1, maxLength: 40 }), (at, noise) => {
        const mixed = concat(bytes.subarray(0, at), noise, bytes.subarray(at + noise.length));
        expect(reason(mixed)).toMatch(/^(accepted|BreakwaterError: )/);
        if (reason(mixed) === 'accepted') expect([...mixed]).toEqual([...bytes]);
      }),
    );
  });
});

describe('refused, with the reason', () => {
  const bytes = stored();
  const central = CENTRAL_AT(bytes);
  const cases: [string, Uint8Array, RegExp][] = [
    ['data before the first member', shifted(bytes), /belong to no member/],
    ['data after the end', concat(bytes, text('x')), /end record does not close the file/],
    ['a comment', changed(concat(bytes, text('hi')), bytes.length - 2, 2), /end record does not close the file/],
    ['a cut file', bytes.subarray(0, -1), /end record does not close the file/],
    ['an empty file', new Uint8Array(), /too short/],
    ['a time that differs between the headers', changed(bytes, 10, 1), /differ \(time/],
    ['a method that is not read', changed(changed(bytes, 8, 12), central + 10, 12), /compression method 12/],
    ['encryption', changed(changed(bytes, 6, 1), central + 8, 1), /encrypted/],
    ['sizes after the data', changed(changed(bytes, 6, 8), central + 8, 8), /follow the data/],
    ['a link', changed(changed(bytes, central + 5, 3), central + 41, 0xa1), /link, directory or device/],
    ['a directory', changed(bytes, central + 38, 0x10), /directory or device/],
    ['an extra field', zipSync({ 'a.json': [text('1'), { extra: { 1: new Uint8Array(4) }, mtime }] }), /extra field/],
    ['a member comment', zipSync({ 'a.json': [text('1'), { comment: 'c', mtime }] }), /carries a comment/],
    ['a wrong CRC', changed(bytes, 30 + 'manifest.json'.length, 0), /CRC-32/],
    ['several parts', changed(bytes, bytes.length - 18, 1), /several parts/],
    ['a doubled member', doubled(), /there twice/],
  ];
  test.each(cases)('%s', (_, broken, want) => {
    expect(reason(broken)).toMatch(want);
  });

  test.each(['../a', '/a', 'a/../b', 'a//b', 'a\\b', 'a/', '.a', 'a/.b', 'ä', 'a b', 'C:a', 'a'.repeat(256)])(
    'the name %j',
    (path) => {
      expect(reason(zipSync({ [path]: [text('1'), { mtime }] }, { level: 0 }))).toMatch(/name/);
    },
  );

  test('bytes behind the end of compressed data, and output beyond the stated size', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ minLength: 1, maxLength: 5 }), (data, more) => {
        expect(reason(deflatedBy(deflateSync(data), data))).toBe('accepted');
        expect(reason(deflatedBy(concat(deflateSync(data), more), data))).toMatch(/bytes follow the end/);
        expect(reason(deflatedBy(deflateSync(concat(data, more)), data))).toMatch(/hold more than|bytes follow/);
      }),
    );
  });
});

/** The zip with four bytes in front and every offset right: what self-extracting archives look like. */
function shifted(bytes: Uint8Array): Uint8Array {
  const moved = concat(text('#!sh'), bytes);
  const view = new DataView(moved.buffer);
  const centralAt = CENTRAL_AT(bytes) + 4;
  view.setUint32(moved.length - 6, centralAt, true);
  for (let at = centralAt; view.getUint32(at, true) === 0x02014b50; at += 46 + view.getUint16(at + 28, true)) {
    view.setUint32(at + 42, view.getUint32(at + 42, true) + 4, true);
  }
  return moved;
}

/** Two members of one name: the second is written under another name of the same length, then renamed. */
function doubled(): Uint8Array {
  const bytes = zipSync({ 'one.json': text('1'), 'two.json': text('2') }, { level: 0, mtime });
  const latin = String.fromCharCode(...bytes).replaceAll('two.json', 'one.json');
  return Uint8Array.from(latin, (c) => c.charCodeAt(0));
}

/** A zip of one member whose compressed bytes are given, with the size and CRC of `content`. */
function deflatedBy(compressed: Uint8Array, content: Uint8Array): Uint8Array {
  const model = zipSync({ 'a.json': content }, { level: 0, mtime });
  const view = new DataView(model.buffer);
  const fields = model.slice(4, 30);
  const header = new DataView(fields.buffer);
  header.setUint16(4, 8, true);
  header.setUint32(14, compressed.length, true);
  const local = concat(text('PK\u0003\u0004'), fields, text('a.json'), compressed);
  const central = CENTRAL_AT(model);
  const entry = model.slice(central, model.length - 22);
  entry.set(fields.subarray(0, 24), 6);
  const end = model.slice(model.length - 22);
  new DataView(end.buffer).setUint32(16, local.length, true);
  new DataView(end.buffer).setUint32(12, view.getUint32(model.length - 10, true), true);
  return concat(local, entry, end);
}
