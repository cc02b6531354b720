/** Static files that outlive the server: any web server, or a copy of the folder, shows them. */
import { mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';

/** Files of the site by path relative to its root, in the order in which they may be seen. */
export type SiteFiles = ReadonlyMap<string, string | Uint8Array>;

/** Where the site is written to. A file is seen as a whole or as it was before. */
export interface SiteTarget {
  /** Throws when not all files could be written; what was written by then is whole, and writing again mends the rest. */
  write(files: SiteFiles): Promise<void>;
}

/** A folder: all files are on disk before the first is renamed to where it is seen. */
export function folderTarget(root: string): SiteTarget {
  return { write: (files) => exportFiles(root, files) };
}

async function exportFiles(root: string, files: SiteFiles): Promise<void> {
  const staged: { from: string; to: string }[] = [];
  try {
    for (const [path, content] of files) {
      const to = join(root, path);
      const from = `${to}.${randomBytes(6).toString('hex')}.new`;
      await mkdir(dirname(to), { recursive: true });
      const file = await open(from, 'wx', 0o644);
      staged.push({ from, to });
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
    }
    for (const { from, to } of staged) await rename(from, to);
  } catch (error) {
    await Promise.all(staged.map(({ from }) => unlink(from).catch(() => undefined)));
    throw error;
  }
}

/** The style sheet of the site. */
export async function styleSheet(): Promise<Uint8Array> {
  return readFile(new URL('style.css', import.meta.url));
}
