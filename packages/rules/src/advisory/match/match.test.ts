import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { compareVersions, type ComponentIdentity, type Ecosystem } from '#inventory';
import { versionOf } from '../../inventory/version/version.arbitrary.ts';
import type { Interval } from '../advisory.ts';
import { intervalsOfEvents, keyIntervals, type RangeEvent } from './interval.ts';
import { matchComponent } from './match.ts';

interface Case {
  readonly note: string;
  readonly type: string;
  readonly events: RangeEvent[];
  readonly affected: string[];
  readonly unaffected: string[];
}

const cases = parse(readFileSync(new URL('../cases/osv-ranges.yaml', import.meta.url), 'utf8')) as Case[];
const named = (type: string, distro: string | null = null) => ({ type, name: `${type}/x`, distro });
const component = (type: string, version: string, distro: string | null = null): ComponentIdentity => ({
  ...named(type, distro),
  version,
});
const matches = (type: string, intervals: Interval[], version: string) =>
  matchComponent(component(type, version), keyIntervals({ package: named(type), intervals }));

describe('a range of OSV', () => {
  test.each(cases.map((one) => [one.note, one] as const))('%s', (_, { type, events, affected, unaffected }) => {
    const intervals = intervalsOfEvents(type, events, '/r');
    for (const version of affected)
      expect([version, matches(type, intervals, version)?.verdict]).toEqual([version, 'affected']);
    for (const version of unaffected) expect([version, matches(type, intervals, version)]).toEqual([version, null]);
  });

  test('holds exactly what the published evaluation says, event by event', () => {
    const kinds = fc.constantFrom('introduced', 'fixed', 'last_affected');
    const ecosystem = fc.constantFrom<Ecosystem>('deb', 'npm', 'pypi');
    const one = ecosystem.chain((type) =>
      fc.tuple(fc.constant(type), fc.array(fc.tuple(kinds, versionOf(type)), { maxLength: 6 }), versionOf(type)),
    );
    fc.assert(
      fc.property(one, ([type, pairs, version]) => {
        const events = pairs.map(([kind, at]) => ({ [kind]: at }) as unknown as RangeEvent);
        const rank = { fixed: 0, introduced: 1, last_affected: 2 };
        // "0" as the version of an introduction comes before every version, also those that sort before a written 0.
        const isFirst = (kind: string, at: string): boolean => kind === 'introduced' && at === '0';
        const sorted = pairs.toSorted(
          (a, b) =>
            Number(isFirst(...b)) - Number(isFirst(...a)) ||
            compareVersions(type, a[1], b[1]) ||
            rank[a[0]] - rank[b[0]],
        );
        let isAffected = false;
        for (const [kind, at] of sorted) {
          const order = compareVersions(type, version, at);
          if (kind === 'introduced' && (isFirst(kind, at) || order >= 0)) isAffected = true;
          if (kind === 'fixed' && order >= 0) isAffected = false;
          if (kind === 'last_affected' && order > 0) isAffected = false;
        }
        expect(matches(type, intervalsOfEvents(type, events, ''), version) !== null).toBe(isAffected);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a match', () => {
  const range: Interval = { rule: 'range', introduced: null, end: { kind: 'fixed', version: '2.0.0' }, path: '/a' };

  test('by a list holds versions outside the range too', () => {
    const listed: Interval = { rule: 'version', introduced: '3.0.0', end: null, path: '/v' };
    expect(matches('npm', [range, listed], '3.0.0')).toMatchObject({
      verdict: 'affected',
      interval: { rule: 'version', path: '/v' },
    });
    expect(matches('npm', [range, listed], '3.0.1')).toBeNull();
  });

  test('in another release of the distribution is none, in an unknown one it is undetermined', () => {
    const intervals = keyIntervals({ package: named('deb', 'debian-12'), intervals: [range] });
    const of = (distro: string | null) => matchComponent(component('deb', '1.0', distro), intervals);
    expect(of('debian-11')).toBeNull();
    expect(of('debian-12')).toMatchObject({ verdict: 'affected', doubt: null });
    expect(of(null)).toMatchObject({ verdict: 'undetermined', doubt: 'distro-unknown' });
  });

  test('of a version without a place in the order is undetermined, unless that very version is listed', () => {
    expect(matches('npm', [range], 'latest')).toMatchObject({ verdict: 'undetermined', doubt: 'version-unreadable' });
    const listed: Interval = { rule: 'version', introduced: 'latest', end: null, path: '' };
    expect(matches('npm', [listed], 'latest')).toMatchObject({ verdict: 'affected' });
    expect(matches('npm', [listed], '1.0.0')).toBeNull();
  });

  test('with an advisory that states no versions, or one that cannot be ordered, is undetermined', () => {
    const unstated: Interval = { rule: 'unstated', introduced: null, end: null, path: '' };
    expect(matches('npm', [unstated], '1.0.0')).toMatchObject({ verdict: 'undetermined', doubt: 'advisory-unclear' });
    const unreadable = intervalsOfEvents('npm', [{ introduced: '0' }, { fixed: 'next' }], '');
    expect(matches('npm', unreadable, '1.0.0')).toMatchObject({ verdict: 'undetermined' });
    expect(matches('cobol', [range], '1.0.0')).toMatchObject({ verdict: 'undetermined' });
  });
});
