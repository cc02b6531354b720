/**
 * Restore of the embedded database: a backup is put back only when every byte of it is as it was written, and the log in it
 * is hashed again before anybody relies on it.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { BreakwaterError } from '@breakwater/rules';
import { extract } from 'tar-stream';
import { z } from 'zod';
import type { Config } from '#platform/config';
import { connect, embeddedFiles, startEmbeddedPostgres } from '#platform/db';
import { auditLog, keptSize, logStatus, type LogAudit } from '#evidence';
import {
  dataDirOf,
  headSchema,
  isThere,
  memberNames,
  requireEmbedded,
  type BackupHead,
  type Progress,
} from './backup.ts';

/** Most bytes of a list in a backup. It has a digest a file, and a cluster some thousand files. */
const largestJson = 64 * 1024 * 1024;

/** What a restore, or its rehearsal, found. */
export type Restored = {
  readonly backup: BackupHead;
  readonly log: LogAudit;
  /** Leaves of the newest checkpoint kept outside the database of this installation; null when none is kept. */
  readonly keptSize: number | null;
  /** Why the restored log may not be signed as it is; null when it may, or when this was a rehearsal. */
  readonly refusal: { readonly code: string; readonly message: string } | null;
  /** Where the former data went, if there were any. */
  readonly replaced: string | null;
};

export type RestoreOptions = {
  /** True restores into a folder of its own, checks it, and takes it away again: nothing here changes. */
  rehearse: boolean;
  /** True moves data that is there aside, beside it; otherwise they are a reason to refuse. */
  replace: boolean;
  progress: Progress;
};

/**
 * Puts a backup back as the embedded database of `config`, starts it, hashes the whole log again, and stops it. Until
 * everything is unpacked and every digest holds, what was there stays as it is.
 *
 * Throws BreakwaterError `backup.not-embedded`, `backup.unreadable`, `backup.damaged`, `backup.institution`,
 * `backup.data-exists`, `postgres.in-use`, `evidence.tree-broken`.
 */
