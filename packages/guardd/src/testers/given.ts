/** Files that a tool is given: written on the host, mounted read-only. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CageMount } from '../cage/index.ts';
import { cagePlaces, type TesterContext } from './tester.ts';
import { targetsOf } from './words.ts';

/** Writes `targets`, and the `files` of one kind of tester, and says where they must stand in the cage. */
export function giveFiles(context: TesterContext, files: Readonly<Record<string, string>> = {}): CageMount {
  const from = join(context.folder, 'given');
  mkdirSync(context.folder, { recursive: true, mode: 0o700 });
  mkdirSync(from, { recursive: true, mode: 0o755 });
  const targets = targetsOf(context.scope).map((target) => `${target}\n`);
  for (const [name, text] of Object.entries({ targets: targets.join(''), ...files }))
    writeFileSync(join(from, name), text, { mode: 0o644 });
  return { from, at: (context.inside ?? cagePlaces).given, writable: false };
}
