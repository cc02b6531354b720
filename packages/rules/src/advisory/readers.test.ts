import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import { readCsaf } from './csaf.ts';
import { readCve } from './cve.ts';
import { cvssOf } from './cvss.ts';
import { keyIntervals } from './match/interval.ts';
import { matchComponent } from './match/match.ts';
import { readEpss, readKev } from './signal.ts';
import { readVex, standingStatement } from './vex.ts';
import type { AdvisoryDocument } from './advisory.ts';
import type { ComponentIdentity } from '#inventory';

const deb = (version: string, distro: string | null = 'debian-12'): ComponentIdentity => ({
  type: 'deb',
  name: 'deb/debian/openssl',
  distro,
  version,
});
const npm = (version: string): ComponentIdentity => ({ type: 'npm', name: 'npm/left', distro: null, version });
const verdictOf = (document: AdvisoryDocument, component: ComponentIdentity): string | null =>
  matchComponent(component, document.affected.flatMap(keyIntervals))?.verdict ?? null;

const cveRecord = (affected: object, more: object = {}): string =>
  JSON.stringify({
    dataType: 'CVE_RECORD',
    dataVersion: '5.1',
    cveMetadata: { cveId: 'CVE-2026-1234', state: 'PUBLISHED', dateUpdated: '2026-11-01T00:00:00', ...more },
    containers: { cna: { title: 'A hole', affected: [{ packageURL: 'pkg:npm/left', ...affected }] } },
  });

describe('a record of the CVE Program', () => {
  const between = { version: '1.0.0', status: 'affected', lessThan: '2.0.0', versionType: 'semver' };
  test.each<[string, object, Record<string, string | null>]>([
    [
      'holds what lies in a range',
      { versions: [between] },
      { '0.9.0': null, '1.0.0': 'affected', '1.9.9': 'affected', '2.0.0': null },
    ],
    [
      'includes the last one where it says so',
      { versions: [{ version: '1.0.0', status: 'affected', lessThanOrEqual: '2.0.0' }] },
      { '2.0.0': 'affected', '2.0.1': null },
    ],
    [
      'follows a change inside a range',
      { versions: [{ ...between, changes: [{ at: '1.5.0', status: 'unaffected' }] }] },
      { '1.4.9': 'affected', '1.5.0': null },
    ],
    [
      'holds single versions',
      { versions: [{ version: '1.1.0', status: 'affected' }] },
      { '1.1.0': 'affected', '1.1.1': null },
    ],
    [
      'holds everything by default but what is taken out',
      { defaultStatus: 'affected', versions: [{ version: '2.0.0', status: 'unaffected', lessThan: '*' }] },
      { '1.0.0': 'affected', '2.0.0': null },
    ],
    ['without versions says nothing certain', {}, { '1.0.0': 'undetermined' }],
    ['that affects nothing by default affects nothing', { defaultStatus: 'unaffected' }, { '1.0.0': null }],
  ])('%s', (_, affected, verdicts) => {
    const document = readCve(cveRecord(affected));
    for (const [version, verdict] of Object.entries(verdicts))
      expect([version, verdictOf(document, npm(version))]).toEqual([version, verdict]);
  });

  test('that was rejected affects nothing, and is withdrawn', () => {
    const document = readCve(
      cveRecord({ defaultStatus: 'affected' }, { state: 'REJECTED', dateRejected: '2026-11-02T00:00:00Z' }),
    );
    expect(document).toMatchObject({ withdrawn: '2026-11-02T00:00:00.000Z', affected: [] });
  });

  test('reads a time without an offset as UTC', () => {
    expect(readCve(cveRecord({})).modified).toBe('2026-11-01T00:00:00.000Z');
  });
});

const csaf = (tree: object, status: object): string =>
  JSON.stringify({
    document: {
      category: 'csaf_security_advisory',
      csaf_version: '2.0',
      publisher: { category: 'vendor', name: 'V', namespace: 'https://vendor.example' },
      title: 'A hole',
      tracking: {
        id: 'V-1',
        status: 'final',
        version: '1',
        initial_release_date: '2026-11-01T00:00:00Z',
        current_release_date: '2026-11-01T00:00:00Z',
        revision_history: [{ date: '2026-11-01T00:00:00Z', number: '1', summary: 'first' }],
      },
    },
    product_tree: tree,
    vulnerabilities: [{ cve: 'CVE-2026-1234', product_status: status }],
  });
