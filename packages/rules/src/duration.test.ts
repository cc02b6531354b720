import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { duration, durationMs, positiveDuration, spellDuration } from './duration.ts';
import { BreakwaterError } from './error.ts';

describe('a duration', () => {
  test.each([
    ['PT0S', 0],
    ['PT0.5S', 500],
    ['PT0.001S', 1],
    ['PT30S', 30_000],
    ['PT90M', 5_400_000],
    ['PT4H', 14_400_000],
    ['PT1H30M15.25S', 5_415_250],
    ['P1D', 86_400_000],
    ['P1DT2H', 93_600_000],
    ['P30D', 2_592_000_000],
    ['P2W', 1_209_600_000],
  ])('%s is %i ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
    expect(duration.safeParse(text).success).toBe(true);
  });

  test.each([
    '',
    'P',
    'PT',
    'P1',
    '1H',
    'PT-1S',
    '-PT1S',
    'P1Y',
    'P1M',
    'PT1S1M',
    'P1DT',
    'pt1s',
    'PT1s',
    ' PT1S',
    'PT1S ',
    'PT.5S',
    'PT1.S',
    'PT0.0001S',
    'PT1,5S',
    'P1WT1H',
    'PT1e3S',
    'PT99999999999999999999S',
  ])('%j is none', (text) => {
    expect(() => durationMs(text)).toThrow(BreakwaterError);
    expect(duration.safeParse(text).success).toBe(false);
  });

  test('of zero is refused where it must be longer', () => {
    expect(positiveDuration.safeParse('PT0S').success).toBe(false);
    expect(positiveDuration.safeParse('P0D').success).toBe(false);
    expect(positiveDuration.safeParse('PT0.001S').success).toBe(true);
    expect(positiveDuration.safeParse('soon').success).toBe(false);
  });

  test('is exact for every part that fits', () => {
    const part = (max: number) => fc.nat(max);
    fc.assert(
      fc.property(part(999_999), part(9_999_999), part(99_999_999), part(99_999_999), part(999), (d, h, m, s, ms) => {
        const text = `P${d}DT${h}H${m}M${s}.${String(ms).padStart(3, '0')}S`;
        expect(durationMs(text)).toBe((((d * 24 + h) * 60 + m) * 60 + s) * 1000 + ms);
      }),
    );
  });

  test('fuzz: any text is a safe number of milliseconds or refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^P[0-9WDTHMS.]{0,12}$/)), (text) => {
        try {
          expect(Number.isSafeInteger(durationMs(text))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(BreakwaterError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  [0, '0초', '0 s'],
  [500, '0.5초', '0.5 s'],
  [90_000, '1분 30초', '1 min 30 s'],
  [14_400_001, '4시간 0.001초', '4 h 0.001 s'],
  [90_000_000, '1일 1시간', '1 d 1 h'],
  [-60_000, '-1분', '-1 min'],
])('%i ms are spelled %s and %s', (ms, ko, en) => {
  expect(spellDuration(ms)).toEqual({ ko, en });
});
