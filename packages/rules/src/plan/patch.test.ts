import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { approvalsOfException, exceptionState, type ExceptionWord } from './exception.ts';
import { lookAgain, patchCan, patchView, type PatchEvent, type PatchTarget, type Sighting } from './patch.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 11, 1, 0, minute)).toISOString();
const hash = `sha256:${'0'.repeat(64)}`;
const targets: PatchTarget[] = [
  { exposure: 'CVE-2026-1 in 7', asset: 'web-01' },
  { exposure: 'CVE-2026-1 in 7', asset: 'web-02' },
];
const view = (...events: PatchEvent[]) => patchView(at(0), targets, events);
const rehearsed: PatchEvent = { type: 'rehearsed', at: at(1), planHash: hash, rehearsals: 3 };
const announced: PatchEvent = { type: 'announced', at: at(2), notice: 'n' };
const executed: PatchEvent = { type: 'executed', at: at(5), run: 'r', workEndedAt: at(4) };
const looked = (minute: number, gone: PatchTarget[], stillExposed: PatchTarget[] = []): PatchEvent => ({
  type: 'looked-again',
  at: at(minute),
  gone,
  stillExposed,
});
const [first, second] = targets as [PatchTarget, PatchTarget];

describe('a patch', () => {
  test.each<[string, PatchEvent[], string]>([
    ['is planned when it is opened', [], 'planned'],
    ['is rehearsed when its plan was', [rehearsed], 'rehearsed'],
    [
      'is planned again when the steps of its plan change',
      [rehearsed, { type: 'revised', at: at(2), planHash: hash }],
      'planned',
    ],
    ['is announced once a notice is out', [rehearsed, announced], 'announced'],
    ['stays announced while it runs', [rehearsed, announced, { type: 'started', at: at(3), run: 'r' }], 'announced'],
    [
      'stays announced when the run was rolled back',
      [announced, { type: 'not-executed', at: at(5), run: 'r', outcome: 'rolled-back' }],
      'announced',
    ],
    ['is executed when a run completed', [announced, executed], 'executed'],
    ['is executed while its exposure is still there', [executed, looked(6, [], [first])], 'executed'],
    ['is verified in part when one asset is clean', [executed, looked(6, [first])], 'verified'],
    [
      'falls back when what was clean is exposed again',
      [executed, looked(6, [first]), looked(7, [], [first])],
      'executed',
    ],
    ['is closed when it was closed', [executed, looked(6, targets), { type: 'closed', at: at(6) }], 'closed'],
    ['is withdrawn', [rehearsed, { type: 'withdrawn', at: at(3), by: 'p-1', reason: 'x' }], 'withdrawn'],
  ])('%s', (_, events, state) => {
    expect(view(...events).state).toBe(state);
  });

  test('says of each asset what a newer inventory showed, the last word standing', () => {
    const { targets: seen, workEndedAt } = view(executed, looked(6, [first], [second]), looked(8, [second]));
    expect(workEndedAt).toBe(at(4));
    expect(seen.map(({ asset, state, at: when }) => [asset, state, when])).toEqual([
      ['web-01', 'gone', at(6)],
      ['web-02', 'gone', at(8)],
    ]);
  });

  test('is closed by an inventory alone, and given up only before it is executed', () => {
    expect(patchCan.close.by).toBe('inventory');
    const may = (state: Parameters<typeof patchCan.withdraw>[0]['state']) => patchCan.withdraw({ state });
    expect([may('planned'), may('announced'), may('executed'), may('closed')]).toEqual([true, true, false, false]);
  });
});

const sighting = (
  componentVersion: number,
  lastSeen: number,
  goneAt: number | null = null,
  source = 'sbom',
): Sighting => ({
  source,
  componentVersion,
  lastSeen: at(lastSeen),
  goneAt: goneAt === null ? null : at(goneAt),
});

describe('a look at a newer inventory', () => {
  test.each<[string, Sighting[], number[], string]>([
    ['waits while nothing newer was imported', [sighting(7, 1)], [7], 'waiting'],
    ['finds what is still named still exposed', [sighting(7, 6)], [7], 'still-exposed'],
    ['finds what is no longer named gone', [sighting(7, 1, 6), sighting(8, 6)], [], 'gone'],
    [
      'finds another version that is no better still exposed',
      [sighting(7, 1, 6), sighting(8, 6)],
      [8],
      'still-exposed',
    ],
    ['does not count an inventory from before the work ended', [sighting(7, 1, 4), sighting(8, 4)], [], 'waiting'],
    [
      'counts the absence from a newer inventory though it was gone before',
      [sighting(7, 0, 1), sighting(8, 6)],
      [],
      'gone',
    ],
    ['waits for every source that named it', [sighting(7, 1, 6), sighting(7, 1, null, 'dpkg')], [7], 'waiting'],
    [
      'waits for a source that said it was gone before the work',
      [sighting(7, 1, 6), sighting(7, 1, 2, 'dpkg')],
      [],
      'waiting',
    ],
    ['cannot say anything of what no source ever named', [], [], 'waiting'],
  ])('%s', (_, sightings, exposed, found) => {
    expect(lookAgain(7, sightings, exposed, at(4))).toBe(found);
  });

  test('says gone of nothing that is there and exposed', () => {
    const any = fc.record({
      source: fc.constantFrom('a', 'b'),
      componentVersion: fc.integer({ min: 7, max: 9 }),
      lastSeen: fc.integer({ min: 0, max: 9 }).map(at),
      goneAt: fc.option(fc.integer({ min: 0, max: 9 }).map(at)),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), fc.subarray([7, 8, 9]), (sightings, exposed) => {
        const there = sightings.some((one) => one.goneAt === null && exposed.includes(one.componentVersion));
        return !there || lookAgain(7, sightings, exposed, at(4)) !== 'gone';
      }),
    );
  });
});

describe('an exception', () => {
  const asked = { askedBy: 'p-1', until: at(60), endedAt: null };
  const word = (person: string, decision: 'approve' | 'return' = 'approve'): ExceptionWord => ({
    person,
    decision,
    at: at(1),
  });
  test.each<[string, ExceptionWord[], string]>([
    ['waits for two', [word('p-2')], 'asked'],
    ['does not count who asked', [word('p-1'), word('p-2')], 'asked'],
    ['counts a person once', [word('p-2'), word('p-2')], 'asked'],
    ['holds when two others agree', [word('p-2'), word('p-3')], 'in-force'],
    ['is returned by one', [word('p-2'), word('p-3'), word('p-4', 'return')], 'returned'],
  ])('%s', (_, words, state) => {
    expect(exceptionState(asked, words, at(2))).toBe(state);
  });

  test('ends with its day, to the millisecond, whoever agreed', () => {
    const words = [word('p-2'), word('p-3')];
    expect(approvalsOfException).toBe(2);
    const justBefore = new Date(Date.parse(at(60)) - 1).toISOString();
    expect(exceptionState(asked, words, justBefore)).toBe('in-force');
    expect(exceptionState(asked, words, at(60))).toBe('expired');
    expect(exceptionState({ ...asked, endedAt: at(3) }, words, at(4))).toBe('ended');
  });
});
