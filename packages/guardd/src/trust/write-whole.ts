import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';

/** Writes a file so that it is there whole or as before, also after a power cut. */
export function writeWhole(path: string, text: string, mode: number): void {
  const fresh = `${path}.${process.pid}.new`;
  const file = openSync(fresh, 'w', mode);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(fresh, path);
}
