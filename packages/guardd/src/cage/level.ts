/** How strongly this machine can hold a cage, found by trying. */
import type { CageLevel } from '@breakwater/rules/containment';
import { findHierarchies, killableFolder, removeGroup } from '../work/cgroup.ts';
import { attempt } from './command.ts';

export interface LevelFound {
  readonly level: CageLevel;
  readonly works: boolean;
  /** Why it does not work, or by what it does. */
  readonly why: string;
}

/** A cage of the wanted strength cannot be opened on this machine. */
export class CageUnavailable extends Error {
  override readonly name = 'CageUnavailable';
}

const tools = [
  ['nft', '--version'],
  ['ip', '-V'],
  ['bwrap', '--version'],
  ['nsenter', '--version'],
  ['setpriv', '--version'],
];

/** Every level with what speaks for or against it here, strongest first. */
export async function findCageLevels(): Promise<readonly LevelFound[]> {
  const missing = (
    await Promise.all(tools.map(async (argv) => ((await attempt(argv)) === null ? argv[0] : null)))
  ).filter((name) => name !== null);
  return [
    await kernelLevel(missing),
    await rootlessLevel(missing),
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
  if ((await attempt(['pasta', '--version'])) === null)
    return no('not installed: pasta (package passt), which carries packets out without root');
  if ((await attempt(['unshare', '-Urn', 'true'])) === null) return no('the kernel allows no user namespaces here');
  return no('pasta carries packets out, but the cage does not set it up');
}
