import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyIntervals, matchComponent, readOsv, type AdvisoryDocument } from '@breakwater/rules/advisory';
import type { ComponentIdentity } from '@breakwater/rules/inventory';
import { keepComponentVersions, lockMatching } from '#inventory';
import { inTransaction } from '#platform/db';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { importDocument, matchComponents, matchEverything, renewOrders } from './matching.ts';

const at = new Date('2026-12-01T00:00:00Z');
const system = { kind: 'system', id: 'advisory' } as const;
let database: TestDatabase;
let serial = 0;

beforeAll(async () => {
  database = await testDatabase();
}, 60_000);
afterAll(async () => database?.drop());

/** A record of OSV in a database of its own: names of tests must not meet. */
const record = (id: string, affected: object[], more: object = {}): string =>
  JSON.stringify({ schema_version: '1.7.0', id, modified: '2026-11-01T00:00:00Z', affected, ...more });
const npm = (name: string, events: object[], versions: string[] = []) => ({
  package: { ecosystem: 'npm', name },
  ranges: events.length === 0 ? [] : [{ type: 'SEMVER', events }],
  versions,
});

const take = (institution: string, text: string, digest = `sha256:${String((serial += 1)).padStart(64, '0')}`) =>
  inTransaction(database.db, (tx) =>
    importDocument(tx, institution, readOsv(text), {
      source: 'test',
      digest,
      by: { kind: 'person', id: 'p-1' },
      at,
      readers: null,
    }),
  );
const have = (institution: string, components: ComponentIdentity[]) =>
  inTransaction(database.db, async (tx) => {
    await lockMatching(tx);
    const kept = await keepComponentVersions(tx, components);
    return { ...kept, matches: await matchComponents(tx, institution, kept.added, at) };
  });
const component = (name: string, version: string): ComponentIdentity => ({
  type: 'npm',
  name: `npm/${name}`,
  distro: null,
  version,
});
async function kept(institution: string): Promise<string[]> {
  const { rows } = await sql<{ text: string }>`
    select d.name || ' ' || p.name || '@' || v.version || v.distro || ' ' || coalesce(m.doubt, m.verdict) || ' ' || i.path as text
    from advisory_match m join advisory_document d on d.id = m.document join advisory_interval i on i.id = m.interval
    join inventory_component_version v on v.id = m.component_version join inventory_package p on p.id = v.package
    where m.institution = ${institution}`.execute(database.db);
  return rows.map(({ text }) => text).toSorted();
}

