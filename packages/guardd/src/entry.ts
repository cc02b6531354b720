/** How guardd starts its own other processes: the same file with another first word, as source or as one bundle. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a process of guardd is started for. */
export type EntryMode = 'guardd' | 'supervise' | 'renew' | 'proxy' | 'gate' | 'canary' | 'drive';

/**
 * Command and arguments that start this program in another mode. In a bundle this file and the entry are one. SIGUSR1 is a
 * lever here, not the door of a debugger.
 */
export function entryCommand(mode: EntryMode, argv: readonly string[]): [command: string, ...argv: string[]] {
  return [process.execPath, '--disable-sigusr1', entryFile(), mode, ...argv];
}

/** Where compiled code is kept when this runs from source. A bundle is asked by NODE_COMPILE_CACHE. */
export const compileCache = fileURLToPath(new URL('../../../.breakwater/compile-cache', import.meta.url));

/** The environment of processes that live shortly or stand beside each cage: even their first file comes compiled. */
export function lightEnvironment(): NodeJS.ProcessEnv {
  return entryFile().endsWith('.ts') ? { NODE_COMPILE_CACHE: compileCache, ...process.env } : process.env;
}

function entryFile(): string {
  const self = fileURLToPath(import.meta.url);
  return self.endsWith('.ts') ? join(dirname(self), 'main.ts') : self;
}
