import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import { findingOf } from './finding.ts';
import { importNuclei } from './import-nuclei.ts';
import { importSarif } from './import-sarif.ts';
import { importTester } from './import-tester.ts';
import { gradeOf, ungraded } from './severity.ts';

const options = { seenAt: '2026-11-30T00:00:00.000Z', evidence: `sha256:${'a'.repeat(64)}` };

const match = (change: object = {}): string =>
  JSON.stringify({
    'template-id': 'tls-version',
    info: { name: 'TLS 1.0 is offered', severity: 'critical', classification: { 'cve-id': ['CVE-2026-1234'] } },
    type: 'http',
    host: 'https://Bank.Example',
    'matched-at': 'https://Bank.Example:8443/accounts/17?x=1',
    timestamp: '2026-11-29T10:00:00.123456789+09:00',
    request: 'GET / HTTP/1.1',
    ...change,
  });

const sarif = (result: object, driver: object = {}): string =>
  JSON.stringify({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'ZAP by Checkmarx', ...driver } },
        invocations: [{ executionSuccessful: true, endTimeUtc: '2026-11-29T01:00:00Z' }],
        results: [
          {
            ruleId: '10035',
            message: { text: 'No HSTS' },
            locations: [{ physicalLocation: { artifactLocation: { uri: 'https://bank.example/login' } } }],
            ...result,
          },
        ],
      },
    ],
  });

describe('JSON lines of nuclei', () => {
  test('become findings with the grade that nuclei gave', () => {
    const text = `\n${match()}\r\n${match({ 'matcher-name': 'tls10', 'matched-at': 'bank.example:443', info: { name: 'n' } })}\n${match({ 'matcher-status': false })}\n`;
    const { findings, ignored } = importNuclei(text, options);
    expect(ignored).toBe(1);
    expect(findings[0]).toMatchObject({
      rule: 'tls-version',
      cves: ['CVE-2026-1234'],
      asset: 'bank.example',
      protocol: 'tcp',
      port: 8443,
      path: '/accounts/{n}',
      severity: { level: 'critical', given: 'critical' },
      tool: 'nuclei',
      seenAt: '2026-11-29T01:00:00.123Z',
      evidence: options.evidence,
    });
    expect(findings[1]).toMatchObject({
      rule: 'tls-version:tls10',
      port: 443,
      path: null,
      severity: ungraded,
      cves: [],
    });
  });

  test.each([
    ['{"a":', 'nuclei.not-json', /^2:\d+$/],
    ['[1]', 'nuclei.wrong-type', /^2:1$/],
    ['{"template-id":"x","info":3}', 'nuclei.wrong-type', /^2:\d\d$/],
    ['{"template-id":"x","info":{}}', 'finding.asset', /^2:1$/],
    [match({ 'matched-at': 'http://bank example/' }), 'finding.asset', /^2:1$/],
    ['['.repeat(65), 'nuclei.too-deep', /^2:65$/],
  ])('with %j in the second line are refused whole, with their place', (line, code, path) => {
    expect(() => importNuclei(`${match()}\n${line}\n${match()}`, options)).toThrow(
      expect.objectContaining({ code, path: expect.stringMatching(path) }),
    );
  });

  test('keep a time only when it is one', () => {
    expect(importNuclei(match({ timestamp: 'yesterday' }), options).findings[0]?.seenAt).toBe(options.seenAt);
    expect(importNuclei(match({ timestamp: undefined }), options).findings[0]?.seenAt).toBe(options.seenAt);
  });
});

