/** The control groups of a cage: one that is killed as a whole, and bounds by whichever hierarchy has the controller. */
import { existsSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Scope } from '@breakwater/rules/containment';
import { findHierarchies, killableFolder, makeGroup, type Group } from '../../work/cgroup.ts';
import type { Bounds } from './ground.ts';
import type { Slot } from './slot.ts';

/** When the scope does not say: enough for a scanner, too little to harm the machine. */
export const usual = { memoryBytes: 1024 * 1024 * 1024, processes: 512 };

export interface CageGroup extends Group {
  /** Folders to be removed, also by who finds them after a crash. */
  readonly folders: readonly string[];
  readonly bounds: Bounds;
}

/** Null where version 2 of control groups cannot be used. */
export function openGroup(slot: Slot, scope: Scope): CageGroup | null {
  const hierarchies = findHierarchies();
  const folder = killableFolder(hierarchies, slot.link);
  if (folder === null) return null;
  const caps = {
    memoryBytes: scope.memoryBytes ?? usual.memoryBytes,
    processes: scope.processes ?? usual.processes,
  };
  const group = makeGroup(folder, hierarchies, slot.link, caps);
  boundUnified(folder, caps);
  const folders = group.entries.map((entry) => join(entry, '..'));
  const has = (...names: string[]): boolean =>
    folders.some((entry) => names.some((name) => existsSync(join(entry, name))));
  return {
    ...group,
    folders,
    bounds: { memory: has('memory.max', 'memory.limit_in_bytes'), processes: has('pids.max') },
  };
}

/** Where version 2 has the controllers, they are handed down and written; elsewhere version 1 has them. */
function boundUnified(folder: string, caps: typeof usual): void {
  tryWrite(join(folder, '..', 'cgroup.subtree_control'), '+memory +pids');
  if (existsSync(join(folder, 'memory.max'))) {
    tryWrite(join(folder, 'memory.max'), String(caps.memoryBytes));
    tryWrite(join(folder, 'memory.swap.max'), '0');
    tryWrite(join(folder, 'memory.oom.group'), '1');
  }
  if (existsSync(join(folder, 'pids.max'))) tryWrite(join(folder, 'pids.max'), String(caps.processes));
}

function tryWrite(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch {
    // The group above holds processes, or has no such controller.
  }
}

const leavingMs = 3000;

/** Removes groups, innermost first; waits a little for processes that are leaving. */
export async function removeGroups(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    for (const until = Date.now() + leavingMs; ; await sleep(5)) {
      if (!existsSync(folder) || removed(folder) || Date.now() > until) break;
    }
  }
}

function removed(folder: string): boolean {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) removed(join(folder, entry.name));
    }
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
