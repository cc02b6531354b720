/** Opens a cage at the level that is asked for, or the strongest enforced one of this machine. */
import type { CageLevel } from '@breakwater/rules/containment';
import type { Cage, CageOptions } from './cage.ts';
import { openCooperativeCage } from './cooperative/index.ts';
import { openKernelCage } from './kernel/kernel-cage.ts';
import { lookAround } from './kernel/uplink.ts';
import { commandsAlone, findCageLevels } from './level.ts';
import { CageUnavailable } from './refused.ts';
import { rootlessGround } from './rootless/inside.ts';
import { unreachable } from './rootless/words.ts';

/** Looked for once a process. */
let levels: ReturnType<typeof findCageLevels> | null = null;

/**
 * Throws CageUnavailable when this machine has no means for the level, CageRefused when the scope or the self-test forbids
 * the start, and BreakwaterError `cage.*` for options that would open a door.
 */
export async function openCage(options: CageOptions): Promise<Cage> {
  if (options.level === 'cooperative') return openCooperativeCage(options);
  const ground = rootlessGround();
  if (ground !== null && options.level !== 'kernel') {
    const why = unreachable(options.scope, await leadsOutByIpv6());
    if (why !== null) throw new CageUnavailable(`level rootless cannot be held for this scope: ${why}`);
    return openKernelCage(options, ground);
  }
  levels ??= findCageLevels('command');
  const found = await levels;
  const { level: wanted = 'kernel' } = options;
  if (wanted === 'kernel' && works(found, wanted)) return openKernelCage(options);
  throw new CageUnavailable(
    options.level === undefined
      ? `no enforced level can be held on this machine: ${whyNot(found, 'kernel')}; ${whyNot(found, 'rootless')}`
      : `level ${whyNot(found, wanted)}`,
  );
}

type Found = Awaited<ReturnType<typeof findCageLevels>>;

function works(found: Found, wanted: CageLevel): boolean {
  return found.some(({ level, works: held }) => level === wanted && held);
}

function whyNot(found: Found, wanted: CageLevel): string {
  const one = found.find(({ level }) => level === wanted);
  return `${wanted} cannot be held here: ${one?.works === true ? commandsAlone : (one?.why ?? 'unknown')}`;
}

async function leadsOutByIpv6(): Promise<boolean> {
  const { routes } = await lookAround();
  return routes.some(({ range, local }) => range.family === 6 && range.low === 0n && !local);
}