describe('SARIF', () => {
  test.each<[string, object, object, object]>([
    ['the level of a result', { level: 'error' }, {}, { level: 'high', given: 'error' }],
    ['no grade at all', {}, {}, ungraded],
    [
      'the score of its rule before its level',
      { level: 'error', ruleIndex: 0 },
      { rules: [{ id: '10035', properties: { 'security-severity': '9.1' } }] },
      { level: 'critical', given: '9.1' },
    ],
    [
      'the default level of its rule by id',
      {},
      { rules: [{ id: '10035', defaultConfiguration: { level: 'note' } }] },
      { level: 'low', given: 'note' },
    ],
    ['a score of another form as none', { properties: { 'security-severity': [9] } }, {}, ungraded],
  ])('gives %s', (_, result, driver, severity) => {
    expect(importSarif(sarif(result, driver), options).findings[0]).toMatchObject({
      tool: 'zap-by-checkmarx',
      asset: 'bank.example',
      port: 443,
      path: '/login',
      seenAt: '2026-11-29T01:00:00.000Z',
      severity,
    });
  });

  test('passes over what is no weakness', () => {
    expect(importSarif(sarif({ kind: 'pass' }), options)).toEqual({ findings: [], ignored: 1 });
    expect(importSarif('{"version":"2.1.0","runs":[]}', options)).toEqual({ findings: [], ignored: 0 });
  });

  test('of a file belongs to the asset that is named, and is refused without one', () => {
    const file = sarif({ locations: [{ physicalLocation: { artifactLocation: { uri: 'src/main.ts' } } }] });
    expect(importSarif(file, { ...options, asset: 'Transfer-API' }).findings[0]).toMatchObject({
      asset: 'transfer-api',
      protocol: 'other',
      port: null,
      path: '/src/main.ts',
    });
    expect(() => importSarif(file, options)).toThrow(
      expect.objectContaining({ code: 'sarif.no-asset', path: '/runs/0/results/0' }),
    );
  });

  test.each([
    ['{\n "version": "2.0.0", "runs": []}', 'sarif.not-allowed', '2:2'],
    ['{"version":"2.1.0"}', 'sarif.missing', '1:1'],
    ['{"version":"2.1.0",\n"runs":[{"tool":{}}]}', 'sarif.missing', '2:10'],
    ['', 'sarif.not-json', '1:1'],
  ])('%j is refused with its place', (text, code, path) => {
    expect(() => importSarif(text, options)).toThrow(expect.objectContaining({ code, path }));
  });
});

describe('events of a tester', () => {
  const finding = findingOf({
    rule: 'banner',
    asset: '10.66.0.10',
    protocol: 'tcp',
    port: 22,
    title: 'old version',
    severity: gradeOf('low'),
    tool: 'agent',
    seenAt: options.seenAt,
  });
  const event = (change: object = {}): string =>
    JSON.stringify({ kind: 'finding', at: options.seenAt, finding: { ...finding, ...change } });

  test('give their findings; other kinds are passed over', () => {
    const log = JSON.stringify({ kind: 'log', at: options.seenAt, level: 'info', text: 'x' });
    expect(importTester(`${log}\n${event()}\n`)).toEqual({ findings: [finding], ignored: 1 });
  });

  test('with the fingerprint of another finding are refused', () => {
    expect(() => importTester(`${event()}\n${event({ port: 23 })}`)).toThrow(
      expect.objectContaining({ code: 'tester.fingerprint', path: '2:1' }),
    );
  });
});

describe('any input', () => {
  const imports = [importNuclei, importSarif, importTester] as const;
  const read = (text: string): void => {
    for (const one of imports) {
      try {
        one(text, options);
      } catch (error) {
        expect(error).toBeInstanceOf(BreakwaterError);
        expect((error as BreakwaterError).path).toMatch(/^\d+:\d+$|^\//);
      }
    }
  };

  test('is read or refused with its place', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), read));
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), read));
  });

  test('that was a good file until a few bytes changed is too', () => {
    const good = fc.constantFrom(match(), sarif({ level: 'error' }));
    fc.assert(
      fc.property(
        good,
        fc.nat(),
        fc.nat({ max: 12 }),
        fc.string({ unit: 'binary', maxLength: 6 }),
        (text, at, cut, put) => {
          const from = at % text.length;
          read(text.slice(0, from) + put + text.slice(from + cut));
        },
      ),
    );
  });
});
