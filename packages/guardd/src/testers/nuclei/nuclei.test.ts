import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TesterEvent } from '@breakwater/rules/containment';
import { loopbackScope, of } from '../beside.testing.ts';
import { maxLineBytes } from '../lines.ts';
import { readResults } from './index.ts';

const scope = loopbackScope([], { targets: [{ cidr: '10.66.0.10/32', ports: ['tcp/8443'] }] });
const line = (more: object = {}): string =>
  JSON.stringify({
    'template-id': 'exposed-panel',
    info: { name: 'Exposed panel', severity: 'CRITICAL', classification: { 'cve-id': ['cve-2026-12345'] } },
    type: 'http',
    host: '10.66.0.10:8443',
    'matched-at': 'https://10.66.0.10:8443/admin/42?x=1',
    timestamp: '2026-11-23T10:00:00Z',
    ...more,
  });

function read(bytes: Buffer, size = bytes.length): TesterEvent[] {
  const reading = readResults({ scope });
  const events: TesterEvent[] = [];
  for (let at = 0; at < bytes.length; at += size) events.push(...reading.take(bytes.subarray(at, at + size)));
  return [...events, ...reading.end(0, 'kept')];
}

describe('lines of results', () => {
  test('a result is a finding in its place, with the grade that was given', () => {
    const events = read(Buffer.from(`${line()}\n`));
    expect(of(events, 'finding').map(({ finding }) => finding)).toMatchObject([
      {
        rule: 'exposed-panel',
        cves: ['CVE-2026-12345'],
        asset: '10.66.0.10',
        port: 8443,
        path: '/admin/{n}',
        severity: { level: 'critical', given: 'CRITICAL' },
        tool: 'nuclei',
      },
    ]);
    expect(events.at(-1)).toMatchObject({ outcome: 'completed', detail: '1 results; kept' });
  });

  test.each([
    ['another address', { 'matched-at': 'https://10.66.0.11:8443/' }, '10.66.0.11'],
    ['another port', { 'matched-at': 'https://10.66.0.10/' }, '10.66.0.10'],
    ['a name that was not pinned', { 'matched-at': 'https://grafana.example:8443/' }, 'grafana.example'],
    ['an address behind the place', { ip: '169.254.169.254' }, '10.66.0.10'],
  ])('a match at %s is flagged', (_, more, asset) => {
    const events = read(Buffer.from(`${line(more)}\n`));
    expect(of(events, 'probe')).toMatchObject([{ asset, result: 'not-allowed' }]);
    expect(of(events, 'log')).toMatchObject([{ level: 'warn' }]);
  });

  test('hostile lines are skipped and counted, and the next one is read', () => {
    const hostile = [
      'not json',
      '{"template-id":',
      '[[['.repeat(100),
      'x'.repeat(maxLineBytes + 1),
      '{"__proto__":{"polluted":1}}',
      line({ 'matched-at': 'http://[::1', host: 'http://[::1' }),
      line({ 'template-id': '' }),
      'null',
      line({ info: 7 }),
    ];
    const events = read(Buffer.from([...hostile, line()].join('\n')));
    expect(of(events, 'finding')).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ detail: `1 results; ${hostile.length} lines were no results; kept` });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('what a target wrote into a result acts on no terminal', () => {
    const events = read(
      Buffer.from(line({ info: { name: '\u001b]0;owned\u0007=cmd|<b>\u202e', severity: '\u001b[31mhigh' } })),
    );
    const [found] = of(events, 'finding');
    expect(found?.finding.title).toBe('=cmd|<b>\uFFFD');
    expect(found?.finding.severity).toEqual({ level: null, given: 'high' });
  });

  test('where the bytes are cut changes nothing', () => {
    const bytes = Buffer.from(`${line()}\n${line({ info: { name: '관리 화면' } })}\r\n\n${line()}`);
    const plain = (events: readonly TesterEvent[]): unknown =>
      events.map((event) => ({
        ...event,
        at: '',
        finding: of([event], 'finding').map(({ finding }) => finding.fingerprint),
      }));
    const whole = plain(read(bytes));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 97 }), (size) => {
        expect(plain(read(bytes, size))).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  test('any bytes are read to their end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.jsonValue(), (bytes, value) => {
        const events = read(
          Buffer.concat([Buffer.from(bytes), Buffer.from(`\n${JSON.stringify(value)}\n${line()}\n`)]),
        );
        expect(of(events, 'finding')).toHaveLength(1);
      }),
    );
  });
});
