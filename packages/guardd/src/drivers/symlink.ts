/** The driver `symlink`: a link points to another release, by one atomic rename. */
import type { PatchAction } from '@breakwater/rules/plan';
import { Failed } from './answer.ts';
import type { Machine } from './machine.ts';
import { holds, must, type PatchDriver } from './patch-driver.ts';

interface SymlinkBefore {
  /** null = there was no link. */
  readonly to: string | null;
}

export const symlinkDriver: PatchDriver<PatchAction<'symlink'>, SymlinkBefore> = {
  check: async ({ link, to }, machine) => (await pointsTo(machine, link)) === to,
  async prepare({ link, to }, machine) {
    if (!(await holds(machine, ['test', '-e', to])))
      throw new Failed(`${to} is not there: put the release there first`);
    const now = await pointsTo(machine, link);
    if (now === null && (await holds(machine, ['test', '-e', link])))
      throw new Failed(`${link} is no symbolic link: make it one that points to the present release`);
    return { before: { to: now }, unavailable: null };
  },
  do: async ({ link, to }, machine) => point(machine, link, to),
  async undo({ link }, machine, { to }) {
    if (to === null) await must(machine, ['rm', '-f', '--', link]);
    else await point(machine, link, to);
  },
  differs: async ({ link }, machine, { to }) => (await pointsTo(machine, link)) !== to,
};

async function pointsTo(machine: Machine, link: string): Promise<string | null> {
  const { code, stdout } = await machine.run(['readlink', '--no-newline', '--', link]);
  return code === 0 ? stdout : null;
}

const pointScript =
  'ln -sfT -- "$2" "$1.breakwater-new" && mv -T -- "$1.breakwater-new" "$1" && sync -- "$(dirname -- "$1")"';

async function point(machine: Machine, link: string, to: string): Promise<void> {
  await must(machine, ['/bin/sh', '-c', pointScript, 'sh', link, to]);
}
