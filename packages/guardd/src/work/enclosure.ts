/** A place where programs run that can be stopped as a whole by the kernel: work, recovery and watching have one each. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { monoNow } from '../clock.ts';
import { makeGroup, type Group, type WorkCaps } from './cgroup.ts';
import type { StoppingLevel } from './level.ts';

export type Program = ChildProcessByStdio<Writable | null, Readable, Readable>;

/** How a standstill was reached. `method`: `cgroup.kill`, `pidns`, `process-group`; `idle` when nothing ran. */
export interface Standstill {
  readonly method: string;
  /** From the call to the moment when no process was left, ms. */
  readonly latencyMs: number;
}

/** Where a program starts; it reads nothing unless `stdin` says so. */
export interface ProgramPlace {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin?: 'pipe' | 'ignore';
}

export interface Enclosure {
  /** Starts a program; its descendants belong here too, however they detach. */
  start(argv: readonly string[], place: ProgramPlace): Program;
  /** Kills one program that was started here. */
  kill(program: Program): void;
  /** Kills everything in here and waits until nothing is left. */
  stop(): Promise<Standstill>;
  /** True while a program runs here. */
  readonly busy: boolean;
  /** Takes the groups away; call it when nothing runs any more. */
  remove(): void;
}

export interface EnclosureOptions {
  readonly level: StoppingLevel;
  readonly run: string;
  readonly name: 'work' | 'recovery' | 'watch';
  readonly caps: WorkCaps;
  /** File that lists the running process groups, for a sentinel where there are no cgroups. */
  readonly groupsFile: string;
}

/** Enters the groups named before `--`, then becomes the program after it. */
const enter = 'while [ "$1" != -- ]; do echo 0 >"$1" || exit 125; shift; done; shift; exec "$@"';
/**
 * First process of a namespace: waits for the program, so that it runs as an ordinary process and its end is told. It and what
 * is above it stay at our priority, so that on a busy host they die, and take the program with them, at once.
 */
const first = 'n=$1; shift; nice -n "$n" "$@"; exit $?';
const goneWithinMs = 5000;

/** Makes an enclosure by the best means of `level`. */
export function openEnclosure({ level, run, name, caps, groupsFile }: EnclosureOptions): Enclosure {
  const tag = `${level.tag}-${run}-${name}`;
  const group = level.cgroups === null ? null : makeGroup(join(level.cgroups, run, name), level.hierarchies, tag, caps);
  const programs = new Set<Program>();
  const ordinary = String(-getPriority());
  const wrap = [
    '/bin/sh',
    '-c',
    enter,
    'sh',
    ...(group?.entries ?? []),
    '--',
    ...level.dieWithParent,
    ...(level.namespace.length === 0
      ? ['nice', '-n', ordinary]
      : [...level.namespace, '/bin/sh', '-c', first, 'sh', ordinary]),
  ];
  const listGroups = (): void => {
    if (group === null) writeFileSync(groupsFile, [...programs].map(({ pid }) => `${pid}\n`).join(''), { mode: 0o600 });
  };

  return {
    start(argv, { cwd, env, stdin = 'ignore' }) {
      const [command = '', ...words] = [...wrap, ...argv];
      const program = spawn(command, words, { cwd, env, detached: true, stdio: [stdin, 'pipe', 'pipe'] }) as Program;
      programs.add(program);
      listGroups();
      const left = (): void => {
        programs.delete(program);
        listGroups();
      };
      program.once('exit', left);
      program.once('error', left);
      return program;
    },
    kill: (program) => killOne(program, level),
    async stop() {
      const since = monoNow();
      const busy = programs.size > 0 || (group?.populated() ?? false);
      group?.kill();
      // Also one by one: a program that was started a moment ago may not have entered its group yet.
      for (const program of programs) killOne(program, level);
      await gone(programs, group);
      return { method: busy ? methodOf(level) : 'idle', latencyMs: round(monoNow() - since) };
    },
    get busy() {
      return programs.size > 0;
    },
    remove: () => group?.remove(),
  };
}

function methodOf({ cgroups, namespace }: StoppingLevel): string {
  if (cgroups !== null) return 'cgroup.kill';
  return namespace.length > 0 ? 'pidns' : 'process-group';
}

/** With a namespace its first process is killed, which takes all others with it; otherwise the process group. */
function killOne({ pid }: Program, level: StoppingLevel): void {
  if (pid === undefined) return;
  if (level.namespace.length > 0) for (const child of childrenOf(pid)) signal(child);
  signal(-pid);
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter((word) => word !== '')
      .map(Number);
  } catch {
    return [];
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself between the listing and the signal.
  }
}

/** Looks often at first, for a true latency; a process in an uninterruptible call may take long. */
async function gone(programs: ReadonlySet<Program>, group: Group | null): Promise<void> {
  const until = monoNow() + goneWithinMs;
  while ((programs.size > 0 || group?.populated() === true) && monoNow() < until) await sleep(1);
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
