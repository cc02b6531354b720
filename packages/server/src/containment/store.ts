import { sql } from 'kysely';
import type { Containment, DeniedTraffic, FindingRecord } from '@breakwater/rules/containment';
import type { AttemptsSoFar } from '@breakwater/rules/containment/record';
import type { Db, Tx } from '#platform/db';

/** What a test tried outside its scope since it was told before; of many destinations some are named. */
export interface SeenAttempts {
  /** RFC 3339. */
  readonly at: string;
  readonly packets: number;
  readonly attempts: readonly DeniedTraffic[];
  readonly soFar: AttemptsSoFar;
}

export interface CageReport {
  readonly run: string;
  readonly step: string;
  /** Tools that ran in it; none: its findings are nobody's to judge. */
  readonly tools: readonly string[];
  readonly report: Containment;
  /** The scope's pinned names. */
  readonly names: readonly { name: string; address: string }[];
}

/** A sighting without its texts: what is needed to follow findings over runs. */
export type FollowedRow = Pick<FindingRecord, 'fingerprint' | 'asset' | 'protocol' | 'port' | 'tool'> & { run: string };

export type PageKind = 'attempt' | 'restricted';

export interface Page {
  readonly id: number;
  readonly kind: PageKind;
  readonly body: Readonly<Record<string, unknown>>;
  readonly at: string;
}

/** Notes a run, and the earliest instant that was told of it. */
export async function noteRun(tx: Tx, institution: string, run: string, at: string): Promise<void> {
  await sql`
    insert into containment_run (institution, run, begun_at) values (${institution}, ${run}, ${at})
    on conflict (institution, run) do update set begun_at = least(containment_run.begun_at, excluded.begun_at)`.execute(
    tx,
  );
}

export async function insertAttempts(
  tx: Tx,
  institution: string,
  run: string,
  at: string,
  attempts: readonly DeniedTraffic[],
): Promise<void> {
  await sql`
    insert into containment_attempt (institution, run, address, port, protocol, packets, at)
    select ${institution}, ${run}, address, port, protocol, packets, ${at}
    from jsonb_to_recordset(${JSON.stringify(attempts)}::jsonb)
      as a (address text, port integer, protocol text, packets bigint)`.execute(tx);
}

/** Attempts of a run in the order in which they were told, after the one of id `after`. */
export async function readAttempts(
  db: Db | Tx,
  institution: string,
  run: string,
  after: number,
  limit: number,
): Promise<(DeniedTraffic & { id: number; at: string })[]> {
  const { rows } = await sql<Omit<DeniedTraffic, 'packets'> & { id: string; packets: string; at: Date }>`
    select id, address, port, protocol, packets, at from containment_attempt
    where institution = ${institution} and run = ${run} and id > ${after} order by id limit ${limit}`.execute(db);
  return rows.map((row) => ({ ...row, id: Number(row.id), packets: Number(row.packets), at: row.at.toISOString() }));
}

/** Keeps the report of a cage; false when it is there already. */
export async function insertReport(tx: Tx, institution: string, cage: CageReport): Promise<boolean> {
  const { run, step, tools, report, names } = cage;
  const { rows } = await sql`
    insert into containment_report (institution, run, step, tools, report, names)
    values (${institution}, ${run}, ${step}, ${[...tools]}::text[], ${JSON.stringify(report)}::jsonb, ${JSON.stringify(names)}::jsonb)
    on conflict do nothing returning step`.execute(tx);
  return rows.length === 1;
}

/** Reports of cages, of one run or of all, runs in the order in which they began. */
export async function readReports(db: Db | Tx, institution: string, run: string | null): Promise<CageReport[]> {
  const { rows } = await sql<CageReport>`
    select p.run, p.step, p.tools, p.report, p.names from containment_report p
    join containment_run r using (institution, run)
    where p.institution = ${institution} and (${run}::text is null or p.run = ${run})
    order by r.begun_at, p.run, p.step`.execute(db);
  return rows;
}

/** Adds sightings that are not there yet; returns their fingerprints. */
export async function insertFindings(
  tx: Tx,
  institution: string,
  run: string,
  findings: readonly FindingRecord[],
): Promise<string[]> {
  const rows = findings.map((record) => ({ ...record, level: record.severity.level, record }));
  const { rows: added } = await sql<{ fingerprint: string }>`
    insert into containment_finding (institution, run, fingerprint, tool, rule, asset, protocol, port, level, record)
    select ${institution}, ${run}, fingerprint, tool, rule, asset, protocol, port, level, record
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as f (fingerprint text, tool text, rule text, asset text,
      protocol text, port integer, level text, record jsonb)
    on conflict do nothing returning fingerprint`.execute(tx);
  return [...new Set(added.map(({ fingerprint }) => fingerprint))].toSorted();
}

