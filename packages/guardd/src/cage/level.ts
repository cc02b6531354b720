/** How strongly this machine can hold a cage, found by trying. */
import type { CageLevel } from '@breakwater/rules/containment';
import { findHierarchies, killableFolder, removeGroup } from '../work/cgroup.ts';
import { attempt } from './command.ts';
import { whyNotRootless } from './rootless/probe.ts';

export interface LevelFound {
  readonly level: CageLevel;
  readonly works: boolean;
  /** Why it does not work, or by what it does. */
  readonly why: string;
}

/** Why a process that opens cages beside other work has no level rootless. */
export const commandsAlone = 'is opened by `cage run` and `cage mcp` alone, which start again inside it';

const tools = [
  ['nft', '--version'],
  ['ip', '-V'],
  ['bwrap', '--version'],
  ['nsenter', '--version'],
  ['setpriv', '--version'],
];

/**
 * Every level with what speaks for or against it here, strongest first. A `command` that lives as long as its cage can take
 * level rootless; a process that opens cages beside other work cannot.
 */
export async function findCageLevels(asker: 'command' | 'host' = 'host'): Promise<readonly LevelFound[]> {
  const missing = (
    await Promise.all(tools.map(async (argv) => ((await attempt(argv)) === null ? argv[0] : null)))
  ).filter((name) => name !== null);
  return [
    await kernelLevel(missing),
    asker === 'command' ? await rootlessLevel(missing) : { level: 'rootless', works: false, why: commandsAlone },
    { level: 'container', works: false, why: 'is deployed by deploy/, not opened by this command' },
    { level: 'cooperative', works: true, why: 'a proxy: only tools that obey it are held' },
  ];
}

async function kernelLevel(missing: readonly (string | undefined)[]): Promise<LevelFound> {
  const no = (why: string): LevelFound => ({ level: 'kernel', works: false, why });
  if (process.platform !== 'linux') return no('needs Linux');
  if (missing.length > 0) return no(`not installed: ${missing.join(', ')} (sh scripts/system-packages)`);
  if (process.getuid?.() !== 0) return no('needs root, or CAP_NET_ADMIN and CAP_SYS_ADMIN');
  if ((await attempt(['unshare', '--net', 'nft', 'list', 'ruleset'])) === null)
    return no('the kernel gives no network namespace with nftables here');
  const probe = killableFolder(findHierarchies(), `bwc-try-${process.pid}`);
  if (probe === null) return no('no control group of version 2 can be made here');
  removeGroup(probe);
  return { level: 'kernel', works: true, why: 'network namespaces, nftables, bubblewrap, cgroup.kill' };
}

async function rootlessLevel(missing: readonly (string | undefined)[]): Promise<LevelFound> {
  const no = (why: string): LevelFound => ({ level: 'rootless', works: false, why });
  if (process.platform !== 'linux') return no('needs Linux');
  if (missing.length > 0) return no(`not installed: ${missing.join(', ')} (sh scripts/system-packages)`);
  const why = await whyNotRootless();
  return why === null
    ? { level: 'rootless', works: true, why: 'a user namespace with pasta as its uplink, and the same cage in it' }
    : no(why);
}
