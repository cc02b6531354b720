import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base, changed, type Json } from './cases/case.ts';
import { checkPlan } from './readiness.ts';
import { requirePlan } from './read.ts';
import { expandRings, outDuring, ringsOf } from './rings.ts';

const group = fc
  .tuple(fc.integer({ min: 2, max: 40 }), fc.nat(), fc.option(fc.nat(), { nil: undefined }))
  .map(([size, keep, canary]) => {
    const members = Array.from({ length: size }, (_, i) => `m${i}`);
    return {
      members,
      keep: 1 + (keep % (size - 1)),
      ...(canary === undefined ? {} : { canary: `m${canary % size}` }),
    };
  });

const reached = (id: string): Json => ({
  ssh: `ssh://ops@${id}`,
  hostKeys: [`SHA256:${'A'.repeat(43)}`],
  keyFile: '/etc/breakwater/key',
});
const step = (id: string, on: Json, driver = 'symlink', what: Json = { link: '/srv/a', to: '/srv/b' }): Json => ({
  id,
  title: { ko: id, en: id },
  driver,
  timeout: 'PT30S',
  do: what,
  ...(on === null ? {} : { on }),
});
const drain = (id: string, server: string, state: string): Json =>
  step(id, null, 'haproxy', { socket: '/run/haproxy.sock', servers: [{ backend: 'web', server, state }] });

function planWith(steps: Json[], members: string[], more: { [key: string]: Json }): Record<string, Json> {
  const targets = members.map((id) => ({ id, ...(reached(id) as object), standIn: reached(`${id}-test`) }));
  const set = { '/steps': steps, '/targets': targets as Json, '/groups': [{ id: 'web', members, ...more }] };
  return changed(base.plan, { set });
}

const quorum = (plan: unknown): string[] =>
  checkPlan(plan)
    .findings.filter(({ rule }) => rule === 'continuity.missing')
    .map(({ reason, path }) => `${reason} ${path}`);

describe('rings', () => {
  test('hold every member once, the canary alone and first, and never more than may be out', () => {
    fc.assert(
      fc.property(group, fc.integer({ min: 1, max: 50 }), (given, atOnce) => {
        const rings = ringsOf(given, atOnce);
        expect(rings.flat().toSorted()).toEqual(given.members.toSorted());
        expect(rings[0]).toEqual([given.canary ?? 'm0']);
        for (const ring of rings) {
          expect(ring.length).toBeLessThanOrEqual(Math.min(atOnce, given.members.length - given.keep));
          expect(ring.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  test('of a draft make a plan whose quorum holds at every step', () => {
    fc.assert(
      fc.property(group, fc.integer({ min: 1, max: 9 }), ({ members, ...more }, atOnce) => {
        const draft = planWith([step('one', null), step('patch', 'web'), step('check', 'web')], members, more);
        const plan = requirePlan(expandRings(draft, atOnce));
        const out = outDuring(plan.steps ?? [], { members });
        expect(quorum(plan)).toEqual([]);
        expect(new Set(out.flatMap((one) => [...one])).size).toBe(members.length);
        // What follows each other is done for one ring before the next begins.
        const ids = (plan.steps ?? []).map(({ id }) => id);
        expect(ids.slice(0, 5)).toEqual(['one', 'patch-1', 'check-1', 'patch-2', 'check-2']);
      }),
      { numRuns: 30 },
    );
  });

  test('are refused where nobody could be changed, and absent where no step names a group', () => {
    expect(() => ringsOf({ members: ['a', 'b'], keep: 2 })).toThrow(RangeError);
    expect(() => ringsOf({ members: ['a', 'b'], keep: 1 }, 0)).toThrow(RangeError);
    for (const draft of [null, [], {}, base.plan, { groups: 1, steps: [] }]) expect(expandRings(draft)).toBeNull();
  });
});

describe('the quorum of a group', () => {
  const members = ['a', 'b', 'c'];
  test.each<[note: string, steps: Json[], more: { [key: string]: Json }, want: string[]]>([
    ['holds while one at a time is out', [step('1', 'a'), step('2', 'b'), step('3', 'c')], { keep: 2 }, []],
    [
      'breaks when a step takes too many',
      [step('1', 'a'), step('2', ['b', 'c'])],
      { keep: 2 },
      ['too-many-out /steps/1'],
    ],
    [
      'breaks when one that was drained has not come back',
      [drain('1', 'a', 'drain'), step('2', 'a'), step('3', 'b')],
      { keep: 2 },
      ['too-many-out /steps/2'],
    ],
    [
      'holds when it has',
      [drain('1', 'a', 'drain'), step('2', 'a'), drain('3', 'a', 'ready'), step('4', 'b')],
      { keep: 2 },
      [],
    ],
    ['wants the canary first', [step('1', 'a'), step('2', 'b')], { keep: 1, canary: 'b' }, ['canary-late /steps/0']],
    ['wants the canary alone', [step('1', ['a', 'b'])], { keep: 1, canary: 'a' }, ['canary-late /steps/0']],
    ['is not asked of a group that nobody touches', [step('1', null)], { keep: 1 }, ['group-unused /groups/0']],
  ])('%s', (_, steps, more, want) => {
    expect(quorum(planWith(steps, members, more))).toEqual(want);
  });
});
