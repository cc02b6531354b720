/** The place in which a caged program runs: what it sees of the machine, who it is there, and what it may ask of the kernel. */
import { spawn } from 'node:child_process';
import { closeSync, lstatSync, openSync, readlinkSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { BreakwaterError } from '@breakwater/rules/error';
import type { Scope } from '@breakwater/rules/containment';
import type { CageMount, Program, StartOptions } from '../cage.ts';
import { toolEnvironment } from '../command.ts';
import { usual } from './limits.ts';
import { enter } from './network.ts';
import { machineOf, seccompFilter } from './seccomp.ts';
import type { Slot } from './slot.ts';

export interface SandboxOptions {
  readonly slot: Slot;
  /** The number that programs run under; null = the slot's own, which nobody of the machine has. */
  readonly user: number | null;
  readonly scope: Scope;
  readonly mounts: readonly CageMount[];
  readonly env: Readonly<Record<string, string>>;
  /** Files that a process writes 0 to in order to enter its groups. */
  readonly groups: readonly string[];
  /** What is writable inside, at `/out`. */
  readonly out: string;
}

/** Where the one writable folder is seen inside. */
export const outFolder = '/out';
/** Nobody of the machine has these numbers; each slot has its own. */
const firstUser = 1_879_048_192;
const systemFolders = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];
/** Of /etc only what programs need to load, and nothing that names people or secrets. */
const settings = [
  'alternatives',
  'ca-certificates',
  'ssl/certs',
  'ssl/openssl.cnf',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'timezone',
  'services',
  'protocols',
  'mime.types',
  'magic',
  'perl',
  'python3',
  'fonts',
  'terminfo',
];
const temporaryBytes = 64 * 1024 * 1024;
/** Doors of the machine that no mount may show. */
const forbidden = /(?:^|\/)(?:docker|containerd|crio|podman|cri-dockerd)[^/]*\.sock$/;
const forbiddenRoots = [
  '/',
  '/proc',
  '/sys',
  '/dev',
  '/run',
  '/var/run',
  '/boot',
  '/etc',
  '/root',
  '/home',
  '/var',
  '/usr',
];

/** Throws BreakwaterError `cage.mount` for a mount that would be a door out of the cage. */
export function refuseDoors(mounts: readonly CageMount[]): void {
  for (const { from, at, writable } of mounts) {
    const refuse = (why: string): never => {
      throw new BreakwaterError('cage.mount', `${from} is not mounted in a cage: ${why}`, from);
    };
    if (!from.startsWith('/') || !at.startsWith('/') || at.includes('/../')) refuse('name absolute paths');
    if (forbidden.test(from)) refuse('whoever reaches this socket rules the machine');
    if (forbiddenRoots.includes(from.replace(/(?<=.)\/+$/, '')))
      refuse('name a folder of its own, not one of the system');
    const stat = statSync(from, { throwIfNoEntry: false });
    if (stat === undefined) return refuse('it does not exist');
    if (stat.isBlockDevice() || stat.isCharacterDevice()) refuse('it is a device');
    if (writable && !stat.isDirectory() && !stat.isSocket()) refuse('only a folder or a socket can be writable');
    if (writable && stat.isDirectory() && systemOwned(from))
      refuse('a writable folder of the system opens the machine');
  }
}

function systemOwned(from: string): boolean {
  return (
    /^\/(?:bin|boot|dev|etc|home|lib\w*|opt|proc|root|run\/systemd|sbin|srv|sys|usr)(?:\/|$)/.test(from) ||
    from === '/var' ||
    from === '/tmp'
  );
}

export interface Sandbox {
  start(argv: readonly string[], options: StartOptions): Program;
}

/** Enters the groups named before `--`, leaves no core files, then becomes the program after it. */
const enterGroups = 'ulimit -c 0; while [ "$1" != -- ]; do echo 0 >"$1" || exit 125; shift; done; shift; exec "$@"';

