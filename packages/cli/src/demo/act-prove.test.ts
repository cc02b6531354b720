import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { folderFor } from './act-prove.ts';

const above = mkdtempSync(join(tmpdir(), 'breakwater-demo-'));
afterAll(() => rmSync(above, { recursive: true }));

/** A demo that put its dossier there at this time, ms. */
function written(name: string, at: number): void {
  mkdirSync(join(above, name), { recursive: true });
  writeFileSync(join(above, name, 'dossier.zip'), '');
  utimesSync(join(above, name, 'dossier.zip'), at / 1000, at / 1000);
}

test('a demo takes the place of an earlier one, and never that of one that went on beside it', () => {
  const began = Date.now();
  expect(folderFor(above, 'patch', began)).toBe(join(above, 'patch'));
  written('patch', began - 60_000);
  expect(folderFor(above, 'patch', began)).toBe(join(above, 'patch'));
  written('patch', began + 1000);
  expect(folderFor(above, 'patch', began)).toBe(join(above, 'patch-2'));
  written('patch-2', began + 1000);
  expect(folderFor(above, 'patch', began)).toBe(join(above, 'patch-3'));
  expect(folderFor(above, 'patch', began + 2000)).toBe(join(above, 'patch'));
});
