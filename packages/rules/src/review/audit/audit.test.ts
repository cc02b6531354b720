import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../../error.ts';
import {
  type RecordedChange,
  type RunSpan,
  drawSample,
  matchChanges,
  populationDigest,
  readDpkgLog,
  readRpmList,
  readTickets,
} from './index.ts';

const run = (id: string, host: string, from: number, to: number | null): RunSpan => ({
  run: id,
  plan: 'p',
  host,
  mode: 'live',
  from,
  to,
  record: 1,
});
const change = (host: string | null, from: number, to = from): RecordedChange => ({
  source: 'dpkg',
  reference: '1',
  host,
  from,
  to,
  what: 'x',
});

describe('sources of changes', () => {
  test('dpkg.log: installations alone, in the zone that is said', () => {
    const log =
      '2026-11-15 01:00:05 upgrade openssl:amd64 3.0.1 3.0.2\n2026-11-15 01:00:06 status installed openssl:amd64 3.0.2\n';
    expect(readDpkgLog(log, 'core-7', '+09:00')).toEqual([
      {
        source: 'dpkg',
        reference: 'dpkg.log:1',
        host: 'core-7',
        from: Date.parse('2026-11-14T16:00:05Z'),
        to: Date.parse('2026-11-14T16:00:05Z'),
        what: 'upgrade openssl:amd64 3.0.1 3.0.2',
      },
    ]);
  });

  test.each([
    ['dpkg.log', () => readDpkgLog('x', 'h', '+09:00'), '1:1'],
    ['a zone that is none', () => readDpkgLog('2026-11-15 01:00:05 install a b c', 'h', 'KST'), '1:1'],
    ['rpm list', () => readRpmList('1763136005 openssl 3\nopenssl', 'h'), '2:1'],
    [
      'tickets',
      () =>
        readTickets([
          ['id', 'host', 'start', 'end', 'summary'],
          ['C-1', '', '2026-11-15', '', ''],
        ]),
      '2:1',
    ],
    ['tickets without a column', () => readTickets([['id', 'host']]), '1:2'],
  ])('%s: what is not of its shape is refused with its place', (_, read, path) => {
    expect(read).toThrowError(expect.objectContaining({ path }));
  });

  test('whatever text comes, it is read or refused', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200 }),
        fc.array(fc.array(fc.string({ maxLength: 20 }), { maxLength: 6 }), { maxLength: 4 }),
        (text, rows) => {
          for (const read of [
            () => readDpkgLog(text, 'h', '+09:00'),
            () => readRpmList(text, 'h'),
            () => readTickets(rows),
          ]) {
            try {
              read();
            } catch (error) {
              expect(error).toBeInstanceOf(BreakwaterError);
            }
          }
        },
      ),
    );
  });
});

describe('changes against runs', () => {
  const runs = [run('r-1', 'core-7', 100, 200), run('r-2', 'core-8', 150, null)];

  test.each([
    ['at its begin', change('core-7', 100), ['r-1']],
    ['at its end', change('core-7', 200), ['r-1']],
    ['just after', change('core-7', 201), 'other-host'],
    ['before every run', change('core-7', 99), 'no-run'],
    ['on another host', change('core-9', 120), 'no-run' as const],
    ['in a run that has not ended', change('core-8', 9999), ['r-2']],
    ['a ticket that spans a run', change(null, 50, 120), ['r-1']],
    ['without a host, in both', change(null, 160), ['r-1', 'r-2']],
  ])('%s', (_, one, want) => {
    const { matched, unmatched } = matchChanges([one], runs);
    if (Array.isArray(want)) expect(matched[0]?.runs).toEqual(want);
    else expect(unmatched.map(({ why }) => why)).toEqual([one.host === 'core-9' ? 'other-host' : want]);
  });

  test('every change is in exactly one list, and a run that nothing tells of is named', () => {
    const any = fc.record({ host: fc.constantFrom('core-7', 'core-8', 'x', null), from: fc.nat(300) });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), (rows) => {
        const { matched, unmatched, unseen } = matchChanges(
          rows.map(({ host, from }) => change(host, from)),
          runs,
        );
        expect(matched.length + unmatched.length).toBe(rows.length);
        const seen = new Set(matched.flatMap((one) => one.runs));
        expect(unseen).toEqual(['r-1', 'r-2'].filter((id) => !seen.has(id)));
      }),
    );
  });
});

describe('a sample', () => {
  test('is the same for the same seed and items in whatever order, and a larger one begins with the smaller', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 30 }), fc.string(), fc.nat(30), (items, seed, size) => {
        const drawn = drawSample(items, seed, size);
        expect(drawSample(items.toReversed(), seed, size)).toEqual(drawn);
        expect(drawSample(items, seed, size + 1).slice(0, drawn.length)).toEqual(drawn);
        expect(drawn).toHaveLength(Math.min(size, items.length));
        expect(populationDigest(items.toReversed())).toBe(populationDigest(items));
      }),
    );
  });

  test('another seed draws others', () => {
    const items = Array.from({ length: 100 }, (_, i) => `run-${i}`);
    expect(drawSample(items, 'a', 10)).not.toEqual(drawSample(items, 'b', 10));
  });
});
