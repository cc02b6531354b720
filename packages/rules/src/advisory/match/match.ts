/**
 * Is a version of a package affected by an advisory? The same rule that the database applies by its index (`server/advisory`),
 * for one pair: it explains, and tests hold both against each other.
 */
import { keyOrNull, needsDistro, type ComponentIdentity } from '#inventory';
import { isWithin, type KeyInterval } from './interval.ts';

export type MatchVerdict = 'affected' | 'undetermined';

/** Why a match is not certain; of several reasons the first here is told. */
export const matchDoubts = ['distro-unknown', 'advisory-unclear', 'version-unreadable'] as const;
export type MatchDoubt = (typeof matchDoubts)[number];

export interface ComponentMatch {
  readonly verdict: MatchVerdict;
  readonly doubt: MatchDoubt | null;
  readonly interval: KeyInterval;
}

/**
 * How `component` stands to the intervals of one advisory; null = not affected by any of them. Of several intervals that hold
 * it, a certain one decides, then the one with the first of the doubts, then the first.
 */
export function matchComponent(component: ComponentIdentity, intervals: readonly KeyInterval[]): ComponentMatch | null {
  const key = keyOrNull(component.type, component.version);
  const matches = intervals.flatMap((interval) => matchInterval(component, key, interval) ?? []);
  const rank = ({ doubt }: ComponentMatch): number => (doubt === null ? -1 : matchDoubts.indexOf(doubt));
  return matches.toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
}

function matchInterval(
  component: ComponentIdentity,
  key: Uint8Array | null,
  interval: KeyInterval,
): ComponentMatch | null {
  if (interval.package.name !== component.name) return null;
  const { distro } = interval.package;
  if (distro !== null && component.distro !== null && distro !== component.distro) return null;
  const isNamed = interval.exact !== null && interval.exact === component.version;
  if (interval.exact !== null && !isNamed) return null;
  if (!isNamed && key !== null && !isWithin(key, interval)) return null;
  const doubt = doubtOf(component, key, interval, isNamed);
  return { verdict: doubt === null ? 'affected' : 'undetermined', doubt, interval };
}

function doubtOf(
  component: ComponentIdentity,
  key: Uint8Array | null,
  { package: named, certain }: KeyInterval,
  isNamed: boolean,
): MatchDoubt | null {
  if (named.distro !== null && component.distro === null && needsDistro(component.type)) return 'distro-unknown';
  if (!certain) return 'advisory-unclear';
  return key === null && !isNamed ? 'version-unreadable' : null;
}
