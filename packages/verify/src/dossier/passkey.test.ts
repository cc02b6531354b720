import { createHash, generateKeyPairSync, randomBytes, sign, webcrypto, type KeyObject } from 'node:crypto';
import { challengeOf } from '@breakwater/rules';
import { formatDigest } from '@breakwater/rules/evidence';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkSignature } from './approvals.ts';
import type { Crypto } from './crypto.ts';
import { readKeys } from './keys.ts';
import { nodeCrypto } from './node-crypto.ts';
import { passkeyAlgorithm, rawSignature } from './passkey-key.ts';
import { type Subtle, withWebCrypto } from './web-crypto.ts';

const place = { rpId: 'breakwater.bank.example', origin: 'https://breakwater.bank.example' };
const message = new TextEncoder().encode('a decision about a plan');
const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();

const kinds = {
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RSA: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  Ed25519: () => generateKeyPairSync('ed25519'),
} as const;
type Kind = keyof typeof kinds;

/** What a passkey asserts about a message, and the keys by which a verifier knows it. */
function asserted(kind: Kind, changes: { origin?: string; rpId?: string; flags?: number; type?: string } = {}) {
  const { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject } = kinds[kind]();
  const { origin = place.origin, rpId = place.rpId, flags = 0x05, type = 'webauthn.get' } = changes;
  const client = Buffer.from(JSON.stringify({ type, challenge: challengeOf(message), origin, crossOrigin: false }));
  const data = Buffer.concat([sha256(rpId), Buffer.from([flags, 0, 0, 0, 1])]);
  const signature = sign(kind === 'Ed25519' ? null : 'sha256', Buffer.concat([data, sha256(client)]), privateKey);
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    signed: {
      person: 'p-17',
      role: 'ciso',
      at: '2026-11-22T00:00:00Z',
      key: formatDigest(sha256(der)),
      signature: signature.toString('base64'),
      webauthn: { authenticatorData: data.toString('base64'), clientDataJSON: client.toString('base64') },
    },
    keys: {
      schema: 'breakwater.keys/1',
      keys: [
        {
          person: 'p-17',
          role: 'ciso',
          publicKey: pem,
          webauthn: place,
          from: '2026-01-01T00:00:00Z',
          to: null,
          revoked: null,
        },
      ],
    },
  };
}

/** The verdict of Node.js and that of a browser, which must be one. */
async function verdict({ signed, keys }: ReturnType<typeof asserted>, about = message): Promise<string> {
  const judge = (crypto: Crypto): string => {
    try {
      checkSignature(signed, about, readKeys(keys, crypto), crypto);
      return 'good';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  const here = judge(nodeCrypto);
  expect(await withWebCrypto(webcrypto.subtle as Subtle, judge)).toBe(here);
  return here;
}

describe.each(Object.keys(kinds) as Kind[])('a decision by a passkey with a key of %s', (kind) => {
  test('verifies offline, in Node.js and in a browser', async () => {
    expect(await verdict(asserted(kind))).toBe('good');
  });

  test('does not verify about anything else, or with a changed byte of what was signed', async () => {
    const good = asserted(kind);
    expect(await verdict(good, new TextEncoder().encode('another decision'))).toMatch(/other-challenge/);
    const data = Buffer.from(good.signed.webauthn.authenticatorData, 'base64');
    data[36] = 2;
    const changed = { ...good.signed.webauthn, authenticatorData: data.toString('base64') };
    expect(await verdict({ ...good, signed: { ...good.signed, webauthn: changed } })).toMatch(/does not verify/);
    const signature = Buffer.from(good.signed.signature, 'base64');
    signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
    const forged = { ...good.signed, signature: signature.toString('base64') };
    expect(await verdict({ ...good, signed: forged })).toMatch(/does not verify/);
  });
});

test.each([
  ['another-origin', { origin: 'https://evil.example' }, /other-origin/],
  ['another domain', { rpId: 'evil.example' }, /other-domain/],
  ['nobody there', { flags: 0x04 }, /nobody-present/],
  ['nobody verified', { flags: 0x01 }, /person-not-verified/],
  ['a key that leaves its device', { flags: 0x0d }, /key-leaves-its-device/],
  ['another ceremony', { type: 'webauthn.create' }, /other-ceremony/],
])('an assertion with %s is no decision', async (_, changes, why) => {
  expect(await verdict(asserted('P-256', changes))).toMatch(why);
});

test('a key of a passkey signs nothing as an ordinary key, and the other way round', async () => {
  const good = asserted('Ed25519');
  const { webauthn: _, ...bare } = good.signed;
  expect(await verdict({ ...good, signed: bare as typeof good.signed })).toMatch(/not the same/);
  const [{ webauthn: __, ...ordinary }] = good.keys.keys as [(typeof good.keys.keys)[0]];
  const keys = { ...good.keys, keys: [ordinary as (typeof good.keys.keys)[0]] };
  expect(await verdict({ ...good, keys })).toMatch(/not the same/);
});

test('whatever bytes stand for a key or a signature, nothing is taken for good', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(passkeyAlgorithm(bytes)).toBeNull();
      const raw = rawSignature(bytes);
      return raw === null || raw.length === 64;
    }),
  );
  for (let n = 0; n < 200; n += 1) {
    const { privateKey } = ecPair;
    const der = sign('sha256', randomBytes(8), privateKey);
    expect(rawSignature(der)).toHaveLength(64);
  }
});
const ecPair = kinds['P-256']();
