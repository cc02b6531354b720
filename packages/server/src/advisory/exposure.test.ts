import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importInventory } from '#inventory';
import { inTransaction } from '#platform/db';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { exposuresOf, type Exposure } from './exposure.ts';
import { takeFile } from './intake.ts';
import { matchComponents } from './matching.ts';
import { insertAdvisory } from './store.ts';

const at = new Date('2026-12-01T00:00:00Z');
const day = '2026-12-01';
const by = { kind: 'person', id: 'p-17' } as const;
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
}, 60_000);
afterAll(async () => database?.drop());

const take = (institution: string, value: unknown, more: { source?: string; readers?: string[] } = {}) =>
  takeFile(database.db, institution, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), {
    source: more.source ?? 'test',
    by,
    at,
    readers: more.readers ?? null,
  });
const have = (institution: string, purls: string[], asset = 'web-01') =>
  importInventory(
    database.db,
    institution,
    {
      bytes: Buffer.from(
        JSON.stringify({
          bomFormat: 'CycloneDX',
          specVersion: '1.6',
          components: purls.map((purl, i) => ({ 'bom-ref': `c${i}`, name: 'c', purl })),
        }),
      ),
      format: null,
      source: null,
      asset,
      distro: null,
      mapping: null,
      by: 'p-17',
      apply: true,
    },
    at,
    async (tx, { added }) => (await matchComponents(tx, institution, added, at)).added,
  );
const exposed = async (institution: string, withFiltered = false): Promise<readonly Exposure[]> =>
  (await exposuresOf(database.db, institution, { withFiltered }, day)).exposures;

const osv = (id: string, name: string, more: object = {}) => ({
  schema_version: '1.7.0',
  id,
  modified: '2026-11-01T00:00:00Z',
  affected: [
    {
      package: { ecosystem: 'npm', name },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.0.0' }] }],
    },
  ],
  ...more,
});
const csaf = (tlp: string) => ({
  document: {
    category: 'csaf_security_advisory',
    csaf_version: '2.0',
    distribution: { tlp: { label: tlp } },
    publisher: { category: 'vendor', name: 'Acme', namespace: 'https://acme.example' },
    title: 'A hole in the thing',
    tracking: {
      id: `ACME-${tlp}`,
      status: 'final',
      version: '1',
      current_release_date: '2026-11-20T00:00:00Z',
      initial_release_date: '2026-11-20T00:00:00Z',
      revision_history: [{ date: '2026-11-20T00:00:00Z', number: '1', summary: 'first' }],
    },
  },
  product_tree: {
    full_product_names: [
      {
        product_id: 'P1',
        name: 'thing 1.0.0',
        product_identification_helper: { purl: `pkg:npm/thing-${tlp.toLowerCase()}@1.0.0` },
      },
      {
        product_id: 'P2',
        name: 'thing 1.1.0',
        product_identification_helper: { purl: `pkg:npm/thing-${tlp.toLowerCase()}@1.1.0` },
      },
    ],
  },
  vulnerabilities: [
    {
      cve: 'CVE-2026-1001',
      notes: [{ category: 'description', text: 'A hole.' }],
      product_status: { known_affected: ['P1'], known_not_affected: ['P2'] },
      threats: [{ category: 'impact', details: 'not in the execute path', product_ids: ['P2'] }],
    },
    {
      cve: 'CVE-2026-1002',
      notes: [{ category: 'description', text: 'Another.' }],
      product_status: { known_affected: ['P2'] },
    },
  ],
});

