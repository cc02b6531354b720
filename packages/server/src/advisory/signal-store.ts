import type { EpssEntry, KevEntry, VexStatement } from '@breakwater/rules/advisory';
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db';

const batch = 20_000;

/** Puts a catalogue in the place of the former: what is no longer in it is no longer listed. How many entries changed. */
export async function replaceKev(tx: Tx, entries: readonly KevEntry[]): Promise<number> {
  const text = JSON.stringify(entries);
  const { rows } = await sql<{ changed: number }>`
    with given as (select * from jsonb_to_recordset(${text}::jsonb) as k (cve text, added date, due date, ransomware boolean)),
    kept as (
      insert into advisory_signal (cve, kev_added, kev_due, ransomware) select cve, added, due, ransomware from given
      on conflict (cve) do update set kev_added = excluded.kev_added, kev_due = excluded.kev_due, ransomware = excluded.ransomware
        where (advisory_signal.kev_added, advisory_signal.kev_due, advisory_signal.ransomware)
          is distinct from (excluded.kev_added, excluded.kev_due, excluded.ransomware)
      returning 1
    ), dropped as (
      update advisory_signal s set kev_added = null, kev_due = null, ransomware = null
      where s.kev_added is not null and not exists (select from given g where g.cve = s.cve) returning 1
    )
    select (select count(*) from kept) + (select count(*) from dropped) as changed`.execute(tx);
  return rows[0]?.changed ?? 0;
}

/** Keeps the scores of a day. How many entries changed. */
export async function keepEpss(tx: Tx, entries: readonly EpssEntry[]): Promise<number> {
  let changed = 0;
  for (let from = 0; from < entries.length; from += batch) {
    const some = entries.slice(from, from + batch);
    const { rows } = await sql<{ changed: number }>`
      with kept as (
        insert into advisory_signal (cve, epss, epss_percentile)
        select * from unnest(${some.map(({ cve }) => cve)}::text[], ${some.map(({ score }) => score)}::real[],
          ${some.map(({ percentile }) => percentile)}::real[])
        on conflict (cve) do update set epss = excluded.epss, epss_percentile = excluded.epss_percentile
          where (advisory_signal.epss, advisory_signal.epss_percentile) is distinct from (excluded.epss, excluded.epss_percentile)
        returning 1
      ) select count(*) as changed from kept`.execute(tx);
    changed += rows[0]?.changed ?? 0;
  }
  return changed;
}

export interface SignalSource {
  readonly kind: 'kev' | 'epss';
  readonly release: string;
  readonly digest: string;
  readonly entries: number;
  readonly takenAt: string;
}

export async function keepSignalSource(
  tx: Tx,
  { kind, release, digest, entries, takenAt }: SignalSource,
): Promise<void> {
  await sql`
    insert into advisory_signal_source (kind, release, digest, entries, taken_at)
    values (${kind}, ${release}, ${digest}, ${entries}, ${takenAt})
    on conflict (kind) do update set release = excluded.release, digest = excluded.digest, entries = excluded.entries,
      taken_at = excluded.taken_at`.execute(tx);
}

export async function readSignalSources(db: Db | Tx): Promise<SignalSource[]> {
  const { rows } = await sql<Omit<SignalSource, 'takenAt'> & { taken_at: Date }>`
    select kind, release, digest, entries, taken_at from advisory_signal_source order by kind`.execute(db);
  return rows.map(({ taken_at: at, ...row }) => ({ ...row, takenAt: at.toISOString() }));
}

export interface Signal {
  readonly cve: string;
  readonly kevAdded: string | null;
  readonly kevDue: string | null;
  readonly epss: number | null;
}

export async function readSignals(db: Db | Tx, cves: readonly string[]): Promise<Map<string, Signal>> {
  const { rows } = await sql<Signal>`
    select cve, kev_added::text as "kevAdded", kev_due::text as "kevDue", epss from advisory_signal where cve = any(${[...cves]}::text[])`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.cve, row]));
}

/** Puts the statements of a document in the place of those of its former revision. */
export async function replaceVex(
  tx: Tx,
  institution: string,
  { origin, author, digest }: { origin: string; author: string; digest: string },
  statements: readonly VexStatement[],
): Promise<void> {
  await sql`delete from advisory_vex where institution = ${institution} and origin = ${origin}`.execute(tx);
  for (let from = 0; from < statements.length; from += batch) {
    await sql`
      insert into advisory_vex (institution, origin, author, digest, vulnerability, statement)
      select ${institution}, ${origin}, ${author}, ${digest}, s->>'vulnerability', s
      from jsonb_array_elements(${JSON.stringify(statements.slice(from, from + batch))}::jsonb) s`.execute(tx);
  }
}

/** Statements about vulnerabilities, with their authors. */
export async function readVexStatements(
  db: Db | Tx,
  institution: string,
  vulnerabilities: readonly string[],
): Promise<(VexStatement & { author: string })[]> {
  const { rows } = await sql<{ statement: VexStatement; author: string }>`
    select statement, author from advisory_vex
    where institution = ${institution} and vulnerability = any(${[...vulnerabilities]}::text[]) order by id`.execute(
    db,
  );
  return rows.map(({ statement, author }) => ({ ...statement, author }));
}
