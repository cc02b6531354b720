/** Programs of a cooperative cage: each leads a process group of its own, with what privileges and sizes can be taken from it. */
import { spawn, spawnSync } from 'node:child_process';
import type { Scope } from '@breakwater/rules/containment';
import type { Program, StartOptions } from '../cage.ts';

/** As root a tool becomes this user, who owns nothing else. */
const toolUser = 65_532;
const mostFileBytes = 64 * 1024 * 1024;

export interface Confinement {
  /** Words before a program's own. */
  readonly words: readonly string[];
  /** Who owns what the tool may write; null = ourselves. */
  readonly user: number | null;
  readonly capsProcesses: boolean;
}

/** The confinement that this machine's tools allow, found by trying. */
export function findConfinement(scope: Scope): Confinement {
  const root = process.getuid?.() === 0;
  const drop = root
    ? [`--reuid=${toolUser}`, `--regid=${toolUser}`, '--clear-groups', '--inh-caps=-all', '--bounding-set=-all']
    : [];
  const setpriv = ['setpriv', ...drop, '--no-new-privs', '--pdeathsig', 'KILL', '--'];
  const dropped = works(setpriv);
  // The kernel counts the processes of a user, not of a group: the cap is that of the tool only where the user is its own.
  const capsProcesses = root && dropped && scope.processes !== undefined;
  const sizes = ['--core=0', `--fsize=${mostFileBytes}`, ...(capsProcesses ? [`--nproc=${scope.processes}`] : [])];
  const limited = works(['prlimit', ...sizes]);
  return {
    words: [...(limited ? ['prlimit', ...sizes] : []), ...(dropped ? setpriv : [])],
    user: root && dropped ? toolUser : null,
    capsProcesses: capsProcesses && limited,
  };
}

function works([command = '', ...words]: readonly string[]): boolean {
  return spawnSync(command, [...words, 'true'], { stdio: 'ignore', timeout: 5000 }).status === 0;
}

/** Starts a program. Its folder is `out` unless the caller names one. */
export function startProgram(
  { words }: Confinement,
  argv: readonly string[],
  { stdin = 'ignore' }: StartOptions,
  place: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Program {
  const [command = '', ...rest] = [...words, ...argv];
  return spawn(command, rest, { ...place, detached: true, stdio: [stdin, 'pipe', 'pipe'] }) as Program;
}

/** Kills a program and every process that stayed in its group. */
export function killGroup({ pid }: Program): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