export async function restoreBackup(config: Config, file: string, options: RestoreOptions): Promise<Restored> {
  requireEmbedded(config);
  if (!options.rehearse) return restoreInto(config, config, file, options);
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-restore-'));
  try {
    return await restoreInto({ ...config, dataDir: folder }, config, file, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function restoreInto(target: Config, here: Config, file: string, options: RestoreOptions): Promise<Restored> {
  const dataDir = dataDirOf(target);
  const files = await embeddedFiles(dataDir);
  if ((await files.running()) !== null) {
    throw new BreakwaterError('postgres.in-use', `a server works on ${dataDir}: stop it first`, dataDir);
  }
  const present = await isThere(files.pgdata);
  if (present && !options.replace) {
    throw new BreakwaterError(
      'backup.data-exists',
      `${files.pgdata} holds a database already: --replace moves it aside, --rehearse leaves it alone`,
      files.pgdata,
    );
  }
  const building = `${files.pgdata}.new-${process.pid}`;
  const password = `${files.password}.new-${process.pid}`;
  let head: BackupHead;
  try {
    head = await readArchive(file, { building, password, own: files.own }, options.progress);
    if (head.institution !== here.institution) {
      throw new BreakwaterError(
        'backup.institution',
        `the backup is of ${head.institution}, these settings are of ${here.institution}`,
        'institution',
      );
    }
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    await rm(password, { force: true });
    throw error;
  }
  const replaced = present ? `${files.pgdata}.replaced-${new Date().toISOString().replaceAll(':', '')}` : null;
  if (replaced !== null) await rename(files.pgdata, replaced);
  await rename(password, files.password);
  await rename(building, files.pgdata);
  const log = await audited(dataDir);
  const status = options.rehearse ? null : await logStatus(target).catch(statusUnknown);
  return { backup: head, log, keptSize: await keptSize(here), refusal: status?.refusal ?? null, replaced };
}

/** On a machine that has no key of the log yet there is nothing to hold it against. */
function statusUnknown(error: unknown): null {
  if (error instanceof BreakwaterError && error.code === 'key.not-found') return null;
  throw error;
}

async function audited(dataDir: string): Promise<LogAudit> {
  const server = await startEmbeddedPostgres({ dataDir, log: () => undefined });
  const db = connect(server.url, { max: 1 });
  try {
    return await auditLog(db);
  } finally {
    await db.destroy();
    await server.stop();
  }
}

type Places = { building: string; password: string; own: (path: string) => void };

/** Unpacks a backup into new places and holds every member against its digest; what is not of a backup is refused. */
async function readArchive(file: string, places: Places, progress: Progress): Promise<BackupHead> {
  const reading = extract();
  const source = createReadStream(file);
  const fed = pipeline(source, createZstdDecompress(), reading);
  const found: Record<string, string> = {};
  let head: unknown = null;
  let digests: unknown = null;
  const unpack = async (): Promise<void> => {
    await mkdir(places.building, { recursive: true, mode: 0o700 });
    places.own(places.building);
    for await (const entry of reading) {
      const { name, type, size } = entry.header;
      progress(source.bytesRead);
      if (name === memberNames.head || name === memberNames.digests) {
        const { value, digest } = await readJson(entry, size ?? 0);
        if (name === memberNames.head) [head, found[name]] = [value, digest];
        else digests = value;
        continue;
      }
      const path = placeOf(name, type, places);
      if (path === null) throw damaged(`it has a member ${JSON.stringify(name)}, which no backup has`);
      if (type === 'directory') {
        await mkdir(path, { recursive: true, mode: 0o700 });
        entry.resume();
      } else {
        found[name] = await unpackFile(entry, path);
      }
      places.own(path);
    }
  };
  try {
    await Promise.all([fed, unpack()]);
  } catch (error) {
    if (error instanceof BreakwaterError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !(await isThere(file))) {
      throw new BreakwaterError('backup.unreadable', `${file} does not exist`, file);
    }
    throw damaged(`it cannot be unpacked (${code ?? String(error)})`);
  }
  const parsed = headSchema.safeParse(head);
  if (!parsed.success) throw damaged(`${memberNames.head} is missing or not of this version`);
  const expected = z.record(z.string(), z.string()).safeParse(digests);
  if (!expected.success) throw damaged('its digests are missing: it was cut off');
  for (const name of new Set([...Object.keys(expected.data), ...Object.keys(found)])) {
    if (expected.data[name] !== found[name]) throw damaged(`${name} is not what was written`);
  }
  return parsed.data;
}

/** Where a member goes: below the new data directory, as the password, or nowhere. */
function placeOf(name: string, type: string | null | undefined, { building, password }: Places): string | null {
  if (name === memberNames.password && type === 'file') return password;
  const parts = name.replace(/\/$/, '').split('/');
  const strange = parts.some((part) => !/^[A-Za-z0-9._-]+$/.test(part) || part === '.' || part === '..');
  if (strange || !name.startsWith(memberNames.data) || (type !== 'file' && type !== 'directory')) return null;
  return join(building, ...parts.slice(1));
}

async function unpackFile(content: AsyncIterable<unknown>, path: string): Promise<string> {
  const hash = createHash('sha256');
  const watched = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of content) {
      hash.update(chunk as Buffer);
      yield chunk as Buffer;
    }
  };
  await pipeline(watched, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }));
  return hash.digest('hex');
}

async function readJson(content: AsyncIterable<unknown>, size: number): Promise<{ value: unknown; digest: string }> {
  if (size > largestJson) throw damaged(`a list of ${size} bytes is larger than any backup has`);
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  try {
    return { value: JSON.parse(bytes.toString()) as unknown, digest: createHash('sha256').update(bytes).digest('hex') };
  } catch {
    throw damaged('a list in it is not JSON');
  }
}

function damaged(what: string): BreakwaterError {
  return new BreakwaterError('backup.damaged', `this is not a whole backup: ${what}. Nothing was changed`);
}
