/** What sources said, as rows: read as one view, replaced by the next. */
import type {
  AssetRecord,
  ComponentRecord,
  InventoryView,
  ListenerRecord,
  ModuleRecord,
  ServiceRecord,
} from '@breakwater/rules/inventory';
import { sql } from 'kysely';
import { lockKey, type Db, type Tx } from '#platform/db';

/** Waits until nobody else imports from this source. */
export async function lockSource(tx: Tx, institution: string, source: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockKey(`inventory.source:${institution}:${source}`).toString()}::bigint)`.execute(
    tx,
  );
}

/** The id of the last import from a source; null = none. */
export async function lastImport(db: Db | Tx, institution: string, source: string): Promise<number | null> {
  const { rows } = await sql<{ id: number | null }>`
    select max(id) as id from inventory_import where institution = ${institution} and source = ${source}`.execute(db);
  return rows[0]?.id ?? null;
}

/** What a source said last; of assets everything that is present, whoever said it, because sources complete each other. */
export interface KeptView extends InventoryView {
  /** Ids that this very source brought: what it no longer names is gone. */
  readonly own: {
    readonly services: ReadonlySet<string>;
    readonly modules: ReadonlySet<string>;
    readonly assets: ReadonlySet<string>;
  };
}

export async function readView(db: Db | Tx, institution: string, source: string): Promise<KeptView> {
  const { rows: components } = await sql<{ name: string; version: string | null }>`
    select distinct p.name, v.version from inventory_occurrence o
    join inventory_component_version v on v.id = o.component_version join inventory_package p on p.id = v.package
    where o.institution = ${institution} and o.source = ${source} and o.gone_at is null and o.role <> 'source'
    union
    select name, version from inventory_unmatched where institution = ${institution} and source = ${source}`.execute(
    db,
  );
  const records = async (table: string): Promise<{ all: unknown[]; own: Set<string> }> => {
    const { rows } = await sql<{ record: { id: string }; source: string }>`
      select record, source from ${sql.table(table)} where institution = ${institution} and gone_at is null`.execute(
      db,
    );
    return {
      all: rows.map(({ record }) => record),
      own: new Set(rows.filter((row) => row.source === source).map(({ record }) => record.id)),
    };
  };
  const services = await records('inventory_service');
  const modules = await records('inventory_module');
  const assets = await records('inventory_asset');
  const { rows: listeners } = await sql<{ record: ListenerRecord }>`
    select record from inventory_listener
    where institution = ${institution} and source = ${source} and gone_at is null`.execute(db);
  return {
    components,
    services: services.all as ServiceRecord[],
    modules: modules.all as ModuleRecord[],
    assets: assets.all as AssetRecord[],
    listeners: listeners.map(({ record }) => record),
    own: { services: services.own, modules: modules.own, assets: assets.own },
  };
}

/** Where a row comes from and when. */
export interface Seen {
  readonly institution: string;
  readonly source: string;
  readonly at: Date;
}

export async function keepServices(
  tx: Tx,
  { institution, source, at }: Seen,
  services: readonly ServiceRecord[],
): Promise<void> {
  await sql`
    insert into inventory_service (institution, id, record, source, first_seen, last_seen)
    select ${institution}, r->>'id', r, ${source}, ${at}, ${at} from jsonb_array_elements(${JSON.stringify(services)}::jsonb) r
    on conflict (institution, id) do update set record = excluded.record, last_seen = excluded.last_seen, gone_at = null`.execute(
    tx,
  );
}

export async function keepModules(
  tx: Tx,
  { institution, source, at }: Seen,
  modules: readonly ModuleRecord[],
): Promise<void> {
  await sql`
    insert into inventory_module (institution, id, service, record, source, first_seen, last_seen)
    select ${institution}, r->>'id', r->>'service', r, ${source}, ${at}, ${at} from jsonb_array_elements(${JSON.stringify(modules)}::jsonb) r
    on conflict (institution, id) do update
      set record = excluded.record, service = excluded.service, last_seen = excluded.last_seen, gone_at = null`.execute(
    tx,
  );
}

export async function keepAssets(
  tx: Tx,
  { institution, source, at }: Seen,
  assets: readonly AssetRecord[],
): Promise<void> {
  await sql`
    insert into inventory_asset (institution, id, record, modules, addresses, end_of_life, source, first_seen, last_seen)
    select ${institution}, r->>'id', r, array(select jsonb_array_elements_text(r->'modules')),
      array(select jsonb_array_elements_text(r->'addresses')), (r->>'endOfLife')::date, ${source}, ${at}, ${at}
    from jsonb_array_elements(${JSON.stringify(assets)}::jsonb) r
    on conflict (institution, id) do update set record = excluded.record, modules = excluded.modules, addresses = excluded.addresses,
      end_of_life = excluded.end_of_life, last_seen = excluded.last_seen, gone_at = null`.execute(tx);
}

/** Marks what a source brought and no longer names. */
export async function markGone(
  tx: Tx,
  { institution, source, at }: Seen,
  table: 'inventory_service' | 'inventory_module' | 'inventory_asset',
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    update ${sql.table(table)} set gone_at = ${at}
    where institution = ${institution} and source = ${source} and id = any(${[...ids]}::text[]) and gone_at is null`.execute(
    tx,
  );
}

