/** The SQL of notices. A sending is named by institution, notice and channel; a recipient in it by its key. */
import { sql } from 'kysely';
import type { Notice } from '@breakwater/rules/notice';
import type { Db, Tx } from '#platform/db';
import type { Report, Submitted } from './channels/channel.ts';

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

/** A sending of a notice. */
export type SendingId = { institution: string; notice: string; channel: 'sms' };
export type SendingState = 'loading' | 'sending' | 'settling' | 'settled' | 'stopped';
export type SendingRow = SendingId & {
  plan: string;
  document: Notice;
  state: SendingState;
  content: string;
  batches: number;
  intended: number;
  repeated: number;
  requestedBy: string;
  requestedAt: Date;
  lastSubmittedAt: Date | null;
  progressedAt: Date;
  settledAt: Date | null;
  dataKey: Buffer | null;
  erasedAt: Date | null;
};

const sendingColumns = sql`s.institution, s.notice, s.channel, n.plan, n.document, s.state, s.content, s.batches, s.intended, s.repeated,
  s.requested_by as "requestedBy", s.requested_at as "requestedAt", s.last_submitted_at as "lastSubmittedAt",
  s.progressed_at as "progressedAt", s.settled_at as "settledAt", s.data_key as "dataKey", s.erased_at as "erasedAt"`;
const sendingTables = sql`notice_sending s join notice n on n.institution = s.institution and n.id = s.notice`;
const isSending = (id: SendingId, alias = 's') =>
  sql`(${sql.ref(`${alias}.institution`)}, ${sql.ref(`${alias}.notice`)}, ${sql.ref(`${alias}.channel`)}) = (${id.institution}, ${id.notice}, ${id.channel})`;

/** Opens a sending for loading, or leaves the one that is there. */
export async function insertSending(
  tx: Tx,
  id: SendingId,
  row: { content: string; requestedBy: string; at: Date; dataKey: Buffer },
): Promise<void> {
  await sql`
    insert into notice_sending (institution, notice, channel, state, content, requested_by, requested_at, progressed_at, data_key)
    values (${id.institution}, ${id.notice}, ${id.channel}, 'loading', ${row.content}, ${row.requestedBy}, ${row.at}, ${row.at}, ${row.dataKey})
    on conflict do nothing`.execute(tx);
}

