import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findingOf, harmless, testerEvent, toCsv, type FindingRecord } from '@breakwater/rules/containment';
import { readEventLine } from './event-lines.ts';
import { findingEvent, stamp } from './events.ts';
import { createLineSplitter } from './lines.ts';
import { createEventQueue } from './queue.ts';
import { logEvent, outcomeEvent } from './events.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.constantFrom(
    '=HYPERLINK("http://evil")',
    '\u001b[2J',
    '<script>alert(1)</script>',
    '\r\n=1+1',
    '\u202e',
    '@SUM(A1)',
    '#set page()',
  ),
);
const seen = (title: string): FindingRecord =>
  findingOf({
    rule: 'open-port',
    asset: '10.66.0.10',
    protocol: 'tcp',
    port: 80,
    title,
    severity: { level: 'info', given: null },
    tool: 'nmap',
    seenAt: stamp(),
  });

describe('what a target says, from a tester to every exit', () => {
  test('is an event of its shape, and the same when it is read again', () => {
    fc.assert(
      fc.property(
        fc.array(hostile).map((parts) => parts.join('')),
        (text) => {
          for (const event of [findingEvent(seen(text)), logEvent('info', text), outcomeEvent('completed', 0, text)]) {
            expect(testerEvent.parse(event)).toEqual(event);
            expect(readEventLine(JSON.stringify(event))).toEqual(event);
            expect(JSON.stringify(event)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
          }
        },
      ),
    );
  });

  test('is no formula and no second row in a table', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const event = findingEvent(seen(text));
        if (event.kind !== 'finding') throw new Error('no finding');
        const csv = toCsv([{ finding: event.finding, seenBy: [] }]).replace('\uFEFF', '');
        const rows = csv.trimEnd().split('\r\n');
        expect(rows).toHaveLength(2);
        expect(csv).not.toMatch(/(?:^|,)"?[=+@]/m);
        for (const row of rows) expect(harmless(row)).toBe(row.replaceAll(/\t/g, ' '));
      }),
    );
  });

  test('any line is an event or nothing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.jsonValue().map((value) => JSON.stringify(value)),
        ),
        (line) => {
          const event = readEventLine(line);
          if (event !== null) expect(testerEvent.parse(event)).toEqual(event);
        },
      ),
    );
    for (const line of ['{"kind":"log"}', '['.repeat(1000), '{"__proto__":{}}', 'null', '0'])
      expect(readEventLine(line)).toBeNull();
  });
});

describe('lines of a stranger', () => {
  test('come out whole wherever the bytes are cut, and too long ones as nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 30 })), fc.integer({ min: 1, max: 40 }), (lines, size) => {
        const want = lines.map((line) => line.replaceAll('\n', '').toWellFormed());
        const bytes = Buffer.from(want.map((line) => `${line}\n`).join(''));
        const splitter = createLineSplitter(64);
        const got: (string | null)[] = [];
        for (let at = 0; at < bytes.length; at += size) got.push(...splitter.take(bytes.subarray(at, at + size)));
        got.push(...splitter.end());
        expect(got).toEqual(want.map((line) => (Buffer.byteLength(line) > 64 ? null : line)));
      }),
    );
  });

  test('without an end take no more memory than one', () => {
    const splitter = createLineSplitter(1024);
    for (let i = 0; i < 1000; i++) expect([...splitter.take(Buffer.alloc(65_536, 0x61))]).toEqual([]);
    expect([...splitter.take(Buffer.from('\nnext\n'))]).toEqual([null, 'next']);
  });
});

test('events that come faster than they are read are dropped and counted, but for the outcome', async () => {
  const queue = createEventQueue();
  for (let i = 0; i < 10_050; i++) queue.push(logEvent('info', String(i)));
  queue.end(outcomeEvent('completed', 0, ''));
  queue.push(logEvent('info', 'after the end'));
  const kinds: string[] = [];
  for await (const event of queue) kinds.push(event.kind);
  expect(queue.dropped).toBe(50);
  expect(kinds).toHaveLength(10_001);
  expect(kinds.at(-1)).toBe('outcome');
});
