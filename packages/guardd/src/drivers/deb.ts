/** The drivers `apt` and `dpkg`: exact versions of Debian packages, and back to those that were there. */
import type { PatchAction } from '@breakwater/rules/plan';
import { Failed } from './answer.ts';
import type { Machine } from './machine.ts';
import { filesOf, keepFile, keptFiles, missingFiles, type PackageBefore, type PackageFile } from './packages.ts';
import { failure, keepFolder, must, type Keeping, type PatchDriver } from './patch-driver.ts';

type DebAction = PatchAction<'apt'>;

interface DebBefore {
  readonly packages: readonly (PackageBefore & { readonly held: boolean; readonly automatic: boolean })[];
}

interface Installed {
  readonly version: string;
  /** Installed and configured: nothing is half done. */
  readonly whole: boolean;
  readonly held: boolean;
}

const unattended = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l', UCF_FORCE_CONFFOLD: '1' };
const keepConfiguration = ['--force-confdef', '--force-confold'];

export const aptDriver: PatchDriver<DebAction, DebBefore> = {
  check: isWanted,
  async prepare(what, machine, keeping) {
    const wanted = await aptWords(what, machine);
    const affected = await simulate(what, machine, wanted);
    const { before, unavailable, folder } = await keepOld(what, machine, keeping, affected);
    // What is new is fetched before the change, so that the change waits for no network.
    await must(machine, [...apt(what), 'install', '--download-only', ...wanted], { env: unattended });
    const automatic = new Set(
      (await must(machine, ['apt-mark', ...aptRoot(what), 'showauto'])).split('\n').map((line) => line.trim()),
    );
    const packages = before.map((one) => ({ ...one, automatic: automatic.has(one.name) }));
    return {
      before: { packages },
      unavailable: unavailable && `${unavailable} (or into ${folder})`,
    };
  },
  async do(what, machine) {
    await must(machine, [...apt(what), 'install', ...(await aptWords(what, machine))], { env: unattended });
    if (what.hold === true) await select(what, machine, Object.keys(what.packages), 'hold');
  },
  async undo(what, machine, before) {
    await bringBack(what, machine, before);
    const automatic = before.packages.filter((one) => one.automatic && one.version !== null).map(({ name }) => name);
    if (automatic.length > 0) await must(machine, ['apt-mark', ...aptRoot(what), 'auto', ...automatic]);
  },
  differs,
};

export const dpkgDriver: PatchDriver<DebAction, DebBefore> = {
  check: isWanted,
  async prepare(what, machine, keeping) {
    await newFiles(what, machine);
    const { before, unavailable } = await keepOld(what, machine, keeping, Object.keys(what.packages));
    return { before: { packages: before.map((one) => ({ ...one, automatic: false })) }, unavailable };
  },
  async do(what, machine) {
    const files = await newFiles(what, machine);
    await must(machine, [...dpkg(what), ...keepConfiguration, '--install', ...files], { env: unattended });
    if (what.hold === true) await select(what, machine, Object.keys(what.packages), 'hold');
  },
  undo: bringBack,
  differs,
};

async function isWanted(what: DebAction, machine: Machine): Promise<boolean> {
  const names = Object.keys(what.packages);
  const installed = await query(what, machine, names);
  return Object.entries(what.packages).every(([name, version]) => {
    const now = installed.get(name);
    return now?.version === version && now.whole && (what.hold !== true || now.held);
  });
}

async function differs(what: DebAction, machine: Machine, { packages }: DebBefore): Promise<boolean> {
  const installed = await query(
    what,
    machine,
    packages.map(({ name }) => name),
  );
  return packages.some(({ name, version, held }) => {
    const now = installed.get(name);
    if (version === null) return now !== undefined;
    return now?.version !== version || !now.whole || now.held !== held;
  });
}

/** What dpkg knows of these packages: those it does not know, or has nothing but configuration of, are left out. */
async function query(what: DebAction, machine: Machine, names: readonly string[]): Promise<Map<string, Installed>> {
  const format = '${Package}\\t${Architecture}\\t${Version}\\t${db:Status-Abbrev}\\n';
  const argv = ['dpkg-query', `--admindir=${rootOf(what)}/var/lib/dpkg`, '-W', `-f=${format}`, ...names];
  const said = await machine.run(argv);
  // 1 = it does not know one of them.
  if (said.code !== 0 && said.code !== 1) throw failure(argv, said);
  const installed = new Map<string, Installed>();
  for (const line of said.stdout.split('\n')) {
    const [name = '', architecture = '', version = '', status = ''] = line.split('\t');
    if (name === '' || 'nc'.includes(status[1] ?? 'n')) continue;
    const now = { version, whole: status[1] === 'i' && (status[2] ?? ' ') === ' ', held: status[0] === 'h' };
    for (const known of [name, `${name}:${architecture}`]) if (names.includes(known)) installed.set(known, now);
  }
  return installed;
}

/** Every package that apt would change, by its own simulation. Throws Failed when it would not do it, or remove anything. */
async function simulate(what: DebAction, machine: Machine, wanted: readonly string[]): Promise<string[]> {
  const said = await must(machine, [...apt(what), '--simulate', 'install', ...wanted], { env: unattended });
  const changed = said.split('\n').flatMap((line) => /^(?:Inst|Remv) (\S+)/.exec(line)?.[1] ?? []);
  const names = Object.keys(what.packages);
  const bare = (name: string): string => name.replace(/:.*$/, '');
  return [...names, ...changed.filter((name) => !names.some((named) => named === name || bare(named) === name))];
}

