import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkpointFolder } from './outside.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-outside-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the newest note of each origin is kept, and the older ones are not', async () => {
  const outside = checkpointFolder(join(folder, 'made', 'when', 'needed'));
  expect(await outside.read('a')).toBeNull();
  await outside.keep('a', 9, 'nine');
  await outside.keep('a', 10, 'ten');
  await outside.keep('b', 3, 'three');
  expect([await outside.read('a'), await outside.read('b')]).toEqual(['ten', 'three']);
  expect(
    readdirSync(join(folder, 'made', 'when', 'needed')).map(
      (origin) => readdirSync(join(folder, 'made', 'when', 'needed', origin)).length,
    ),
  ).toEqual([1, 1]);
});

test('a slow writer of an older note does not take the place of a newer one', async () => {
  const outside = checkpointFolder(folder);
  await Promise.all([outside.keep('a', 12, 'twelve'), outside.keep('a', 11, 'eleven')]);
  await outside.keep('a', 10, 'ten');
  expect(await outside.read('a')).toBe('twelve');
});

test('a note that was half written when the power went is not taken for one', async () => {
  const outside = checkpointFolder(folder);
  await outside.keep('a', 5, 'five');
  const [origin = ''] = readdirSync(folder);
  writeFileSync(join(folder, origin, '0000000000000006.123.new'), 'si');
  expect(await outside.read('a')).toBe('five');
});
