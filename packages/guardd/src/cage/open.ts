/** Opens a cage at the level that is asked for, or the strongest enforced one of this machine. */
import type { Cage, CageOptions } from './cage.ts';
import { openCooperativeCage } from './cooperative/index.ts';
import { openKernelCage } from './kernel/kernel-cage.ts';
import { CageUnavailable, findCageLevels } from './level.ts';

/** Looked for once a process. */
let levels: ReturnType<typeof findCageLevels> | null = null;

/**
 * Throws CageUnavailable when this machine has no means for the level, CageRefused when the scope or the self-test forbids
 * the start, and BreakwaterError `cage.*` for options that would open a door.
 */
export async function openCage(options: CageOptions): Promise<Cage> {
  const wanted = options.level ?? 'kernel';
  levels ??= findCageLevels();
  const found = (await levels).find(({ level }) => level === wanted);
  if (wanted === 'cooperative') return openCooperativeCage(options);
  if (wanted === 'kernel' && found?.works === true) return openKernelCage(options);
  throw new CageUnavailable(`level ${wanted} cannot be held on this machine: ${found?.why ?? 'unknown'}`);
}
