import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import {
  COSIGNATURE_V1,
  ED25519,
  type Verifier,
  type VerifierKey,
  cosignature,
  cosignedMessage,
  formatVerifierKey,
  isWeakEd25519Key,
  parseVerifierKey,
  verifierKey,
} from './key.ts';
import { formatNote, formatSignatureLine, openNote, parseNote } from './note.ts';

const verifier: Verifier = {
  ed25519(publicKey, message, signature) {
    const x = Buffer.from(publicKey).toString('base64url');
    return verify(null, message, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }), signature);
  },
};

interface TestKey {
  readonly key: VerifierKey;
  readonly line: (text: string, time?: bigint) => string;
}

function testKey(name: string, kind: VerifierKey['kind'] = ED25519): TestKey {
  const pair = generateKeyPairSync('ed25519');
  const { x = '' } = createPublicKey(pair.privateKey).export({ format: 'jwk' });
  const key = verifierKey(name, kind, new Uint8Array(Buffer.from(x, 'base64url')));
  const bytes = (message: Uint8Array): Uint8Array =>
    new Uint8Array(sign(null, message, createPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }))));
  return {
    key,
    line: (text, time = 1_790_000_000n) =>
      formatSignatureLine({
        name,
        id: key.id,
        signature: kind === ED25519 ? bytes(Buffer.from(text)) : cosignature(time, bytes(cosignedMessage(text, time))),
      }),
  };
}

const text = 'bank.example/log\n3\nRcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=\n';
const log = testKey('bank.example/log');
const other = testKey('bank.example/log');
const witness = testKey('증인.example/w1', COSIGNATURE_V1);
/** The key of the witness, taken for a key of the plain kind. */
const plainTwin: VerifierKey = { ...witness.key, kind: ED25519 };
const note = `${text}\n${log.line(text)}${witness.line(text)}`;

describe('opening a note', () => {
  test('gives the text and who signed it, and the time of a cosignature', () => {
    const opened = openNote(note, [log.key, witness.key], verifier);
    expect(opened.text).toBe(text);
    expect(opened.verified.map(({ key, time }) => [key.name, time])).toEqual([
      ['bank.example/log', null],
      ['증인.example/w1', 1_790_000_000n],
    ]);
    expect(opened.unverified).toEqual([]);
  });

  test('sets aside signatures by keys that are not known, even of the same name', () => {
    const opened = openNote(note + other.line(text), [log.key], verifier);
    expect(opened.verified).toHaveLength(1);
    expect(opened.unverified.map(({ name }) => name)).toEqual(['증인.example/w1', 'bank.example/log']);
  });

  test('counts a key once, and an unknown line once', () => {
    const opened = openNote(`${note}${log.line(text)}${other.line(text)}${other.line(text)}`, [log.key], verifier);
    expect([opened.verified.length, opened.unverified.length]).toEqual([1, 2]);
  });

  test.each([
    ['a changed text', note.replace('\n3\n', '\n4\n'), [log.key], 'note.invalid-signature'],
    ['one bad signature by a known key', note + other.line('other\n'), [log.key, other.key], 'note.invalid-signature'],
    ['no key that signed', note, [other.key], 'note.no-known-signature'],
    ['no keys', note, [], 'note.no-known-signature'],
    [
      'a cosignature as if it were a signature',
      `${text}\n${witness.line(text)}`,
      [plainTwin],
      'note.invalid-signature',
    ],
  ])('%s is refused', (_name, signed, keys, code) => {
    expect(() => openNote(signed, keys, verifier)).toThrow(expect.objectContaining({ code }));
  });

  test('the time of a cosignature cannot be changed', () => {
    const line = witness.line(text);
    const [, , base64 = ''] = line.split(' ');
    const bytes = Buffer.from(base64, 'base64');
    bytes[11] = (bytes[11] ?? 0) ^ 1;
    const changed = `${text}\n\u2014 ${witness.key.name} ${bytes.toString('base64')}\n`;
    expect(() => openNote(changed, [witness.key], verifier)).toThrow(/invalid signature/);
  });

  test('two known keys with one name and id are refused rather than chosen between', () => {
    const twin: VerifierKey = { ...other.key, id: log.key.id };
    expect(() => openNote(note, [log.key, twin], verifier)).toThrow(
      expect.objectContaining({ code: 'note.ambiguous-key' }),
    );
    expect(openNote(note, [log.key, { ...log.key }], verifier).verified).toHaveLength(1);
  });
});

