import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findingOf, gradeOf, type FindingRecord } from '@breakwater/rules/containment';
import { keptFindings } from './kept-findings.ts';

let cage: string;
let file: string;

beforeEach(() => {
  cage = mkdtempSync(join(tmpdir(), 'kept-findings-'));
  mkdirSync(join(cage, 'tester'));
  file = join(cage, 'tester', 'events.jsonl');
});
afterEach(() => rmSync(cage, { recursive: true, force: true }));

const found = (port: number): FindingRecord =>
  findingOf({
    rule: 'r',
    asset: '10.66.0.10',
    protocol: 'tcp',
    port,
    title: '취약점',
    severity: gradeOf('critical'),
    tool: 'nmap',
    seenAt: '2026-11-29T01:00:00Z',
  });
const line = (port: number): string =>
  `${JSON.stringify({ kind: 'finding', at: '2026-11-29T01:00:00Z', finding: found(port) })}\n`;
const log = `${JSON.stringify({ kind: 'log', at: '2026-11-29T01:00:00Z', level: 'info', text: 'x' })}\n`;

test('nothing is known of a run without a test', () => {
  expect(keptFindings(cage, 0)).toEqual({ findings: [], next: 0 });
  expect(keptFindings(join(cage, 'none'), 5)).toEqual({ findings: [], next: 0 });
});

test('findings are given once, in whole lines, as they are written', () => {
  const text = `${log}${line(1)}no json\n${line(2)}`;
  writeFileSync(file, text + line(3).slice(0, 40));
  const first = keptFindings(cage, 0);
  expect(first).toEqual({ findings: [found(1), found(2)], next: Buffer.byteLength(text) });
  expect(keptFindings(cage, first.next)).toEqual({ findings: [], next: first.next });
  appendFileSync(file, line(3).slice(40));
  expect(keptFindings(cage, first.next).findings).toEqual([found(3)]);
});

test('many are given in parts that fit a line of the protocol', () => {
  writeFileSync(file, Array.from({ length: 2_500 }, (_, n) => line(n + 1)).join(''));
  const ports: (number | null)[] = [];
  for (let after = 0; ;) {
    const { findings, next } = keptFindings(cage, after);
    expect(Buffer.byteLength(JSON.stringify(findings))).toBeLessThan(1024 * 1024);
    ports.push(...findings.map(({ port }) => port));
    if (next === after) break;
    after = next;
  }
  expect(ports).toEqual(Array.from({ length: 2_500 }, (_, n) => n + 1));
});

test('a file that was begun again is read from its start, and a line without end is passed over', () => {
  writeFileSync(file, line(1));
  expect(keptFindings(cage, 1_000_000).findings).toEqual([found(1)]);
  writeFileSync(file, `${'x'.repeat(3 * 1024 * 1024)}\n${line(2)}`);
  const seen: FindingRecord[] = [];
  for (let after = 0; ;) {
    const { findings, next } = keptFindings(cage, after);
    seen.push(...findings);
    if (next === after) break;
    after = next;
  }
  expect(seen).toEqual([found(2)]);
});