export async function readSending(db: Db | Tx, id: SendingId): Promise<SendingRow | null> {
  const { rows } = await sql<SendingRow>`select ${sendingColumns} from ${sendingTables} where ${isSending(id)}`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** The sendings of a plan, or of a notice. */
export async function listSendings(
  db: Db | Tx,
  institution: string,
  of: { plan: string } | { notice: string },
): Promise<SendingRow[]> {
  const which = 'plan' in of ? sql`n.plan = ${of.plan}` : sql`n.id = ${of.notice}`;
  const { rows } = await sql<SendingRow>`
    select ${sendingColumns} from ${sendingTables} where s.institution = ${institution} and ${which}
    order by s.requested_at`.execute(db);
  return rows;
}

/** Sendings that are not over. */
export async function openSendings(db: Db | Tx, institution: string): Promise<SendingRow[]> {
  const { rows } = await sql<SendingRow>`
    select ${sendingColumns} from ${sendingTables} where s.institution = ${institution} and s.state in ('sending', 'settling')`.execute(
    db,
  );
  return rows;
}

/** True when a sending that ended after `since` has messages without a report. */
export async function awaitsLateReports(db: Db | Tx, institution: string, since: Date): Promise<boolean> {
  const { rows } = await sql<{ some: boolean }>`
    select exists (select from notice_sending s where s.institution = ${institution} and s.state = 'settled'
      and s.settled_at > ${since} and exists (select from notice_recipient r
        where (r.institution, r.notice, r.channel) = (s.institution, s.notice, s.channel) and r.state = 'submitted')) as some`.execute(
    db,
  );
  return rows[0]?.some === true;
}

/** Moves a sending from one of `from` to `to`. False when it was in none of them. */
export async function moveSending(
  tx: Tx,
  id: SendingId,
  from: readonly SendingState[],
  to: SendingState,
  at: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update notice_sending s set state = ${to}, progressed_at = ${at}, settled_at = case when ${to} = 'settled' then ${at} else settled_at end
    where ${isSending(id)} and state = any(${from}::text[]) returning notice`.execute(tx);
  return rows.length > 0;
}

export type NewRecipient = { key: string; number: Buffer | null };

/** Adds a batch of recipients to a sending that is loading; those it has already are counted as repeated. Null when it loads no more. */
export async function insertRecipients(
  tx: Tx,
  id: SendingId,
  recipients: readonly NewRecipient[],
  offered: number,
  at: Date,
): Promise<number | null> {
  const { rows } = await sql<{ batch: number }>`
    update notice_sending s set batches = batches + 1, progressed_at = ${at}
    where ${isSending(id)} and state = 'loading' returning batches as batch`.execute(tx);
  const batch = rows[0]?.batch;
  if (batch === undefined) return null;
  const { rows: inserted } = await sql`
    insert into notice_recipient (institution, notice, channel, key, batch, number, state)
    select ${id.institution}, ${id.notice}, ${id.channel}, u.key, ${batch}, u.number,
      case when u.number is null then 'invalid' else 'waiting' end
    from unnest(${recipients.map(({ key }) => key)}::text[], ${recipients.map(({ number }) => number)}::bytea[]) as u (key, number)
    on conflict do nothing returning key`.execute(tx);
  await sql`
    update notice_sending s set intended = intended + ${inserted.length}, repeated = repeated + ${offered - inserted.length}
    where ${isSending(id)}`.execute(tx);
  return inserted.length;
}

/**
 * Takes recipients of a batch that were not answered for yet: from now on their message may be on its way. Those that were
 * taken before and have no answer are left alone until `doubtBefore`.
 *
 * They are chosen once, as an array: a subquery would be chosen again for each row, and the limit would not hold.
 */
export async function takeRecipients(
  tx: Tx,
  id: SendingId,
  batch: number,
  { limit, at, doubtBefore }: { limit: number; at: Date; doubtBefore: Date },
): Promise<{ key: string; number: Buffer | null }[]> {
  const { rows } = await sql<{ key: string; number: Buffer | null }>`
    update notice_recipient r set state = 'submitting', taken_at = ${at}, submissions = submissions + 1
    where r.ctid = any(array(
      select r.ctid from notice_recipient r
      where ${isSending(id, 'r')} and batch = ${batch} and state in ('waiting', 'submitting')
        and (state = 'waiting' or taken_at is null or taken_at <= ${doubtBefore})
      limit ${limit} for update skip locked))
    returning r.key, r.number`.execute(tx);
  return rows;
}

/** True when the batch has recipients of whom nobody knows yet whether their message left. */
export async function someInDoubt(tx: Tx, id: SendingId, batch: number): Promise<boolean> {
  const { rows } = await sql<{ some: boolean }>`
    select exists (select from notice_recipient r where ${isSending(id, 'r')} and batch = ${batch}
      and state in ('waiting', 'submitting')) as some`.execute(tx);
  return rows[0]?.some === true;
}

/**
 * Writes what the gateway answered. A report that was faster stays; what certainly did not leave waits again.
 *
 * The state is compared with `is not distinct from`, so that rows are found by their keys: after `state = 'submitting'` a
 * database that has no statistics of the new rows yet reads every open recipient instead.
 */
export async function recordSubmitted(tx: Tx, id: SendingId, results: readonly Submitted[], at: Date): Promise<void> {
  const answered = results.filter(({ outcome }) => outcome !== 'unsent');
  const unsent = results.filter(({ outcome }) => outcome === 'unsent').map(({ key }) => key);
  if (unsent.length > 0) {
    await sql`
      update notice_recipient r set state = 'waiting', taken_at = null, submissions = submissions - 1
      where ${isSending(id, 'r')} and r.key = any(${unsent}::text[])
        and r.state is not distinct from 'submitting'`.execute(tx);
  }
  if (answered.length === 0) return;
  const keys = answered.map(({ key }) => key);
  const codes = answered.map((result) => (result.outcome === 'refused' ? result.code : null));
  await sql`
    update notice_recipient r set submitted_at = ${at}, code = u.code,
      state = case when u.code is null then 'submitted' else 'refused' end,
      settled_at = case when u.code is null then null else ${at}::timestamptz end
    from unnest(${keys}::text[], ${codes}::text[]) as u (key, code)
    where ${isSending(id, 'r')} and r.key = any(${keys}::text[]) and r.key = u.key
      and r.state is not distinct from 'submitting'`.execute(tx);
  await sql`
    update notice_sending s set last_submitted_at = ${at}, progressed_at = ${at} where ${isSending(id)}`.execute(tx);
}

/** How many recipients were submitted more than once: their first answer was lost. */
export async function countResubmitted(db: Db | Tx, id: SendingId): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from notice_recipient r where ${isSending(id, 'r')} and submissions > 1`.execute(db);
  return rows[0]?.count ?? 0;
}

/** True when a recipient is in one of the states. */
export async function someRecipient(
  tx: Tx,
  id: SendingId,
  states: readonly ('waiting' | 'submitting' | 'submitted')[],
): Promise<boolean> {
  const which = sql.join(states.map((state) => sql.lit(state)));
  const { rows } = await sql<{ some: boolean }>`
    select exists (select from notice_recipient r where ${isSending(id, 'r')} and state in (${which})) as some`.execute(
    tx,
  );
  return rows[0]?.some === true;
}

/** Writes reports by our keys; returns the sendings whose figures they changed. Those of messages that are not ours are passed over. */
export async function recordReports(
  tx: Tx,
  institution: string,
  reports: readonly (Omit<Report, 'about'> & { key: string })[],
): Promise<SendingId[]> {
  const keys = reports.map(({ key }) => key);
  const { rows } = await sql<SendingId>`
    with changed as (
      update notice_recipient r set state = u.state, code = u.code, settled_at = u.at
      from unnest(${keys}::text[], ${reports.map(({ state }) => state)}::text[],
        ${reports.map(({ code }) => code)}::text[], ${reports.map(({ at }) => at)}::timestamptz[]) as u (key, state, code, at)
      where r.institution = ${institution} and r.key = any(${keys}::text[]) and r.key = u.key
        and r.state in ('submitting', 'submitted')
      returning r.institution, r.notice, r.channel)
    select distinct institution, notice, channel from changed`.execute(tx);
  return rows;
}

export type Counts = Record<
  'waiting' | 'submitting' | 'submitted' | 'delivered' | 'failed' | 'refused' | 'invalid',
  number
>;

/** Recipients of a sending by state. */
export async function countRecipients(db: Db | Tx, id: SendingId): Promise<Counts> {
  const { rows } = await sql<{ state: keyof Counts; count: number }>`
    select state, count(*) as count from notice_recipient r where ${isSending(id, 'r')} group by state`.execute(db);
  const none: Counts = { waiting: 0, submitting: 0, submitted: 0, delivered: 0, failed: 0, refused: 0, invalid: 0 };
  return rows.reduce((counts, { state, count }) => ({ ...counts, [state]: count }), none);
}

/** How far the reports of a gateway were read. */
export async function readCursor(db: Db | Tx, institution: string, gateway: string): Promise<number> {
  const { rows } = await sql<{ position: number }>`
    select position from notice_report_cursor where institution = ${institution} and gateway = ${gateway}`.execute(db);
  return rows[0]?.position ?? 0;
}

/** Moves the cursor from where it was read. False when somebody else moved it: their reports are written already. */
export async function moveCursor(
  tx: Tx,
  institution: string,
  gateway: string,
  from: number,
  to: number,
): Promise<boolean> {
  const { rows } = await sql`
    insert into notice_report_cursor as c (institution, gateway, position) values (${institution}, ${gateway}, ${to})
    on conflict (institution, gateway) do update set position = ${to} where c.position = ${from} returning position`.execute(
    tx,
  );
  return rows.length > 0;
}

/** Destroys the key of a sending's numbers, and the encrypted numbers. Returns how many there were. */
export async function eraseRecipients(tx: Tx, id: SendingId, at: Date): Promise<number> {
  const { rows } = await sql`
    update notice_recipient r set number = null where ${isSending(id, 'r')} and number is not null returning key`.execute(
    tx,
  );
  await sql`update notice_sending s set data_key = null, erased_at = ${at} where ${isSending(id)}`.execute(tx);
  return rows.length;
}

/**
 * Takes it upon the caller to move a sending that nobody has moved since `before`. False when somebody moved it, or took it
 * upon themselves, in the meantime.
 */
export async function claimRescue(tx: Tx, id: SendingId, before: Date, at: Date): Promise<boolean> {
  const { rows } = await sql`
    update notice_sending s set rescued_at = ${at}
    where ${isSending(id)} and state = 'sending' and progressed_at < ${before} and coalesce(rescued_at, progressed_at) < ${before}
    returning notice`.execute(tx);
  return rows.length > 0;
}

/** Batches with recipients that wait to be submitted. */
export async function openBatches(db: Db | Tx, id: SendingId): Promise<number[]> {
  const { rows } = await sql<{ batch: number }>`
    select distinct batch from notice_recipient r where ${isSending(id, 'r')} and state in ('waiting', 'submitting')
    order by batch`.execute(db);
  return rows.map(({ batch }) => batch);
}

/** What became of the message to one recipient, by key. */
export async function readRecipient(
  db: Db | Tx,
  id: SendingId,
  key: string,
): Promise<{ state: keyof Counts; submittedAt: Date | null; settledAt: Date | null } | null> {
  const { rows } = await sql<{ state: keyof Counts; submittedAt: Date | null; settledAt: Date | null }>`
    select state, submitted_at as "submittedAt", settled_at as "settledAt" from notice_recipient r
    where ${isSending(id, 'r')} and key = ${key}`.execute(db);
  return rows[0] ?? null;
}