/** Restricts fingerprints; returns those that were not restricted before. */
export async function restrict(
  tx: Tx,
  institution: string,
  run: string,
  fingerprints: readonly string[],
  at: string,
): Promise<string[]> {
  const { rows } = await sql<{ fingerprint: string }>`
    insert into containment_restricted (institution, fingerprint, run, since)
    select ${institution}, fingerprint, ${run}, ${at} from unnest(${[...fingerprints]}::text[]) as fingerprint
    on conflict do nothing returning fingerprint`.execute(tx);
  return rows.map(({ fingerprint }) => fingerprint);
}

/** Which findings a reader is shown. */
export interface FindingFilter {
  readonly restricted: boolean;
  readonly run: string | null;
  readonly fingerprint: string | null;
}

const visible = (institution: string, restricted: boolean) => sql`
  f.institution = ${institution} and ${restricted} = exists (
    select from containment_restricted x where x.institution = f.institution and x.fingerprint = f.fingerprint)`;

/** Sightings of a page of fingerprints, in the order of fingerprints, after `after`. */
export async function readFindings(
  db: Db | Tx,
  institution: string,
  { restricted, run, fingerprint }: FindingFilter,
  after: string,
  limit: number,
): Promise<{ run: string; record: FindingRecord }[]> {
  const { rows } = await sql<{ run: string; record: FindingRecord }>`
    select f.run, f.record from containment_finding f
    where f.fingerprint in (
        select distinct f.fingerprint from containment_finding f
        where ${visible(institution, restricted)} and f.fingerprint > ${after}
          and (${run}::text is null or f.run = ${run})
          and (${fingerprint}::text is null or f.fingerprint = ${fingerprint})
        order by f.fingerprint limit ${limit})
      and f.institution = ${institution}
    order by f.fingerprint, f.id`.execute(db);
  return rows;
}

/** Every sighting that a reader is shown, without texts, and every run in the order in which they began. */
export async function readFollowed(
  db: Db | Tx,
  institution: string,
  restricted: boolean,
): Promise<{ runs: string[]; sightings: FollowedRow[] }> {
  const { rows: runs } = await sql<{ run: string }>`
    select run from containment_run where institution = ${institution} order by begun_at, run`.execute(db);
  const { rows: sightings } = await sql<FollowedRow>`
    select f.run, f.fingerprint, f.asset, f.protocol, f.port, f.tool from containment_finding f
    where ${visible(institution, restricted)}`.execute(db);
  return { runs: runs.map(({ run }) => run), sightings };
}

/** The channel on which new pages for the console are told. */
export const pageChannel = 'containment_page';

/** Adds a page and tells of it when the transaction commits. */
export async function insertPage(
  tx: Tx,
  institution: string,
  page: { kind: PageKind; body: object; at: string },
): Promise<number> {
  const { kind, body, at } = page;
  const { rows } = await sql<{ id: string }>`
    insert into containment_page (institution, kind, body, at)
    values (${institution}, ${kind}, ${JSON.stringify(body)}::jsonb, ${at}) returning id`.execute(tx);
  if (kind === 'attempt') await sql`select pg_notify(${pageChannel}, ${institution})`.execute(tx);
  return Number(rows[0]?.id);
}

type PageRow = { id: string; kind: PageKind; body: Record<string, unknown>; at: Date };

/** Pages for the console after the one of id `after`. Restricted pages are not among them. */
export async function readPagesAfter(db: Db | Tx, institution: string, after: number, limit: number): Promise<Page[]> {
  const { rows } = await sql<PageRow>`
    select id, kind, body, at from containment_page
    where institution = ${institution} and kind = 'attempt' and id > ${after} order by id limit ${limit}`.execute(db);
  return rows.map(pageOf);
}

/** The id of the newest page; 0 = there is none. */
export async function newestPage(db: Db | Tx, institution: string): Promise<number> {
  const { rows } = await sql<{ id: string | null }>`
    select max(id) as id from containment_page where institution = ${institution} and kind = 'attempt'`.execute(db);
  return Number(rows[0]?.id ?? 0);
}

function pageOf({ id, kind, body, at }: PageRow): Page {
  return { id: Number(id), kind, body, at: at.toISOString() };
}

export async function insertRestrictedAct(
  tx: Tx,
  institution: string,
  act: { digest: string; salt: string; details: object; at: string },
): Promise<void> {
  const { digest, salt, details, at } = act;
  await sql`
    insert into containment_restricted_act (institution, digest, salt, details, at)
    values (${institution}, ${digest}, ${salt}, ${JSON.stringify(details)}::jsonb, ${at})`.execute(tx);
}
