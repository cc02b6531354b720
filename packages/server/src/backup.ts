/**
 * Backup of the embedded database: one compressed file that says what it holds, taken while the server works. Keys and the
 * checkpoint kept outside PostgreSQL are not in it: they belong elsewhere, so that who finds a backup cannot sign, and a
 * restore shows as what it is.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import { BreakwaterError } from '@breakwater/rules';
import { pack, type Pack } from 'tar-stream';
import { z } from 'zod';
import type { Config } from '#platform/config';
import { baseBackup, embeddedFiles, startEmbeddedPostgres, type EmbeddedFiles } from '#platform/db';
import { originOf } from '#evidence';

/** What a backup says of itself. */
export const headSchema = z.strictObject({
  schema: z.literal('breakwater.backup/1'),
  institution: z.string(),
  origin: z.string(),
  takenAt: z.iso.datetime(),
  postgres: z.literal(18),
});

export type BackupHead = z.infer<typeof headSchema>;

/** Names of the members of a backup: what it says of itself first, the digests of all others last. */
export const memberNames = {
  head: 'breakwater-backup.json',
  digests: 'digests.json',
  password: 'password',
  data: 'data/',
} as const;

/** Told how many bytes were read. */
export type Progress = (bytes: number) => void;

/**
 * Writes a backup of the embedded PostgreSQL to `out`, with the server running or stopped. The file appears whole or not at
 * all, for our user alone, and never in the place of another. `progress` is told the bytes that were read.
 *
 * Throws BreakwaterError `backup.not-embedded`, `backup.exists`, `backup.unwritable`.
 */
export async function writeBackup(
  config: Config,
  out: string,
  progress: Progress,
): Promise<BackupHead & { bytes: number }> {
  requireEmbedded(config);
  if (await isThere(out)) throw new BreakwaterError('backup.exists', `${out} exists already: name another file`, out);
  const files = await embeddedFiles(dataDirOf(config));
  const running = await files.running();
  const own =
    running === null ? await startEmbeddedPostgres({ dataDir: dataDirOf(config), log: () => undefined }) : null;
  const temporary = `${out}.${process.pid}.new`;
  try {
    const head: BackupHead = {
      schema: 'breakwater.backup/1',
      institution: config.institution,
      origin: originOf(config),
      takenAt: new Date().toISOString(),
      postgres: 18,
    };
    await writeArchive(temporary, head, files, running ?? own?.url ?? '', progress);
    await rename(temporary, out);
    await flush(dirname(out));
    return { ...head, bytes: (await stat(out)).size };
  } catch (error) {
    await rm(temporary, { force: true });
    throw unwritable(error, out);
  } finally {
    await own?.stop();
  }
}

async function writeArchive(
  path: string,
  head: BackupHead,
  files: EmbeddedFiles,
  url: string,
  progress: Progress,
): Promise<void> {
  const archive = pack();
  const written = pipeline(
    archive,
    createZstdCompress(),
    createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
  );
  const digests: Record<string, string> = {};
  let read = 0;
  const add = async (name: string, bytes: number, content: AsyncIterable<Buffer>): Promise<void> => {
    const hash = createHash('sha256');
    await addEntry(archive, name, bytes, content, (chunk) => {
      hash.update(chunk);
      progress((read += chunk.length));
    });
    digests[name] = hash.digest('hex');
  };
  const fill = async (): Promise<void> => {
    await add(memberNames.head, ...jsonOf(head));
    await add(memberNames.password, (await stat(files.password)).size, createReadStream(files.password));
    await baseBackup({ url, pgdata: files.pgdata }, async (member) => {
      if (member.kind === 'file') return add(`${memberNames.data}${member.path}`, member.bytes, member.read());
      archive.entry({ name: `${memberNames.data}${member.path}/`, type: 'directory', mode: 0o700 });
    });
    await addEntry(archive, memberNames.digests, ...jsonOf(digests));
    archive.finalize();
  };
  await Promise.all([
    written,
    fill().catch((error: unknown) => {
      archive.destroy(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }),
  ]);
}

async function addEntry(
  archive: Pack,
  name: string,
  size: number,
  content: AsyncIterable<Buffer>,
  seen: (chunk: Buffer) => void = () => undefined,
): Promise<void> {
  const watched = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of content) {
      seen(chunk);
      yield chunk;
    }
  };
  const added = Promise.withResolvers<void>();
  const entry = archive.entry({ name, size, mode: 0o600 }, (error) => {
    if (error === null || error === undefined) added.resolve();
    else added.reject(error);
  });
  await Promise.all([pipeline(Readable.from(watched()), entry), added.promise]);
}

function jsonOf(value: object): [number, AsyncIterable<Buffer>] {
  const bytes = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  return [bytes.length, Readable.from([bytes])];
}

function unwritable(error: unknown, out: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || !['ENOSPC', 'EACCES', 'ENOENT', 'EROFS', 'EDQUOT'].includes(code)) return error;
  return new BreakwaterError('backup.unwritable', `${out} cannot be written (${code}); nothing was left there`, out);
}

/** Throws BreakwaterError `backup.not-embedded` where the database is not ours to copy. */
export function requireEmbedded(config: Config): void {
  if (config.database.url === undefined) return;
  throw new BreakwaterError(
    'backup.not-embedded',
    'the database is at DATABASE_URL: back it up and restore it with its own tools, then run ./breakwater evidence status',
    'database.url',
  );
}

/** Folder of the embedded PostgreSQL. */
export const dataDirOf = (config: Config): string => join(config.dataDir, 'postgres');

/** Whether there is anything at a path. */
export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function flush(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
