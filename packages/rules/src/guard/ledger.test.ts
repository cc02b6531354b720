import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  blindMs,
  disruptionChanges,
  newProbe,
  outageMs,
  serviceVerdict,
  takeSample,
  type Disruption,
  type ProbeState,
  type Sample,
} from './index.ts';

interface Case {
  readonly note: string;
  readonly samples: string;
  readonly verdict: string;
  readonly spells: readonly (readonly [string, number, number | null])[];
  readonly at: number;
  readonly outage: number;
}

const cases = parse(readFileSync(new URL('cases/ledger.yaml', import.meta.url), 'utf8')) as Case[];
const everyMs = 500;
const results = { g: 'good', b: 'bad', '-': 'blind' } as const;
const probe = (id = 'p', service = 's'): ProbeState =>
  newProbe({ id, service, downAfter: 3, upAfter: 3, gapMs: 1_600 });

function samplesOf(text: string): Sample[] {
  return text
    .split('')
    .flatMap((letter, i) =>
      letter in results ? [{ at: i * everyMs, result: results[letter as keyof typeof results], reason: null }] : [],
    );
}

function fold(state: ProbeState, samples: readonly Sample[]): ProbeState {
  return samples.reduce((now, sample) => takeSample(now, sample).state, state);
}

describe('the outage ledger', () => {
  test.each(cases)('$note', ({ samples, verdict, spells, at, outage }) => {
    const state = fold(probe(), samplesOf(samples));
    expect(state.verdict).toBe(verdict);
    expect(state.spells.map(({ kind, start, end }) => [kind, start, end])).toEqual(spells);
    expect(outageMs([state], at)).toBe(outage);
  });

  test('is a union: two services down at once are one outage', () => {
    const a = fold(probe('a', 'x'), samplesOf('gbbbbbgggg'));
    const b = fold(probe('b', 'y'), samplesOf('gggbbbbggg'));
    expect(outageMs([a, b], 5_000)).toBe(3_000);
    expect(outageMs([b, a], 5_000)).toBe(3_000);
  });

  test('tells how long a probe has been blind', () => {
    expect(blindMs(fold(probe(), samplesOf('gg--')), 2_000)).toBe(1_000);
    expect(blindMs(fold(probe(), samplesOf('gg--b')), 2_500)).toBe(0);
  });
});

const sampling = fc.array(fc.constantFrom<Sample['result']>('good', 'bad', 'blind'), { maxLength: 60 });
const taken = (list: readonly Sample['result'][]): Sample[] =>
  list.map((result, i) => ({ at: i * everyMs, result, reason: null }));

describe('properties of the ledger', () => {
  test('spells never overlap, never end before they begin, and only the last is open', () => {
    fc.assert(
      fc.property(sampling, (list) => {
        const { spells } = fold(probe(), taken(list));
        spells.forEach(({ start, end }, i) => {
          expect(end ?? Number.POSITIVE_INFINITY).toBeGreaterThan(start);
          if (i < spells.length - 1) expect(end).not.toBeNull();
          expect(start).toBeGreaterThanOrEqual(spells[i - 1]?.end ?? 0);
        });
      }),
    );
  });

  test('a worse sample never shortens the outage', () => {
    fc.assert(
      fc.property(sampling, fc.nat(), (list, pick) => {
        fc.pre(list.length > 0);
        const at = pick % list.length;
        fc.pre(list[at] === 'good');
        const now = list.length * everyMs;
        const before = outageMs([fold(probe(), taken(list))], now);
        const after = outageMs([fold(probe(), taken(list.with(at, 'bad')))], now);
        expect(after).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  test('the outage never exceeds the time, and grows no faster than it', () => {
    fc.assert(
      fc.property(sampling, fc.nat(5_000), (list, more) => {
        const state = fold(probe(), taken(list));
        const now = list.length * everyMs;
        const outage = outageMs([state], now);
        expect(outage).toBeLessThanOrEqual(now);
        expect(outageMs([state], now + more)).toBeGreaterThanOrEqual(outage);
      }),
    );
  });
});

describe('disruptions of a service', () => {
  /** Feeds samples of two probes turn by turn and collects what the service's disruption does. */
  function changesOf(first: string, second: string): string[] {
    let [a, b] = [probe('a'), probe('b')];
    let open: Disruption | null = null;
    const told: string[] = [];
    for (let i = 0; i < first.length; i++) {
      for (const letter of [first[i], second[i]].entries()) {
        const [which, result] = letter;
        const sample: Sample = {
          at: i * everyMs,
          result: results[(result ?? 'g') as keyof typeof results],
          reason: null,
        };
        const after = takeSample(which === 0 ? a : b, sample);
        if (which === 0) a = after.state;
        else b = after.state;
        if (after.change === null) continue;
        for (const change of disruptionChanges([a, b], open, after.change)) {
          open = change.change === 'opened' ? change : null;
          told.push(
            change.change === 'opened'
              ? `${change.extent} from ${change.start} (good at ${change.earliestStart})`
              : `until ${change.end}`,
          );
        }
      }
    }
    return told;
  }

  test('is full when every probe of it is down, and remembers the last good sample', () => {
    expect(changesOf('ggbbbbggg', 'ggbbbbggg')).toEqual([
      'partial from 1000 (good at 500)',
      'until 1000',
      'full from 1000 (good at 1000)',
      'until 3000',
      'partial from 3000 (good at 3000)',
      'until 3000',
    ]);
  });

  test('is partial while another probe of it is good', () => {
    expect(changesOf('ggbbbbggg', 'ggggggggg')).toEqual(['partial from 1000 (good at 500)', 'until 3000']);
  });

  test('blindness alone opens none', () => {
    expect(changesOf('gg-----', 'ggggggg')).toEqual([]);
  });
});

describe('the verdict on a service', () => {
  const up = fold(probe(), samplesOf('g'));
  const down = fold(probe(), samplesOf('bbb'));
  const blind = fold(probe(), samplesOf('---'));
  test.each([
    ['up', [up, up]],
    ['down', [up, blind, down]],
    ['unknown', [up, blind]],
    ['unknown', [probe()]],
    ['unknown', []],
  ])('is %s', (verdict, probes) => expect(serviceVerdict(probes)).toBe(verdict));
});
