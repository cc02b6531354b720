import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatNote, formatVerifierKey } from '@breakwater/rules/evidence';
import { openNote } from '@breakwater/verify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKeyFile, keyFileSigner, signText } from './signer.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-signer-'));
  path = join(folder, 'key.pem');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a key is made for its owner alone, signs, and is never written over', async () => {
  createKeyFile(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const signer = keyFileSigner(path, 'bank.example/log');
  const note = formatNote({ text: 'a\n', signatures: [await signText(signer, 'a\n')] });
  expect(openNote(note, [formatVerifierKey(signer.key)]).verified).toEqual(['bank.example/log']);
  expect(() => createKeyFile(path)).toThrow(expect.objectContaining({ code: 'key.exists' }));
  expect(keyFileSigner(path, 'bank.example/log').key).toEqual(signer.key);
});

test('the same key has another id as a witness than as a log', () => {
  createKeyFile(path);
  expect(keyFileSigner(path, 'x', 'witness').key.id).not.toBe(keyFileSigner(path, 'x').key.id);
});

test.each([
  ['that is not there', () => undefined, 'key.not-found'],
  ['that others may read', () => (createKeyFile(path), chmodSync(path, 0o640)), 'key.readable-by-others'],
  ['that holds no key', () => writeFileSync(path, 'hello', { mode: 0o600 }), 'key.malformed'],
])('a file %s is refused', (_name, make, code) => {
  make();
  expect(() => keyFileSigner(path, 'x')).toThrow(expect.objectContaining({ code, path }));
});
