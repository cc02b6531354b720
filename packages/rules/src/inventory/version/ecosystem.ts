/** The order of versions in every ecosystem that is known. */
import { BreakwaterError } from '../../error.ts';
import { apkKey } from './apk.ts';
import { composerKey } from './composer.ts';
import { debKey } from './deb.ts';
import { gemKey } from './gem.ts';
import { genericKey } from './generic.ts';
import { readable, type KeyWriter } from './key.ts';
import { mavenKey } from './maven.ts';
import { pypiKey } from './pypi.ts';
import { rpmKey } from './rpm.ts';
import { golangKey, nugetKey, semverKey } from './semver.ts';

const keys = {
  deb: debKey,
  rpm: rpmKey,
  apk: apkKey,
  maven: mavenKey,
  npm: semverKey,
  pypi: pypiKey,
  gem: gemKey,
  nuget: nugetKey,
  composer: composerKey,
  golang: golangKey,
  generic: genericKey,
} as const satisfies Record<string, (version: string) => KeyWriter>;

/** The ecosystems whose order of versions is known, by the type of their package URLs. */
export type Ecosystem = keyof typeof keys;
export const ecosystems = Object.keys(keys) as readonly Ecosystem[];

/**
 * Bytes whose order is the order of versions in the ecosystem: equal for versions that are equal there (`1.0` and `1.0.0`
 * in most), compared byte by byte otherwise. Keys of two ecosystems have nothing to do with each other.
 *
 * Throws BreakwaterError `version.ecosystem` or `version.malformed`.
 */
export function versionKey(ecosystem: string, version: string): Uint8Array {
  if (typeof ecosystem !== 'string' || !Object.hasOwn(keys, ecosystem)) {
    throw new BreakwaterError(
      'version.ecosystem',
      `the order of versions is known of ${ecosystems.join(', ')}, not of ${typeof ecosystem === 'string' ? JSON.stringify(ecosystem.slice(0, 40)) : `a ${typeof ecosystem}`}`,
    );
  }
  return keys[ecosystem as Ecosystem](readable(version)).bytes();
}

/** -1 when `a` is older than `b`, 1 when it is newer, 0 when the ecosystem holds them equal. Throws as {@link versionKey}. */
export function compareVersions(ecosystem: string, a: string, b: string): -1 | 0 | 1 {
  return compareKeys(versionKey(ecosystem, a), versionKey(ecosystem, b));
}

/** Order of two keys, byte by byte; a key comes before its continuations. */
export function compareKeys(a: Uint8Array, b: Uint8Array): -1 | 0 | 1 {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  if (a.length === b.length) return 0;
  return a.length < b.length ? -1 : 1;
}
