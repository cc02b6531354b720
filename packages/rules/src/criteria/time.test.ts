import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantOf, moved, spanOf, stampOf } from './time.ts';

describe('times', () => {
  test('are RFC 3339 with seconds and offset', () => {
    expect(instantOf('2026-07-10T01:00:00+09:00')).toBe(Date.parse('2026-07-09T16:00:00Z'));
    expect(instantOf('2026-07-10t01:00:00.5z')).toBe(Date.parse('2026-07-10T01:00:00.500Z'));
    expect(instantOf('2026-07-10T01:00:00.0019Z')).toBe(Date.parse('2026-07-10T01:00:00.001Z'));
    expect(instantOf('2028-02-29T00:00:00-00:30')).toBe(Date.parse('2028-02-29T00:30:00Z'));
    expect(instantOf('0000-02-29T00:00:00Z')).toBe(Date.parse('0000-02-29T00:00:00Z'));
  });

  test.each([
    '2026-07-10',
    '2026-07-10T01:00:00',
    '2026-07-10T01:00Z',
    '2026-07-10 01:00:00Z',
    '2026-7-10T01:00:00Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-07-10T24:00:00Z',
    '2026-07-10T23:60:00Z',
    '2026-06-30T23:59:60Z',
    '2026-07-10T01:00:00+0900',
    '2026-07-10T01:00:00+24:00',
    '2026-07-10T01:00:00.Z',
    '+002026-07-10T01:00:00Z',
    ' 2026-07-10T01:00:00Z',
    '2026-07-10T01:00:00Z\n',
    '',
  ])('refuses %j', (text) => {
    expect(instantOf(text)).toBeNull();
  });

  test('agree with the platform about every instant they take', () => {
    const instant = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, fc.constantFrom('Z', '+09:00', '-11:30', '+00:00'), (date, offset) => {
        const text = stampOf(date.getTime(), offset);
        fc.pre(/^\d{4}-/.test(text));
        expect(instantOf(text)).toBe(date.getTime());
        expect(Date.parse(text)).toBe(date.getTime());
      }),
    );
  });

  test('of anything else are none', () => {
    fc.assert(fc.property(fc.string(), (text) => void instantOf(text)));
  });

  test('move by calendar months at the offset, the day cut to the last of the month', () => {
    const at = (text: string): number => Date.parse(text);
    expect(moved(at('2026-01-31T00:00:00+08:00'), spanOf('P1M'), 1, '+08:00')).toBe(at('2026-02-28T00:00:00+08:00'));
    expect(moved(at('2028-02-29T12:00:00+08:00'), spanOf('P12M'), -1, '+08:00')).toBe(at('2027-02-28T12:00:00+08:00'));
    expect(moved(at('2026-08-12T02:00:00+08:00'), spanOf('P12M'), 1, '+08:00')).toBe(at('2027-08-12T02:00:00+08:00'));
    expect(moved(0, spanOf('P7D'), -1, 'Z')).toBe(-7 * 86_400_000);
    expect(() => spanOf('P1Y')).toThrow(expect.objectContaining({ code: 'duration.malformed' }));
  });
});