describe('the form of a note', () => {
  const line = log.line(text);
  test.each([
    ['no empty line', `${text}${line}`],
    ['no signature', `${text}\n`],
    ['no last newline', `${text}\n${line.trimEnd()}`],
    ['a control character', `\u0001${note}`],
    ['a carriage return', note.replaceAll('\n', '\r\n')],
    ['a tab', `a\tb${note}`],
    ['half a character', `\ud800${note}`],
    ['a hyphen in place of the dash', note.replace('\u2014', '-')],
    ['a space in a name', note.replace('bank.example/log ', 'bank example/log ')],
    ['a wide space in a name', `${text}\n${line.replace('bank.example/log ', 'bank\u3000example/log ')}`],
    ['a plus sign in a name', `${text}\n${line.replace('bank.example/log ', 'bank+example/log ')}`],
    ['no name', `${text}\n${line.replace('bank.example/log ', ' ')}`],
    ['two spaces', `${text}\n${line.replace('log ', 'log  ')}`],
    ['a signature of four bytes', `${text}\n\u2014 a AAAAAA==\n`],
    ['loose base64', `${text}\n\u2014 a AAAAAAB=\n`],
    ['something after the signatures', `${note}more\n`],
    ['101 signatures', `${text}\n${line.repeat(101)}`],
    ['a line too long', `${text}\n\u2014 a ${'AAAA'.repeat(5_000)}\n`],
  ])('with %s is malformed', (_name, bad) => {
    expect(() => parseNote(bad)).toThrow(
      expect.objectContaining({ code: 'note.malformed', message: expect.stringContaining('malformed note') }),
    );
  });

  test('a text may hold empty lines; 100 signatures are read', () => {
    const poem = 'a\n\nb\n';
    expect(parseNote(`${poem}\n${log.line(poem).repeat(100)}`)).toMatchObject({
      text: poem,
      signatures: { length: 100 },
    });
  });

  test('a note beyond the cap is refused, unless more was allowed', () => {
    const long = `${'가'.repeat(400_000)}\n`;
    expect(() => parseNote(`${long}\n${log.line(long)}`)).toThrow(/more than 1000000 bytes/);
    expect(parseNote(`${long}\n${log.line(long)}`, { maxBytes: 2_000_000 }).text).toBe(long);
  });

  test('what was read is written the same way', () => {
    const signature = fc.record({
      name: fc.constantFrom('a', '증인', 'x/y'),
      id: fc.nat({ max: 2 ** 32 - 1 }),
      signature: fc.uint8Array({ minLength: 1, maxLength: 80 }),
    });
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '\n', ' ', '\u2014', '가') }),
        fc.array(signature, { minLength: 1, maxLength: 5 }),
        (body, signatures) => {
          const written = formatNote({ text: `${body}\n`, signatures });
          expect(parseNote(written)).toEqual({ text: `${body}\n`, signatures });
        },
      ),
    );
  });

  test('any text is read or refused with a code', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\n', ' ', '\u2014', '+', '=', 'A', '\ud800') }), (body) => {
        try {
          parseNote(body);
        } catch (error) {
          expect(error).toBeInstanceOf(BreakwaterError);
        }
      }),
    );
  });
});

describe('verifier keys', () => {
  test('are read as they are written', () => {
    for (const { key } of [log, witness]) expect(parseVerifierKey(formatVerifierKey(key))).toEqual(key);
  });

  test.each([
    ['', 'key.malformed'],
    ['a+b', 'key.malformed'],
    ['PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'key.malformed'],
    ['PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'key.wrong-id'],
    ['PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'key.wrong-id'],
    ['PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'key.unknown-kind'],
    ['PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAA==', 'key.bad-length'],
    ['PeterNeumann+c74f20a3+ARpc', 'key.bad-length'],
    ['Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'key.bad-name'],
    [`a+00000000+${'A'.repeat(5_000)}`, 'key.malformed'],
  ])('%j is refused', (vkey, code) => {
    expect(() => parseVerifierKey(vkey)).toThrow(expect.objectContaining({ code }));
  });

  test('of small order or with two spellings are weak, and others are not', () => {
    const weak = [
      '0100000000000000000000000000000000000000000000000000000000000000',
      '0100000000000000000000000000000000000000000000000000000000000080',
      '0000000000000000000000000000000000000000000000000000000000000000',
      '0000000000000000000000000000000000000000000000000000000000000080',
      'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
      'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
      'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    ];
    for (const hex of weak) {
      const key = new Uint8Array(Buffer.from(hex, 'hex'));
      expect(isWeakEd25519Key(key)).toBe(true);
      expect(() => verifierKey('x', ED25519, key)).toThrow(expect.objectContaining({ code: 'key.weak' }));
    }
    expect(isWeakEd25519Key(log.key.publicKey)).toBe(false);
  });
});
