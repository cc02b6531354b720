/** What makes two components the same one: the package, the release of its distribution, and the order of its versions. */
import { formatPurl, parsePurl, type Purl } from './purl.ts';
import { distributionOf, distroOf, needsDistro } from './distro.ts';
import { versionKey, type Ecosystem } from './version/ecosystem.ts';

/** A package that versions are compared within. */
export interface PackageIdentity {
  /** Type of its package URL, or `cpe`. */
  readonly type: string;
  /** `type/namespace/name`, in the spelling in which components and advisories meet: `deb/debian/openssl`. */
  readonly name: string;
  /** Release of the distribution, `debian-12`; null where there is none or it is not known. */
  readonly distro: string | null;
}

/** One version of a package: what matches are about. */
export interface ComponentIdentity extends PackageIdentity {
  readonly version: string;
}

/** Whose order of versions a type of package follows. A type without a line has none: ranges of it cannot be judged. */
const orderOf: Readonly<Record<string, Ecosystem>> = {
  deb: 'deb',
  rpm: 'rpm',
  alpm: 'rpm',
  apk: 'apk',
  maven: 'maven',
  npm: 'npm',
  cargo: 'npm',
  hex: 'npm',
  pub: 'npm',
  swift: 'npm',
  github: 'npm',
  pypi: 'pypi',
  gem: 'gem',
  nuget: 'nuget',
  composer: 'composer',
  golang: 'golang',
  generic: 'generic',
  bitnami: 'npm',
  cpe: 'generic',
};

/** The order of versions of a type; null when none is known. */
export function orderOfType(type: string): Ecosystem | null {
  return orderOf[type] ?? null;
}

/**
 * Revision of the sort keys of each order. Raise it when a key function changes: stored keys of a lower one are made anew and
 * their packages matched again.
 */
export const keyRevisions: Readonly<Record<Ecosystem, number>> = {
  deb: 1,
  rpm: 1,
  apk: 1,
  maven: 1,
  npm: 1,
  pypi: 1,
  gem: 1,
  nuget: 1,
  composer: 1,
  golang: 1,
  generic: 1,
};

/** The sort key of a version; null when its order is not known or the version is none of it. */
export function keyOrNull(type: string, version: string): Uint8Array | null {
  const order = orderOfType(type);
  if (order === null) return null;
  try {
    return versionKey(order, version);
  } catch {
    return null;
  }
}

/** The package that a package URL names. `distro` of a system that the component stands in is used where the URL names none. */
export function packageOf(purl: Purl, distro: string | null = null): PackageIdentity {
  const namespace =
    purl.namespace === null || !needsDistro(purl.type) ? purl.namespace : distributionOf(purl.namespace);
  return {
    type: purl.type,
    name: [purl.type, ...(namespace === null ? [] : [namespace]), meetingName(purl.type, purl.name)].join('/'),
    distro: needsDistro(purl.type) ? (distroNamed(purl, namespace) ?? distro) : null,
  };
}

/** The version that a package URL names, with the epoch that RPM keeps in a qualifier; null without one. */
export function versionOf(purl: Purl): string | null {
  const epoch = purl.qualifiers?.['epoch'];
  if (purl.version === null || purl.type !== 'rpm' || epoch === undefined || purl.version.includes(':'))
    return purl.version;
  return `${epoch}:${purl.version}`;
}

/**
 * Every identity of a component: itself, and for a binary package of a distribution the source package it was built from,
 * because most distributions write their advisories about sources. Empty without a version.
 */
export function identitiesOf(purl: Purl, distro: string | null = null): ComponentIdentity[] {
  const version = versionOf(purl);
  if (version === null) return [];
  const own: ComponentIdentity = { ...packageOf(purl, distro), version };
  const source = sourceOf(purl);
  if (source === null) return [own];
  const other = { ...packageOf({ ...purl, name: source.name }, distro), version: source.version ?? version };
  return other.name === own.name && other.version === own.version ? [own] : [own, other];
}

