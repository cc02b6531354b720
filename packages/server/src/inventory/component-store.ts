import {
  keyOrNull,
  keyRevisions,
  orderOfType,
  type ComponentIdentity,
  type PackageIdentity,
} from '@breakwater/rules/inventory';
import { sql } from 'kysely';
import { lockKey, type Tx } from '#platform/db';

/** Rows of one statement. */
const batch = 5_000;

/**
 * Waits until nobody else changes what is matched. A new component and a new advisory that are added at once would not see each
 * other; whoever adds either holds this until the commit.
 */
export async function lockMatching(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockKey('inventory.matching').toString()}::bigint)`.execute(tx);
}

/** Text that is the same for the same version of the same package. */
export function identityKey({ name, distro, version }: ComponentIdentity): string {
  return `${name}\0${distro ?? ''}\0${version}`;
}

/** Ids of packages by name; those that are new are added. */
export async function keepPackages(tx: Tx, packages: readonly PackageIdentity[]): Promise<Map<string, number>> {
  const types = new Map(packages.map(({ name, type }) => [name, type]));
  const names = [...types.keys()].toSorted();
  const ids = new Map<string, number>();
  for (let from = 0; from < names.length; from += batch) {
    const some = names.slice(from, from + batch);
    await sql`
      insert into inventory_package (type, name)
      select * from unnest(${some.map((name) => types.get(name) ?? '')}::text[], ${some}::text[])
      on conflict (name) do nothing`.execute(tx);
    const { rows } = await sql<{ id: number; name: string }>`
      select id, name from inventory_package where name = any(${some}::text[])`.execute(tx);
    for (const { id, name } of rows) ids.set(name, id);
  }
  return ids;
}

/** Ids of versions by `identityKey`, and which of them nobody had before. */
export interface KeptVersions {
  readonly ids: ReadonlyMap<string, number>;
  readonly added: readonly number[];
}

/** Keeps versions of packages, each once with its sort key. The caller holds `lockMatching`. */
export async function keepComponentVersions(tx: Tx, identities: readonly ComponentIdentity[]): Promise<KeptVersions> {
  const distinct = new Map(identities.map((identity) => [identityKey(identity), identity]));
  const packages = await keepPackages(tx, identities);
  const ids = new Map<string, number>();
  const added: number[] = [];
  const all = [...distinct.entries()];
  for (let from = 0; from < all.length; from += batch) {
    const some = all.slice(from, from + batch);
    const columns = some.map(([, identity]) => columnsOf(identity, packages));
    const { rows } = await sql<{ id: number; n: number; is_new: boolean }>`
      with given as (
        select * from unnest(${columns.map((c) => c.package)}::bigint[], ${columns.map((c) => c.version)}::text[],
          ${columns.map((c) => c.distro)}::text[], ${columns.map((c) => c.key)}::bytea[], ${columns.map((c) => c.revision)}::integer[])
          with ordinality as g (package, version, distro, vkey, key_revision, n)
      ), added as (
        insert into inventory_component_version (package, version, distro, vkey, key_revision)
        select package, version, distro, vkey, key_revision from given
        on conflict do nothing returning id, package, version, distro
      )
      select coalesce(a.id, v.id) as id, g.n::integer as n, a.id is not null as is_new
      from given g
      left join added a using (package, version, distro)
      left join inventory_component_version v using (package, version, distro)`.execute(tx);
    for (const { id, n, is_new: isNew } of rows) {
      ids.set(some[n - 1]?.[0] ?? '', id);
      if (isNew) added.push(id);
    }
  }
  return { ids, added };
}

function columnsOf(
  identity: ComponentIdentity,
  packages: ReadonlyMap<string, number>,
): { package: number | null; version: string; distro: string; key: Buffer | null; revision: number } {
  const key = keyOrNull(identity.type, identity.version);
  return {
    package: packages.get(identity.name) ?? null,
    version: identity.version,
    distro: identity.distro ?? '',
    key: key === null ? null : Buffer.from(key),
    revision: revisionOf(identity.type),
  };
}

/** Revision of the sort keys of a type; 0 where versions have none. */
export function revisionOf(type: string): number {
  const order = orderOfType(type);
  return order === null ? 0 : keyRevisions[order];
}

/** Versions whose keys were made by another revision of the order, made anew. The packages that are concerned. */
export async function renewKeys(tx: Tx): Promise<number[]> {
  const { rows: types } = await sql<{ type: string }>`select distinct type from inventory_package`.execute(tx);
  const renewed = new Set<number>();
  for (const { type } of types) {
    const revision = revisionOf(type);
    const { rows } = await sql<{ id: number; package: number; version: string }>`
      select v.id, v.package, v.version from inventory_component_version v join inventory_package p on p.id = v.package
      where p.type = ${type} and v.key_revision <> ${revision}`.execute(tx);
    for (let from = 0; from < rows.length; from += batch) {
      const some = rows.slice(from, from + batch);
      const keys = some.map(({ version }) => {
        const key = keyOrNull(type, version);
        return key === null ? null : Buffer.from(key);
      });
      await sql`
        update inventory_component_version v set vkey = n.vkey, key_revision = ${revision}
        from unnest(${some.map(({ id }) => id)}::bigint[], ${keys}::bytea[]) as n (id, vkey)
        where v.id = n.id`.execute(tx);
    }
    for (const row of rows) renewed.add(row.package);
  }
  return [...renewed];
}