describe('matches', () => {
  test('come with a new advisory and with a new component, whichever is first', async () => {
    await have('first', [component('left', '1.0.0')]);
    await take('first', record('A-1', [npm('left', [{ introduced: '0' }, { fixed: '1.5.0' }])]));
    await have('first', [component('left', '1.4.0'), component('left', '1.5.0')]);
    expect(await kept('first')).toEqual([
      'A-1 npm/left@1.0.0 affected /affected/0/ranges/0',
      'A-1 npm/left@1.4.0 affected /affected/0/ranges/0',
    ]);
  });

  test('follow a newer revision of the advisory, pass over an older one, and end when it is withdrawn', async () => {
    await have('revised', [component('right', '1.0.0'), component('right', '3.0.0')]);
    const first = record('A-2', [npm('right', [{ introduced: '0' }, { fixed: '2.0.0' }])]);
    expect((await take('revised', first)).matches).toMatchObject({ added: 1, removed: 0 });
    const second = record('A-2', [npm('right', [{ introduced: '3.0.0' }])], { modified: '2026-11-02T00:00:00Z' });
    expect(await take('revised', second)).toMatchObject({ change: 'changed', matches: { added: 1, removed: 1 } });
    expect(await take('revised', first)).toMatchObject({ change: 'older' });
    expect(await kept('revised')).toEqual(['A-2 npm/right@3.0.0 affected /affected/0/ranges/0']);
    const withdrawn = record('A-2', [npm('right', [{ introduced: '3.0.0' }])], {
      modified: '2026-11-03T00:00:00Z',
      withdrawn: '2026-11-03T00:00:00Z',
    });
    expect(await take('revised', withdrawn)).toMatchObject({ matches: { removed: 1, matches: 0 } });
    expect(await kept('revised')).toEqual([]);
  });

  test('stay as they are when the very same document comes again, or says the same in a newer revision', async () => {
    await have('again', [component('same', '1.0.0')]);
    const text = record('A-3', [npm('same', [{ introduced: '0' }])]);
    await take('again', text, `sha256:${'a'.repeat(64)}`);
    expect(await take('again', text, `sha256:${'a'.repeat(64)}`)).toMatchObject({ change: 'same' });
    const newer = record('A-3', [npm('same', [{ introduced: '0' }])], { modified: '2026-11-05T00:00:00Z' });
    expect((await take('again', newer)).matches).toMatchObject({ added: 0, removed: 0, matches: 1 });
  });

  test('are what the rule says of each pair, by increments and by a full run, on random advisories and components', async () => {
    const version = fc.constantFrom('1.0.0', '1.1.0', '2.0.0-rc.1', '2.0.0', '3.0.0', 'latest');
    const distro = fc.constantFrom('', 'debian-11', 'debian-12');
    const events = fc.array(
      fc.oneof(
        version.map((introduced) => ({ introduced })),
        version.map((fixed) => ({ fixed })),
        version.map((last) => ({ last_affected: last })),
      ),
      { maxLength: 4 },
    );
    const affected = fc.record({
      package: fc.record({
        ecosystem: fc.constantFrom('npm', 'Debian:11', 'Debian:12', 'Debian'),
        name: fc.constantFrom('x', 'y'),
      }),
      ranges: fc.array(fc.record({ type: fc.constant('ECOSYSTEM'), events }), { maxLength: 2 }),
      versions: fc.array(version, { maxLength: 2 }),
    });
    const world = fc.record({
      advisories: fc.array(fc.array(affected, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
      components: fc.array(fc.tuple(fc.constantFrom('npm', 'deb'), fc.constantFrom('x', 'y'), version, distro), {
        minLength: 1,
        maxLength: 12,
      }),
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ advisories, components }) => {
        const institution = `world-${(serial += 1)}`;
        // Names of this world alone: versions of components are shared by all institutions.
        const own = (name: string) => `${name}-${institution}`;
        const identities = components.map(([type, name, at_, of]) => ({
          type,
          name: type === 'npm' ? `npm/${own(name)}` : `deb/debian/${own(name)}`,
          distro: type === 'npm' || of === '' ? null : of,
          version: at_,
        }));
        const documents: AdvisoryDocument[] = [];
        const half = Math.floor(identities.length / 2);
        await have(institution, identities.slice(0, half));
        for (const [i, entries] of advisories.entries()) {
          const named = entries.map((entry) => ({
            ...entry,
            package: { ...entry.package, name: own(entry.package.name) },
          }));
          const text = record(`W-${i}`, named);
          documents.push(readOsv(text));
          await take(institution, text);
        }
        await have(institution, identities.slice(half));
        const wanted = new Set(
          identities.flatMap((identity) =>
            documents.flatMap((document) => {
              const match = matchComponent(identity, document.affected.flatMap(keyIntervals));
              if (match === null) return [];
              const { name, version: at_, distro: of } = identity;
              return [
                `${document.id} ${name}@${at_}${of ?? ''} ${match.doubt ?? match.verdict} ${match.interval.path}`,
              ];
            }),
          ),
        );
        expect(await kept(institution)).toEqual([...wanted].toSorted());
        expect(await matchEverything(database.db, institution, 'nightly', system, at)).toMatchObject({
          differences: 0,
        });
      }),
      { numRuns: 25 },
    );
  });

  test('that were tampered with are found and put right by a full run, and that is evidence', async () => {
    await have('drift', [component('drifting', '1.0.0')]);
    await take('drift', record('A-4', [npm('drifting', [{ introduced: '0' }])]));
    await sql`delete from advisory_match where institution = 'drift'`.execute(database.db);
    expect(await matchEverything(database.db, 'drift', 'nightly', system, at)).toMatchObject({
      differences: 1,
      added: 1,
    });
    const { rows } = await sql<{ leaf: string }>`
      select leaf from evidence_outbox where institution = 'drift' and leaf like '%advisory.matches-drifted%'`.execute(
      database.db,
    );
    expect(rows).toHaveLength(1);
    expect(await kept('drift')).toHaveLength(1);
  });

  test('follow a change of the order of versions', async () => {
    await have('order', [component('ordered', '1.0.0')]);
    await take('order', record('A-5', [npm('ordered', [{ introduced: '1.0.0' }, { fixed: '2.0.0' }])]));
    // As an earlier revision of the order would have left them: the version beyond everything.
    await sql`update inventory_component_version set vkey = '\\xff', key_revision = 0
      where package = (select id from inventory_package where name = 'npm/ordered')`.execute(database.db);
    await matchEverything(database.db, 'order', 'manual', system, at);
    expect(await kept('order')).toEqual([]);
    expect(await renewOrders(database.db, 'order', at)).toBeGreaterThan(0);
    expect(await kept('order')).toHaveLength(1);
  });
});