/** `upstream=openssl@3.0.11-1` of Syft and others; `source` of ours. For RPM the file name of the source package. */
function sourceOf({ type, qualifiers }: Purl): { name: string; version: string | null } | null {
  const text = qualifiers?.['upstream'] ?? qualifiers?.['source'];
  if (text === undefined || !needsDistro(type)) return null;
  const [, fileName] = /^(.+)-[^-]+-[^-]+\.(?:src|nosrc)\.rpm$/.exec(type === 'rpm' ? text : '') ?? [];
  if (fileName !== undefined) return { name: fileName, version: null };
  const at = text.lastIndexOf('@');
  return at <= 0 ? { name: text, version: null } : { name: text.slice(0, at), version: text.slice(at + 1) };
}

function distroNamed({ qualifiers }: Purl, namespace: string | null): string | null {
  const text = qualifiers?.['distro'];
  if (text === undefined) return null;
  return distroOf(text) ?? (namespace === null ? null : distroOf(`${namespace}-${text}`));
}

/** A release that is not known by number is still one: it must not count for every release. */
function releaseOf(namespace: string, release: string): string | null {
  if (release === '') return null;
  const numbered = release.replace(/^.*?(?=v?\d)/s, '');
  return distroOf(`${namespace}:${numbered}`) ?? distroOf(release) ?? `${namespace}-${release.toLowerCase()}`;
}

/** Spellings that a registry takes for one name. */
function meetingName(type: string, name: string): string {
  if (type === 'pypi') return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
  if (type === 'nuget') return name.toLowerCase();
  return name;
}

/** Ecosystems of OSV, by the type of their package URLs and, for distributions, the namespace. */
const osvEcosystems: Readonly<Record<string, readonly [type: string, namespace?: string]>> = {
  PyPI: ['pypi'],
  npm: ['npm'],
  Maven: ['maven'],
  Go: ['golang'],
  RubyGems: ['gem'],
  NuGet: ['nuget'],
  Packagist: ['composer'],
  'crates.io': ['cargo'],
  Hex: ['hex'],
  Pub: ['pub'],
  SwiftURL: ['swift'],
  'GitHub Actions': ['github'],
  Bitnami: ['bitnami'],
  CRAN: ['cran'],
  Hackage: ['hackage'],
  Debian: ['deb', 'debian'],
  Ubuntu: ['deb', 'ubuntu'],
  Alpine: ['apk', 'alpine'],
  Wolfi: ['apk', 'wolfi'],
  Chainguard: ['apk', 'chainguard'],
  'Red Hat': ['rpm', 'redhat'],
  'Rocky Linux': ['rpm', 'rocky'],
  AlmaLinux: ['rpm', 'almalinux'],
  openSUSE: ['rpm', 'opensuse'],
  SUSE: ['rpm', 'sles'],
};

/**
 * The package that OSV names by ecosystem and name (`Debian:12`, `openssl`). An ecosystem that is not known becomes a type of its
 * own without an order: it matches nothing by range, and says so. Null when no package URL can be made of it.
 */
export function packageOfOsv(ecosystem: string, name: string): PackageIdentity | null {
  const [, base = '', release = ''] = /^([^:]+)(?::(.*))?$/s.exec(ecosystem) ?? [];
  const [type, namespace] = osvEcosystems[base] ?? [base.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-')];
  const parts =
    type === 'maven'
      ? name.split(':')
      : type === 'swift'
        ? name.replace(/^https?:\/\//, '').split('/')
        : name.split('/');
  const own = parts.at(-1) ?? '';
  const before = namespace ?? (parts.length > 1 ? parts.slice(0, -1).join('/') : null);
  try {
    const purl: Purl = { type, namespace: before, name: own, version: null, qualifiers: null, subpath: null };
    // Written and read again, the parts are in canonical case.
    const text = formatPurl(purl);
    return { ...packageOf(parsePurl(text)), distro: namespace === undefined ? null : releaseOf(namespace, release) };
  } catch {
    return null;
  }
}
