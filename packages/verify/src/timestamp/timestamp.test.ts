import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestAuthority, hasOpenssl, testAuthority } from './authority.testing.ts';
import { refusalOfSigner } from './chain.ts';
import { parseRoots, readTimestamp, verifyTimestamp } from './index.ts';

const data = Buffer.from('bank.example/log\n42\nroot\n');

describe.skipIf(!hasOpenssl())('time stamps by a real authority', () => {
  let authority: TestAuthority;
  let response: Uint8Array;
  const roots = (): ReturnType<typeof parseRoots> => parseRoots(authority.roots);
  beforeAll(() => {
    authority = testAuthority();
    response = authority.stamp(data);
  });
  afterAll(() => authority.close());

  test('a token over the data by a trusted authority passes and tells its time', () => {
    const verdict = verifyTimestamp(response, data, roots());
    expect(verdict).toMatchObject({ result: 'passed', authority: 'CN=signer' });
    const age = Date.now() - (verdict.result === 'passed' ? verdict.time.getTime() : 0);
    expect(Math.abs(age)).toBeLessThan(600_000);
    expect(readTimestamp(response, data).over).toBe(true);
  });

  test('the same token over other data fails', () => {
    expect(verifyTimestamp(response, Buffer.from('other'), roots())).toEqual({
      result: 'failed',
      reason: 'the token is over other data',
    });
    expect(readTimestamp(response, Buffer.from('other')).over).toBe(false);
  });

  test('a token whose roots were not given is not checkable, and one of a stranger fails', () => {
    expect(verifyTimestamp(response, data, []).result).toBe('unchecked');
    const stranger = testAuthority();
    expect(verifyTimestamp(response, data, parseRoots(stranger.roots))).toMatchObject({
      result: 'failed',
      reason: expect.stringContaining('no chain'),
    });
    stranger.close();
  });

  test('no change of any byte that is signed passes, and none makes the verifier throw', () => {
    const passed = verifyTimestamp(response, data, roots());
    for (let at = 0; at < response.length; at += 1) {
      const changed = response.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      const verdict = verifyTimestamp(changed, data, roots());
      if (verdict.result === 'passed') expect(verdict).toEqual(passed);
    }
  });

  test('a token followed by anything fails', () => {
    expect(verifyTimestamp(Buffer.concat([response, Buffer.of(0)]), data, roots()).result).toBe('failed');
  });

  test.each([
    ['RSA with SHA-512 over the data', { algorithm: ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'] }, 'sha512'],
    ['P-384', { algorithm: ['EC', '-pkeyopt', 'ec_paramgen_curve:P-384'] }, 'sha384'],
  ])('%s passes too', (_name, options, digest) => {
    const other = testAuthority(options);
    expect(verifyTimestamp(other.stamp(data, { digest }), data, parseRoots(other.roots)).result).toBe('passed');
    other.close();
  });

  test.each([
    ['that had expired', { validity: ['20200101000000Z', '20210101000000Z'] as const }, 'not valid at that time'],
    ['whose issuer is no authority', { intermediateIsNoAuthority: true }, 'no chain'],
  ])('a signer %s fails', (_name, options, reason) => {
    const other = testAuthority(options);
    const verdict = verifyTimestamp(other.stamp(data), data, parseRoots(other.roots));
    expect(verdict).toMatchObject({ result: 'failed', reason: expect.stringContaining(reason) });
    other.close();
  });

  test.each([
    ['critical,timeStamping', null],
    ['timeStamping', 'not for time stamping alone'],
    ['critical,timeStamping,codeSigning', 'not for time stamping alone'],
    ['critical,codeSigning', 'not for time stamping alone'],
  ])('a signer with extended key usage %s', (usage, refused) => {
    const other = testAuthority({ usage });
    const [signer, middle] = [new X509Certificate(other.signer), new X509Certificate(other.middle)];
    const answer = refusalOfSigner(signer, [middle], parseRoots(other.roots), new Date());
    expect(answer).toEqual(refused === null ? null : expect.stringContaining(refused));
    expect(refusalOfSigner(signer, [], parseRoots(other.roots), new Date())).not.toBeNull();
    other.close();
  });
});

test('no bytes make the verifier throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 512 }), (bytes) => {
      expect(verifyTimestamp(bytes, data, []).result).toBe('failed');
    }),
  );
});

test('roots that are not certificates are refused', () => {
  expect(() => parseRoots('nothing')).toThrow(/no PEM certificate/);
  expect(() => parseRoots('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')).toThrow(/certificate 1/);
});
