import { createHash } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The newest checkpoint that this host has signed, kept outside PostgreSQL, so that a restored or rewound database can be
 * told from the one that was signed for.
 */
export interface OutsideCheckpoint {
  /** The newest note that was kept for an origin; null when there is none. */
  read(origin: string): Promise<string | null>;
  /** Keeps a note of `size` leaves. Returns when it would survive a loss of power. Never replaces a newer one. */
  keep(origin: string, size: number, note: string): Promise<void>;
}

/**
 * Keeps checkpoints in a folder, one file a size under a folder an origin.
 *
 * The size is in the name and smaller files are removed only after the new one is on disk, so a slow writer of an older
 * checkpoint cannot take the place of a newer one, and no lock between processes is needed.
 */
export function checkpointFolder(folder: string): OutsideCheckpoint {
  const folderOf = (origin: string): string =>
    join(folder, createHash('sha256').update(origin).digest('hex').slice(0, 16));
  return {
    async read(origin) {
      const newest = (await sizesIn(folderOf(origin))).at(-1);
      return newest === undefined ? null : readFile(join(folderOf(origin), newest), 'utf8');
    },
    async keep(origin, size, note) {
      const path = folderOf(origin);
      await mkdir(path, { recursive: true, mode: 0o700 });
      const name = String(size).padStart(16, '0');
      await writeDurably(join(path, `${name}.${process.pid}.new`), join(path, name), note);
      await syncFolder(path);
      const older = (await sizesIn(path)).filter((other) => other < name);
      await Promise.all(older.map((other) => unlink(join(path, other)).catch(ignoreMissing)));
    },
  };
}

async function sizesIn(path: string): Promise<string[]> {
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => /^\d{16}$/.test(name)).toSorted();
}

/** Writes a file under another name, flushes it, and renames it: after a crash it is there whole or not at all. */
export async function writeDurably(temporary: string, path: string, text: string): Promise<void> {
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** Flushes the names in a folder. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
