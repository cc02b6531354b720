/**
 * Control groups: where they are mounted, killing by version 2, limits by whichever hierarchy has the controller.
 *
 * On hybrid hosts version 2 lies under `unified` without the memory and pids controllers, which are version 1 then.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Hierarchy {
  readonly mount: string;
  /** This process's own group in it. */
  readonly own: string;
  /** Version 1: the controllers mounted there; version 2: those it offers here. */
  readonly controllers: readonly string[];
}

export interface Hierarchies {
  readonly unified: Hierarchy | null;
  readonly legacy: readonly Hierarchy[];
}

/** Bounds of what work may use; a bound that no hierarchy can enforce is left out. */
export interface WorkCaps {
  readonly processes?: number;
  readonly memoryBytes?: number;
}

/** Reads mounts and own groups from /proc. Empty where there are none. */
export function findHierarchies(): Hierarchies {
  let mounts: string;
  let groups: string;
  try {
    mounts = readFileSync('/proc/self/mountinfo', 'utf8');
    groups = readFileSync('/proc/self/cgroup', 'utf8');
  } catch {
    return { unified: null, legacy: [] };
  }
  return parseHierarchies(mounts, groups);
}

/** The same from the text of `/proc/self/mountinfo` and `/proc/self/cgroup`. */
export function parseHierarchies(mountinfo: string, cgroup: string): Hierarchies {
  const own = new Map<string, string>();
  for (const line of cgroup.split('\n')) {
    const [, names, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (names !== undefined && path !== undefined) for (const name of names.split(',')) own.set(name, path);
  }
  let unified: Hierarchy | null = null;
  const legacy: Hierarchy[] = [];
  for (const line of mountinfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const [type, , options = ''] = right.split(' ');
    const [, , , root = '/', at = ''] = left.split(' ');
    const mount = at.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    if (type === 'cgroup2') {
      unified ??= { mount, own: below(root, own.get('') ?? '/'), controllers: [] };
    } else if (type === 'cgroup') {
      const controllers = options.split(',').filter((option) => own.has(option));
      const [first] = controllers;
      if (first !== undefined) legacy.push({ mount, own: below(root, own.get(first) ?? '/'), controllers });
    }
  }
  return { unified, legacy };
}

/** A group's path as seen under a mount that shows the hierarchy from `root` on. */
function below(root: string, path: string): string {
  if (root === '/' || !path.startsWith(root)) return path;
  return path.slice(root.length) || '/';
}

/** A group that can be killed as a whole, with the groups of other hierarchies that limit it. */
export interface Group {
  /** Files that a process writes `0` to in order to enter. */
  readonly entries: readonly string[];
  /** Kills every process in it and below it, at once, also those that are being forked. */
  kill(): void;
  populated(): boolean;
  /** Removes it; it must be empty. Absent or still busy groups are left. */
  remove(): void;
}

/** The folder of version 2 under which this process may make killable groups, or null. Makes `name` there. */
export function killableFolder({ unified }: Hierarchies, name: string): string | null {
  if (unified === null) return null;
  const folder = join(unified.mount, unified.own, name);
  try {
    mkdirSync(folder, { recursive: true });
    return existsSync(join(folder, 'cgroup.kill')) ? folder : null;
  } catch {
    return null;
  }
}

/** Makes the group `folder` of version 2, bounded by `caps` where a controller allows it. */
export function makeGroup(folder: string, hierarchies: Hierarchies, tag: string, caps: WorkCaps): Group {
  mkdirSync(folder, { recursive: true });
  const limits = limitGroups(hierarchies, tag, caps);
  return {
    entries: [folder, ...limits].map((group) => join(group, 'cgroup.procs')),
    kill: () => writeFileSync(join(folder, 'cgroup.kill'), '1'),
    populated: () => isPopulated(folder),
    remove: () => [...limits, folder].forEach(removeGroup),
  };
}

/** True while a process lives in the group or below it. */
export function isPopulated(folder: string): boolean {
  try {
    return readFileSync(join(folder, 'cgroup.events'), 'utf8').includes('populated 1');
  } catch {
    return false;
  }
}

/** Removes an empty group; one that is absent or busy is left. */
export function removeGroup(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Absent, or a process is still leaving: the next start of guardd removes what is left.
  }
}

const bounds = [
  { controller: 'pids', cap: 'processes', file: 'pids.max' },
  { controller: 'memory', cap: 'memoryBytes', file: 'memory.limit_in_bytes' },
] as const;

/** Groups of version 1 with the bounds written; version 2 needs delegated controllers and is bounded by its service unit. */
function limitGroups({ legacy }: Hierarchies, tag: string, caps: WorkCaps): string[] {
  return bounds.flatMap(({ controller, cap, file }) => {
    const hierarchy = legacy.find(({ controllers }) => controllers.includes(controller));
    const bound = caps[cap];
    if (bound === undefined || hierarchy === undefined) return [];
    const folder = join(hierarchy.mount, hierarchy.own, `breakwater-${tag}`);
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, file), String(bound));
      return [folder];
    } catch {
      return [];
    }
  });
}
