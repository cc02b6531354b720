import { access, open } from 'node:fs/promises';
import { BreakwaterError } from '@breakwater/rules';
import { NotChecked } from '../frame.ts';

/**
 * Writes a file that must not exist yet, on disk before this returns. With `replace` an existing one is overwritten.
 *
 * Throws BreakwaterError `file.exists`, or NotChecked `file.unwritable`.
 */
export async function writeNewFile(
  path: string,
  content: string | Uint8Array,
  { mode = 0o644, replace = false } = {},
): Promise<void> {
  try {
    const handle = await open(path, replace ? 'w' : 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (reason === 'EEXIST') throw existsAlready(path);
    throw new NotChecked('file.unwritable', `${path} cannot be written (${reason})`, path);
  }
}

/** Throws BreakwaterError `file.exists` when there is such a file: asked before work whose result could not be kept. */
export async function requireNew(path: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) throw existsAlready(path);
}

function existsAlready(path: string): BreakwaterError {
  return new BreakwaterError('file.exists', `${path} exists already: choose another name, or remove it first`, path);
}
