import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeFindings } from './finding-duplicates.ts';
import { findingOf, findingRecord, type SeenFinding } from './finding.ts';
import { gradeOf, ungraded } from './severity.ts';

const seen = (change: Partial<SeenFinding> = {}): SeenFinding => ({
  rule: 'weak-tls',
  asset: 'Bank.Example.',
  protocol: 'tcp',
  port: 443,
  path: '/accounts/17?x=1',
  title: 'TLS 1.0 is offered',
  severity: gradeOf('medium'),
  tool: 'nuclei',
  seenAt: '2026-11-29T01:00:00+09:00',
  ...change,
});

describe('the fingerprint of a finding', () => {
  test('is the SHA-256 of rule or CVE, asset, protocol, port and path template', () => {
    // sha256sum of `CVE-2026-1234|bank.example|tcp|443|/accounts/{n}`
    expect(findingOf(seen({ cves: ['cve-2026-1234'] })).fingerprint).toBe(
      'v1:492d9f4c3054ce2d5d64dcc71a76db7e3cb67f059b9837ff756a9d5421d1659d',
    );
    // sha256sum of `nuclei:weak-tls|bank.example|tcp|443|/accounts/{n}`
    expect(findingOf(seen()).fingerprint).toBe('v1:5f21fb9ea472e59ae08d127aa2537899f63331429f1a5d4149c54221d8ee22ac');
  });

  test('does not change with what tools reword and regrade', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'binary' }),
        fc.constantFrom('critical', 'low', '9.8', 'who knows'),
        fc.nat(),
        (title, severity, id) => {
          const same = findingOf(
            seen({ title, severity: gradeOf(severity), asset: 'bANK.example', path: `/accounts/${id}#a` }),
          );
          expect(same.fingerprint).toBe(findingOf(seen()).fingerprint);
        },
      ),
    );
  });

  test.each<Partial<SeenFinding>>([
    { rule: 'weak-tls-2' },
    { asset: 'www.bank.example' },
    { protocol: 'udp' },
    { port: 8443 },
    { port: null },
    { path: null },
    { path: '/accounts' },
    { tool: 'openvas' },
    { cves: ['CVE-2026-1234'] },
  ])('changes with %j', (change) => {
    expect(findingOf(seen(change)).fingerprint).not.toBe(findingOf(seen()).fingerprint);
  });

  test('of one CVE is the same whichever tool saw it by whichever rule; of several it is the rule’s', () => {
    const one = { cves: ['CVE-2026-1234'] };
    const two = { cves: ['CVE-2026-1234', 'CVE-2026-1235'] };
    expect(findingOf(seen({ ...one, tool: 'openvas', rule: '1.3.6.1' })).fingerprint).toBe(
      findingOf(seen(one)).fingerprint,
    );
    expect(findingOf(seen(two)).fingerprint).toBe(findingOf(seen()).fingerprint);
  });

  test('does not take one rule for another through its separators', () => {
    expect(findingOf(seen({ tool: 'a', rule: 'b:c' })).fingerprint).not.toBe(
      findingOf(seen({ tool: 'a:b', rule: 'c' })).fingerprint,
    );
    expect(findingOf(seen({ rule: 'a|b' })).fingerprint).not.toBe(findingOf(seen({ rule: 'a%7Cb' })).fingerprint);
  });
});

test('a finding from any text has its shape, and none that a database could not hold', () => {
  const text = fc.string({ unit: 'binary', maxLength: 700 });
  fc.assert(
    fc.property(text, text, fc.string({ unit: 'binary', maxLength: 100 }), (rule, title, given) => {
      const finding = findingOf(seen({ rule, title: `${title}\ud800\0`, severity: gradeOf(given) }));
      expect(findingRecord.safeParse(finding).success).toBe(true);
      expect(finding.title.isWellFormed()).toBe(true);
      expect(finding.title).not.toContain('\0');
    }),
  );
});

describe('a grade', () => {
  test.each([
    ['CRITICAL', 'critical'],
    ['High', 'high'],
    ['Log', 'info'],
    ['10.0', 'critical'],
    ['9.0', 'critical'],
    ['8.9', 'high'],
    ['7', 'high'],
    ['6.9', 'medium'],
    ['4.0', 'medium'],
    ['3.9', 'low'],
    ['0.1', 'low'],
    ['0.0', 'info'],
    ['10.1', null],
    ['-1', null],
    ['unknown', null],
    ['constructor', null],
    ['', null],
  ])('given as %j is %j', (given, level) => {
    expect(gradeOf(given)).toEqual({ level, given: given === '' ? null : given });
  });
});

describe('findings that several tools saw', () => {
  const cve = { cves: ['CVE-2026-1234'] };
  const nuclei = findingOf(seen(cve));
  const openvas = findingOf(seen({ ...cve, tool: 'openvas', rule: '1.3.6.1', severity: gradeOf('9.8') }));
  const nmap = findingOf(seen({ ...cve, tool: 'nmap', rule: 'vulners', severity: ungraded }));

  test('are one, of the worst grade, with everybody who saw it', () => {
    const merged = mergeFindings([nmap, nuclei, openvas, nuclei]);
    expect(merged).toHaveLength(1);
    expect(merged[0]?.finding).toEqual(openvas);
    expect(merged[0]?.seenBy.map(({ tool }) => tool)).toEqual(['openvas', 'nuclei', 'nmap']);
  });

  test('are the same in whatever order they come', () => {
    const all = [nuclei, openvas, nmap, findingOf(seen()), findingOf(seen({ port: 8443 }))];
    const wanted = mergeFindings(all);
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(mergeFindings(shuffled)).toEqual(wanted);
      }),
    );
  });
});
