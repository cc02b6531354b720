import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, realpath, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BreakwaterError } from '@breakwater/rules';
import pg from 'pg';
import { chooseLaunch, type Launch } from './launch.ts';
import { isAlive, postgresIn, signal, waitGone } from './processes.ts';

export type EmbeddedOptions = {
  /** Folder of everything: data, socket, password, log. Made when missing, for us alone. */
  dataDir: string;
  /** Told in a line what happens. */
  log: (line: string) => void;
  /** False gives up durability for speed, for tests only. Default true: fsync before each commit returns. */
  durable?: boolean;
  /** True stops PostgreSQL when this process dies, however it dies. Default false: it stays for others to use. */
  dieWithParent?: boolean;
  /** Most connections. Default 100. */
  maxConnections?: number;
  /** How to run it as root; by default the first way that works. */
  how?: Launch['how'];
};

export type EmbeddedPostgres = {
  /** Connection URL with the password of the owner: a secret, not for argv or a log. */
  url: string;
  /** How PostgreSQL runs here. */
  how: Launch['how'];
  /** Process id of the postmaster that runs now. */
  pid(): number;
  /** Ends sessions and stops PostgreSQL in order; another may then start it. */
  stop(): Promise<void>;
};

const user = 'breakwater';
const database = 'breakwater';
const port = 5432;
const startLimitMs = 120_000;
/** Longest path of a Unix socket that Linux takes, without its closing zero. */
const socketPathLimit = 107;
/** Symbolic link to the folder of the socket where that is not beside the data. */
const socketLink = 'socket-elsewhere';

/**
 * Starts PostgreSQL of this machine on a data folder, making the folder on first use, and keeps it running: when it ends
 * by itself (killed, crashed) it is started again. It listens on a Unix socket only, so no port can be taken or reached.
 *
 * What a former start left after a kill -9 is cleared: stale pid and lock files are removed once no process works in the
 * data; a PostgreSQL that is still running there is taken over when it answers with our password, otherwise stopped.
 *
 * Throws BreakwaterError `postgres.in-use` when a living process already owns the folder, and `postgres.start` with the
 * last lines of its log when it does not start.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const home = await realpath(options.dataDir);
  const release = await takeFolder(home);
  try {
    const launch = chooseLaunch(home, options.how === undefined ? {} : { how: options.how });
    const cluster = await Cluster.open(launch, options);
    return {
      url: cluster.url,
      how: launch.how,
      pid: () => cluster.pid,
      async stop() {
        await cluster.stop();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Where the embedded PostgreSQL of a folder keeps what it is: its data directory, and the password of its owner. */
export type EmbeddedFiles = {
  readonly pgdata: string;
  readonly password: string;
  /** Gives a path that we made to the user that runs PostgreSQL. */
  own(path: string): void;
  /** URL of the PostgreSQL that runs there now, whoever started it, a secret; null when none answers. */
  running(): Promise<string | null>;
};

/** Looks at a data folder without starting anything. */
export async function embeddedFiles(dataDir: string): Promise<EmbeddedFiles> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const launch = chooseLaunch(await realpath(dataDir));
  const password = join(launch.home, 'password');
  const pgdata = join(launch.home, 'data');
  return {
    pgdata,
    password,
    own: launch.own,
    async running() {
      const text = await readFile(password, 'utf8').catch(() => null);
      if (text === null || (await postgresIn(pgdata)).length === 0) return null;
      const url = connectionUrl(text.trim(), await socketFolder(launch));
      return (await serves(url, pgdata, 5000)) ? url : null;
    },
  };
}

/** One data directory and the postmaster that serves it. */
class Cluster {
  readonly url: string;
  pid = 0;
  private readonly launch: Launch;
  private readonly options: EmbeddedOptions;
  private readonly pgdata: string;
  private readonly sockets: string;
  private stopping = false;
  private watch: Promise<void> = Promise.resolve();

  private constructor(launch: Launch, options: EmbeddedOptions, password: string, sockets: string) {
    this.launch = launch;
    this.options = options;
    this.pgdata = join(launch.home, 'data');
    this.sockets = sockets;
    this.url = connectionUrl(password, sockets);
  }

  static async open(launch: Launch, options: EmbeddedOptions): Promise<Cluster> {
    const password = await initialise(launch);
    const cluster = new Cluster(launch, options, password, await socketFolder(launch));
    if (!(await cluster.adopt())) await cluster.start();
    await cluster.createDatabase();
    cluster.watch = cluster.keepRunning();
    return cluster;
  }

  private get log(): string {
    return join(this.launch.home, 'postgres.log');
  }