describe('an exposure', () => {
  test('is one for all names of a vulnerability, with each document that says so', async () => {
    await have('names', ['pkg:npm/left@1.0.0']);
    await take('names', osv('GHSA-aaaa-bbbb-cccc', 'left', { aliases: ['CVE-2026-0001'], summary: 'A hole in left' }));
    await take('names', osv('NPM-1', 'left', { aliases: ['GHSA-aaaa-bbbb-cccc'] }));
    const [one, ...others] = await exposed('names');
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      vulnerability: 'CVE-2026-0001',
      component: { package: 'npm/left', version: '1.0.0' },
      verdict: 'affected',
      places: [{ asset: 'web-01' }],
      reasons: [
        { document: { name: 'GHSA-aaaa-bbbb-cccc' }, rule: 'range', interval: '< 2.0.0', path: '/affected/0/ranges/0' },
        { document: { name: 'NPM-1' } },
      ],
    });
  });

  test('ends when no asset has the component any more', async () => {
    await have('gone', ['pkg:npm/gone@1.0.0']);
    await take('gone', osv('GONE-1', 'gone'));
    expect(await exposed('gone')).toHaveLength(1);
    await have('gone', ['pkg:npm/gone@2.0.0']);
    expect(await exposed('gone')).toEqual([]);
  });

  test('is weighed by what is known of it, and what is not known is read in every way', async () => {
    await have('weight', ['pkg:npm/heavy@1.0.0', 'pkg:npm/light@1.0.0']);
    const severe = [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }];
    await take('weight', osv('CVE-2026-2001', 'heavy', { severity: severe }));
    await take(
      'weight',
      osv('CVE-2026-2002', 'light', {
        severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N' }],
      }),
    );
    const before = await exposed('weight');
    expect(before[0]).toMatchObject({
      vulnerability: 'CVE-2026-2001',
      priority: { decision: 'act', inputs: { exploitation: { source: null } } },
    });
    await take('weight', {
      catalogVersion: '2026.12.01',
      dateReleased: '2026-12-01T00:00:00Z',
      vulnerabilities: [{ cveID: 'CVE-2026-2002', dateAdded: '2026-11-30', dueDate: '2026-12-14' }],
    });
    await take('weight', '#model_version:v2026,score_date:2026-12-01\ncve,epss,percentile\nCVE-2026-2001,0.42,0.99\n');
    const after = await exposed('weight');
    expect(
      after.map(({ vulnerability, priority }) => [
        vulnerability,
        priority.decision,
        priority.mildest,
        priority.kevAdded,
        priority.epss,
      ]),
    ).toEqual(
      [
        ['CVE-2026-2001', 'attend', 'track', null, expect.closeTo(0.42)],
        ['CVE-2026-2002', 'attend', 'track', '2026-11-30', null],
      ].toSorted((a, b) => (a[3] === b[3] ? 0 : a[3] === null ? 1 : -1)),
    );
  });

  test('knows the advisory that disseminated it under any of its names', async () => {
    await have('told', ['pkg:npm/told@1.0.0']);
    await take('told', osv('GHSA-told-told-told', 'told', { aliases: ['CVE-2026-3001'] }));
    const receipt = { id: 'FSI-2026-9', disseminatedBy: 'FSI', receivedAt: at.toISOString(), document: null };
    await inTransaction(database.db, (tx) =>
      insertAdvisory(tx, 'told', { ...receipt, proof: 'attested', vulnerabilities: ['GHSA-told-told-told'] }, 'p-17'),
    );
    expect(await exposed('told')).toMatchObject([
      { dissemination: { id: 'FSI-2026-9', by: 'FSI', proof: 'attested' }, priority: { disseminated: 'attested' } },
    ]);
  });
});

describe('CSAF', () => {
  test('holds each vulnerability for the products it names, and what it says is not affected is a filter on read', async () => {
    await have('csaf', ['pkg:npm/thing-clear@1.0.0', 'pkg:npm/thing-clear@1.1.0']);
    await take('csaf', osv('OTHER-1', 'thing-clear', { aliases: ['CVE-2026-1001'] }));
    await take(
      'csaf',
      csaf('WHITE').document === undefined
        ? {}
        : JSON.parse(JSON.stringify(csaf('WHITE')).replaceAll('thing-white', 'thing-clear')),
    );
    const pairs = (rows: readonly Exposure[]) =>
      rows
        .map(({ vulnerability, component, vex }) => `${vulnerability} ${component.version} ${vex?.status ?? '-'}`)
        .toSorted();
    expect(pairs(await exposed('csaf'))).toEqual(['CVE-2026-1001 1.0.0 -', 'CVE-2026-1002 1.1.0 -']);
    expect(pairs(await exposed('csaf', true))).toEqual([
      'CVE-2026-1001 1.0.0 -',
      'CVE-2026-1001 1.1.0 not-affected',
      'CVE-2026-1002 1.1.0 -',
    ]);
    const { rows } = await sql<{
      n: number;
    }>`select count(*) as n from advisory_match where institution = 'csaf'`.execute(database.db);
    expect(rows[0]?.n).toBe(4);
  });

  test('for named recipients only needs their names, and nobody else is shown it or what it holds', async () => {
    await have('red', ['pkg:npm/thing-red@1.0.0']);
    await expect(take('red', csaf('RED'))).rejects.toMatchObject({ code: 'advisory.readers-missing' });
    await take('red', csaf('RED'), { readers: ['p-1'] });
    expect(await exposed('red', true)).toEqual([]);
  });

  test('that does not have its schema is refused with the place, and nothing is kept', async () => {
    const bad = { ...csaf('WHITE'), vulnerabilities: [{ cve: 'CVE-1' }] };
    await expect(take('bad', bad)).rejects.toMatchObject({ code: 'csaf.schema', path: '/vulnerabilities/0/cve' });
    const { rows } = await sql<{
      n: number;
    }>`select count(*) as n from advisory_document where institution = 'bad'`.execute(database.db);
    expect(rows[0]?.n).toBe(0);
  });
});

test.each([
  ['nothing', 'hello', 'advisory.format'],
  ['packed rubbish', Buffer.from([0x1f, 0x8b, 8, 0, 0]), 'advisory.packed'],
  ['a doubled key', '{"schema_version":"1","id":"A","id":"B","modified":"2026-01-01T00:00:00Z"}', 'osv.duplicate-key'],
  ['odds beyond one', 'cve,epss,percentile\nCVE-2026-1,1.5,0.5', 'epss.syntax'],
])('%s is refused', async (_, bytes, code) => {
  const file = Buffer.from(bytes as string);
  await expect(takeFile(database.db, 'refused', file, { source: 't', by, at, readers: null })).rejects.toMatchObject({
    code,
  });
});
