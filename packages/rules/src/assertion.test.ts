import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assertedBytes, challengeOf, shortCode, signedBytes } from './assertion.ts';

const place = { rpId: 'breakwater.bank.example', origin: 'https://breakwater.bank.example' };

test('whatever a browser hands on is read as a fault, never thrown at', () => {
  const text = fc.oneof(
    fc.base64String({ maxLength: 200 }),
    fc.string(),
    fc
      .json()
      .map((json) => btoa(Array.from(json, (letter) => String.fromCharCode(letter.charCodeAt(0) & 0x7f)).join(''))),
  );
  fc.assert(
    fc.property(text, text, fc.uint8Array({ maxLength: 64 }), (authenticatorData, clientDataJSON, message) => {
      expect(assertedBytes({ authenticatorData, clientDataJSON }, place, message)).toHaveProperty('fault');
      expect(signedBytes({ webauthn: place }, message, { webauthn: { authenticatorData, clientDataJSON } })).toBeNull();
      expect(signedBytes({ webauthn: place }, message, {})).toBeNull();
    }),
  );
});

test('a challenge is the hash of the message, as browsers spell it', () => {
  expect(challengeOf(new Uint8Array(0))).toBe('47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU');
});

test('a short code is read aloud without mistakes, and differs with the hash', () => {
  expect(shortCode(`sha256:${'0'.repeat(64)}`)).toBe('0000-0000');
  expect(shortCode(`sha256:ffffffffff${'0'.repeat(54)}`)).toBe('ZZZZ-ZZZZ');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 40 - 1 }), (bits) => {
      const code = shortCode(`sha256:${bits.toString(16).padStart(10, '0')}${'0'.repeat(54)}`);
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    }),
  );
});
