import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import type { Platform } from '#platform';
import { manualClock } from '#platform/clock';
import { loadConfig } from '#platform/config';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { createHttp, type Http } from '#platform/http';
import { createLog, createMetrics } from '#platform/telemetry';
import { noJobs } from '#platform/jobs';
import { inventoryRoutes } from './routes.ts';

const token = 'a-token-of-this-test';
const clock = manualClock(new Date('2026-12-01T00:00:00Z'));
let database: TestDatabase;
let app: Http;
let brought: number[] = [];

beforeAll(async () => {
  database = await testDatabase();
  const config = { ...loadConfig({ root: '/', env: {} }), institution: 'bank' };
  const platform: Platform = {
    config,
    clock,
    db: database.db,
    databaseUrl: database.url,
    log: createLog('silent'),
    metrics: createMetrics(),
    jobs: noJobs,
  };
  app = await createHttp({
    log: createLog('silent'),
    metrics: createMetrics(),
    access: { token },
    bodyLimitBytes: 1_000_000,
    requestTimeoutSeconds: 10,
  });
  inventoryRoutes(app, platform, async (_tx, { added }) => {
    brought = [...added];
    return added.length;
  });
}, 60_000);
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

async function call(
  method: 'GET' | 'POST',
  url: string,
  payload?: string | object,
): Promise<{ status: number; body: ReturnType<typeof JSON.parse> }> {
  const type = typeof payload === 'string' ? 'application/octet-stream' : 'application/json';
  const headers = { authorization: `Bearer ${token}`, ...(payload === undefined ? {} : { 'content-type': type }) };
  const answer = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
  return { status: answer.statusCode, body: answer.json() };
}
const send = (query: string, text: string) => call('POST', `/inventory/imports?by=p-03&${query}`, text);
const bom = (...purls: string[]) =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { component: { name: 'app' } },
    components: purls.map((purl, i) => ({ 'bom-ref': `c${i}`, name: `c${i}`, purl })),
  });
const own =
  'schema: breakwater.inventory/1\nservices: [{ id: transfer, criticality: critical }]\nmodules: [{ id: transfer-api, service: transfer }]\nassets: [{ id: web-01, addresses: [10.0.0.1], modules: [transfer-api], endOfLife: 2026-11-30 }]';

describe('an import', () => {
  test('is shown before it is applied, and changes nothing until then', async () => {
    const shown = await send('asset=web-09', bom('pkg:npm/a@1.0.0'));
    expect(shown.body).toMatchObject({
      applied: false,
      base: null,
      matches: null,
      source: 'cyclonedx-json:app:web-09',
    });
    expect(shown.body.diff.components.added).toEqual([{ name: 'npm/a', version: '1.0.0' }]);
    expect((await call('GET', '/inventory/components?asset=web-09')).body.components).toEqual([]);
  });

  test('again is a difference: added, changed, gone; only versions that nobody had are matched', async () => {
    await send('asset=web-02&apply=yes', bom('pkg:npm/a@1.0.0', 'pkg:npm/b@1.0.0', 'pkg:npm/c@1.0.0'));
    expect(brought).toHaveLength(3);
    clock.advance(60_000);
    const second = await send('asset=web-02&apply=yes', bom('pkg:npm/a@2.0.0', 'pkg:npm/c@1.0.0', 'pkg:npm/d@1.0.0'));
    expect(second.body.diff.components).toMatchObject({
      added: [{ name: 'npm/d', version: '1.0.0' }],
      changed: [{ name: 'npm/a', before: ['1.0.0'], after: ['2.0.0'] }],
      gone: [{ name: 'npm/b', version: '1.0.0' }],
      same: 1,
    });
    expect(brought).toHaveLength(2);
    const { body } = await call('GET', '/inventory/components?asset=web-02');
    expect(
      body.components.map((one: { package: string; version: string }) => `${one.package} ${one.version}`).toSorted(),
    ).toEqual(['npm/a 2.0.0', 'npm/c 1.0.0', 'npm/d 1.0.0']);
    clock.advance(60_000);
    const third = await send('asset=web-02&apply=yes', bom('pkg:npm/a@2.0.0', 'pkg:npm/c@1.0.0', 'pkg:npm/d@1.0.0'));
    expect(third.body.diff.components).toMatchObject({ added: [], changed: [], gone: [], same: 3 });
  });

  test('of a diff that is no longer true is refused', async () => {
    const shown = await send('asset=web-03', bom('pkg:npm/a@1.0.0'));
    await send('asset=web-03&apply=yes', bom('pkg:npm/a@1.5.0'));
    const late = await send(`asset=web-03&apply=yes&base=${shown.body.base ?? 0}`, bom('pkg:npm/a@1.0.0'));
    expect(late).toMatchObject({ status: 409, body: { code: 'inventory.changed' } });
  });

  test.each([
    ['asset=x', '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"na', 'sbom.not-json'],
    [
      'asset=x',
      `{"bomFormat":"CycloneDX","specVersion":"1.6","a":${'['.repeat(99)}${']'.repeat(99)}}`,
      'sbom.too-deep',
    ],
    [
      'asset=x',
      '<!DOCTYPE a [<!ENTITY b "bbbb">]><bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>',
      'xml.declaration',
    ],
    ['asset=x&format=cyclonedx-json', 'k\u00fc', 'sbom.not-json'],
    ['', bom('pkg:npm/a@1'), 'inventory.asset-missing'],
    ['asset=x', 'hello', 'inventory.format'],
    ['asset=%20', bom('pkg:npm/a@1'), 'inventory.asset'],
  ])('case %# (%s) is refused, and nothing of it is kept', async (query, text, code) => {
    const before = await sql<{ n: number }>`select count(*) as n from inventory_import`.execute(database.db);
    const { status, body } = await send(`${query}&apply=yes`, text);
    expect([status, body.code]).toEqual([400, code]);
    const after = await sql<{ n: number }>`select count(*) as n from inventory_import`.execute(database.db);
    expect(after.rows).toEqual(before.rows);
  });

  test('in XML gives what the same document in JSON gives', async () => {
    const xml =
      '<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"><metadata><component type="application"><name>app</name></component></metadata><components><component type="library" bom-ref="c0"><name>c0</name><purl>pkg:npm/a@1.0.0</purl></component></components></bom>';
    const { body } = await send('asset=web-04', xml);
    expect(body).toMatchObject({
      format: 'cyclonedx-xml',
      diff: { components: { added: [{ name: 'npm/a', version: '1.0.0' }] } },
    });
  });
});