/** A component's identity on an asset. */
export interface Occurrence {
  readonly ref: string;
  readonly role: 'itself' | 'source' | 'cpe';
  readonly componentVersion: number;
}

/** Puts `occurrences` in the place of what the source saw on the asset; what it no longer sees is gone and stays known. */
export async function replaceOccurrences(
  tx: Tx,
  { institution, source, at }: Seen,
  asset: string,
  occurrences: readonly Occurrence[],
): Promise<void> {
  const batch = 10_000;
  const present: number[] = [];
  for (let from = 0; from < occurrences.length; from += batch) {
    const some = occurrences.slice(from, from + batch);
    const { rows } = await sql<{ id: number }>`
      insert into inventory_occurrence (institution, asset, source, ref, role, component_version, first_seen, last_seen)
      select ${institution}, ${asset}, ${source}, g.ref, g.role, g.version, ${at}, ${at}
      from unnest(${some.map(({ ref }) => ref)}::text[], ${some.map(({ role }) => role)}::text[],
        ${some.map(({ componentVersion }) => componentVersion)}::bigint[]) as g (ref, role, version)
      on conflict (institution, asset, source, ref, role, component_version)
        do update set last_seen = excluded.last_seen, gone_at = null
      returning id`.execute(tx);
    for (const { id } of rows) present.push(id);
  }
  await sql`
    update inventory_occurrence set gone_at = ${at}
    where institution = ${institution} and source = ${source} and gone_at is null and id <> all(${present}::bigint[])`.execute(
    tx,
  );
}

export async function replaceUnmatched(
  tx: Tx,
  { institution, source }: Seen,
  asset: string,
  components: readonly ComponentRecord[],
): Promise<void> {
  await sql`delete from inventory_unmatched where institution = ${institution} and source = ${source}`.execute(tx);
  const rows = components.map(({ ref, name, version, why }) => ({ ref, name, version, why }));
  await sql`
    insert into inventory_unmatched (institution, asset, source, ref, name, version, why)
    select ${institution}, ${asset}, ${source}, u.ref, u.name, u.version, u.why
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as u (ref text, name text, version text, why text)`.execute(
    tx,
  );
}

export async function replaceListeners(
  tx: Tx,
  { institution, source, at }: Seen,
  listeners: readonly ListenerRecord[],
): Promise<void> {
  await sql`
    insert into inventory_listener (institution, asset, source, address, protocol, port, record, first_seen, last_seen)
    select ${institution}, r->>'asset', ${source}, r->>'address', r->>'protocol', (r->>'port')::integer, r, ${at}, ${at}
    from jsonb_array_elements(${JSON.stringify(listeners)}::jsonb) r
    on conflict (institution, asset, source, address, protocol, port)
      do update set record = excluded.record, last_seen = excluded.last_seen, gone_at = null`.execute(tx);
  const present = listeners.map(({ asset, address, protocol, port }) => `${asset} ${address} ${protocol} ${port}`);
  await sql`
    update inventory_listener set gone_at = ${at}
    where institution = ${institution} and source = ${source} and gone_at is null
      and asset || ' ' || address || ' ' || protocol || ' ' || port <> all(${present}::text[])`.execute(tx);
}

export async function insertImport(
  tx: Tx,
  { institution, source, at }: Seen,
  { format, digest, counts, by }: { format: string; digest: string; counts: object; by: string },
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into inventory_import (institution, source, format, digest, counts, imported_by, imported_at)
    values (${institution}, ${source}, ${format}, ${digest}, ${JSON.stringify(counts)}::jsonb, ${by}, ${at}) returning id`.execute(
    tx,
  );
  return rows[0]?.id ?? 0;
}

/** Ids of present assets by their addresses. */
export async function assetsByAddress(db: Db | Tx, institution: string): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; address: string }>`
    select id, unnest(addresses) as address from inventory_asset where institution = ${institution} and gone_at is null order by id desc`.execute(
    db,
  );
  return new Map(rows.map(({ address, id }) => [address, id]));
}
