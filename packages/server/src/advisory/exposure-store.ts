/** Matches of what is really there, with what is needed to weigh and explain them. */
import type { IntervalEnd, MatchDoubt, MatchRule, MatchVerdict, Severity } from '@breakwater/rules/advisory';
import type { Grade } from '@breakwater/rules/inventory';
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db';

export interface MatchRow {
  readonly componentVersion: number;
  readonly type: string;
  readonly package: string;
  readonly version: string;
  readonly distro: string | null;
  readonly document: number;
  readonly name: string;
  readonly format: string;
  readonly publisher: string;
  readonly revision: string;
  readonly title: string;
  readonly aliases: readonly string[];
  readonly vulnerabilities: readonly string[];
  readonly severities: readonly Severity[];
  readonly verdict: MatchVerdict;
  readonly doubt: MatchDoubt | null;
  readonly matchedAt: Date;
  readonly rule: MatchRule;
  readonly introduced: string | null;
  readonly endKind: IntervalEnd['kind'] | null;
  readonly endVersion: string | null;
  readonly vulnerability: string | null;
  readonly path: string;
}

/** Which matches: of one component version, of one document, or all; at most `limit`. Restricted documents are never among them. */
export interface MatchFilter {
  readonly componentVersion?: number;
  readonly document?: number;
  readonly asset?: string;
  readonly limit: number;
}

/** Matches of component versions that some asset has. A document of several vulnerabilities gives a row for each that holds. */
export async function readMatches(
  db: Db | Tx,
  institution: string,
  { componentVersion, document, asset, limit }: MatchFilter,
): Promise<MatchRow[]> {
  const { rows } = await sql<MatchRow>`
    select v.id as "componentVersion", p.type, p.name as package, v.version, nullif(v.distro, '') as distro, d.id as document, d.name, d.format,
      d.publisher, d.revision, d.title, d.aliases, d.vulnerabilities, d.severities, m.verdict, m.doubt, m.matched_at as "matchedAt",
      i.rule, i.introduced, i.end_kind as "endKind", i.end_version as "endVersion", i.vulnerability, i.path
    from advisory_match m
    join advisory_document d on d.id = m.document and d.readers is null
    join inventory_component_version v on v.id = m.component_version
    join inventory_package p on p.id = v.package
    join lateral (
      select distinct on (i.vulnerability) i.* from advisory_interval i
      where i.document = m.document and i.package = v.package
        and (i.distro = '' or v.distro = '' or i.distro = v.distro) and (i.exact is null or i.exact = v.version)
        and (i.exact is not null or v.vkey is null or (v.vkey >= i.lo and (i.hi is null or v.vkey < i.hi)))
      order by i.vulnerability, i.id <> m.interval, not i.certain, i.id
    ) i on true
    where m.institution = ${institution}
      and exists (select from inventory_occurrence o where o.component_version = v.id and o.institution = ${institution}
        and o.gone_at is null and (${asset ?? null}::text is null or o.asset = ${asset ?? null}))
      ${componentVersion === undefined ? sql`` : sql`and m.component_version = ${componentVersion}`}
      ${document === undefined ? sql`` : sql`and m.document = ${document}`}
    order by v.id, d.id limit ${limit}`.execute(db);
  return rows;
}

/** Where a component version is, and what depends on it. */
export interface Place {
  readonly componentVersion: number;
  readonly asset: string;
  /** When a source first named it there. */
  readonly firstSeen: Date;
  readonly zone: string | null;
  readonly owner: string | null;
  readonly criticality: Grade | null;
  readonly internetFacing: boolean | null;
  readonly endOfLife: string | null;
  readonly modules: readonly string[];
  readonly services: readonly { readonly id: string; readonly criticality: Grade | null }[];
}

export async function readPlaces(db: Db | Tx, institution: string, versions: readonly number[]): Promise<Place[]> {
  const { rows } = await sql<Place>`
    with assets as (
      select a.id, a.record, a.modules,
        coalesce((select jsonb_agg(distinct jsonb_build_object('id', s.id, 'criticality', s.record->'criticality'))
          from inventory_module m join inventory_service s on s.institution = m.institution and s.id = m.service and s.gone_at is null
          where m.institution = a.institution and m.id = any(a.modules) and m.gone_at is null), '[]'::jsonb) as services
      from inventory_asset a where a.institution = ${institution} and a.gone_at is null
    )
    select distinct on (o.component_version, o.asset) o.component_version as "componentVersion", o.asset,
      min(o.first_seen) over (partition by o.component_version, o.asset) as "firstSeen", a.record->>'zone' as zone,
      a.record->>'owner' as owner, a.record->>'criticality' as criticality, (a.record->>'internetFacing')::boolean as "internetFacing",
      a.record->>'endOfLife' as "endOfLife", coalesce(a.modules, '{}') as modules, coalesce(a.services, '[]'::jsonb) as services
    from inventory_occurrence o left join assets a on a.id = o.asset
    where o.institution = ${institution} and o.gone_at is null and o.component_version = any(${[...versions]}::bigint[])
    order by o.component_version, o.asset`.execute(db);
  return rows;
}

/** Groups of names of the same vulnerability, as documents state them. */
export async function readAliasGroups(db: Db | Tx, institution: string): Promise<string[][]> {
  const { rows } = await sql<{ names: string[] }>`
    select array_prepend(name, aliases) as names from advisory_document
    where institution = ${institution} and cardinality(aliases) > 0`.execute(db);
  return rows.map(({ names }) => names);
}
