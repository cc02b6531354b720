/** What is there, page by page, and what is old. */
import type { AssetRecord, ListenerRecord, ModuleRecord, ServiceRecord } from '@breakwater/rules/inventory';
import { endOfLifeRecorded } from '@breakwater/rules/inventory/record';
import { sql } from 'kysely';
import * as evidence from '#evidence';
import { inTransaction, type Db, type Tx } from '#platform/db';

export interface Page {
  /** Go on after this id. */
  readonly after: string;
  readonly limit: number;
}

type Times = { firstSeen: string; lastSeen: string; source: string };
export type ListedAsset = AssetRecord & Times & { components: number };

/** Services with their modules, and the assets of each module. */
export async function listServices(
  db: Db,
  institution: string,
): Promise<(ServiceRecord & { modules: (ModuleRecord & { assets: string[] })[] })[]> {
  const { rows: services } = await sql<{ record: ServiceRecord }>`
    select record from inventory_service where institution = ${institution} and gone_at is null order by id`.execute(
    db,
  );
  const { rows: modules } = await sql<{ record: ModuleRecord; assets: string[] }>`
    select m.record, array(select a.id from inventory_asset a
      where a.institution = m.institution and a.gone_at is null and m.id = any(a.modules) order by a.id) as assets
    from inventory_module m where m.institution = ${institution} and m.gone_at is null order by m.id`.execute(db);
  return services.map(({ record }) => ({
    ...record,
    modules: modules
      .filter((one) => one.record.service === record.id)
      .map(({ record: module, assets }) => ({ ...module, assets })),
  }));
}

/** Assets that are present, by id. */
export async function listAssets(db: Db, institution: string, { after, limit }: Page): Promise<ListedAsset[]> {
  const { rows } = await sql<{
    record: AssetRecord;
    first_seen: Date;
    last_seen: Date;
    source: string;
    components: number;
  }>`
    select record, first_seen, last_seen, source, (select count(distinct o.component_version) from inventory_occurrence o
      where o.institution = a.institution and o.asset = a.id and o.gone_at is null and o.role <> 'source') as components
    from inventory_asset a where institution = ${institution} and gone_at is null and id > ${after} order by id limit ${limit}`.execute(
    db,
  );
  return rows.map((row) => ({
    ...row.record,
    firstSeen: row.first_seen.toISOString(),
    lastSeen: row.last_seen.toISOString(),
    source: row.source,
    components: row.components,
  }));
}

