import { randomUUID } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BreakwaterError } from '@breakwater/rules';
import { repository } from '../server.ts';

/**
 * The folder of one cage's evidence: the one that is asked for, made when it is not there, or a new one of our own.
 * Throws BreakwaterError `cage.out-not-empty` and `cage.out`.
 */
export async function openEvidenceFolder(out: string | undefined): Promise<string> {
  const stamp = new Date().toISOString().replaceAll(/[-:]|\..*/g, '');
  const folder = resolve(out ?? join(repository, '.breakwater', 'cages', `${stamp}-${randomUUID().slice(0, 8)}`));
  const held = await mkdir(folder, { recursive: true, mode: 0o700 }).then(
    () => readdir(folder),
    (error: unknown) => {
      const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      throw new BreakwaterError(
        'cage.out',
        `the folder ${folder} cannot be made (${why}): name one that you may write by --out`,
        '--out',
      );
    },
  );
  if (held.length > 0) {
    throw new BreakwaterError(
      'cage.out-not-empty',
      `${folder} is not empty: the evidence of a cage has a folder of its own`,
      '--out',
    );
  }
  return folder;
}
