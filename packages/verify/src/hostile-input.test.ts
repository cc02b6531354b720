/** The verifier's doors answer `false` or throw a BreakwaterError, whatever a script hands over. */
import { BreakwaterError } from '@breakwater/rules';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as verify from './index.ts';

const hash = new Uint8Array(32);
const inclusion = { leafHash: hash, index: 0, size: 1, proof: [], root: hash };
const consistency = { oldSize: 1, newSize: 1, proof: [], oldRoot: hash, newRoot: hash };

const junk = fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true, withTypedArray: true });
const circle: unknown[] = [];
circle.push(circle);
const throwing = Object.defineProperty({}, 'proof', {
  enumerable: true,
  get: () => {
    throw new SyntaxError('a getter');
  },
});
const worst: unknown[] = [undefined, null, 5, 'text', 1n, Symbol('s'), () => 1, {}, [null], circle, throwing, -0, NaN];

describe.each<[string, (value: never) => unknown]>([
  ['verifyInclusion', (value) => verify.verifyInclusion(value)],
  ...Object.keys(inclusion).map((name): [string, (value: never) => unknown] => [
    `verifyInclusion: ${name}`,
    (value) => verify.verifyInclusion({ ...inclusion, [name]: value }),
  ]),
  ['verifyConsistency', (value) => verify.verifyConsistency(value)],
  ...Object.keys(consistency).map((name): [string, (value: never) => unknown] => [
    `verifyConsistency: ${name}`,
    (value) => verify.verifyConsistency({ ...consistency, [name]: value }),
  ]),
])('%s', (_, call) => {
  test('answers yes or no', () => {
    for (const value of worst) expect(typeof call(value as never)).toBe('boolean');
    fc.assert(
      fc.property(junk, (value) => {
        expect(typeof call(value as never)).toBe('boolean');
      }),
    );
  });
});

const holds = async (call: () => unknown): Promise<void> => {
  try {
    await call();
  } catch (error) {
    expect(error).toBeInstanceOf(BreakwaterError);
  }
};

describe.each<[string, (value: never) => unknown]>([
  ['openNote: its text', (value) => verify.openNote(value, [])],
  ['openNote: its keys', (value) => verify.openNote('a\n\n— b AAAAAAA=\n', value)],
  ['openNote: a key', (value) => verify.openNote('a\n\n— b AAAAAAA=\n', [value])],
  ['parseCheckpoint', (value) => verify.parseCheckpoint(value)],
  ['verifyDossier: its bytes', (value) => verify.verifyDossier(value, {})],
  ['verifyDossier: what is brought', (value) => verify.verifyDossier(new Uint8Array(30), value)],
  ['verifyDossier: its policy', (value) => verify.verifyDossier(new Uint8Array(30), { policy: value })],
  ['verifyDossier: its keys', (value) => verify.verifyDossier(new Uint8Array(30), { keys: value })],
  ['verifyDossier: its roots', (value) => verify.verifyDossier(new Uint8Array(30), { tsaRoots: value })],
])('%s', (_, call) => {
  test('gives an answer or a BreakwaterError', async () => {
    for (const value of worst) await holds(() => call(value as never));
    await fc.assert(fc.asyncProperty(junk, (value) => holds(() => call(value as never))));
  });
});