export interface ListedComponent {
  readonly id: string;
  readonly package: string;
  readonly version: string;
  readonly distro: string | null;
  readonly asset: string;
  readonly source: string;
  readonly role: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** Components that are present, of an asset or of a package or all. */
export async function listComponents(
  db: Db,
  institution: string,
  filter: { asset: string | null; package: string | null },
  { after, limit }: Page,
): Promise<ListedComponent[]> {
  const { rows } = await sql<Omit<ListedComponent, 'firstSeen' | 'lastSeen'> & { first_seen: Date; last_seen: Date }>`
    select o.id::text as id, p.name as package, v.version, nullif(v.distro, '') as distro, o.asset, o.source, o.role, o.first_seen, o.last_seen
    from inventory_occurrence o join inventory_component_version v on v.id = o.component_version
    join inventory_package p on p.id = v.package
    where o.institution = ${institution} and o.gone_at is null and o.id > ${after === '' ? '0' : after}::bigint
      and (${filter.asset}::text is null or o.asset = ${filter.asset})
      and (${filter.package}::text is null or p.name = ${filter.package})
    order by o.id limit ${limit}`.execute(db);
  return rows.map(({ first_seen: first, last_seen: last, ...row }) => ({
    ...row,
    firstSeen: first.toISOString(),
    lastSeen: last.toISOString(),
  }));
}

/** What each source said last of the versions of a package on an asset, gone ones too. */
export async function sightingsOn(
  db: Db | Tx,
  institution: string,
  asset: string,
  packageName: string,
): Promise<{ source: string; componentVersion: number; lastSeen: string; goneAt: string | null }[]> {
  const { rows } = await sql<{ source: string; componentVersion: number; lastSeen: Date; goneAt: Date | null }>`
    select o.source, o.component_version as "componentVersion", max(o.last_seen) as "lastSeen",
      case when bool_or(o.gone_at is null) then null else max(o.gone_at) end as "goneAt"
    from inventory_occurrence o join inventory_component_version v on v.id = o.component_version
    join inventory_package p on p.id = v.package
    where o.institution = ${institution} and o.asset = ${asset} and p.name = ${packageName}
    group by o.source, o.component_version`.execute(db);
  return rows.map(({ lastSeen, goneAt, ...row }) => ({
    ...row,
    lastSeen: lastSeen.toISOString(),
    goneAt: goneAt === null ? null : goneAt.toISOString(),
  }));
}

/** Components that cannot be matched, with why: they may be affected by anything. */
export async function listUnmatched(
  db: Db,
  institution: string,
): Promise<{ asset: string; source: string; name: string; version: string | null; why: string }[]> {
  const { rows } = await sql<{ asset: string; source: string; name: string; version: string | null; why: string }>`
    select asset, source, name, version, why from inventory_unmatched where institution = ${institution}
    order by asset, source, name limit 10000`.execute(db);
  return rows;
}

export async function listListeners(
  db: Db,
  institution: string,
  asset: string | null,
): Promise<(ListenerRecord & Times)[]> {
  const { rows } = await sql<{ record: ListenerRecord; first_seen: Date; last_seen: Date; source: string }>`
    select record, first_seen, last_seen, source from inventory_listener where institution = ${institution} and gone_at is null
      and (${asset}::text is null or asset = ${asset}) order by asset, protocol, port limit 10000`.execute(db);
  return rows.map(({ record, first_seen: first, last_seen: last, source }) => ({
    ...record,
    firstSeen: first.toISOString(),
    lastSeen: last.toISOString(),
    source,
  }));
}

export interface ListedImport {
  readonly id: number;
  readonly source: string;
  readonly format: string;
  readonly digest: string;
  readonly counts: Readonly<Record<string, { added: number; changed: number; gone: number }>>;
  readonly by: string;
  readonly at: string;
}

/** Imports, newest first. */
export async function listImports(db: Db, institution: string, limit: number): Promise<ListedImport[]> {
  const { rows } = await sql<Omit<ListedImport, 'at'> & { at: Date }>`
    select id, source, format, digest, counts, imported_by as by, imported_at as at from inventory_import
    where institution = ${institution} order by id desc limit ${limit}`.execute(db);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** Something whose support has ended, or ends before a day. */
export interface EndOfLife {
  readonly kind: 'asset' | 'component';
  readonly asset: string;
  /** The package and its version; null for an asset. */
  readonly component: string | null;
  readonly endsOn: string;
}

/** What is without support on `day`, the earliest end first. */
export async function listEndOfLife(db: Db, institution: string, day: string): Promise<EndOfLife[]> {
  const { rows } = await sql<EndOfLife>`
    select 'asset' as kind, id as asset, null as component, end_of_life::text as "endsOn" from inventory_asset
    where institution = ${institution} and gone_at is null and end_of_life <= ${day}::date
    union all
    select 'component', o.asset, p.name || '@' || v.version, e.ends_on::text
    from inventory_end_of_life e join inventory_package p on p.name = e.package
    join inventory_component_version v on v.package = p.id
      and (v.version = e.version_prefix or starts_with(v.version, e.version_prefix || '.') or e.version_prefix = '')
    join inventory_occurrence o on o.component_version = v.id and o.institution = ${institution} and o.gone_at is null
    where e.ends_on <= ${day}::date
    order by 4, 2, 3 limit 10000`.execute(db);
  return rows;
}

export interface EndOfLifeEntry {
  readonly package: string;
  /** `3.8` means 3.8 and 3.8.x; '' all versions. */
  readonly prefix: string;
  readonly endsOn: string;
}

/** Puts dates at which support ends in the place of those that were kept for the same packages, with evidence. */
export async function recordEndOfLife(
  db: Db,
  institution: string,
  { entries, document, by }: { entries: readonly EndOfLifeEntry[]; document: string; by: string },
  at: Date,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const packages = [...new Set(entries.map((entry) => entry.package))];
    await sql`delete from inventory_end_of_life where package = any(${packages}::text[])`.execute(tx);
    await sql`
      insert into inventory_end_of_life (package, version_prefix, ends_on, document)
      select e.package, e.prefix, e."endsOn"::date, ${document}
      from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as e (package text, prefix text, "endsOn" text)
      on conflict (package, version_prefix) do update set ends_on = least(inventory_end_of_life.ends_on, excluded.ends_on)`.execute(
      tx,
    );
    await evidence.append(tx, {
      type: endOfLifeRecorded.type,
      institution,
      subjects: { document },
      actor: { kind: 'person', id: by },
      at: at.toISOString(),
      payload: { document, entries: entries.length },
    });
  });
}

/** What no source has seen since an instant though nothing says that it is gone: perhaps forgotten, perhaps no longer scanned. */
export async function listNotSeenSince(
  db: Db,
  institution: string,
  since: string,
): Promise<{ kind: 'asset' | 'source'; id: string; lastSeen: string }[]> {
  const { rows } = await sql<{ kind: 'asset' | 'source'; id: string; at: Date }>`
    select 'asset' as kind, a.id, greatest(a.last_seen, max(o.last_seen), max(l.last_seen)) as at
    from inventory_asset a
    left join inventory_occurrence o on o.institution = a.institution and o.asset = a.id
    left join inventory_listener l on l.institution = a.institution and l.asset = a.id
    where a.institution = ${institution} and a.gone_at is null group by a.id, a.last_seen
    having greatest(a.last_seen, max(o.last_seen), max(l.last_seen)) < ${since}
    union all
    select 'source', source, max(imported_at) from inventory_import where institution = ${institution}
    group by source having max(imported_at) < ${since}
    order by 3 limit 10000`.execute(db);
  return rows.map(({ kind, id, at }) => ({ kind, id, lastSeen: at.toISOString() }));
}