  /** Takes over a postmaster that a former start left running here, or makes sure that none is. */
  private async adopt(): Promise<boolean> {
    const left = await postgresIn(this.pgdata);
    if (left.length === 0) return false;
    const postmaster = await this.readPostmasterPid();
    if (postmaster !== null && left.includes(postmaster) && (await this.answers(5000))) {
      this.pid = postmaster;
      this.options.log(`PostgreSQL of a former start is still running (pid ${postmaster}): taken over`);
      return true;
    }
    this.options.log(`stopping what a former start of PostgreSQL left (pids ${left.join(', ')})`);
    if (postmaster !== null && left.includes(postmaster)) await this.end(postmaster);
    await this.endChildren();
    return false;
  }

  private async start(): Promise<void> {
    await this.clearStaleFiles();
    const child = this.launch.run('postgres', this.settings(), this.log, this.options.dieWithParent === true);
    const exited = once(child, 'exit').then(
      () => 'exited' as const,
      () => 'exited' as const,
    );
    if (child.pid === undefined) throw await this.notStarted();
    this.pid = child.pid;
    child.unref();
    const started = performance.now();
    for (;;) {
      const state = await Promise.race([exited, this.answers(1000)]);
      if (state === true) break;
      if (state === 'exited') throw await this.notStarted();
      if (performance.now() - started > startLimitMs) {
        await this.end(this.pid);
        throw await this.notStarted();
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  private settings(): string[] {
    const durable = this.options.durable === false ? 'off' : 'on';
    const settings: Record<string, string> = {
      listen_addresses: '',
      unix_socket_directories: this.sockets,
      unix_socket_permissions: '0700',
      port: String(port),
      max_connections: String(this.options.maxConnections ?? 100),
      fsync: durable,
      synchronous_commit: durable,
      full_page_writes: durable,
      timezone: 'UTC',
      log_timezone: 'UTC',
      // What people typed or stored stays out of the log: no statements, no parameters, no DETAIL with key values.
      log_statement: 'none',
      log_min_error_statement: 'panic',
      log_error_verbosity: 'terse',
      log_parameter_max_length: '0',
      log_parameter_max_length_on_error: '0',
    };
    return ['-D', this.pgdata, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  }

  private async createDatabase(): Promise<void> {
    const client = new pg.Client({ connectionString: connectionUrlOf(this.url, 'postgres') });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const { rowCount } = await client.query('select from pg_database where datname = $1', [database]);
      if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
    } finally {
      await client.end();
    }
  }

  private async keepRunning(): Promise<void> {
    while (!this.stopping) {
      await new Promise<void>((resolve) => void setTimeout(resolve, 100).unref());
      if (this.stopping || (await isAlive(this.pid))) continue;
      this.options.log('PostgreSQL ended unexpectedly: starting it again');
      try {
        await this.endChildren();
        if (!this.stopping) await this.start();
      } catch (error) {
        this.options.log(error instanceof Error ? error.message : String(error));
        await new Promise<void>((resolve) => void setTimeout(resolve, 1000).unref());
      }
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.race([this.watch, new Promise((resolve) => setTimeout(resolve, 500))]);
    await this.end(this.pid);
    await this.endChildren();
    const link = join(this.launch.home, socketLink);
    if ((await realpath(link).catch(() => null)) !== this.sockets) return;
    await rm(this.sockets, { recursive: true, force: true });
    await rm(link);
  }

  /** Fast shutdown, then immediate, then kill: data stays consistent in each, the later ones cost recovery at the next start. */
  private async end(postmaster: number): Promise<void> {
    const ways: readonly (readonly [NodeJS.Signals, number])[] = [
      ['SIGINT', 30_000],
      ['SIGQUIT', 5000],
      ['SIGKILL', 5000],
    ];
    for (const [name, ms] of ways) {
      signal(postmaster, name);
      signal(postmaster, 'SIGCONT');
      if (await waitGone(() => Promise.resolve([postmaster]), ms)) return;
    }
  }

  /** Children notice a dead postmaster by themselves; one that hangs is killed, because a new postmaster waits for them. */
  private async endChildren(): Promise<void> {
    const left = (): Promise<number[]> => postgresIn(this.pgdata);
    if (await waitGone(left, 3000)) return;
    for (const pid of await left()) signal(pid, 'SIGKILL');
    if (!(await waitGone(left, 5000))) {
      throw new BreakwaterError('postgres.stuck', `processes of PostgreSQL in ${this.pgdata} cannot be ended`);
    }
  }

  /** Only called when no process works in the data: PostgreSQL itself would mistake a reused pid for a living server. */
  private async clearStaleFiles(): Promise<void> {
    await rm(join(this.pgdata, 'postmaster.pid'), { force: true });
    for (const name of await readdir(this.sockets)) {
      if (name.startsWith('.s.PGSQL.')) await rm(join(this.sockets, name), { force: true });
    }
  }

  private answers(ms: number): Promise<boolean> {
    return serves(this.url, this.pgdata, ms);
  }

  private async readPostmasterPid(): Promise<number | null> {
    try {
      const pid = Number((await readFile(join(this.pgdata, 'postmaster.pid'), 'utf8')).split('\n')[0]);
      return Number.isInteger(pid) && pid > 1 ? pid : null;
    } catch {
      return null;
    }
  }

  private async notStarted(): Promise<BreakwaterError> {
    const lines = await readFile(this.log, 'utf8').catch(() => '');
    const last = lines.trimEnd().split('\n').slice(-5).join('\n');
    return new BreakwaterError('postgres.start', `PostgreSQL did not start; its log ${this.log} ends with:\n${last}`);
  }
}

/** Whether the PostgreSQL at `url` answers within `ms` and works in `pgdata`. */
async function serves(url: string, pgdata: string, ms: number): Promise<boolean> {
  const client = new pg.Client({
    connectionString: connectionUrlOf(url, 'postgres'),
    connectionTimeoutMillis: ms,
    query_timeout: ms,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ dir: string }>(`select current_setting('data_directory') as dir`);
    return rows[0]?.dir === pgdata;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Makes the data directory on first use, all or nothing, and returns the owner's password. */
async function initialise(launch: Launch): Promise<string> {
  const passwordFile = join(launch.home, 'password');
  const pgdata = join(launch.home, 'data');
  if (await exists(join(pgdata, 'PG_VERSION'))) {
    const version = (await readFile(join(pgdata, 'PG_VERSION'), 'utf8')).trim();
    if (version !== '18') {
      throw new BreakwaterError(
        'postgres.version',
        `${pgdata} was made by PostgreSQL ${version}, this is 18: dump and restore it`,
      );
    }
    return (await readFile(passwordFile, 'utf8')).trim();
  }
  for (const name of await readdir(launch.home)) {
    if (name.startsWith('data.new-')) await rm(join(launch.home, name), { recursive: true, force: true });
  }
  const password = randomBytes(24).toString('hex');
  await writeFile(`${passwordFile}.new`, `${password}\n`, { mode: 0o600 });
  launch.own(`${passwordFile}.new`);
  await rename(`${passwordFile}.new`, passwordFile);
  const building = join(launch.home, `data.new-${process.pid}`);
  const log = join(launch.home, 'initdb.log');
  const args = [
    ['-D', building, '-U', user, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8'],
    ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--data-checksums'],
  ].flat();
  const [code] = (await once(launch.run('initdb', args, log, true), 'exit')) as [number | null];
  if (code !== 0) {
    const output = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-5).join('\n');
    throw new BreakwaterError('postgres.init', `initdb failed; its log ${log} ends with:\n${output}`);
  }
  await rename(building, pgdata);
  return password;
}

/**
 * The folder of the socket: beside the data, or, where that path is too long for a Unix socket, a folder of ours in the
 * temporary directory, remembered so that a later start finds a server that is still running.
 */
async function socketFolder(launch: Launch): Promise<string> {
  const beside = join(launch.home, 'socket');
  const fits = (folder: string): boolean => Buffer.byteLength(join(folder, `.s.PGSQL.${port}`)) <= socketPathLimit;
  if (fits(beside)) {
    await mkdir(beside, { recursive: true, mode: 0o700 });
    launch.own(beside);
    return beside;
  }
  const link = join(launch.home, socketLink);
  try {
    return await realpath(link);
  } catch {
    const elsewhere = await mkdtemp(join(tmpdir(), 'breakwater-pg-'));
    launch.own(elsewhere);
    await rm(link, { force: true });
    await symlink(elsewhere, link);
    return elsewhere;
  }
}

/**
 * Makes this process the owner of a folder. The lock is an abstract Unix socket named after the folder: the kernel gives it
 * up when the process ends, however it ends, so nothing stale can be left. The file `owner` only tells people the pid.
 */
async function takeFolder(home: string): Promise<() => Promise<void>> {
  const { dev, ino } = await stat(home);
  const file = join(home, 'owner');
  const lock = createServer((connection) => connection.destroy());
  lock.unref();
  lock.listen(`\0breakwater-postgres-${dev}-${ino}`);
  try {
    await once(lock, 'listening');
  } catch {
    const owner = (await readFile(file, 'utf8').catch(() => 'unknown')).trim();
    throw new BreakwaterError(
      'postgres.in-use',
      `${home} is in use by process ${owner}: stop it, or name another folder`,
    );
  }
  await writeFile(file, `${process.pid}\n`, { mode: 0o600 });
  return async () => {
    await rm(file, { force: true });
    lock.close();
  };
}

function connectionUrl(password: string, sockets: string): string {
  return `postgres://${user}:${password}@/${database}?host=${encodeURIComponent(sockets)}&port=${port}`;
}

/** The same server with another database. */
export function connectionUrlOf(url: string, name: string): string {
  return url.replace(/\/[^/?]*(\?|$)/, `/${encodeURIComponent(name)}$1`);
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}
