/**
 * Copies the files of a running PostgreSQL so that they can be started again elsewhere: its own low-level base backup
 * (`pg_backup_start`, `pg_backup_stop`), for the embedded server, which brings no `pg_basebackup`.
 */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { clientConfig } from './connect.ts';

/** A file of a backup: its place in the data directory, and its bytes as they are read; or a folder. */
type BackupMember =
  | { readonly kind: 'file'; readonly path: string; readonly bytes: number; read(): AsyncIterable<Buffer> }
  | { readonly kind: 'folder'; readonly path: string };

/** What is in a folder that every start fills anew, or that belong to the running server alone (PostgreSQL 18, "Making a Base Backup Using the Low Level API"). */
const leftOut =
  /^(?:postmaster\.(?:pid|opts)$|pg_(?:wal|replslot|dynshmem|notify|serial|snapshots|stat_tmp|subtrans)\/)|(?:^|\/)pg(?:sql_tmp|_internal\.init)/;

const chunkBytes = 1 << 20;

/**
 * Hands every file of a consistent copy to `take`, one after the other, while the server goes on working. `url` is of a
 * user who may do backups, `pgdata` its data directory. A replication slot that dies with the session keeps the write-ahead
 * log until it was copied, whatever is written meanwhile.
 */
export async function baseBackup(
  { url, pgdata }: { url: string; pgdata: string },
  take: (member: BackupMember) => Promise<void>,
): Promise<void> {
  const client = new pg.Client(clientConfig(url, { role: 'owner', idleInTransactionMs: 0, name: 'breakwater-backup' }));
  await client.connect();
  try {
    const slot = `breakwater_backup_${process.pid}`;
    await client.query('select pg_create_physical_replication_slot($1, true, true)', [slot]);
    const started = await client.query<{ wal: string }>(
      `select pg_walfile_name(pg_backup_start('breakwater', true)) as wal`,
    );
    for (const { path, kind } of await membersBelow(pgdata)) {
      if (leftOut.test(path)) continue;
      if (kind === 'folder') await take({ kind, path });
      else await takeFile(pgdata, path, take);
    }
    const { rows } = await client.query<{ label: string; tablespaces: string; wal: string }>(
      `select labelfile as label, spcmapfile as tablespaces, pg_walfile_name(lsn) as wal from pg_backup_stop(false)`,
    );
    const [stopped] = rows;
    const [first] = started.rows;
    if (stopped === undefined || first === undefined) throw new Error('pg_backup_stop gave nothing');
    await take(inMemory('backup_label', stopped.label));
    if (stopped.tablespaces !== '') await take(inMemory('tablespace_map', stopped.tablespaces));
    const wal = (await readdir(join(pgdata, 'pg_wal'))).toSorted();
    for (const name of wal) {
      const needed = /^[0-9A-F]{24}$/.test(name) && name >= first.wal && name <= stopped.wal;
      if (needed || name.endsWith('.history')) await takeFile(pgdata, `pg_wal/${name}`, take);
    }
  } finally {
    await client.end();
  }
}

/** Folders before what is in them. */
async function membersBelow(folder: string): Promise<{ path: string; kind: 'file' | 'folder' }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => ({
      path: join(entry.parentPath, entry.name).slice(folder.length + 1),
      kind: entry.isDirectory() ? ('folder' as const) : ('file' as const),
    }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** A file that was dropped since it was listed is no part of the backup; recovery knows of its end. */
async function takeFile(pgdata: string, path: string, take: (member: BackupMember) => Promise<void>): Promise<void> {
  const full = join(pgdata, path);
  const bytes = (await stat(full).catch(() => null))?.size;
  if (bytes !== undefined) await take({ kind: 'file', path, bytes, read: () => readExactly(full, bytes) });
}

/** Exactly `bytes` of a file that may grow or shrink meanwhile; what recovery rewrites anyway is filled with zeros. */
async function* readExactly(path: string, bytes: number): AsyncGenerator<Buffer> {
  const file = await open(path, 'r').catch(() => null);
  try {
    for (let at = 0; at < bytes;) {
      const buffer = Buffer.alloc(Math.min(chunkBytes, bytes - at));
      if (file !== null) await file.read(buffer, 0, buffer.length, at);
      at += buffer.length;
      yield buffer;
    }
  } finally {
    await file?.close();
  }
}

function inMemory(path: string, text: string): BackupMember {
  const buffer = Buffer.from(text);
  return {
    kind: 'file',
    path,
    bytes: buffer.length,
    async *read() {
      yield buffer;
    },
  };
}
