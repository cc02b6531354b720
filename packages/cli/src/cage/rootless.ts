import { CageUnavailable, takePlace } from '@breakwater/guardd';
import type { CageLevel } from '@breakwater/rules/containment';
import { exit, NotChecked, type ExitCode } from '../frame.ts';

interface LevelWish {
  readonly level?: CageLevel;
  readonly allowWeaker?: boolean;
}

/**
 * Does `here` in a process that can open a cage of the wanted level: in this one, or, at level rootless, in this command
 * started again inside a user namespace, whose streams, signals and exit code are those of this process.
 */
export async function inItsPlace({ level, allowWeaker }: LevelWish, here: () => Promise<ExitCode>): Promise<ExitCode> {
  let code: number | null;
  try {
    code = await takePlace(level, [process.execPath, ...process.execArgv, ...process.argv.slice(1)]);
  } catch (error) {
    if (!(error instanceof CageUnavailable)) throw error;
    if (allowWeaker !== true || level !== undefined) throw new NotChecked('cage.unavailable', error.message);
    process.stderr.write(`${error.message}\n`);
    code = null;
  }
  if (code === null) return here();
  const known = Object.values(exit).find((one) => one === code);
  if (known === undefined) throw new NotChecked('cage.ended', `the process of the cage was killed (exit code ${code})`);
  return known;
}
