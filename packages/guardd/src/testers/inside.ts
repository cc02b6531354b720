/** Our own programs in a cage: how one is started there, as source or as one bundle, and the order that it is given. */
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scopeSchema } from '@breakwater/rules/containment';
import { z } from 'zod';
import type { CageMount } from '../cage/index.ts';
import type { TesterContext } from './tester.ts';

/** What one of our programs in a cage is told, on its standard input or in a file. Nothing in it is secret. */
export const insideOrder = z.strictObject({
  scope: scopeSchema,
  task: z.string().max(20_000),
  model: z.strictObject({ provider: z.string().max(200), name: z.string().max(500), socket: z.string().max(1000) }),
  budgets: z.strictObject({
    steps: z.int().min(1),
    tokens: z.int().min(1).nullable(),
    bytes: z.int().min(1).nullable(),
    timeMs: z.number().min(1),
  }),
});
export type InsideOrder = z.infer<typeof insideOrder>;

/** What a program of ours in a cage does: drive a model, or serve the probes to an agent of others. */
export type InsideMode = 'agent' | 'mcp';

const place = '/opt/breakwater';
const self = realpathSync(fileURLToPath(import.meta.url));
const isSource = self.endsWith('.ts');
const root = isSource ? join(dirname(self), '../../../..') : dirname(self);
/** What the program is made of, read-only: from source the two packages and what they import. */
const parts = isSource ? ['packages/guardd', 'packages/rules', 'node_modules'] : [self.slice(root.length + 1)];
const entry = isSource ? 'packages/guardd/src/main.ts' : (parts[0] ?? '');

export interface InsideProgram {
  readonly argv: readonly string[];
  readonly mounts: readonly CageMount[];
}

/** Command and mounts of one of our programs; where there is no cage, the host's own. */
export function insideProgram(mode: InsideMode, words: readonly string[], { inside }: TesterContext): InsideProgram {
  const argv = (node: string, folder: string): string[] => [node, join(folder, entry), 'tester', mode, ...words];
  if (inside !== undefined) return { argv: argv(process.execPath, root), mounts: [] };
  const mounts = [
    { from: realpathSync(process.execPath), at: `${place}/node`, writable: false },
    ...parts.map((part) => ({ from: join(root, part), at: `${place}/${part}`, writable: false })),
  ];
  return { argv: argv(`${place}/node`, place), mounts };
}

/** Begins one of our programs in a cage. */
export async function beTester([mode, ...words]: readonly string[]): Promise<void> {
  if (mode === 'agent') await (await import('./agent/inside.ts')).driveModel();
  else if (mode === 'mcp') await (await import('./mcp/inside.ts')).serveProbes(words);
  else process.exitCode = 2;
}
