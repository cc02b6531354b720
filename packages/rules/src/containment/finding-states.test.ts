import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findingOf, type FindingRecord } from './finding.ts';
import { coverageOf, historiesOf, type FindingRun, type RunCoverage } from './finding-states.ts';
import type { Containment } from './report.ts';
import { ungraded } from './severity.ts';

const found = (change: Partial<Parameters<typeof findingOf>[0]> = {}): FindingRecord =>
  findingOf({
    rule: 'r',
    asset: '10.66.0.10',
    protocol: 'tcp',
    port: 8080,
    title: 't',
    severity: ungraded,
    tool: 'nuclei',
    seenAt: '2026-11-29T01:00:00Z',
    ...change,
  });

const reportOf = (change: Partial<Containment> = {}): Containment => ({
  schema: 'breakwater.containment/1',
  level: 'kernel',
  signed: true,
  outcome: 'exited',
  exitCode: 0,
  trip: null,
  allowed: [{ address: '10.66.0.10', port: 8080, protocol: 'tcp', connections: 3 }],
  denied: [{ address: '10.66.0.11', port: 22, protocol: 'tcp', packets: 1 }],
  lostToCap: { packets: 0 },
  bytes: { out: 1, in: 1 },
  stoppedAfterMs: null,
  ...change,
});

const covered = (change: Partial<Containment> = {}): RunCoverage[] => [
  coverageOf(reportOf(change), { tools: ['nuclei'], names: [{ name: 'api.bank.example', address: '10.66.0.10' }] }),
];

const stateOf = (finding: FindingRecord, ...runs: [FindingRecord[], FindingRun['coverages']][]): unknown =>
  historiesOf(runs.map(([findings, coverages], n) => ({ run: `r${n}`, findings, coverages }))).get(finding.fingerprint);

describe('the coverage of a place', () => {
  test.each([
    ['what was reached', { asset: '10.66.0.10', protocol: 'tcp', port: 8080 }, {}, 'tested'],
    ['a pinned name', { asset: 'api.bank.example', protocol: 'tcp', port: 8080 }, {}, 'tested'],
    ['the whole of a reached asset', { asset: '10.66.0.10', protocol: 'tcp', port: null }, {}, 'tested'],
    ['what the scope denied', { asset: '10.66.0.11', protocol: 'tcp', port: 22 }, {}, 'not-allowed'],
    ['what nobody tried', { asset: '10.66.0.10', protocol: 'tcp', port: 8443 }, {}, 'untouched'],
    ['another protocol', { asset: '10.66.0.10', protocol: 'udp', port: 8080 }, {}, 'untouched'],
    [
      'what was reached while a cap dropped packets',
      { asset: '10.66.0.10', protocol: 'tcp', port: 8080 },
      { lostToCap: { packets: 1 } },
      'lost-to-cap',
    ],
    [
      'what was allowed and never answered to a connection',
      { asset: '10.66.0.10', protocol: 'tcp', port: 8080 },
      { allowed: [{ address: '10.66.0.10', port: 8080, protocol: 'tcp', connections: 0 }] },
      'untouched',
    ],
  ] as const)('of %s', (_, place, change, coverage) => {
    expect(covered(change as Partial<Containment>)[0]?.of(place)).toBe(coverage);
  });
});

describe('a finding from run to run', () => {
  const it = found();

  test('is new, then persistent, then remediated where its place was tested, then regressed', () => {
    expect(stateOf(it, [[it], covered()])).toMatchObject({
      state: 'new',
      firstRun: 'r0',
      lastRun: 'r0',
      coverage: null,
    });
    expect(stateOf(it, [[it], covered()], [[it], covered()])).toMatchObject({ state: 'persistent', lastRun: 'r1' });
    expect(stateOf(it, [[it], covered()], [[], covered()])).toMatchObject({ state: 'remediated', lastRun: 'r0' });
    expect(stateOf(it, [[it], covered()], [[], covered()], [[it], covered()])).toMatchObject({
      state: 'regressed',
      firstRun: 'r0',
    });
  });

  test.each<[string, FindingRun['coverages'], string | null]>([
    [
      'the scope denied',
      covered({ allowed: [], denied: [{ address: '10.66.0.10', port: 8080, protocol: 'tcp', packets: 1 }] }),
      'not-allowed',
    ],
    ['a cap dropped', covered({ lostToCap: { packets: 12 } }), 'lost-to-cap'],
    ['nobody tried', covered({ allowed: [] }), 'untouched'],
    ['a test was stopped at', covered({ outcome: 'stopped', exitCode: null }), 'tested'],
    ['a failing tool left', covered({ exitCode: 1 }), 'tested'],
    ['another tool tested', [coverageOf(reportOf(), { tools: ['nmap'] })], 'tested'],
    ['an import tells nothing of', [], null],
  ])('stays as it was where %s its place', (_, coverage, told) => {
    expect(stateOf(it, [[it], covered()], [[], coverage])).toMatchObject({ state: 'new', coverage: told });
  });

  test('that two tools saw is remediated only when both looked again', () => {
    const cve = { cves: ['CVE-2026-1234'] };
    const a = found(cve);
    const b = found({ ...cve, tool: 'nmap' });
    expect(stateOf(a, [[a, b], covered()], [[], covered()])).toMatchObject({ state: 'new', tools: ['nmap', 'nuclei'] });
  });

  test('that two tools saw is remediated when both looked again, each in its own cage', () => {
    const cve = { cves: ['CVE-2026-1234'] };
    const a = found(cve);
    const b = found({ ...cve, tool: 'nmap' });
    const both = [...covered(), coverageOf(reportOf(), { tools: ['nmap'] })];
    const lost = [...covered(), coverageOf(reportOf({ lostToCap: { packets: 1 } }), { tools: ['nmap'] })];
    expect(stateOf(a, [[a, b], covered()], [[], both])).toMatchObject({ state: 'remediated' });
    expect(stateOf(a, [[a, b], covered()], [[], lost])).toMatchObject({ state: 'new', coverage: 'tested' });
  });

  test('is never remediated by a run that did not test its place, whatever came before and after', () => {
    const run = fc.record({
      sees: fc.boolean(),
      coverage: fc.constantFrom(covered({ lostToCap: { packets: 1 } }), covered({ allowed: [] }), []),
    });
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 12 }), (runs) => {
        const history = stateOf(
          it,
          ...runs.map(({ sees, coverage }) => [sees ? [it] : [], coverage] as [FindingRecord[], typeof coverage]),
        );
        if (runs.some(({ sees }) => sees))
          expect(['new', 'persistent']).toContain((history as { state: string }).state);
        else expect(history).toBeUndefined();
      }),
    );
  });
});
