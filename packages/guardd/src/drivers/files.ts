/** The driver `files`: whole files by their hash, each replaced in one rename, and the old ones kept. */
import type { PatchAction } from '@breakwater/rules/plan';
import { Failed } from './answer.ts';
import type { Machine } from './machine.ts';
import { copyWhole, holds, keepFolder, must, sha256Of, type PatchDriver } from './patch-driver.ts';

type FilesAction = PatchAction<'files'>;

interface FilesBefore {
  /** `sha256` null = there was no such file. */
  readonly files: readonly { readonly path: string; readonly sha256: string | null; readonly kept: string }[];
}

export const filesDriver: PatchDriver<FilesAction, FilesBefore> = {
  async check({ files }, machine) {
    for (const { path, sha256 } of files) if (`sha256:${await sha256Of(machine, path)}` !== sha256) return false;
    return true;
  },
  async prepare({ files, keep }, machine, keeping) {
    const folder = await keepFolder(machine, keep, keeping);
    const before: FilesBefore['files'][number][] = [];
    for (const [i, { path, from, sha256 }] of files.entries()) {
      const found = await sha256Of(machine, from);
      if (found === null) throw new Failed(`${from} is not there`);
      if (`sha256:${found}` !== sha256) throw new Failed(`${from} is not the file of the plan: it has sha256:${found}`);
      if (await isOther(machine, path)) throw new Failed(`${path} is no plain file: this driver replaces only files`);
      const kept = `${folder}/${i}`;
      const old = await sha256Of(machine, path);
      if (old !== null) await copyWhole(machine, path, kept);
      before.push({ path, sha256: old, kept });
    }
    return { before: { files: before }, unavailable: null };
  },
  async do({ files }, machine) {
    for (const { path, from, sha256 } of files)
      if (`sha256:${await sha256Of(machine, path)}` !== sha256) await replace(machine, from, path);
  },
  async undo(_, machine, { files }) {
    for (const { path, sha256, kept } of files.toReversed()) {
      if (sha256 === null) await must(machine, ['rm', '-f', '--', path]);
      else if ((await sha256Of(machine, path)) !== sha256) await copyWhole(machine, kept, path);
    }
  },
  async differs(_, machine, { files }) {
    for (const { path, sha256 } of files) if ((await sha256Of(machine, path)) !== sha256) return true;
    return false;
  },
};

/** A link or a folder is not replaced: what lies behind it would not come back. */
async function isOther(machine: Machine, path: string): Promise<boolean> {
  if (await holds(machine, ['test', '-L', path])) return true;
  return (await holds(machine, ['test', '-e', path])) && !(await holds(machine, ['test', '-f', path]));
}

/** Owner and mode stay those of the old file; a file that was not there gets those of the new one. */
const replaceScript = `new=$2.breakwater-new
cp -- "$1" "$new" || exit 1
if [ -e "$2" ]; then chown --reference="$2" -- "$new" && chmod --reference="$2" -- "$new" || exit 1
else chmod --reference="$1" -- "$new" || exit 1; fi
sync -- "$new" && mv -T -- "$new" "$2" && sync -- "$(dirname -- "$2")"`;

async function replace(machine: Machine, from: string, path: string): Promise<void> {
  await must(machine, ['/bin/sh', '-c', replaceScript, 'sh', from, path]);
}
