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

/** A doubt by its rank, as `matchDoubts` orders them. */
const doubtOfRank = sql`case f.weight >> ${sql.lit(weightBits)} ${sql.join(
  matchDoubts.map((doubt, i) => sql`when ${sql.lit(i + 1)} then ${sql.lit(doubt)}`),
  sql` `,
)} end`;

/**
 * Pairs that the rule gives in a scope, each with its deciding interval. One part for each way in which a version can lie in an
 * interval, because PostgreSQL walks the index of keys for a plain range, and never for `or`.
 */
function freshPairs(institution: string, scope: MatchScope): RawBuilder<unknown> {
  const ways = [
    { on: sql`v.vkey >= i.lo and v.vkey < i.hi and i.exact is null`, unplaced: 0 },
    { on: sql`v.vkey >= i.lo and i.hi is null and i.exact is null`, unplaced: 0 },
    { on: sql`v.version = i.exact`, unplaced: 0 },
    { on: sql`v.vkey is null and i.exact is null`, unplaced: 3 },
  ];
  const parts = ways.map(
    ({ on, unplaced }) => sql`
      select v.id as component_version, i.document, (case when i.distro <> '' and v.distro = '' then 1 when not i.certain then 2
        else ${sql.lit(unplaced)} end)::bigint << ${sql.lit(weightBits)} | i.id as weight
      from inventory_component_version v join advisory_interval i on i.package = v.package and ${on}
      where i.institution = ${institution} and (i.distro = '' or v.distro = '' or i.distro = v.distro)
        ${inScope(scope, { version: sql`v.id`, package: sql`i.package`, document: sql`i.document` })}`,
  );
  return sql`
    select component_version, document, min(weight) as weight from (${sql.join(parts, sql` union all `)}) ways
    group by component_version, document`;
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
  if (scope.kind === 'all') {
    await sql`select set_config('work_mem', ${workMemory}, true)`.execute(tx);
    // PostgreSQL reads with several processes only in a statement that does not write, and at night nothing has to be written.
    const { matches, differences } = await compareAll(tx, institution);
    if (differences === 0) return { matches, added: 0, removed: 0, changed: 0 };
  }
  const { rows } = await sql<MatchChange>`
    with fresh as materialized (${described(freshPairs(institution, scope))}),
    different as materialized (
      select coalesce(f.component_version, m.component_version) as component_version, coalesce(f.document, m.document) as document,
        f.document is null as is_gone, m.document is null as is_new, f.interval, f.doubt, f.verdict
      from fresh f full join ${keptPairs(institution, scope)} m
        on m.component_version = f.component_version and m.document = f.document
      where ${isDifferent}
    ), stale as (
      delete from advisory_match m using different d
      where d.is_gone and m.component_version = d.component_version and m.document = d.document returning 1
    ), changed as (
      update advisory_match m set interval = d.interval, doubt = d.doubt, verdict = d.verdict from different d
      where not d.is_gone and not d.is_new and m.component_version = d.component_version and m.document = d.document returning 1
    ), added as (
      insert into advisory_match (component_version, document, interval, institution, verdict, doubt, matched_by, matched_at)
      select d.component_version, d.document, d.interval, ${institution}, d.verdict, d.doubt, ${by}, ${at}
      from different d where d.is_new returning 1
    )
    select (select count(*) from fresh) as matches, (select count(*) from added) as added,
      (select count(*) from stale) as removed, (select count(*) from changed) as changed`.execute(tx);
  return rows[0] ?? { matches: 0, added: 0, removed: 0, changed: 0 };
}

/** How many pairs the rule gives over everything, and how many of the kept ones are not those. */
async function compareAll(tx: Tx, institution: string): Promise<{ matches: number; differences: number }> {
  const scope: MatchScope = { kind: 'all' };
  const { rows } = await sql<{ matches: number; differences: number }>`
    select count(f.document) as matches, count(*) filter (where ${isDifferent}) as differences
    from (${described(freshPairs(institution, scope))}) f full join ${keptPairs(institution, scope)} m
      on m.component_version = f.component_version and m.document = f.document`.execute(tx);
  return rows[0] ?? { matches: 0, differences: 0 };
}

/** The kept matches of a scope. */
function keptPairs(institution: string, scope: MatchScope): RawBuilder<unknown> {
  return sql`(
    select m.component_version, m.document, m.interval, m.doubt from advisory_match m
    ${scope.kind === 'packages' ? sql`join inventory_component_version v on v.id = m.component_version` : sql``}
    where m.institution = ${institution}
    ${inScope(scope, { version: sql`m.component_version`, package: sql`v.package`, document: sql`m.document` })})`;
}

const isDifferent = sql`(f.document is null or m.document is null or (m.interval, m.doubt) is distinct from (f.interval, f.doubt))`;

/** Pairs with what their weight says. */
function described(pairs: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select f.component_version, f.document, f.weight & ((1::bigint << ${sql.lit(weightBits)}) - 1) as interval,
      ${doubtOfRank} as doubt,
      case when f.weight >> ${sql.lit(weightBits)} = 0 then 'affected' else 'undetermined' end as verdict
    from (${pairs}) f`;
}

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
