/** The SQL of notices and of their publications. */
import { sql } from 'kysely';
import type { Notice } from '@breakwater/rules/notice';
import type { Db, Tx } from '#platform/db';

export type NoticeRow = { id: string; plan: string; document: Notice; submittedBy: string; submittedAt: Date };

/** Adds a notice. False when it is there already. */
export async function insertNotice(tx: Tx, institution: string, row: NoticeRow): Promise<boolean> {
  const { rows } = await sql`
    insert into notice (institution, id, plan, document, submitted_by, submitted_at)
    values (${institution}, ${row.id}, ${row.plan}, ${JSON.stringify(row.document)}, ${row.submittedBy}, ${row.submittedAt})
    on conflict do nothing returning id`.execute(tx);
  return rows.length > 0;
}

const noticeColumns = sql`n.id, n.plan, n.document, n.submitted_by as "submittedBy", n.submitted_at as "submittedAt"`;

export async function readNotice(db: Db | Tx, institution: string, id: string): Promise<NoticeRow | null> {
  const { rows } = await sql<NoticeRow>`
    select ${noticeColumns} from notice n where institution = ${institution} and id = ${id}`.execute(db);
  return rows[0] ?? null;
}

/** Where the sending of a notice stands, without its counts. */
export type SendingAtAGlance = {
  channel: 'sms' | 'email';
  state: 'loading' | 'sending' | 'paused' | 'settling' | 'settled' | 'stopped';
  intended: number;
};

/** The sendings of notices, by notice. */
export async function sendingsAtAGlance(
  db: Db | Tx,
  institution: string,
  notices: readonly string[],
): Promise<Map<string, SendingAtAGlance[]>> {
  const { rows } = await sql<SendingAtAGlance & { notice: string }>`
    select notice, channel, state, intended from notice_sending
    where institution = ${institution} and notice = any(${[...notices]}::text[]) order by requested_at`.execute(db);
  const byNotice = new Map<string, SendingAtAGlance[]>();
  for (const { notice, ...sending } of rows) byNotice.set(notice, [...(byNotice.get(notice) ?? []), sending]);
  return byNotice;
}

/** The notices of a plan, or the newest of all plans, oldest first, each with its first publication. */
export async function listNotices(
  db: Db | Tx,
  institution: string,
  { plan, limit }: { plan?: string; limit: number },
): Promise<(NoticeRow & { publishedAt: Date | null; url: string | null })[]> {
  const { rows } = await sql<NoticeRow & { publishedAt: Date | null; url: string | null }>`
    select ${noticeColumns}, first.published_at as "publishedAt", last.url
    from notice n
    left join lateral (select published_at from notice_publication p
      where p.institution = n.institution and p.notice = n.id order by id limit 1) first on true
    left join lateral (select url from notice_publication p
      where p.institution = n.institution and p.notice = n.id order by id desc limit 1) last on true
    where n.institution = ${institution} and (${plan ?? null}::text is null or n.plan = ${plan ?? null})
    order by n.number desc limit ${limit}`.execute(db);
  return rows.toReversed();
}
