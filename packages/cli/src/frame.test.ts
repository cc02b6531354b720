import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerAway, ServerError } from '@breakwater/client';
import { BreakwaterError } from '@breakwater/rules';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { NotChecked, exit, failureOf, fit, readTextFile, wantsJson } from './frame.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-frame-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function codeOf(work: Promise<unknown>): Promise<{ code: string; path: string }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof BreakwaterError) return { code: error.code, path: error.path };
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('reading a file', () => {
  test('gives the text and drops a byte order mark', async () => {
    const path = file('bom.txt', new Uint8Array([0xef, 0xbb, 0xbf, 0xea, 0xb0, 0x80]));
    expect(await readTextFile(path, 100)).toBe('가');
  });

  test('accepts exactly the cap and refuses one byte more', async () => {
    const path = file('cap.txt', 'x'.repeat(10));
    expect(await readTextFile(path, 10)).toHaveLength(10);
    expect(await codeOf(readTextFile(path, 9))).toEqual({ code: 'file.too-large', path });
  });

  test('caps what has no size of its own', async () => {
    expect((await codeOf(readTextFile('/dev/zero', 1000))).code).toBe('file.too-large');
  });

  test('names a missing file and a directory', async () => {
    expect((await codeOf(readTextFile(join(folder, 'no'), 10))).code).toBe('file.not-found');
    expect((await codeOf(readTextFile(folder, 10))).code).toBe('file.is-a-directory');
  });

  test('says at which byte a file stops being UTF-8', async () => {
    const good = fc.string({ unit: 'grapheme', maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(good, fc.constantFrom(0x80, 0xc0, 0xff), async (text, bad) => {
        const start = new TextEncoder().encode(text);
        const path = file('bad.txt', Buffer.concat([start, Buffer.from([bad]), Buffer.from('after')]));
        expect(await codeOf(readTextFile(path, 1000))).toEqual({
          code: 'file.not-utf8',
          path: `${path}:${start.length}`,
        });
      }),
      { numRuns: 50 },
    );
  });
});

test('a failure keeps its code and path, and its kind decides the exit code', () => {
  expect(failureOf(new BreakwaterError('a.b', 'broken', '/x'))).toEqual({
    failure: { code: 'a.b', message: 'broken', path: '/x' },
    code: exit.badInput,
  });
  expect(failureOf(new NotChecked('server.away', 'no answer')).code).toBe(exit.notChecked);
  expect(failureOf(new TypeError('a bug')).code).toBe(exit.notChecked);
  const answered = (status: number, code: string): number =>
    failureOf(new ServerError(status, code, 'no', '', null)).code;
  expect(answered(409, 'refused.held')).toBe(exit.no);
  expect(answered(404, 'plan.not-found')).toBe(exit.badInput);
  expect(answered(401, 'request.not-signed-in')).toBe(exit.notChecked);
  expect(answered(500, 'internal')).toBe(exit.notChecked);
  expect(failureOf(new ServerAway({ socket: '/run/api.sock' }, null)).code).toBe(exit.notChecked);
});

test('--json is heard before -- only', () => {
  expect(wantsJson(['assess', 'x', '--json'])).toBe(true);
  expect(wantsJson(['cage', 'run', '--', 'nmap', '--json'])).toBe(false);
});

test('wide characters take two columns', () => {
  expect(fit('가나다abc', 5)).toBe('가나');
  expect(fit('abc', 3)).toBe('abc');
});
