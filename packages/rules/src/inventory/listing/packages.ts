/** Lists of installed packages as dpkg, rpm and apk print them. */
import { BreakwaterError } from '../../error.ts';
import { distributionOf } from '../distro.ts';
import { formatPurl } from '../purl.ts';
import { componentRecord, emptySnapshot, type ComponentRecord, type InventorySnapshot } from '../snapshot.ts';

/** What prints a list that is read without guessing; `collect` runs these very commands. */
export const listingCommands = {
  dpkg: "dpkg-query -W -f='${binary:Package}\\t${Version}\\t${Architecture}\\t${source:Package}\\t${source:Version}\\t${db:Status-Status}\\n'",
  rpm: "rpm -qa --qf '%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\t%{SOURCERPM}\\n'",
  apk: 'cat /lib/apk/db/installed',
} as const;
export type Listing = keyof typeof listingCommands;

/** Largest list that is read, characters; most lines of one. */
const mostCharacters = 32 * 1024 * 1024;
const mostLines = 500_000;

interface Installed {
  readonly name: string;
  readonly version: string;
  readonly arch: string | null;
  readonly source: { readonly name: string; readonly version: string | null } | null;
}

type Reader = (lines: readonly string[]) => Installed[];

const readers: Readonly<Record<Listing, Reader>> = { dpkg: dpkgLines, rpm: rpmLines, apk: apkLines };
const typeOf = { dpkg: 'deb', rpm: 'rpm', apk: 'apk' } as const;
const usual = { dpkg: 'debian', rpm: 'redhat', apk: 'alpine' } as const;

/**
 * Reads a list. `distro` is the release of the machine, `debian-12`; without it everything on it is undetermined.
 *
 * Throws BreakwaterError `listing.*` with `path` = `line:column`.
 */
export function readListing(listing: Listing, source: string, distro: string | null): InventorySnapshot {
  return { ...emptySnapshot, format: listing, distro, components: installedComponents(listing, source, distro) };
}

/** The components of a list. Throws as `readListing`. */
export function installedComponents(listing: Listing, source: string, distro: string | null): ComponentRecord[] {
  if (source.length > mostCharacters) throw tooLarge(`${mostCharacters} characters`);
  const lines = source.split(/\r?\n/);
  if (lines.length > mostLines) throw tooLarge(`${mostLines} lines`);
  const namespace = distro === null ? usual[listing] : distributionOf(distro.replace(/-[^-]*$/, ''));
  const components = new Map<string, ComponentRecord>();
  for (const { name, version, arch, source: origin } of readers[listing](lines)) {
    const qualifiers = { ...(arch === null ? {} : { arch }), ...(distro === null ? {} : { distro }) };
    const purl = formatPurl({ type: typeOf[listing], namespace, name, version, qualifiers });
    const source_ = origin === null || origin.name === name ? undefined : origin;
    const named = { ref: purl, name, version, purl, cpe: null, source: source_ };
    components.set(purl, componentRecord(named, distro));
  }
  return [...components.values()];
}

function dpkgLines(lines: readonly string[]): Installed[] {
  return lines.flatMap((line, i) => {
    if (line.trim() === '' || /^(?:Desired=|\||\+\+\+-)/.test(line)) return [];
    // As `dpkg -l` prints it: `ii  name:arch  version  arch  description`. Only what is installed counts.
    const [, state, listed, listedVersion, listedArch] =
      /^([uirph][a-zA-Z]{1,2})\s+(\S+)\s+(\S+)\s+(\S+)/.exec(line) ?? [];
    if (state !== undefined && !line.includes('\t')) {
      return state[1] === 'i' ? [dpkgOf(listed ?? '', listedVersion ?? '', listedArch ?? null, null)] : [];
    }
    const [name, version, arch, source, sourceVersion, status] = line.split('\t');
    if (name === undefined || version === undefined) throw wrongLine('dpkg', i);
    if (version === '' || (status !== undefined && status !== 'installed')) return [];
    const origin = source === undefined || source === '' ? null : { name: source, version: sourceVersion ?? null };
    return [dpkgOf(name, version, arch ?? null, origin)];
  });
}

function dpkgOf(name: string, version: string, arch: string | null, source: Installed['source']): Installed {
  return { name: name.replace(/:[^:]*$/, ''), version, arch, source };
}

function rpmLines(lines: readonly string[]): Installed[] {
  return lines.flatMap((line, i) => {
    if (line.trim() === '') return [];
    if (line.includes('\t')) {
      const [name, epoch, version, release, arch, source] = line.split('\t');
      if (name === undefined || version === undefined || release === undefined) throw wrongLine('rpm', i);
      const evr = `${epoch === undefined || epoch === '0' || epoch === '(none)' ? '' : `${epoch}:`}${version}-${release}`;
      const [, sourceName] = /^(.+)-[^-]+-[^-]+\.(?:src|nosrc)\.rpm$/.exec(source ?? '') ?? [];
      const origin = sourceName === undefined ? null : { name: sourceName, version: evr };
      return name === 'gpg-pubkey' ? [] : [{ name, version: evr, arch: arch ?? null, source: origin }];
    }
    // As `rpm -qa` prints it: name-version-release.arch. The epoch is not told, so none is assumed.
    const [, name, version, release, arch] = /^(\S+)-([^-\s]+)-([^-\s]+)\.([A-Za-z0-9_]+)$/.exec(line.trim()) ?? [];
    if (name === undefined || version === undefined || release === undefined) {
      if (line.startsWith('gpg-pubkey-')) return [];
      throw wrongLine('rpm', i);
    }
    return [{ name, version: `${version}-${release}`, arch: arch ?? null, source: null }];
  });
}

function apkLines(lines: readonly string[]): Installed[] {
  return lines.some((line) => /^P:\S/.test(line)) ? apkDatabase(lines) : apkNames(lines);
}

/** `apk info -v`: name-version-rN a line. */
function apkNames(lines: readonly string[]): Installed[] {
  return lines.flatMap((line, i) => {
    const text = line.trim();
    if (text === '' || text.startsWith('WARNING')) return [];
    const [, name, version] = /^(\S+?)-([0-9][^\s-]*-r[0-9]+)(?:\s|$)/.exec(text) ?? [];
    if (name === undefined || version === undefined) throw wrongLine('apk', i);
    return [{ name, version, arch: null, source: null }];
  });
}

/** The database of apk: fields by letter, packages divided by empty lines. */
function apkDatabase(lines: readonly string[]): Installed[] {
  const installed: Installed[] = [];
  let fields = new Map<string, string>();
  for (const line of [...lines, '']) {
    const [, field, value] = /^([A-Za-z]):(.*)$/.exec(line) ?? [];
    if (field !== undefined) {
      if ('PVAo'.includes(field)) fields.set(field, value ?? '');
      continue;
    }
    const [name, version, origin] = [fields.get('P'), fields.get('V'), fields.get('o')];
    if (line === '' && name !== undefined && version !== undefined) {
      const source = origin === undefined || origin === '' ? null : { name: origin, version: null };
      installed.push({ name, version, arch: fields.get('A') ?? null, source });
    }
    if (line === '') fields = new Map();
  }
  return installed;
}

function wrongLine(listing: Listing, at: number): BreakwaterError {
  return new BreakwaterError(
    'listing.syntax',
    `line ${at + 1} is none of a list of ${listing}: make it with ${listingCommands[listing]}`,
    `${at + 1}:1`,
  );
}

function tooLarge(limit: string): BreakwaterError {
  return new BreakwaterError('listing.too-large', `a list has at most ${limit}`, '1:1');
}
