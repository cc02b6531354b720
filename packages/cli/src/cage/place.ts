/** Where a command's program and files are, and how they are seen in a cage. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { CageMount } from '@breakwater/guardd';
import { BreakwaterError } from '@breakwater/rules';

export interface PlacedCommand {
  readonly argv: readonly string[];
  /** Where it is started; left out = the one folder that it may write. */
  readonly cwd?: string;
  readonly mounts: readonly CageMount[];
}

/** Seen in every cage as they are. */
const system = /^\/(?:usr|bin|sbin|lib|lib32|lib64|libx32)\//;
const systemFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * Finds the program, in the folders of the system first, and lets the cage see it and every file that a word of the
 * command names. Throws BreakwaterError `cage.command-not-found` or `cage.read`.
 */
export function placeCommand(words: readonly string[], read: readonly string[]): PlacedCommand {
  const [name = '', ...rest] = words;
  const program = findProgram(name);
  const here = process.cwd();
  const named = rest.flatMap((word) => [word, word.slice(word.indexOf('=') + 1)]).filter(isFile);
  const asked = read.map((path) => {
    if (!existsSync(path)) throw new BreakwaterError('cage.read', `${path} does not exist`, '--read');
    return path;
  });
  const paths = new Set(
    [program, ...named, ...asked].map((path) => resolve(path)).filter((path) => !system.test(path)),
  );
  const isRelative = [...named, ...asked].some((path) => !path.startsWith('/'));
  return {
    argv: [program, ...rest],
    ...(isRelative ? { cwd: here } : {}),
    mounts: [...paths].map((at) => ({ from: realpathSync(at), at, writable: false })),
  };
}

function findProgram(name: string): string {
  if (name.includes('/')) {
    if (isFile(name)) return resolve(name);
  } else {
    const folders = [...systemFolders, ...(process.env['PATH'] ?? '').split(delimiter)];
    const found = folders.map((folder) => join(folder, name)).find(isFile);
    if (found !== undefined) return found;
  }
  throw new BreakwaterError('cage.command-not-found', `there is no program ${name}`, 'command');
}

function isFile(path: string): boolean {
  return (
    path !== '' &&
    path.length < 4096 &&
    !path.includes('\0') &&
    statSync(path, { throwIfNoEntry: false })?.isFile() === true
  );
}
