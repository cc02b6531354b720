import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded.ts';
import { isAlive, postgresIn } from './processes.ts';

const folders: string[] = [];
const running: EmbeddedPostgres[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  for (const path of folders.splice(0)) {
    for (const pid of await postgresIn(join(path, 'pg', 'data'))) process.kill(pid, 'SIGKILL');
    rmSync(path, { recursive: true, force: true });
  }
});

function folder(suffix = ''): string {
  const path = mkdtempSync(join(tmpdir(), `breakwater embedded ${suffix}`));
  folders.push(path);
  return path;
}

async function start(dataDir: string, log: string[] = []): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, log: (line) => log.push(line), dieWithParent: true });
  running.push(server);
  return server;
}

async function stop(server: EmbeddedPostgres): Promise<void> {
  running.splice(running.indexOf(server), 1);
  await server.stop();
}

async function query(url: string, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows[0] === undefined ? null : Object.values(rows[0])[0];
  } finally {
    await client.end();
  }
}

/** Starts PostgreSQL from a process of its own, which is then killed, and returns what it printed. */
async function startAndBeKilled(dataDir: string): Promise<{ pid: number; url: string }> {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(fileURLToPath(new URL('./embedded.ts', import.meta.url)))};
    const server = await startEmbeddedPostgres({ dataDir: process.argv[1], log: () => undefined });
    process.stdout.write(JSON.stringify({ pid: server.pid(), url: server.url }) + '\\n');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGKILL');
  await once(child, 'exit');
  return JSON.parse(line.toString()) as { pid: number; url: string };
}

test('starts in a folder that only we may enter, durably, on a socket only, and stops without a trace', async () => {
  const dataDir = join(folder(), 'pg');
  const server = await start(dataDir);
  expect(await query(server.url, 'show server_version')).toMatch(/^18\./);
  expect(await query(server.url, 'show fsync')).toBe('on');
  expect(await query(server.url, 'show listen_addresses')).toBe('');
  expect(await query(server.url, 'show data_checksums')).toBe('on');
  expect(await query(server.url, 'show server_encoding')).toBe('UTF8');
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  expect(statSync(join(dataDir, 'password')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(dataDir, 'data', 'pg_hba.conf'), 'utf8')).not.toMatch(/^[^#]*\btrust\b/m);
  const pid = server.pid();
  await stop(server);
  expect(await isAlive(pid)).toBe(false);
  expect(readdirSync(join(dataDir, 'data'))).not.toContain('postmaster.pid');
  expect(readdirSync(join(dataDir, 'socket'))).toEqual([]);
});

test('refuses a wrong password', async () => {
  const server = await start(join(folder(), 'pg'));
  await expect(query(server.url.replace(/:[0-9a-f]+@/, ':wrong@'), 'select 1')).rejects.toThrow(/password/);
});

test('inherits no descriptor of ours but its log', async () => {
  const dataDir = join(folder(), 'pg');
  const server = await start(dataDir);
  const targets = readdirSync(`/proc/${server.pid()}/fd`).map((fd) => readlinkSync(`/proc/${server.pid()}/fd/${fd}`));
  const own = targets.filter(
    (target) => target.startsWith('/') && !target.startsWith('/dev/') && !target.startsWith(dataDir),
  );
  expect(own).toEqual([]);
  expect(targets).toContain(join(dataDir, 'postgres.log'));
});

test('keeps its data over a stop and a start', async () => {
  const dataDir = join(folder(), 'pg');
  const first = await start(dataDir);
  await query(first.url, 'create table kept as select 7 as n');
  await stop(first);
  const second = await start(dataDir);
  expect(await query(second.url, 'select n from kept')).toBe(7);
});

test('a second start on a folder in use is refused and harms nothing', async () => {
  const dataDir = join(folder(), 'pg');
  const server = await start(dataDir);
  await expect(start(dataDir)).rejects.toMatchObject({ code: 'postgres.in-use' });
  expect(await query(server.url, 'select 1')).toBe(1);
});

test('works where the path is too long for a socket', async () => {
  const dataDir = join(folder(), 'x'.repeat(120), 'pg');
  const server = await start(dataDir);
  expect(await query(server.url, 'select 1')).toBe(1);
});

describe('after a kill -9', () => {
  test('of the process that started it, the living PostgreSQL is taken over', async () => {
    const dataDir = join(folder(), 'pg');
    const former = await startAndBeKilled(dataDir);
    expect(await isAlive(former.pid)).toBe(true);
    const log: string[] = [];
    const server = await start(dataDir, log);
    expect(server.pid()).toBe(former.pid);
    expect(log.join()).toContain('taken over');
    expect(await query(server.url, 'select 1')).toBe(1);
    await stop(server);
    expect(await isAlive(former.pid)).toBe(false);
  });

  test('of everything, stale pid and lock files are cleared, even when their pid lives again as another program', async () => {
    const dataDir = join(folder(), 'pg');
    const former = await startAndBeKilled(dataDir);
    await query(former.url, 'create table kept as select 7 as n');
    const pids = await postgresIn(join(dataDir, 'data'));
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    const pidFile = join(dataDir, 'data', 'postmaster.pid');
    const reused = readFileSync(pidFile, 'utf8').replace(/^\d+/, String(process.ppid));
    writeFileSync(pidFile, reused);
    writeFileSync(join(dataDir, 'socket', '.s.PGSQL.5432.lock'), reused);
    const server = await start(dataDir);
    expect(await query(server.url, 'select n from kept')).toBe(7);
  });

  test('of PostgreSQL alone, it is started again and keeps what was committed', async () => {
    const dataDir = join(folder(), 'pg');
    const server = await start(dataDir);
    await query(server.url, 'create table kept as select 7 as n');
    const killed = server.pid();
    process.kill(killed, 'SIGKILL');
    await expect.poll(() => query(server.url, 'select n from kept').catch(() => null), { timeout: 20_000 }).toBe(7);
    expect(server.pid()).not.toBe(killed);
    expect(await isAlive(server.pid())).toBe(true);
  });

  test('of initdb, the half-made data is thrown away', async () => {
    const dataDir = folder();
    writeFileSync(join(dataDir, 'password'), 'old\n', { mode: 0o600 });
    mkdirSync(join(dataDir, 'data.new-1', 'base'), { recursive: true });
    const server = await start(dataDir);
    expect(await query(server.url, 'select 1')).toBe(1);
    expect(readdirSync(dataDir)).not.toContain('data.new-1');
  });
});

test.runIf(process.getuid?.() === 0)(
  'as root without user namespaces it runs as another user, in a folder outside',
  async () => {
    const dataDir = join(folder(), 'pg');
    const server = await startEmbeddedPostgres({
      dataDir,
      log: () => undefined,
      how: 'other-user',
      dieWithParent: true,
    });
    try {
      expect(await query(server.url, 'select 1')).toBe(1);
      const outside = String(await query(server.url, 'show data_directory'));
      expect(statSync(outside).uid).not.toBe(0);
      folders.push(join(outside, '..'));
    } finally {
      await server.stop();
    }
  },
);
