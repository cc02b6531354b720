/** The SQL of what was seen of the public site. */
import { sql } from 'kysely';
import { windowsOf, type Notice } from '@breakwater/rules/notice';
import type { Db, Tx } from '#platform/db';
import type { SiteFetch } from './site-watch.ts';

/** A page to look at: its newest publication, and the bytes that were published then. */
export type WatchedPage = { notice: string; plan: string; url: string; content: string };

/** The newest version of each work whose window is not over at `now`, where its page is reached over HTTP. */
export async function watchedPages(db: Db | Tx, institution: string, now: Date): Promise<WatchedPage[]> {
  const { rows } = await sql<WatchedPage & { document: Notice }>`
    select distinct on (v.plan) n.id as notice, v.plan, n.document, p.url, p.content
    from notice_version v
    join notice n on n.institution = v.institution and n.id = v.notice
    join notice_publication p on p.institution = v.institution and p.notice = v.notice
    where v.institution = ${institution} and n.document -> 'window' ->> 'end' is not null
    order by v.plan, v.version desc, p.id desc`.execute(db);
  return rows.flatMap(({ document, ...page }) =>
    /^https?:/.test(page.url) && windowsOf(document).some(({ end }) => now.getTime() < Date.parse(end)) ? [page] : [],
  );
}

export async function insertFetch(tx: Tx, institution: string, seen: SiteFetch): Promise<void> {
  await sql`
    insert into notice_fetch (institution, notice, url, fetched_at, status, body, served_at, certificate, as_published, failure)
    values (${institution}, ${seen.notice}, ${seen.url}, ${seen.at}, ${seen.status}, ${seen.body}, ${seen.servedAt},
      ${seen.certificate}, ${seen.asPublished}, ${seen.failure})`.execute(tx);
}

export type Fetches = {
  looks: number;
  asPublished: number;
  first: Date | null;
  last: Date | null;
  lastFault: Date | null;
};

export async function readFetches(db: Db | Tx, institution: string, notice: string): Promise<Fetches> {
  const { rows } = await sql<Fetches>`
    select count(*)::int as looks, count(*) filter (where as_published)::int as "asPublished",
      min(fetched_at) as first, max(fetched_at) as last, max(fetched_at) filter (where not as_published) as "lastFault"
    from notice_fetch where institution = ${institution} and notice = ${notice}`.execute(db);
  return rows[0] ?? { looks: 0, asPublished: 0, first: null, last: null, lastFault: null };
}
