/** Releases: what a version of a service does. A patch is built into `releases/SERVICE/VERSION.json` of the bank's folder. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceName } from './catalog.ts';

/** How a version behaves once it runs. Times in ms from the moment it begins to listen. */
export type Behaviour =
  | { kind: 'good' }
  /** One question at a time, whoever asks. */
  | { kind: 'one-at-a-time'; questionMs: number }
  | { kind: 'errors-after'; afterMs: number }
  | { kind: 'slow'; delayMs: number }
  | { kind: 'wrong-answers' };

/** What a version is built with. */
export type ReleaseComponent = { name: string; version: string };

export type Release = {
  service: ServiceName;
  version: string;
  fixes: string[];
  behaviour: Behaviour;
  components: ReleaseComponent[];
};

/**
 * Reads a behaviour's name: `good`, `errors-after-3s` (every answer is 500 from then on), `slow` (3 s an answer)
 * or `wrong-answers` (sums are off by one won; the self-test finds it). Throws on any other word.
 */
export function parseBehaviour(word: string): Behaviour {
  if (word === 'good' || word === 'wrong-answers') return { kind: word };
  if (word === 'slow') return { kind: 'slow', delayMs: 3000 };
  const seconds = /^errors-after-(\d{1,5}(?:\.\d{1,3})?)s$/.exec(word)?.[1];
  if (seconds !== undefined) return { kind: 'errors-after', afterMs: Math.round(Number(seconds) * 1000) };
  throw new Error(
    `behaviour "${word}" is not known: use good, errors-after-3s (any number of seconds), slow or wrong-answers`,
  );
}

/** True for the name of a behaviour. */
export function isBehaviour(word: string): boolean {
  try {
    parseBehaviour(word);
    return true;
  } catch {
    return false;
  }
}

/** Builds a version of a service into the bank's folder. */
export function buildRelease(dir: string, release: Release): void {
  mkdirSync(join(dir, 'releases', release.service), { recursive: true });
  writeFileSync(releaseFile(dir, release.service, release.version), `${JSON.stringify(release, null, 2)}\n`);
}

/** True when the version was built. */
export function releaseExists(dir: string, service: ServiceName, version: string): boolean {
  return /^v\d{1,4}$/.test(version) && existsSync(releaseFile(dir, service, version));
}

/** Reads a built version. */
export function readRelease(dir: string, service: ServiceName, version: string): Release {
  return JSON.parse(readFileSync(releaseFile(dir, service, version), 'utf8')) as Release;
}

function releaseFile(dir: string, service: ServiceName, version: string): string {
  return join(dir, 'releases', service, `${version}.json`);
}
