import {
  keyIntervals,
  type AdvisoryDocument,
  type IntervalEnd,
  type KeyInterval,
  type MatchRule,
} from '@breakwater/rules/advisory';
import type { Actor } from '@breakwater/rules/evidence';
import { sql } from 'kysely';
import { keepPackages, revisionOf } from '#inventory';
import type { Db, Tx } from '#platform/db';

/** Where a document came from and in which bytes. */
export interface DocumentOrigin {
  readonly source: string;
  /** `sha256:` of its bytes. */
  readonly digest: string;
  readonly by: Actor;
  readonly at: Date;
  /** Who alone may read it; null = everybody of the institution. */
  readonly readers: readonly string[] | null;
}

export type KeptDocument = { readonly id: number; readonly change: 'added' | 'changed' | 'same' | 'older' };

/**
 * Keeps the newest revision of a document. `older`: what is kept is newer, and stays. `same`: these very bytes are kept.
 * The caller holds `lockMatching`.
 */
export async function keepDocument(
  tx: Tx,
  institution: string,
  document: AdvisoryDocument,
  { source, digest, by, at, readers }: DocumentOrigin,
): Promise<KeptDocument> {
  const { format, publisher, id: name, modified } = document;
  const { rows } = await sql<{ id: number; digest: string; modified_at: Date | null }>`
    select id, digest, modified_at from advisory_document
    where institution = ${institution} and format = ${format} and publisher = ${publisher} and name = ${name}`.execute(
    tx,
  );
  const [kept] = rows;
  if (kept?.digest === digest) return { id: kept.id, change: 'same' };
  const before = kept?.modified_at ?? null;
  if (kept !== undefined && before !== null && modified !== null && before.getTime() > Date.parse(modified)) {
    return { id: kept.id, change: 'older' };
  }
  const values = {
    revision: document.revision,
    published_at: document.published,
    modified_at: modified,
    withdrawn_at: document.withdrawn,
    title: document.title,
    aliases: [...document.aliases],
    vulnerabilities: [...document.vulnerabilities],
    severities: JSON.stringify(document.severities),
    tlp: document.marking.tlp,
    readers: readers === null ? null : [...readers],
    notes: JSON.stringify(document.notes),
    digest,
    source,
    imported_by: by.id,
    imported_at: at,
  };
  const assignments = Object.entries(values).map(([column, value]) => sql`${sql.ref(column)} = ${value}`);
  if (kept !== undefined) {
    await sql`update advisory_document set ${sql.join(assignments)} where id = ${kept.id}`.execute(tx);
    return { id: kept.id, change: 'changed' };
  }
  const columns = ['institution', 'format', 'publisher', 'name', ...Object.keys(values)];
  const { rows: added } = await sql<{ id: number }>`
    insert into advisory_document (${sql.join(columns.map((column) => sql.ref(column)))})
    values (${sql.join([institution, format, publisher, name, ...Object.values(values)])})
    returning id`.execute(tx);
  return { id: added[0]?.id ?? 0, change: 'added' };
}

/** Puts `intervals` in the place of those of a document. */
export async function replaceIntervals(
  tx: Tx,
  institution: string,
  document: number,
  intervals: readonly KeyInterval[],
): Promise<void> {
  await sql`delete from advisory_interval where document = ${document}`.execute(tx);
  const packages = await keepPackages(
    tx,
    intervals.map((interval) => interval.package),
  );
  const batch = 5_000;
  for (let from = 0; from < intervals.length; from += batch) {
    const some = intervals.slice(from, from + batch);
    await sql`
      insert into advisory_interval (institution, document, package, distro, lo, hi, exact, certain, key_revision, rule, introduced,
        is_open, end_kind, end_version, vulnerability, path)
      select ${institution}, ${document}, * from unnest(
        ${some.map((one) => packages.get(one.package.name) ?? null)}::bigint[], ${some.map((one) => one.package.distro ?? '')}::text[],
        ${some.map((one) => Buffer.from(one.lo))}::bytea[], ${some.map((one) => (one.hi === null ? null : Buffer.from(one.hi)))}::bytea[],
        ${some.map((one) => one.exact)}::text[], ${some.map((one) => one.certain)}::boolean[],
        ${some.map((one) => revisionOf(one.package.type))}::integer[], ${some.map((one) => one.rule)}::text[],
        ${some.map((one) => one.introduced)}::text[], ${some.map((one) => one.isOpen)}::boolean[],
        ${some.map((one) => one.end?.kind ?? null)}::text[],
        ${some.map((one) => one.end?.version ?? null)}::text[], ${some.map((one) => one.vulnerability)}::text[], ${some.map((one) => one.path)}::text[])`.execute(
      tx,
    );
  }
}

