/** Level rootless, for commands that live as long as their cage: the program starts itself again where it may build one. */
import type { CageLevel } from '@breakwater/rules/containment';
import { findCageLevels } from '../level.ts';
import { enterRootless } from './enter.ts';
import { awaitUplink, rootlessGround } from './inside.ts';

/**
 * Call it before anything else is done. Null: a cage of this level is opened (or refused) from this process. A number:
 * this program ran inside a user namespace, to this exit code. `level` left out is the strongest enforced one; `argv` starts
 * this program again. Throws CageUnavailable when the namespace cannot be made.
 */
export async function takePlace(level: CageLevel | undefined, argv: readonly string[]): Promise<number | null> {
  if (rootlessGround() !== null) {
    await awaitUplink();
    return null;
  }
  if (level !== undefined && level !== 'rootless') return null;
  const works = (await findCageLevels('command')).filter((found) => found.works).map((found) => found.level);
  if (!works.includes('rootless') || (level === undefined && works.includes('kernel'))) return null;
  return enterRootless(argv);
}
