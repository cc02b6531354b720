import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import { readDocument } from '../document.ts';
import { lintNotice, lintSchema, messageBytes, messageType, unshownCharacters } from './index.ts';

type Case = { name: string; now?: string; set: Record<string, unknown>; findings: string[] };

const file = readDocument(readFileSync(new URL('cases/lint.yaml', import.meta.url), 'utf8')).value as {
  base: object;
  cases: Case[];
};

function changed(set: Record<string, unknown>): Record<string, unknown> {
  const notice = structuredClone(file.base) as Record<string, unknown>;
  for (const [pointer, value] of Object.entries(set)) {
    const parts = pointer.split('/').slice(1);
    const last = parts.pop() ?? '';
    const inner = parts.reduce((part, name) => part[name] as Record<string, unknown>, notice);
    inner[last] = value;
  }
  return notice;
}

const now = '2026-11-23T09:00:00+09:00';
const lint = (set: Record<string, unknown>, at = now) => lintNotice(changed(set), at);

test.each(file.cases)('$name', ({ set, findings, now: at }) => {
  const result = lint(set, at);
  expect(result.findings.map(({ rule, severity, path }) => `${rule} ${severity} ${path}`).toSorted()).toEqual(
    findings.toSorted(),
  );
  expect(result.ok).toBe(!findings.some((finding) => finding.includes(' error ')));
  expect(lintSchema.parse(result)).toEqual(result);
  for (const { message } of result.findings)
    expect([message.ko, message.en].every((text) => text.length > 5)).toBe(true);
});

describe('length', () => {
  test.each([
    { text: 'a'.repeat(80), type: 'SMS', bytes: 80 },
    { text: 'a'.repeat(81), type: 'LMS', bytes: 81 },
    { text: '가'.repeat(40), type: 'SMS', bytes: 80 },
    { text: `${'가'.repeat(40)}a`, type: 'LMS', bytes: 81 },
    { text: '', type: 'SMS', bytes: 0 },
  ])('$bytes bytes are $type with [Web발신]', ({ text, type, bytes }) => {
    expect([messageType(text), messageBytes(text)]).toEqual([type, bytes]);
    expect(lint({ '/texts/sms': text }).sms).toEqual({ type, bytes });
  });

  test('2,000 bytes with [Web발신] are allowed, one more is not', () => {
    const rules = (bytes: number) => lint({ '/texts/sms': 'a'.repeat(bytes) }).findings.map(({ rule }) => rule);
    expect(rules(1990)).not.toContain('text.too-long');
    expect(rules(1991)).toContain('text.too-long');
  });
});

test('the table of KS X 1001 is that of the EUC-KR decoder, and nothing else', () => {
  const decoder = new TextDecoder('euc-kr', { fatal: true });
  const known = new Set<string>();
  for (let lead = 0xa1; lead <= 0xfe; lead++) {
    for (let trail = 0xa1; trail <= 0xfe; trail++) {
      try {
        known.add(decoder.decode(Uint8Array.of(lead, trail)));
      } catch {
        // No character has these two bytes.
      }
    }
  }
  for (let codePoint = 0x80; codePoint <= 0xffff; codePoint++) {
    if ((codePoint >= 0xd800 && codePoint <= 0xf8ff) || codePoint === 0xfeff) continue;
    const character = String.fromCodePoint(codePoint);
    if ((unshownCharacters(character).length === 0) !== known.has(character))
      expect.fail(`U+${codePoint.toString(16)}`);
  }
});

describe('bad input', () => {
  test.each([
    ['a list', []],
    ['another schema', { ...changed({}), schema: 'breakwater.notice/2' }],
    ['an unknown field', changed({ '/fields/when': 'soon' })],
    ['a time without an offset', changed({ '/window/start': '2026-11-29T01:00:00' })],
    ['a number for a text', changed({ '/texts/sms': 5 })],
    ['an hour that no clock has', changed({ '/fields/alternativeChannels/0/opens': '25:00' })],
    ['a text beyond the cap', changed({ '/texts/sms': 'a'.repeat(20_001) })],
  ])('%s is refused', (_name, value) => {
    expect(() => lintNotice(value, now)).toThrow(BreakwaterError);
  });

  test.each(['', 'yesterday', '2026-11-23', '2026-11-23T09:00:00'])('%j is no time to judge at', (at) => {
    expect(() => lint({}, at)).toThrow(expect.objectContaining({ code: 'now.invalid' }));
  });

  test('names the place', () => {
    expect(() => lintNotice(changed({ '/fields/when': 'soon' }), now)).toThrow(
      expect.objectContaining({ code: 'notice.unknown-key', path: '/fields/when' }),
    );
  });
});

test('any text is judged, soon and without an error of ours', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.string({ unit: 'binary', maxLength: 400 }),
      (korean, sms) => {
        const result = lint({ '/texts/sms': sms, '/texts/website/ko': korean, '/fields/timing': korean });
        expect(result.ok).toBe(!result.findings.some(({ severity }) => severity === 'error'));
        expect(result.sms.bytes).toBe(messageBytes(sms));
      },
    ),
  );
});

test("long runs that patterns could stumble over are judged within the test runner's patience", () => {
  const runs = [
    'a.'.repeat(9000),
    '[입'.repeat(6000),
    '1'.repeat(19_000),
    '가'.repeat(19_000),
    '가.'.repeat(9000),
    '29일('.repeat(4000),
    '11월 '.repeat(4000),
    'a-'.repeat(9000),
    '{{'.repeat(9000),
    '{'.repeat(19_000),
    '${'.repeat(9000),
    '<일시'.repeat(5000),
  ];
  for (const run of runs) {
    expect(lint({ '/texts/sms': run, '/texts/website/ko': run, '/fields/details': run }).ok).toBe(false);
  }
});

test('a removed fact never improves a notice', () => {
  const pointers = [
    '/fields/timing',
    '/fields/scope',
    '/fields/details',
    '/fields/alternativeChannels',
    '/texts/website/ko',
    '/texts/sms',
    '/company',
  ];
  fc.assert(
    fc.property(fc.subarray(pointers), (removed) => {
      const result = lint(Object.fromEntries(removed.map((pointer) => [pointer, null])));
      expect(result.ok).toBe(removed.length === 0);
    }),
  );
});
