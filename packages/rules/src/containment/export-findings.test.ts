import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toCsv } from './export-csv.ts';
import { toJsonLines } from './export-jsonl.ts';
import { toOcsf } from './export-ocsf.ts';
import { toSarif } from './export-sarif.ts';
import type { ExportedFinding } from './export-findings.ts';
import { findingOf, type SeenFinding } from './finding.ts';
import { mergeFindings } from './finding-duplicates.ts';
import { importSarif } from './import-sarif.ts';
import { ocsfSubset, sarifSubset } from './export-schemas.testing.ts';
import { gradeOf, ungraded } from './severity.ts';

const seen = (change: Partial<SeenFinding> = {}): SeenFinding => ({
  rule: 'weak-tls',
  asset: 'bank.example',
  protocol: 'tcp',
  port: 443,
  path: '/accounts/17',
  title: 'TLS 1.0 is offered',
  severity: gradeOf('high'),
  tool: 'nuclei',
  seenAt: '2026-11-29T01:00:00Z',
  ...change,
});

const plain = [
  seen(),
  seen({ cves: ['CVE-2026-1234'], tool: 'openvas', rule: '1.3.6.1.4', severity: gradeOf('9.8') }),
  seen({ cves: ['CVE-2026-1234'], severity: ungraded }),
  seen({ asset: '2001:db8::1', port: null, path: null, protocol: 'icmp', severity: ungraded }),
  seen({ asset: '은행.한국', protocol: 'udp', port: 53, path: null, tool: 'nmap', rule: 'open-port' }),
  seen({ asset: 'transfer-api', protocol: 'other', port: null, path: '/src/main.ts', tool: 'semgrep' }),
].map(findingOf);

const hostileTexts = [
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3',
  '@SUM(A1)',
  '\t=1+1',
  '＝HYPERLINK("http://evil.example")',
  '\u001b]0;owned\u0007\u001b[2Jx',
  'user\u202Egnp.exe\u2066',
  '<script>alert(1)</script>',
  '[click](http://evil.example)',
  'a\r\nb","c',
  '"quoted"',
  '\u009b31m',
  'half\ud800',
];
const hostile = hostileTexts.map((text) =>
  findingOf(seen({ title: text, rule: text, severity: { level: null, given: text } })),
);

const exported = (findings: ReturnType<typeof findingOf>[]): ExportedFinding[] =>
  mergeFindings(findings).map((one, n) => ({
    ...one,
    state: (['new', 'persistent', 'remediated', 'regressed', undefined] as const)[n % 5],
  }));

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });
const isSarif = ajv.compile(sarifSubset);
const isOcsf = ajv.compile(ocsfSubset);
const anyText = fc.string({ unit: 'binary', maxLength: 80 });
const anyFinding = fc
  .record({
    title: anyText,
    rule: anyText,
    given: anyText,
    path: anyText,
    asset: fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()),
  })
  .map(({ given, ...rest }) => findingOf(seen({ ...rest, severity: gradeOf(given) })));

describe('SARIF', () => {
  test('has the shape of 2.1.0', () => {
    const log: unknown = JSON.parse(toSarif(exported([...plain, ...hostile])));
    isSarif(log);
    expect(isSarif.errors).toBeNull();
    expect(log).toMatchObject({ version: '2.1.0' });
  });

  test('has it for any text of tools', () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { maxLength: 4 }), (findings) => {
        isSarif(JSON.parse(toSarif(exported(findings))));
        expect(isSarif.errors).toBeNull();
      }),
    );
  });

  test('gives the same fingerprints, places and grades back when it is imported', () => {
    const { findings } = importSarif(toSarif(exported(plain)), { seenAt: '2026-11-30T00:00:00Z', evidence: null });
    const worst = mergeFindings(plain).map(({ finding }) => finding);
    const essence = ({ fingerprint, asset, protocol, port, path, severity, cves }: (typeof worst)[number]): object => ({
      fingerprint,
      asset,
      protocol,
      port,
      path,
      severity,
      cves,
    });
    expect(mergeFindings(findings).map(({ finding }) => essence(finding))).toEqual(worst.map(essence));
  });

  test('shows no link that a tool wrote', () => {
    expect(toSarif(exported(hostile))).toContain(String.raw`\\[click\\](http://evil.example)`);
  });
});

describe('OCSF', () => {
  test('has the shape of class 2002, one event a line', () => {
    const lines = toOcsf(exported([...plain, ...hostile]), '2026-11-30T00:00:00Z')
      .trimEnd()
      .split('\n');
    expect(lines.length).toBe(exported([...plain, ...hostile]).length);
    for (const line of lines) {
      isOcsf(JSON.parse(line));
      expect(isOcsf.errors).toBeNull();
    }
  });

  test('says what the grade, the state and the CVE are', () => {
    const [one] = mergeFindings([findingOf(seen({ cves: ['CVE-2026-1234'], severity: gradeOf('9.8') }))]);
    const event: unknown = JSON.parse(toOcsf([{ ...one!, state: 'remediated' }], '2026-11-30T00:00:00Z'));
    expect(event).toMatchObject({
      severity_id: 5,
      activity_id: 3,
      type_uid: 200_203,
      status_id: 4,
      vulnerabilities: [{ cve: { uid: 'CVE-2026-1234' }, severity: '9.8' }],
    });
  });
});

describe('CSV', () => {
  test('begins with its names and holds one line a finding', () => {
    const [head, ...rows] = toCsv(exported(plain)).trimEnd().split('\r\n');
    expect(head).toMatch(/^\uFEFF"fingerprint","state","severity"/);
    expect(rows).toHaveLength(exported(plain).length);
  });

  test.each(hostileTexts)('shows %j and does not run it', (title) => {
    const cells = cellsOf(toCsv(exported([findingOf(seen({ title, rule: title }))])).split('\r\n')[1] ?? '');
    expect(cells).toHaveLength(14);
    for (const cell of cells) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]|\p{Cc}/u);
  });

  test('has a cell for each column whatever tools wrote', () => {
    fc.assert(
      fc.property(anyFinding, (finding) => {
        const lines = toCsv(exported([finding])).split('\r\n');
        expect(lines).toHaveLength(3);
        const cells = cellsOf(lines[1] ?? '');
        expect(cells).toHaveLength(14);
        for (const cell of cells) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]|\p{Cc}/u);
      }),
    );
  });
});

test('no export lets a character through that is obeyed instead of shown', () => {
  const findings = exported([...plain, ...hostile]);
  for (const text of [
    toSarif(findings),
    toOcsf(findings, '2026-11-30T00:00:00Z'),
    toCsv(findings),
    toJsonLines(findings),
  ]) {
    expect(text.replace(/^\uFEFF/, '').replace(/[\r\n]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  }
});

test('JSON lines keep the record as it is', () => {
  const [one] = exported([hostile[6]!]);
  expect(JSON.parse(toJsonLines([one!]))).toEqual({ ...one!.finding, seenBy: one!.seenBy, state: 'new' });
});

/** The cells of one line in which every cell is quoted. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map(([, cell = '']) => cell.replaceAll('""', '"'));
}
