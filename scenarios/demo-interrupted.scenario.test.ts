/** A demo that nobody watches any more, or that is taken down, ends and leaves nothing: no process, no folder. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const entry = fileURLToPath(new URL('../packages/cli/src/start.ts', import.meta.url));
let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'bwd-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

/** Starts a demo whose folder lies in `place`; resolves when it has said so many lines. */
async function demo(lines: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [entry, 'demo', '--no-open'], {
    env: { PATH: process.env['PATH'], TMPDIR: place, LANG: 'en_US.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  while (said.split('\n').length <= lines) {
    const [chunk] = (await once(child.stderr, 'data')) as [Buffer];
    said += chunk.toString();
  }
  return child;
}

/** Processes that were started for a demo in `place`, but for the one that this test itself started. */
const left = (): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return words.includes(join(place, 'bw-demo-')) ? [words] : [];
      } catch {
        return [];
      }
    });

test.each<[string, (child: ChildProcess) => void, number]>([
  ['its reader has gone, as of | head -1', (child) => child.stderr?.destroy(), 141],
  ['Ctrl-C', (child) => void child.kill('SIGINT'), 130],
  ['a polite kill', (child) => void child.kill('SIGTERM'), 143],
])('%s ends a demo with the number of the signal and leaves nothing', async (_, end, code) => {
  const child = await demo(3);
  expect(left()).not.toEqual([]);
  const ended = once(child, 'exit');
  child.stderr?.resume();
  end(child);
  expect((await ended)[0]).toBe(code);
  expect(left()).toEqual([]);
  expect(readdirSync(place).filter((name) => name.startsWith('bw-demo-'))).toEqual([]);
});
