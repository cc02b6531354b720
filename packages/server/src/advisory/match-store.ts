/** The matching join: the rule of `matchComponent` (rules) as one statement over the index of packages. */
import { matchDoubts } from '@breakwater/rules/advisory';
import { sql, type RawBuilder } from 'kysely';
import type { Tx } from '#platform/db';

/** What is matched anew: all, or what changed. */
export type MatchScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'document'; readonly document: number }
  | { readonly kind: 'components'; readonly components: readonly number[] }
  | { readonly kind: 'packages'; readonly packages: readonly number[] };

export interface MatchChange {
  /** Matches in the scope afterwards. */
  readonly matches: number;
  readonly added: number;
  readonly removed: number;
  /** Kept, but now for another reason. */
  readonly changed: number;
}

/** Memory for the hash tables of a full run, of this transaction alone. */
const workMemory = '256MB';

/** Ranks of doubts in the weight of an interval; the interval's id stands below. */
const weightBits = 56;

const doubtRank = sql`case
  when i.distro <> '' and v.distro = '' then 1
  when not i.certain then 2
  when v.vkey is null and i.exact is null then 3
  else 0 end`;

/** A doubt by its rank, as `matchDoubts` orders them. */
const doubtOfRank = sql`case f.weight >> ${sql.lit(weightBits)} ${sql.join(
  matchDoubts.map((doubt, i) => sql`when ${sql.lit(i + 1)} then ${sql.lit(doubt)}`),
  sql` `,
)} end`;

/** Pairs that the rule gives in a scope, each with its deciding interval. */
function freshPairs(institution: string, scope: MatchScope): RawBuilder<unknown> {
  return sql`
    select v.id as component_version, i.document, min((${doubtRank})::bigint << ${sql.lit(weightBits)} | i.id) as weight
    from inventory_component_version v
    join advisory_interval i on i.package = v.package
    where i.institution = ${institution}
      and (i.distro = '' or v.distro = '' or i.distro = v.distro)
      and (i.exact is null or i.exact = v.version)
      and (i.exact is not null or v.vkey is null or (v.vkey >= i.lo and (i.hi is null or v.vkey < i.hi)))
      ${inScope(scope, { version: sql`v.id`, package: sql`i.package`, document: sql`i.document` })}
    group by v.id, i.document`;
}

function inScope(
  scope: MatchScope,
  at: { version: RawBuilder<unknown>; package: RawBuilder<unknown>; document: RawBuilder<unknown> },
): RawBuilder<unknown> {
  switch (scope.kind) {
    case 'all':
      return sql``;
    case 'document':
      return sql`and ${at.document} = ${scope.document}`;
    case 'components':
      return sql`and ${at.version} = any(${[...scope.components]}::bigint[])`;
    case 'packages':
      return sql`and ${at.package} = any(${[...scope.packages]}::bigint[])`;
  }
}

/**
 * Brings the kept matches of a scope to what the rule gives, touching only pairs that differ. The caller holds `lockMatching`.
 * `by` and `at` mark the pairs that are new; a pair that was there keeps its own.
 */
export async function reconcileMatches(
  tx: Tx,
  institution: string,
  scope: MatchScope,
  by: string,
  at: Date,
): Promise<MatchChange> {
  if (scope.kind === 'all') await sql`select set_config('work_mem', ${workMemory}, true)`.execute(tx);
  const kept = inScope(scope, {
    version: sql`m.component_version`,
    package: sql`(select package from inventory_component_version where id = m.component_version)`,
    document: sql`m.document`,
  });
  const { rows } = await sql<MatchChange>`
    with fresh as materialized (${freshPairs(institution, scope)}),
    stale as (
      delete from advisory_match m where m.institution = ${institution} ${kept}
        and not exists (select from fresh f where f.component_version = m.component_version and f.document = m.document)
      returning 1
    ), changed as (
      update advisory_match m set interval = f.interval, doubt = f.doubt, verdict = f.verdict
      from (${described}) f
      where f.component_version = m.component_version and f.document = m.document
        and (m.interval, m.doubt) is distinct from (f.interval, f.doubt)
      returning 1
    ), added as (
      insert into advisory_match (component_version, document, interval, institution, verdict, doubt, matched_by, matched_at)
      select f.component_version, f.document, f.interval, ${institution}, f.verdict, f.doubt, ${by}, ${at}
      from (${described}) f
      where not exists (
        select from advisory_match m where m.component_version = f.component_version and m.document = f.document)
      returning 1
    )
    select (select count(*) from fresh) as matches, (select count(*) from added) as added,
      (select count(*) from stale) as removed, (select count(*) from changed) as changed`.execute(tx);
  return rows[0] ?? { matches: 0, added: 0, removed: 0, changed: 0 };
}

const described = sql`
  select f.component_version, f.document, f.weight & ((1::bigint << ${sql.lit(weightBits)}) - 1) as interval,
    ${doubtOfRank} as doubt,
    case when f.weight >> ${sql.lit(weightBits)} = 0 then 'affected' else 'undetermined' end as verdict
  from fresh f`;

export interface MatchRun {
  readonly kind: 'component' | 'advisory' | 'revision' | 'nightly' | 'manual';
  readonly startedAt: Date;
  readonly milliseconds: number;
  readonly matches: number;
  readonly added: number;
  readonly removed: number;
  /** Of a full run: pairs by which the kept state was wrong. */
  readonly differences: number | null;
}

export async function insertMatchRun(tx: Tx, institution: string, run: MatchRun): Promise<void> {
  const { kind, startedAt, milliseconds, matches, added, removed, differences } = run;
  await sql`
    insert into advisory_match_run (institution, kind, started_at, milliseconds, matches, added, removed, differences)
    values (${institution}, ${kind}, ${startedAt}, ${Math.round(milliseconds)}, ${matches}, ${added}, ${removed}, ${differences})`.execute(
    tx,
  );
}
