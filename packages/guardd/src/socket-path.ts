/** Unix socket paths of any length: the kernel takes 107 bytes, and a repository may lie deep. */
import { closeSync, openSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const maxSocketPathBytes = 100;

/** A path that reaches the same socket and fits; `release` when bound or connected. */
export interface ReachableSocket {
  readonly path: string;
  release(): void;
}

/** The path itself when it fits, otherwise through an open descriptor of its folder. Throws what `open` throws. */
export function reachSocket(path: string): ReachableSocket {
  if (Buffer.byteLength(path) <= maxSocketPathBytes) return { path, release: () => undefined };
  const folder = openSync(dirname(path), 'r');
  return { path: join('/proc/self/fd', String(folder), basename(path)), release: () => closeSync(folder) };
}
