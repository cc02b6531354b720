/** The driver `rpm`: exact versions of RPM packages from folders, and back to those that were there. */
import type { PatchAction } from '@breakwater/rules/plan';
import { Failed } from './answer.ts';
import type { Machine } from './machine.ts';
import { filesOf, keepFile, keptFiles, missingFiles, type PackageBefore, type PackageFile } from './packages.ts';
import { failure, keepFolder, must, type PatchDriver } from './patch-driver.ts';

type RpmAction = PatchAction<'rpm'>;

interface RpmBefore {
  readonly packages: readonly PackageBefore[];
}

/** Where package managers on top of rpm keep what they fetched. */
const caches = ['/var/cache/dnf', '/var/cache/yum', '/var/cache/zypp/packages'];
const format = '%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}-%{RELEASE}\\n';

export const rpmDriver: PatchDriver<RpmAction, RpmBefore> = {
  async check(what, machine) {
    const installed = await query(what, machine, Object.keys(what.packages));
    return Object.entries(what.packages).every(([name, version]) => isVersion(installed.get(name), version));
  },
  async prepare(what, machine, keeping) {
    await newFiles(what, machine);
    const folder = await keepFolder(machine, what.keep, keeping);
    const places = [...what.from, folder, ...caches];
    const names = Object.keys(what.packages);
    const installed = await query(what, machine, names);
    const packages: PackageBefore[] = [];
    for (const name of names) {
      const version = installed.get(name) ?? null;
      const found = version === null ? null : await find(what, machine, places, name, version);
      const kept = found === null ? { file: null, sha256: null } : await keepFile(machine, found, folder);
      packages.push({ name, version, ...kept });
    }
    return { before: { packages }, unavailable: missingFiles(packages, places.join(', ')) };
  },
  async do(what, machine) {
    await must(machine, [...rpm(what), '--upgrade', '--oldpackage', ...(await newFiles(what, machine))]);
  },
  async undo(what, machine, { packages }) {
    const files = await keptFiles(machine, packages);
    if (files.length > 0)
      await must(machine, [...rpm(what), '--upgrade', '--oldpackage', '--replacepkgs', '--replacefiles', ...files]);
    const added = packages.filter(({ version }) => version === null).map(({ name }) => name);
    const there = [...(await query(what, machine, added)).keys()];
    if (there.length > 0) await must(machine, [...rpm(what), '--erase', ...there]);
  },
  async differs(what, machine, { packages }) {
    const installed = await query(
      what,
      machine,
      packages.map(({ name }) => name),
    );
    return packages.some(({ name, version }) => (installed.get(name) ?? null) !== version);
  },
};

/** `EPOCH:VERSION-RELEASE` of what is installed; what is not is left out. */
async function query(what: RpmAction, machine: Machine, names: readonly string[]): Promise<Map<string, string>> {
  const installed = new Map<string, string>();
  for (const name of names) {
    const argv = [...rpm(what), '--query', '--queryformat', format, name];
    const said = await machine.run(argv);
    if (said.code === 0) {
      const [line = '', ...more] = said.stdout.trim().split('\n');
      if (more.length > 0)
        throw new Failed(`${name} is installed in ${more.length + 1} versions: name one that can be replaced`);
      const [, epoch = '0', version = ''] = line.split('\t');
      installed.set(name, `${epoch}:${version}`);
    } else if (!/is not installed/.test(said.stdout + said.stderr)) throw failure(argv, said);
  }
  return installed;
}

/** A version without its epoch means epoch 0. */
function isVersion(found: string | undefined, wanted: string): boolean {
  return found === (wanted.includes(':') ? wanted : `0:${wanted}`);
}

async function find(
  what: RpmAction,
  machine: Machine,
  folders: readonly string[],
  name: string,
  version: string,
): Promise<PackageFile | null> {
  for (const path of await filesOf(machine, folders, name, '.rpm')) {
    const said = await machine.run([...rpm(what), '--query', '--queryformat', format, '--package', path]);
    const [packageName, epoch = '', packageVersion = ''] = said.stdout.trim().split('\t');
    if (said.code === 0 && packageName === name && isVersion(`${epoch}:${packageVersion}`, version))
      return { path, name, version };
  }
  return null;
}

async function newFiles(what: RpmAction, machine: Machine): Promise<string[]> {
  const files: string[] = [];
  for (const [name, version] of Object.entries(what.packages)) {
    const found = await find(what, machine, what.from, name, version);
    if (found === null) throw new Failed(`no file of ${name} ${version} in ${what.from.join(', ')}`);
    files.push(found.path);
  }
  return files;
}

function rpm({ root }: RpmAction): string[] {
  return ['rpm', ...(root === undefined ? [] : [`--root=${root}`])];
}
