/** Which means the kernel gives here to stop a process tree, tried once when a process of guardd starts. */
import { spawnSync } from 'node:child_process';
import { findHierarchies, killableFolder, type Hierarchies } from './cgroup.ts';

export interface StoppingLevel {
  /** `cgroup-v2+pidns`, `cgroup-v2`, `pidns`, `pidns-user` or `process-group`: what is printed and journalled. */
  readonly name: string;
  readonly hierarchies: Hierarchies;
  /** Names the daemon's groups. */
  readonly tag: string;
  /** Folder of version 2 for the groups of this daemon's runs; null = no cgroup can be made. */
  readonly cgroups: string | null;
  /** Words that start a program in a PID namespace of its own, which dies with its parent; empty = not possible. */
  readonly namespace: readonly string[];
  /** Words that make a program die with the process that started it; empty = not possible. */
  readonly dieWithParent: readonly string[];
}

const inNamespace = ['--pid', '--fork', '--kill-child', '--mount-proc'];
const namespaces: readonly { readonly name: string; readonly words: readonly string[] }[] = [
  { name: 'pidns', words: ['unshare', ...inNamespace, '--propagation', 'unchanged', '--'] },
  { name: 'pidns-user', words: ['unshare', '--user', '--map-current-user', ...inNamespace, '--'] },
];
const dieWithParent = ['setpriv', '--pdeathsig', 'KILL', '--'];

/** Finds the level. `tag` names the daemon's folder of groups. */
export function findLevel(tag: string): StoppingLevel {
  const hierarchies = findHierarchies();
  const cgroups = killableFolder(hierarchies, `breakwater-${tag}`);
  const dies = works(dieWithParent) ? dieWithParent : [];
  const namespace = dies.length === 0 ? undefined : namespaces.find(({ words }) => works(words));
  const parts = [cgroups === null ? null : 'cgroup-v2', namespace?.name ?? null].filter((part) => part !== null);
  return {
    name: parts.length === 0 ? 'process-group' : parts.join('+'),
    hierarchies,
    tag,
    cgroups,
    namespace: namespace?.words ?? [],
    dieWithParent: dies,
  };
}

function works([command = '', ...words]: readonly string[]): boolean {
  return spawnSync(command, [...words, 'true'], { stdio: 'ignore', timeout: 5000 }).status === 0;
}