const product = (product_id: string, helper: object) => ({
  product_id,
  name: product_id,
  product_identification_helper: helper,
});

describe('relationships of products in CSAF', () => {
  const openssl = product('openssl', { purl: 'pkg:deb/debian/openssl@3.0.14-1' });
  const debian = product('debian-12', { cpe: 'cpe:/o:debian:debian_linux:12' });
  const related = {
    full_product_names: [openssl, debian],
    relationships: [
      {
        category: 'default_component_of',
        full_product_name: { product_id: 'openssl on debian-12', name: 'openssl on debian-12' },
        product_reference: 'openssl',
        relates_to_product_reference: 'debian-12',
      },
    ],
  };

  test('put a component into the release of its platform', () => {
    const document = readCsaf(csaf(related, { known_affected: ['openssl on debian-12'] }));
    expect(document.affected).toMatchObject([{ package: { name: 'deb/debian/openssl', distro: 'debian-12' } }]);
    expect(verdictOf(document, deb('3.0.14-1'))).toBe('affected');
    expect(verdictOf(document, deb('3.0.14-1', 'debian-11'))).toBeNull();
    expect(verdictOf(document, deb('3.0.14-1', null))).toBe('undetermined');
  });

  test('may refer to each other in any order, and one that leads nowhere is told', () => {
    const chained = {
      ...related,
      relationships: [
        {
          category: 'installed_on',
          full_product_name: { product_id: 'appliance', name: 'appliance' },
          product_reference: 'openssl on debian-12',
          relates_to_product_reference: 'debian-12',
        },
        ...related.relationships,
      ],
    };
    expect(verdictOf(readCsaf(csaf(chained, { known_affected: ['appliance'] })), deb('3.0.14-1'))).toBe('affected');
    const broken = { ...related, relationships: [{ ...related.relationships[0], product_reference: 'nobody' }] };
    const document = readCsaf(csaf(broken, { known_affected: ['openssl on debian-12'] }));
    expect(document.affected).toEqual([]);
    expect(document.notes.join(' ')).toContain('names a product that the document does not have');
  });

  test('of what is only named as fixed leave what is older in that release affected', () => {
    const document = readCsaf(csaf(related, { fixed: ['openssl on debian-12'] }));
    expect(verdictOf(document, deb('3.0.13-1'))).toBe('affected');
    expect(verdictOf(document, deb('3.0.14-1'))).toBeNull();
  });
});

const openVex = (statement: object): string =>
  JSON.stringify({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://openvex.dev/docs/1',
    author: 'V',
    timestamp: '2026-11-01T00:00:00Z',
    version: 1,
    statements: [statement],
  });
const cycloneDx = (analysis: object, affects: object[]): string =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: [{ 'bom-ref': 'c', purl: 'pkg:npm/left@1.0.0' }],
    vulnerabilities: [{ id: 'CVE-2026-1234', analysis, affects }],
  });
const wordOn = (source: string, component: ComponentIdentity): string | null =>
  standingStatement(readVex(source).statements, component, ['CVE-2026-1234'])?.status ?? null;

