/** What drivers of package systems share: which files hold which versions, and keeping the old ones before a change. */
import { Failed } from './answer.ts';
import type { Machine } from './machine.ts';
import { copyWhole, must, sha256Of } from './patch-driver.ts';

/** A package file. */
export interface PackageFile {
  readonly path: string;
  readonly name: string;
  readonly version: string;
}

/** One package as it was. `version` null = not installed; `file` null = installed, and no file of that version was found. */
export interface PackageBefore {
  readonly name: string;
  readonly version: string | null;
  readonly file: string | null;
  readonly sha256: string | null;
}

const listScript = 'folder=$1; shift; [ -d "$folder" ] || exit 0; exec find -H "$folder" -maxdepth 1 -type f "$@"';

/** Files in these folders whose names begin as a package does and end in `suffix`. Folders that are not there hold none. */
export async function filesOf(
  machine: Machine,
  folders: readonly string[],
  name: string,
  suffix: string,
): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    // Names of packages hold no pattern characters.
    const said = await must(machine, ['/bin/sh', '-c', listScript, 'sh', folder, '-name', `${name}[_-]*${suffix}`]);
    found.push(...said.split('\n').filter((line) => line !== ''));
  }
  return found;
}

/** Keeps a package file in `folder`; its place and hash. Throws Failed when it cannot be copied. */
export async function keepFile(
  machine: Machine,
  file: PackageFile,
  folder: string,
): Promise<{ file: string; sha256: string | null }> {
  const to = `${folder}/${file.path.slice(file.path.lastIndexOf('/') + 1)}`;
  if (file.path !== to) await copyWhole(machine, file.path, to);
  return { file: to, sha256: await sha256Of(machine, to) };
}

/** Why the packages cannot be brought back; null when all can. */
export function missingFiles(before: readonly PackageBefore[], looked: string): string | null {
  const missing = before.filter(({ version, file }) => version !== null && file === null);
  if (missing.length === 0) return null;
  const names = missing.map(({ name, version }) => `${name} ${version ?? ''}`).join(', ');
  return `no file of ${names}; looked in ${looked}: put it into a folder that the step names in "from"`;
}

/** The kept files of what was installed, each still the one that was kept. Throws Failed otherwise. */
export async function keptFiles(machine: Machine, before: readonly PackageBefore[]): Promise<string[]> {
  const files: string[] = [];
  for (const { name, version, file, sha256 } of before) {
    if (version === null) continue;
    if (file === null) throw new Failed(`no file of ${name} ${version} was kept`);
    if ((await sha256Of(machine, file)) !== sha256)
      throw new Failed(`${file} is not the file that was kept: its hash differs`);
    files.push(file);
  }
  return files;
}