describe('services, modules and assets', () => {
  test('hang together, and a host that a scan finds by its address is the asset that is known', async () => {
    await send('apply=yes', own);
    const scan =
      '<nmaprun><host><status state="up"/><address addr="10.0.0.1" addrtype="ipv4"/><ports><port protocol="tcp" portid="8443"><state state="open"/><service name="https"/></port></ports></host><host><status state="up"/><address addr="10.0.0.7" addrtype="ipv4"/></host></nmaprun>';
    const { body } = await send('apply=yes', scan);
    expect(body.diff).toMatchObject({
      assets: { added: ['10.0.0.7'] },
      listeners: { added: ['web-01 tcp 10.0.0.1:8443'] },
    });
    expect((await call('GET', '/inventory/services')).body.services).toMatchObject([
      { id: 'transfer', modules: [{ id: 'transfer-api', assets: ['web-01'] }] },
    ]);
    expect((await call('GET', '/inventory/listeners?asset=web-01')).body.listeners).toHaveLength(1);
  });

  test('without support on a day are reported, and so are versions whose support ended', async () => {
    await send('asset=web-05&apply=yes', bom('pkg:npm/old@3.8.1', 'pkg:npm/old@3.80.0'));
    await call('POST', '/inventory/end-of-life', {
      by: 'p-03',
      document: `sha256:${'a'.repeat(64)}`,
      entries: [{ package: 'npm/old', prefix: '3.8', endsOn: '2026-06-30' }],
    });
    const { body } = await call('GET', '/inventory/end-of-life?on=2026-12-01');
    expect(body.items).toEqual([
      { kind: 'component', asset: 'web-05', component: 'npm/old@3.8.1', endsOn: '2026-06-30' },
      { kind: 'asset', asset: 'web-01', component: null, endsOn: '2026-11-30' },
    ]);
  });

  test('that nothing has been seen of since an instant are reported', async () => {
    clock.advance(86_400_000);
    const since = clock.now().toISOString();
    await send('asset=web-06&apply=yes', bom('pkg:npm/a@1.0.0'));
    const ids = (await call('GET', `/inventory/not-seen?since=${since}`)).body.items.map(
      (one: { id: string }) => one.id,
    );
    expect(ids).toContain('web-02');
    expect(ids).not.toContain('web-06');
  });
});