describe('VEX', () => {
  test('in OpenVEX is about its product in that version, or in every version where it names none', () => {
    const said = (products: unknown[]) =>
      openVex({
        vulnerability: { name: 'CVE-2026-1234' },
        products,
        status: 'not_affected',
        justification: 'component_not_present',
      });
    expect(wordOn(said([{ '@id': 'pkg:npm/left@1.0.0' }]), npm('1.0.0'))).toBe('not-affected');
    expect(wordOn(said([{ '@id': 'pkg:npm/left@1.0.0' }]), npm('1.0.1'))).toBeNull();
    expect(wordOn(said(['pkg:npm/left']), npm('1.0.1'))).toBe('not-affected');
    expect(wordOn(said([{ '@id': 'x', identifiers: { purl: 'pkg:npm/right' } }]), npm('1.0.0'))).toBeNull();
  });

  test('in CycloneDX follows the state of its analysis', () => {
    const states = {
      resolved: 'fixed',
      exploitable: 'affected',
      in_triage: 'under-investigation',
      false_positive: 'not-affected',
      not_affected: 'not-affected',
    };
    for (const [state, status] of Object.entries(states))
      expect(wordOn(cycloneDx({ state }, [{ ref: 'c' }]), npm('1.0.0'))).toBe(status);
  });

  test('of two words the later stands, and of two at one time the one that says more trouble', () => {
    const one = readVex(
      openVex({ vulnerability: 'CVE-2026-1234', products: ['pkg:npm/left'], status: 'not_affected' }),
    ).statements;
    const later = readVex(
      openVex({
        vulnerability: 'CVE-2026-1234',
        products: ['pkg:npm/left'],
        status: 'affected',
        timestamp: '2026-11-02T00:00:00Z',
      }),
    ).statements;
    const same = readVex(
      openVex({ vulnerability: 'CVE-2026-1234', products: ['pkg:npm/left'], status: 'affected' }),
    ).statements;
    const standing = (statements: typeof one) => standingStatement(statements, npm('1.0.0'), ['CVE-2026-1234'])?.status;
    expect(standing([...later, ...one])).toBe('affected');
    expect(standing([...one, ...same])).toBe('affected');
  });
});

describe('scores of CVSS 4.0', () => {
  test.each([
    ['AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', 10],
    ['AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3],
    ['AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:H/SI:H/SA:H', 7.9],
    ['AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N', 6.9],
    ['AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N', 0],
    ['AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:U', 9.1],
    ['AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/MVI:L/MSA:S', 9.8],
  ])('%s is %d, as other calculators say', (metrics, score) => {
    expect(cvssOf([{ kind: 'CVSS:4.0', value: `CVSS:4.0/${metrics}` }])?.score).toBe(score);
  });
});

describe('every reader of intake', () => {
  const documents = [
    cveRecord({ versions: [{ version: '1.0.0', status: 'affected' }] }),
    csaf({ full_product_names: [product('p', { purl: 'pkg:npm/left@1.0.0' })] }, { known_affected: ['p'] }),
    openVex({ vulnerability: 'CVE-2026-1234', products: ['pkg:npm/left'], status: 'affected' }),
    cycloneDx({ state: 'resolved' }, [{ ref: 'c' }]),
    JSON.stringify({
      catalogVersion: '1',
      vulnerabilities: [
        { cveID: 'CVE-2026-1234', dateAdded: '2026-11-01', dueDate: '2026-11-22', knownRansomwareCampaignUse: 'Known' },
      ],
    }),
    'cve,epss,percentile\nCVE-2026-1234,0.5,0.9\n',
  ];
  const readers = [readCve, readCsaf, readVex, readKev, readEpss];

  test('takes any damage to a document as an answer or a refusal with a place, never as anything else', () => {
    const damage = fc.record({
      source: fc.constantFrom(...documents),
      at: fc.nat(2000),
      take: fc.nat(40),
      put: fc.oneof(
        fc.string({ maxLength: 8 }),
        fc.constantFrom('{', '[[[[[[', '"', '\u0000', '-1e999', 'null', '\ud800', '__proto__', ',"cve":1,'),
      ),
    });
    fc.assert(
      fc.property(damage, fc.constantFrom(...readers), ({ source, at, take, put }, reader) => {
        const cut = at % (source.length + 1);
        try {
          reader(source.slice(0, cut) + put + source.slice(cut + take));
        } catch (error) {
          expect(error).toBeInstanceOf(BreakwaterError);
        }
      }),
    );
  });

  test.each(readers.map((reader) => [reader.name, reader] as const))(
    '%s refuses what is nested without end and keys that come twice',
    (_, reader) => {
      for (const source of [
        '['.repeat(100_000),
        `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
        '{"document":1,"document":2}',
      ])
        expect(() => reader(source)).toThrow(BreakwaterError);
    },
  );
});
