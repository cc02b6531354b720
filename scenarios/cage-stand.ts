/** What the scenarios of cages share: targets on this machine, scopes, and the check that nothing is left. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findCageLevels, openCage, type Cage, type CageOptions } from '@breakwater/guardd';
import type { Containment, DeniedTraffic, Scope } from '@breakwater/rules/containment';

const levels = await findCageLevels();
/** Why the kernel level cannot be tried here; null = it can. */
export const noKernelLevel = levels[0]?.works === true ? null : (levels[0]?.why ?? 'unknown');

/** A listener on the loopback of this machine that notes when it was reached. */
export interface Target {
  readonly port: number;
  /** Epoch ms of each connection, in order. */
  readonly reached: readonly number[];
  close(): Promise<void>;
}

/** `says`: what whoever connects is told. */
export function openTarget(host = '127.0.0.1', says = 'hello\n'): Promise<Target> {
  const reached: number[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    reached.push(Date.now());
    socket.on('error', () => undefined);
    socket.end(says);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, 1024, () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        reached,
        close() {
          for (const socket of sockets) socket.destroy();
          return new Promise((settle) => server.close(() => settle()));
        },
      }),
    );
  });
}

export type ScopeParts = Partial<Omit<Scope, 'caps'>> & { readonly caps?: Partial<Scope['caps']> };

export function scopeOf(port: number, parts: ScopeParts = {}): Scope {
  const now = Date.now();
  return {
    schema: 'breakwater.scope/1',
    targets: [{ cidr: '127.0.0.1/32', ports: [`tcp/${port}`] }],
    window: { start: new Date(now - 60_000).toISOString(), end: new Date(now + 120_000).toISOString() },
    lease: 'PT2S',
    memoryBytes: 256 * 1024 * 1024,
    processes: 64,
    ...parts,
    caps: {
      newConnectionsPerSecond: 50,
      packetsPerSecond: 2000,
      concurrent: 200,
      bytes: 50_000_000,
      ...parts.caps,
    },
  };
}

export interface CagedRun {
  readonly report: Containment;
  readonly said: string;
  readonly attempts: readonly DeniedTraffic[];
  readonly folder: string;
}

/** Runs one shell or Python script in a cage to its end, or until `until` resolves, which then stops it. */
export async function runCaged(
  scope: Scope,
  argv: readonly string[],
  until: (cage: Cage) => Promise<unknown> = () => new Promise(() => undefined),
  more: Partial<CageOptions> = {},
): Promise<CagedRun> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-cage-'));
  const attempts: DeniedTraffic[] = [];
  try {
    const cage = await openCage({
      scope,
      name: 'scenario',
      folder,
      onAttempts: ({ changed }) => attempts.push(...changed),
      ...more,
    });
    const renewal = setInterval(() => cage.renew(), 100);
    let said = '';
    try {
      const program = cage.start(argv);
      program.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      program.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const ended = new Promise<void>((resolve) => program.once('close', () => resolve()));
      await Promise.race([ended, until(cage)]);
    } finally {
      clearInterval(renewal);
      await cage.close();
    }
    return { report: await cage.close(), said, attempts, folder };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const shell = (script: string): string[] => ['/bin/bash', '-c', script];
export const python = (script: string): string[] => ['python3', '-c', script];

/** Connects again and again, until it is stopped. */
export const connectForever = (port: number): string =>
  `while :; do (exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null; done`;

/** `breakwater cage run` as a process of its own. */
export function startCageRun(scope: Scope, argv: readonly string[], folder: string): ChildProcess {
  const file = join(folder, 'scope.json');
  writeFileSync(file, JSON.stringify(scope));
  const main = join(import.meta.dirname, '../packages/cli/src/start.ts');
  return spawn(
    process.execPath,
    [main, 'cage', 'run', '--json', '--scope', file, '--out', join(folder, 'out'), '--', ...argv],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
}

const home = '/run/breakwater/cages';

/** Everything of cages on this machine that no living process owns, in words; it waits a little for what is leaving. */
export async function leftovers(): Promise<readonly string[]> {
  for (let tries = 0; ; tries++) {
    const left = everything().filter((thing) => !isOwned(/bwc(\d+)/.exec(thing)?.[1] ?? ''));
    if (left.length === 0 || tries > 60) return left;
    await sleep(50);
  }
}

function everything(): string[] {
  const listed = (command: string, words: string[]): string[] =>
    (spawnSync(command, words, { encoding: 'utf8' }).stdout ?? '').split('\n').filter((line) => line.includes('bwc'));
  return [
    ...listed('ip', ['netns', 'list']),
    ...listed('ip', ['-brief', 'link']),
    ...listed('nft', ['list', 'tables']),
    ...listed('find', ['/sys/fs/cgroup', '-maxdepth', '4', '-name', '*bwc*']),
    ...(existsSync(home)
      ? readdirSync(home)
          .filter((name) => name !== 'lock')
          .map((name) => `slot bwc${name}`)
      : []),
  ];
}

function isOwned(slot: string): boolean {
  try {
    const { pid } = JSON.parse(readFileSync(join(home, slot, 'owner.json'), 'utf8')) as { pid: number };
    return (
      pid !== process.pid && existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z')
    );
  } catch {
    // Being made or being removed by another process.
    return existsSync(join(home, slot)) && slot !== '';
  }
}

/** Processes whose command line holds every one of `words` and that are below this process. */
export function processesOf(words: readonly string[]): number[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const rows = stdout.split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s(.*)$/.exec(line) ?? []);
  const parents = new Map(rows.map(([, pid, parent]) => [Number(pid), Number(parent)]));
  const isOurs = (pid: number): boolean => {
    for (let at = parents.get(pid); at !== undefined && at > 1; at = parents.get(at))
      if (at === process.pid) return true;
    return false;
  };
  return rows.flatMap(([, pid, , args = '']) =>
    words.every((word) => args.includes(word)) && isOurs(Number(pid)) ? [Number(pid)] : [],
  );
}

/** Waits for what must come true. */
export async function until(what: string, holds: () => boolean, withinMs = 45_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await sleep(10);
  }
}