/** Keeps the file of every version that is installed now. */
async function keepOld(
  what: DebAction,
  machine: Machine,
  keeping: Keeping,
  names: readonly string[],
): Promise<{
  before: (PackageBefore & { held: boolean })[];
  unavailable: string | null;
  folder: string;
}> {
  const folder = await keepFolder(machine, what.keep, keeping);
  const places = [...(what.from ?? []), folder, `${rootOf(what)}/var/cache/apt/archives`];
  const installed = await query(what, machine, names);
  const before: (PackageBefore & { held: boolean })[] = [];
  for (const name of names) {
    const now = installed.get(name);
    if (now !== undefined && !now.whole)
      throw new Failed(
        `${name} is half installed already: mend it first, with dpkg --configure -a or apt-get -f install`,
      );
    const version = now?.version ?? null;
    let kept: { file: string | null; sha256: string | null } = { file: null, sha256: null };
    if (version !== null) {
      const found =
        (await find(machine, places, name, version)) ?? (await fetchOld(what, machine, folder, name, version));
      if (found !== null) kept = await keepFile(machine, found, folder);
    }
    before.push({ name, version, held: now?.held ?? false, ...kept });
  }
  return { before, folder, unavailable: missingFiles(before, `${places.join(', ')} and the repositories`) };
}

/** The file of this version in one of the folders, by what the file itself says. */
async function find(
  machine: Machine,
  folders: readonly string[],
  name: string,
  version: string,
): Promise<PackageFile | null> {
  const [bare = '', architecture] = name.split(':');
  for (const path of await filesOf(machine, folders, bare, '.deb')) {
    const said = await machine.run(['dpkg-deb', '--showformat=${Package}\\t${Version}\\t${Architecture}', '-W', path]);
    const [packageName, packageVersion, packageArchitecture] = said.stdout.split('\t');
    const fits = architecture === undefined || architecture === packageArchitecture;
    if (said.code === 0 && packageName === bare && packageVersion === version && fits) return { path, name, version };
  }
  return null;
}

/** From the repositories, which may still have the old version. */
async function fetchOld(
  what: DebAction,
  machine: Machine,
  folder: string,
  name: string,
  version: string,
): Promise<PackageFile | null> {
  const inFolder = ['/bin/sh', '-c', 'cd -- "$1" && shift && exec "$@"', 'sh', folder];
  const said = await machine.run([...inFolder, ...apt(what), 'download', `${name}=${version}`], { env: unattended });
  return said.code === 0 ? find(machine, [folder], name, version) : null;
}

/** The files of the wanted versions. Throws Failed when one is missing. */
async function newFiles(what: DebAction, machine: Machine): Promise<string[]> {
  const files: string[] = [];
  for (const [name, version] of Object.entries(what.packages)) {
    const found = await find(machine, what.from ?? [], name, version);
    if (found === null) throw new Failed(`no file of ${name} ${version} in ${(what.from ?? []).join(', ')}`);
    files.push(found.path);
  }
  return files;
}

/** What apt is to install: a file where a folder of the step has it, otherwise the version by name. */
async function aptWords(what: DebAction, machine: Machine): Promise<string[]> {
  const words: string[] = [];
  for (const [name, version] of Object.entries(what.packages)) {
    const found = await find(machine, what.from ?? [], name, version);
    words.push(found?.path ?? `${name}=${version}`);
  }
  return words;
}

/** Installs the kept files over whatever is there, takes away what is new, and sets the holds as they were. */
async function bringBack(what: DebAction, machine: Machine, { packages }: DebBefore): Promise<void> {
  const files = await keptFiles(machine, packages);
  if (files.length > 0) {
    const force = [...keepConfiguration, '--force-downgrade', '--force-hold'];
    await must(machine, [...dpkg(what), ...force, '--install', ...files], { env: unattended });
  }
  const added = packages.filter(({ version }) => version === null).map(({ name }) => name);
  const there = [...(await query(what, machine, added)).keys()];
  if (there.length > 0)
    await must(machine, [...dpkg(what), '--force-remove-reinstreq', '--purge', ...there], { env: unattended });
  for (const state of ['hold', 'install'] as const) {
    const names = packages.filter(({ version, held }) => version !== null && held === (state === 'hold'));
    await select(
      what,
      machine,
      names.map(({ name }) => name),
      state,
    );
  }
}

async function select(
  what: DebAction,
  machine: Machine,
  names: readonly string[],
  state: 'hold' | 'install',
): Promise<void> {
  if (names.length === 0) return;
  const input = names.map((name) => `${name} ${state}\n`).join('');
  await must(machine, [...dpkg(what), '--set-selections'], { input });
}

const rootOf = ({ root }: DebAction): string => root ?? '';

function dpkg({ root }: DebAction): string[] {
  return ['dpkg', ...(root === undefined ? [] : [`--root=${root}`])];
}

function aptRoot({ root }: DebAction): string[] {
  if (root === undefined) return [];
  const options = [`Dir=${root}`, `Dir::State::status=${root}/var/lib/dpkg/status`, `DPkg::Options::=--root=${root}`];
  return options.flatMap((option) => ['-o', option]);
}

/** apt as it is run by nobody who could answer: it may go down in version, never remove, and keeps changed configuration. */
function apt(what: DebAction): string[] {
  const options = [
    'DPkg::Lock::Timeout=60',
    'Dpkg::Use-Pty=0',
    ...keepConfiguration.map((one) => `DPkg::Options::=${one}`),
  ];
  return [
    'apt-get',
    ...aptRoot(what),
    ...options.flatMap((option) => ['-o', option]),
    '--assume-yes',
    '--quiet',
    '--no-remove',
    '--no-install-recommends',
    '--allow-downgrades',
    '--allow-change-held-packages',
  ];
}
