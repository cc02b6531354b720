/** The SQL of what the public site shows: chains of versions, publications, services. */
import { sql } from 'kysely';
import type { Notice, ObservedService } from '@breakwater/rules/notice';
import type { Db, Tx } from '#platform/db';

/** One version as it was published, with everything that its page shows. */
export type VersionRow = {
  id: string;
  plan: string;
  year: number;
  serial: number;
  version: number;
  document: Notice;
  digest: string;
  hash: string;
  publishedAt: Date;
  /** Digest of what its page said when it was made last; null = it was made before this was kept. */
  shown: string | null;
  url: string;
  /** Since when it was sent by text message. */
  toldAt: Date | null;
};

/**
 * Published versions: of a plan, or the newest `limit` of all, oldest first. A version is published when it has a publication;
 * `with` is read as if it had.
 */
export async function listVersions(
  db: Db | Tx,
  institution: string,
  { plan, limit }: { plan?: string; limit: number },
): Promise<VersionRow[]> {
  const { rows } = await sql<VersionRow>`
    select n.id, v.plan, c.year, c.serial, v.version, n.document, v.document as digest, v.hash,
      first.published_at as "publishedAt", last.shown, last.url, s.requested_at as "toldAt"
    from notice_version v
    join notice n on n.institution = v.institution and n.id = v.notice
    join notice_chain c on c.institution = v.institution and c.plan = v.plan
    join lateral (select published_at from notice_publication p
      where p.institution = v.institution and p.notice = v.notice order by id limit 1) first on true
    join lateral (select shown, url from notice_publication p
      where p.institution = v.institution and p.notice = v.notice order by id desc limit 1) last on true
    left join notice_sending s on s.institution = v.institution and s.notice = v.notice and s.channel = 'sms'
      and s.state <> 'loading'
    where v.institution = ${institution} and (${plan ?? null}::text is null or v.plan = ${plan ?? null})
    order by n.number desc limit ${limit}`.execute(db);
  return rows.toReversed();
}

/** Makes publishing one at a time for an institution, until the transaction ends: pages and feeds are of all its notices. */
export async function lockSite(tx: Tx, institution: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`notice.site ${institution}`}, 0))`.execute(tx);
}

/** The public number of a work, given out when it is first published; `year` in Korea. */
export async function chainOf(
  tx: Tx,
  institution: string,
  plan: string,
  year: number,
): Promise<{ year: number; serial: number }> {
  await sql`
    insert into notice_chain (institution, plan, year, serial)
    select ${institution}, ${plan}, ${year}, 1 + coalesce(max(serial), 0)
    from notice_chain where institution = ${institution} and year = ${year}
    on conflict (institution, plan) do nothing`.execute(tx);
  const { rows } = await sql<{ year: number; serial: number }>`
    select year, serial from notice_chain where institution = ${institution} and plan = ${plan}`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error(`the work ${plan} has no number`);
  return row;
}

export type NewVersion = {
  plan: string;
  version: number;
  notice: string;
  document: string;
  previous: string | null;
  hash: string;
};

/** The last version of a work. */
export async function lastVersion(tx: Tx, institution: string, plan: string): Promise<NewVersion | null> {
  const { rows } = await sql<NewVersion>`
    select plan, version, notice, document, previous, hash from notice_version
    where institution = ${institution} and plan = ${plan} order by version desc limit 1`.execute(tx);
  return rows[0] ?? null;
}

/** The version that a notice is; null = it is none yet. */
export async function versionOf(tx: Db | Tx, institution: string, notice: string): Promise<NewVersion | null> {
  const { rows } = await sql<NewVersion>`
    select plan, version, notice, document, previous, hash from notice_version
    where institution = ${institution} and notice = ${notice}`.execute(tx);
  return rows[0] ?? null;
}

export async function insertVersion(tx: Tx, institution: string, row: NewVersion): Promise<void> {
  await sql`
    insert into notice_version (institution, plan, version, notice, document, previous, hash)
    values (${institution}, ${row.plan}, ${row.version}, ${row.notice}, ${row.document}, ${row.previous}, ${row.hash})`.execute(
    tx,
  );
}

/** Published notices that are no version yet: those of before chains were kept. Oldest first. */
export async function unchained(
  tx: Tx,
  institution: string,
): Promise<{ id: string; plan: string; document: Notice; at: Date }[]> {
  const { rows } = await sql<{ id: string; plan: string; document: Notice; at: Date }>`
    select n.id, n.plan, n.document, min(p.published_at) as at
    from notice n join notice_publication p on p.institution = n.institution and p.notice = n.id
    where n.institution = ${institution} and not exists (select from notice_version v
      where v.institution = n.institution and v.notice = n.id)
    group by n.institution, n.id, n.plan, n.document, n.number order by n.number`.execute(tx);
  return rows;
}

export type Publication = {
  notice: string;
  publishedAt: Date;
  phase: 'scheduled' | 'under-way' | 'over';
  content: string;
  url: string;
  shown: string;
};

export async function insertPublication(tx: Tx, institution: string, row: Publication): Promise<void> {
  await sql`
    insert into notice_publication (institution, notice, published_at, phase, content, url, shown)
    values (${institution}, ${row.notice}, ${row.publishedAt}, ${row.phase}, ${row.content}, ${row.url}, ${row.shown})`.execute(
    tx,
  );
}

/** What is seen of services, by service. */
export async function readServices(db: Db | Tx, institution: string): Promise<Map<string, ObservedService>> {
  const { rows } = await sql<{ service: string; state: ObservedService['state']; at: Date }>`
    select service, state, read_at as at from notice_service where institution = ${institution}`.execute(db);
  return new Map(rows.map(({ service, state, at }) => [service, { state, at: at.getTime() }]));
}
/** Writes what the probes of a work say of its services at `at`. */
export async function writeServices(
  tx: Tx,
  institution: string,
  plan: string,
  states: ReadonlyMap<string, ObservedService['state']>,
  at: Date,
): Promise<void> {
  await sql`
    insert into notice_service (institution, service, state, plan, read_at)
    select ${institution}, u.service, u.state, ${plan}, ${at}
    from unnest(${[...states.keys()]}::text[], ${[...states.values()]}::text[]) as u (service, state)
    on conflict (institution, service) do update set state = excluded.state, plan = excluded.plan, read_at = excluded.read_at
    where notice_service.read_at <= excluded.read_at`.execute(tx);
}
