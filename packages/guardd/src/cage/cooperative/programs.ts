/**
 * Programs of a cooperative cage. They are stopped by the strongest means that the kernel gives here to an ordinary program,
 * with what privileges and sizes can be taken from them.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from '@breakwater/rules/containment';
import { removeGroup } from '../../work/cgroup.ts';
import { openEnclosure } from '../../work/enclosure.ts';
import { findLevel } from '../../work/level.ts';
import type { Program, StartOptions } from '../cage.ts';

/** As root a tool becomes this user, who owns nothing else. */
const toolUser = 65_532;
const mostFileBytes = 64 * 1024 * 1024;

/** What this machine holds of a tool, besides its traffic. */
export interface Confinement {
  /** Who owns what the tool may write; null = ourselves. */
  readonly user: number | null;
  readonly capsProcesses: boolean;
  readonly capsMemory: boolean;
  /** A stop reaches every descendant, however it detaches. */
  readonly stopsAll: boolean;
}

export interface Programs extends Confinement {
  start(argv: readonly string[], options: StartOptions, place: { cwd: string; env: NodeJS.ProcessEnv }): Program;
  /** Kills everything and resolves when nothing is left, or after some seconds. */
  stop(): Promise<void>;
  /** Takes the groups away; call it when nothing runs any more. */
  remove(): void;
}

/** Finds by trying what this machine can take from a tool, and makes a place for its programs. */
export function openPrograms(scope: Scope): Programs {
  const root = process.getuid?.() === 0;
  const drop = root
    ? [`--reuid=${toolUser}`, `--regid=${toolUser}`, '--clear-groups', '--inh-caps=-all', '--bounding-set=-all']
    : [];
  const setpriv = ['setpriv', ...drop, '--no-new-privs', '--pdeathsig', 'KILL', '--'];
  const dropped = works(setpriv);
  // The kernel counts the processes of a user, not of a group: the cap is that of the tool only where the user is its own.
  const countsUser = root && dropped && scope.processes !== undefined;
  const sizes = ['--core=0', `--fsize=${mostFileBytes}`, ...(countsUser ? [`--nproc=${scope.processes}`] : [])];
  const limited = works(['prlimit', ...sizes]);
  const words = [...(limited ? ['prlimit', ...sizes] : []), ...(dropped ? setpriv : [])];
  const tag = `cage-${randomBytes(6).toString('hex')}`;
  const level = findLevel(tag);
  const groupsFile = join(tmpdir(), `breakwater-${tag}.groups`);
  const { memoryBytes } = scope;
  const caps = memoryBytes === undefined ? {} : { memoryBytes };
  const enclosure = openEnclosure({ level, run: 'tool', name: 'work', caps, groupsFile });
  return {
    user: root && dropped ? toolUser : null,
    capsProcesses: countsUser && limited,
    capsMemory: root && memoryBytes !== undefined && level.hierarchies.legacy.some(hasMemory),
    stopsAll: level.cgroups !== null || level.namespace.length > 0,
    start: (argv, { stdin = 'ignore' }, place) => enclosure.start([...words, ...argv], { ...place, stdin }),
    stop: async () => void (await enclosure.stop()),
    remove() {
      enclosure.remove();
      if (level.cgroups !== null) for (const group of [join(level.cgroups, 'tool'), level.cgroups]) removeGroup(group);
      rmSync(groupsFile, { force: true });
    },
  };
}

const hasMemory = ({ controllers }: { readonly controllers: readonly string[] }): boolean =>
  controllers.includes('memory');

function works([command = '', ...words]: readonly string[]): boolean {
  return spawnSync(command, [...words, 'true'], { stdio: 'ignore', timeout: 5000 }).status === 0;
}