export function makeSandbox(options: SandboxOptions): Sandbox {
  const { slot, scope, groups } = options;
  const user = String(options.user ?? userOf(slot));
  const machine = machineOf(process.arch);
  const filter = join(slot.folder, 'calls.bpf');
  if (machine !== null) writeFileSync(filter, seccompFilter(machine), { mode: 0o600 });
  const files = writeFiles(slot, scope, user);
  const drop = [
    'setpriv',
    ...(options.user === null ? [`--reuid=${user}`, `--regid=${user}`, '--clear-groups'] : ['--keep-groups']),
    '--no-new-privs',
    '--inh-caps=-all,+net_raw',
    '--ambient-caps=-all,+net_raw',
    '--bounding-set=-all,+net_raw',
    '--',
    // A user namespace counts its own processes, so that the cap also holds where no control group can be made.
    ...(options.user === null ? [] : ['prlimit', `--nproc=${scope.processes ?? usual.processes}`, '--']),
  ];
  return {
    start(argv, { cwd = outFolder, stdin = 'ignore' }) {
      const calls = machine === null ? null : openSync(filter, 'r');
      const seen = asFile(slot, view(options, files, cwd));
      const words = [
        '-c',
        enterGroups,
        'sh',
        ...groups,
        '--',
        'nice',
        '-n',
        String(Math.max(0, -getPriority())),
        ...enter(slot.tool),
        'bwrap',
        '--args',
        '4',
        ...(calls === null ? [] : ['--seccomp', '3']),
        '--',
        ...drop,
        ...argv,
      ];
      try {
        return spawn('/bin/sh', words, {
          env: toolEnvironment,
          detached: true,
          stdio: [stdin, 'pipe', 'pipe', calls ?? 'ignore', seen],
        }) as unknown as Program;
      } finally {
        if (calls !== null) closeSync(calls);
        closeSync(seen);
      }
    },
  };
}

/** Words as bubblewrap reads them from a file: the environment does not stand in a list of processes. The file has no name any more. */
function asFile({ folder }: Slot, words: readonly string[]): number {
  const file = join(folder, 'view');
  writeFileSync(file, words.map((word) => `${word}\0`).join(''), { mode: 0o600 });
  const opened = openSync(file, 'r');
  unlinkSync(file);
  return opened;
}

export function userOf({ number }: Slot): number {
  return firstUser + number;
}

function view({ mounts, env, out }: SandboxOptions, files: readonly string[], cwd: string): string[] {
  const folders = systemFolders.flatMap((name) => {
    const stat = lstatSync(`/${name}`, { throwIfNoEntry: false });
    if (stat === undefined) return [];
    return stat.isSymbolicLink()
      ? ['--symlink', readlinkSync(`/${name}`), `/${name}`]
      : ['--ro-bind', `/${name}`, `/${name}`];
  });
  const variables = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/tmp',
    TMPDIR: '/tmp',
    LANG: 'C.UTF-8',
    // It may send raw packets without being root.
    NMAP_PRIVILEGED: '1',
    ...env,
  };
  return [
    ['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--hostname', 'cage'],
    ['--die-with-parent', '--cap-drop', 'ALL'],
    ['CAP_NET_RAW', 'CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP'].flatMap((name) => ['--cap-add', name]),
    ['--ro-bind', '/usr', '/usr', ...folders],
    ['--perms', '0755', '--dir', '/etc', '--perms', '0755', '--dir', '/etc/ssl'],
    settings.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
    files,
    ['--proc', '/proc', '--dev', '/dev'],
    ['--perms', '1777', '--size', String(temporaryBytes), '--tmpfs', '/tmp'],
    ['--bind', out, outFolder],
    mounts.flatMap(({ from, at, writable }) => [
      ...parentsOf(at).flatMap((path) => ['--perms', '0755', '--dir', path]),
      writable ? '--bind' : '--ro-bind',
      from,
      at,
    ]),
    parentsOf(join(cwd, '.'))
      .concat(cwd)
      .filter((path) => path !== outFolder)
      .flatMap((path) => ['--perms', '0755', '--dir', path]),
    ['--remount-ro', '/', '--chdir', cwd, '--clearenv'],
    Object.entries(variables).flatMap(([name, value]) => ['--setenv', name, value]),
  ].flat();
}

/** Folders above a path, outermost first: bubblewrap makes them for root alone. */
function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let at = dirname(path); at !== '/' && at !== '.'; at = dirname(at)) parents.unshift(at);
  return parents;
}

/** Names of the scope are pinned; the cage asks no name server. */
function writeFiles(slot: Slot, { names = [] }: Scope, user: string): string[] {
  const contents = {
    hosts: ['127.0.0.1 localhost', '::1 localhost', ...names.map(({ name, address }) => `${address} ${name}`)],
    'nsswitch.conf': ['passwd: files', 'group: files', 'hosts: files', 'services: files', 'protocols: files'],
    'resolv.conf': ['# The cage asks no name server: names are those of its scope.'],
    passwd: [`tool:x:${user}:${user}:tool:/tmp:/bin/sh`],
    group: [`tool:x:${user}:`],
  };
  return Object.entries(contents).flatMap(([name, lines]) => {
    const file = join(slot.folder, name);
    writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o644 });
    return ['--ro-bind', file, `/etc/${name}`];
  });
}
