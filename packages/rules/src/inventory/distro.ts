/**
 * Releases of Linux distributions in one spelling, `debian-12`. A package of a distribution is another package in every
 * release: a hole that is fixed in one is not therefore fixed in the next.
 */

/** Names of releases, by the number that advisories use. */
const codeNames: Readonly<Record<string, string>> = {
  buster: 'debian-10',
  bullseye: 'debian-11',
  bookworm: 'debian-12',
  trixie: 'debian-13',
  forky: 'debian-14',
  sid: 'debian-unstable',
  trusty: 'ubuntu-14.04',
  xenial: 'ubuntu-16.04',
  bionic: 'ubuntu-18.04',
  focal: 'ubuntu-20.04',
  jammy: 'ubuntu-22.04',
  noble: 'ubuntu-24.04',
};

/** How many numbers of a version make a release. */
const releaseNumbers: Readonly<Record<string, number>> = {
  debian: 1,
  ubuntu: 2,
  alpine: 2,
  redhat: 1,
  rocky: 1,
  almalinux: 1,
  centos: 1,
  oracle: 1,
  fedora: 1,
  amazon: 1,
  opensuse: 2,
  sles: 2,
};

const sameDistribution: Readonly<Record<string, string>> = {
  rhel: 'redhat',
  'red hat': 'redhat',
  'red hat enterprise linux': 'redhat',
  ol: 'oracle',
  amzn: 'amazon',
  alma: 'almalinux',
  'rocky linux': 'rocky',
  sle: 'sles',
  suse: 'sles',
  el: 'redhat',
};

/** Types of packages that belong to a distribution. */
const distributed: ReadonlySet<string> = new Set(['deb', 'rpm', 'apk']);

/** True when a package of this type means nothing without the release of its distribution. */
export function needsDistro(type: string): boolean {
  return distributed.has(type);
}

/** The namespace of a package URL as advisories name the distribution. */
export function distributionOf(namespace: string): string {
  const name = namespace.toLowerCase();
  return sameDistribution[name] ?? name;
}

/**
 * The release that a text names: `debian-12`, `bookworm`, `rhel-9.2`, `Debian:12`, `Alpine:v3.18`, `Ubuntu:22.04:LTS`. Null when
 * it names none: unknown is no release.
 */
export function distroOf(text: string): string | null {
  const lower = text.trim().toLowerCase();
  const codeName = codeNames[lower] ?? codeNames[lower.replace(/^(?:debian|ubuntu)[-: ]/, '')];
  if (codeName !== undefined) return codeName;
  const [, name = '', version = ''] = /^([a-z][a-z _]*?)[-: ]*v?([0-9]+(?:\.[0-9]+)*)/.exec(lower) ?? [];
  const distribution = sameDistribution[name] ?? name;
  const numbers = releaseNumbers[distribution];
  if (numbers === undefined || version === '') return null;
  const parts = version.split('.').slice(0, numbers);
  return `${distribution}-${parts.join('.')}`;
}