type IntervalRow = {
  id: number;
  type: string;
  name: string;
  distro: string;
  rule: MatchRule;
  introduced: string | null;
  is_open: boolean;
  end_kind: IntervalEnd['kind'] | null;
  end_version: string | null;
  path: string;
};

/** Intervals whose keys were made by another revision of an order, made anew. The packages that are concerned. */
export async function renewIntervalKeys(tx: Tx): Promise<number[]> {
  const { rows: types } = await sql<{ type: string }>`
    select distinct p.type from advisory_interval i join inventory_package p on p.id = i.package`.execute(tx);
  const renewed = new Set<number>();
  for (const { type } of types) {
    const revision = revisionOf(type);
    const { rows } = await sql<IntervalRow & { package: number }>`
      select i.id, i.package, p.type, p.name, i.distro, i.rule, i.introduced, i.is_open, i.end_kind, i.end_version, i.path
      from advisory_interval i join inventory_package p on p.id = i.package
      where p.type = ${type} and i.key_revision <> ${revision}`.execute(tx);
    for (const row of rows) {
      const [one] = keyIntervals({
        package: { type, name: row.name, distro: row.distro === '' ? null : row.distro },
        intervals: [
          {
            rule: row.rule,
            introduced: row.introduced,
            isOpen: row.is_open,
            end: row.end_kind === null ? null : { kind: row.end_kind, version: row.end_version ?? '' },
            path: row.path,
          },
        ],
      });
      if (one === undefined) continue;
      await sql`
        update advisory_interval set lo = ${Buffer.from(one.lo)}, hi = ${one.hi === null ? null : Buffer.from(one.hi)},
          exact = ${one.exact}, certain = ${one.certain}, rule = ${one.rule}, key_revision = ${revision}
        where id = ${row.id}`.execute(tx);
      renewed.add(row.package);
    }
  }
  return [...renewed];
}

/** A document as it is listed. */
export interface ListedDocument {
  readonly id: number;
  readonly format: string;
  readonly publisher: string;
  readonly name: string;
  readonly revision: string;
  readonly modifiedAt: string | null;
  readonly withdrawnAt: string | null;
  readonly title: string;
  readonly vulnerabilities: readonly string[];
  readonly aliases: readonly string[];
  readonly tlp: string | null;
  readonly notes: readonly string[];
  readonly digest: string;
  readonly source: string;
  readonly importedAt: string;
  /** Component versions that are there and match. */
  readonly matches: number;
}

type DocumentRow = Omit<ListedDocument, 'modifiedAt' | 'withdrawnAt' | 'importedAt'> & {
  modified_at: Date | null;
  withdrawn_at: Date | null;
  imported_at: Date;
};

/**
 * Documents, the newest first. `named`: those that bear a name of an advisory or a vulnerability. Those for named persons only are
 * not among them, unless `reader` is one of these persons.
 */
export async function listDocuments(
  db: Db | Tx,
  institution: string,
  {
    named,
    before,
    limit,
    reader,
  }: { named: string | null; before: number | null; limit: number; reader: string | null },
): Promise<ListedDocument[]> {
  const { rows } = await sql<DocumentRow>`
    select id, format, publisher, name, revision, modified_at, withdrawn_at, title, vulnerabilities, aliases, tlp, notes, digest, source,
      imported_at, (select count(*) from advisory_match m where m.document = d.id and exists (
        select from inventory_occurrence o where o.component_version = m.component_version and o.institution = d.institution
          and o.gone_at is null)) as matches
    from advisory_document d
    where institution = ${institution} and (readers is null or ${reader}::text = any(readers))
      and (${named}::text is null or name = ${named} or aliases @> array[${named}]::text[] or vulnerabilities @> array[${named}]::text[])
      and (${before}::bigint is null or id < ${before})
    order by id desc limit ${limit}`.execute(db);
  return rows.map(({ modified_at: modified, withdrawn_at: withdrawn, imported_at: imported, ...row }) => ({
    ...row,
    modifiedAt: modified?.toISOString() ?? null,
    withdrawnAt: withdrawn?.toISOString() ?? null,
    importedAt: imported.toISOString(),
  }));
}

/** How many documents only named persons may read. */
export async function countRestricted(db: Db | Tx, institution: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from advisory_document where institution = ${institution} and readers is not null`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}
