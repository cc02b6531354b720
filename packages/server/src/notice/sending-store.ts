/** The SQL of sendings: a sending is named by institution, notice and channel; a recipient in it by its key. */
import { sql } from 'kysely';
import type { Notice } from '@breakwater/rules/notice';
import type { Db, Tx } from '#platform/db';
import type { RejectReason } from './address.ts';
import type { Report, ReportState, Submitted } from './channels/channel.ts';

/** A sending of a notice. */
export type SendingChannel = 'sms' | 'email';
export type SendingId = { institution: string; notice: string; channel: SendingChannel };
export type SendingState = 'loading' | 'sending' | 'paused' | 'settling' | 'settled' | 'stopped';
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
  lookupKey: Buffer | null;
  forgottenAt: Date | null;
  /** Which of the configured gateways takes its messages, 1 = the first. */
  gateway: number;
  switchedAt: Date | null;
  /** Lines of the list that were read, and the chain of digests over them. */
  lines: number;
  listDigest: string | null;
};

const sendingColumns = sql`s.institution, s.notice, s.channel, n.plan, n.document, s.state, s.content, s.batches, s.intended, s.repeated,
  s.requested_by as "requestedBy", s.requested_at as "requestedAt", s.last_submitted_at as "lastSubmittedAt",
  s.progressed_at as "progressedAt", s.settled_at as "settledAt", s.data_key as "dataKey", s.erased_at as "erasedAt",
  s.lookup_key as "lookupKey", s.forgotten_at as "forgottenAt", s.gateway, s.switched_at as "switchedAt", s.lines,
  s.list_digest as "listDigest"`;
const sendingTables = sql`notice_sending s join notice n on n.institution = s.institution and n.id = s.notice`;
export const isSending = (id: SendingId, alias = 's') =>
  sql`(${sql.ref(`${alias}.institution`)}, ${sql.ref(`${alias}.notice`)}, ${sql.ref(`${alias}.channel`)}) = (${id.institution}, ${id.notice}, ${id.channel})`;

/** Opens a sending for loading, or leaves the one that is there. */
export async function insertSending(
  tx: Tx,
  id: SendingId,
  row: { content: string; requestedBy: string; at: Date; dataKey: Buffer; lookupKey: Buffer },
): Promise<void> {
  await sql`
    insert into notice_sending (institution, notice, channel, state, content, requested_by, requested_at, progressed_at, data_key, lookup_key)
    values (${id.institution}, ${id.notice}, ${id.channel}, 'loading', ${row.content}, ${row.requestedBy}, ${row.at}, ${row.at}, ${row.dataKey}, ${row.lookupKey})
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
      and s.settled_at > ${since} and exists (select from notice_tally t
        where (t.institution, t.notice, t.channel) = (s.institution, s.notice, s.channel) and t.what = 'submitted'
          and t.count > 0)) as some`.execute(db);
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

export type NewRecipient = { line: number; key: string; number: Buffer | null; suppression: string | null };
export type RejectedLine = { line: number; reason: RejectReason };
/** A part of a list: lines `lines - offered` to `lines`, with the digest of the list up to there. */
export type ListPart = { recipients: readonly NewRecipient[]; offered: number; lines: number; listDigest: string };
const mostRejectedLines = 10_000;

/**
 * Adds a part of a list to a sending that is loading, as its next batch. Those it has already are counted as repeated, those
 * who get no notices are kept as suppressed, with their address, so that a successor counts them too. Returns the lines that reach nobody for one of these; null when it loads no
 * more, or this part is there already.
 */
export async function insertRecipients(
  tx: Tx,
  id: SendingId,
  { recipients, offered, lines, listDigest }: ListPart,
  at: Date,
): Promise<RejectedLine[] | null> {
  const { rows } = await sql<{ batch: number }>`
    update notice_sending s set batches = batches + 1, progressed_at = ${at}, lines = ${lines}, list_digest = ${listDigest}
    where ${isSending(id)} and state = 'loading' and lines = ${lines - offered} returning batches as batch`.execute(tx);
  const batch = rows[0]?.batch;
  if (batch === undefined) return null;
  await sql`insert into notice_batch (institution, notice, channel, batch)
    values (${id.institution}, ${id.notice}, ${id.channel}, ${batch})`.execute(tx);
  const { rows: inserted } = await sql<{ key: string; state: string }>`
    insert into notice_recipient (institution, notice, channel, key, batch, number, state)
    select ${id.institution}, ${id.notice}, ${id.channel}, u.key, ${batch}, u.number,
      case when u.number is null then 'invalid' when p.key is null then 'waiting' else 'suppressed' end
    from unnest(${recipients.map(({ key }) => key)}::text[], ${recipients.map(({ number }) => number)}::bytea[],
      ${recipients.map(({ suppression }) => suppression)}::text[]) as u (key, number, suppression)
    left join notice_suppression p on p.institution = ${id.institution} and p.key = u.suppression
    on conflict do nothing returning key, state`.execute(tx);
  await sql`
    update notice_sending s set intended = intended + ${inserted.length}, repeated = repeated + ${offered - inserted.length}
    where ${isSending(id)}`.execute(tx);
  const states = new Map(inserted.map(({ key, state }) => [key, state]));
  return recipients.flatMap(({ line, key }): RejectedLine[] => {
    const state = states.get(key);
    if (state === undefined) return [{ line, reason: 'repeated' }];
    return state === 'suppressed' ? [{ line, reason: 'suppressed' }] : [];
  });
}

/** Keeps where lines stand that reach nobody, the first {@link mostRejectedLines} of a sending. */
export async function insertRejected(tx: Tx, id: SendingId, rejected: readonly RejectedLine[]): Promise<void> {
  if (rejected.length === 0) return;
  await sql`
    insert into notice_rejected_line (institution, notice, channel, line, reason)
    select ${id.institution}, ${id.notice}, ${id.channel}, u.line, u.reason
    from unnest(${rejected.map(({ line }) => line)}::bigint[], ${rejected.map(({ reason }) => reason)}::text[]) as u (line, reason)
    where (select count(*) from notice_rejected_line r where ${isSending(id, 'r')}) < ${mostRejectedLines}
    order by u.line limit ${mostRejectedLines}
    on conflict do nothing`.execute(tx);
}

/** Lines that reach nobody after line `after`, in their order. */
export async function listRejected(db: Db | Tx, id: SendingId, after: number, limit: number): Promise<RejectedLine[]> {
  const { rows } = await sql<RejectedLine>`
    select line, reason from notice_rejected_line r where ${isSending(id, 'r')} and line > ${after} order by line limit ${limit}`.execute(
    db,
  );
  return rows;
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
 * Recipients are looked up key by key (`offset 0` keeps it so): a database without statistics of the new rows would read all
 * recipients of the sending to find a hundred. They are held first and changed in their place by a second statement, which sees
 * what somebody else wrote while the first one waited.
 */
export async function recordSubmitted(
  tx: Tx,
  id: SendingId,
  results: readonly Submitted[],
  { at, proves }: { at: Date; proves: 'submitted' | 'accepted' },
): Promise<void> {
  const answered = results.filter(({ outcome }) => outcome !== 'unsent');
  const unsent = results.filter(({ outcome }) => outcome === 'unsent').map(({ key }) => key);
  if (unsent.length > 0) {
    await sql`
      update notice_recipient r set state = 'waiting', taken_at = null, submissions = submissions - 1
      where ${isSending(id, 'r')} and r.key = any(${unsent}::text[]) and r.state = 'submitting'`.execute(tx);
  }
  if (answered.length === 0) return;
  const codes = new Map(answered.map((result) => [result.key, result.outcome === 'refused' ? result.code : null]));
  const { rows: held } = await sql<{ place: string; key: string }>`
    select r.place, given.key from unnest(${[...codes.keys()].toSorted()}::text[]) as given (key)
    cross join lateral (select r.ctid::text as place from notice_recipient r
      where ${isSending(id, 'r')} and r.key = given.key and r.state = 'submitting' offset 0 for update) r`.execute(tx);
  await sql`
    update notice_recipient r set submitted_at = ${at}, code = u.code,
      accepted_at = case when u.code is null and ${proves}::text = 'accepted' then ${at}::timestamptz end,
      state = case when u.code is null then 'submitted' else 'refused' end,
      settled_at = case when u.code is null then null else ${at}::timestamptz end
    from unnest(${held.map(({ place }) => place)}::tid[], ${held.map(({ key }) => codes.get(key) ?? null)}::text[])
      as u (place, code)
    where r.ctid = u.place`.execute(tx);
}

/** Notes that messages of a sending were answered. All its workers wait for this row: it is the last thing of a transaction. */
export async function noteProgress(tx: Tx, id: SendingId, at: Date): Promise<void> {
  await sql`
    update notice_sending s set last_submitted_at = ${at}, progressed_at = ${at} where ${isSending(id)}`.execute(tx);
}

/** True when a recipient is in one of the states. */
export async function someRecipient(
  tx: Tx,
  id: SendingId,
  states: readonly ('waiting' | 'submitting' | 'submitted')[],
): Promise<boolean> {
  const { rows } = await sql<{ some: boolean }>`
    select exists (select from notice_tally t where ${isSending(id, 't')} and t.what = any(${states}::text[])
      and t.count > 0) as some`.execute(tx);
  return rows[0]?.some === true;
}

/** Recipient states that each report of a gateway may still change. `viewed` and `certified` add to an arrival. */
const reportable: Readonly<Record<ReportState, readonly string[]>> = {
  accepted: ['submitting', 'submitted'],
  delivered: ['submitting', 'submitted'],
  failed: ['submitting', 'submitted'],
  viewed: ['submitting', 'submitted', 'delivered'],
  certified: ['submitting', 'submitted', 'delivered'],
};

/** Writes reports by our keys; returns the sendings whose figures they changed. Those of messages that are not ours are passed over. */
export async function recordReports(
  tx: Tx,
  institution: string,
  reports: readonly (Omit<Report, 'about'> & { key: string })[],
): Promise<SendingId[]> {
  const changed: SendingId[] = [];
  for (const state of Object.keys(reportable) as ReportState[]) {
    const those = reports.filter((report) => report.state === state);
    if (those.length > 0) changed.push(...(await recordState(tx, institution, state, those)));
  }
  return [...new Map(changed.map((id) => [`${id.notice} ${id.channel}`, id])).values()];
}

async function recordState(
  tx: Tx,
  institution: string,
  state: ReportState,
  reports: readonly { key: string; code: string; at: string }[],
): Promise<SendingId[]> {
  const told = new Map(reports.map((report) => [report.key, report]));
  const next = state === 'accepted' ? 'submitted' : state === 'failed' ? 'failed' : 'delivered';
  const isLast = next !== 'submitted';
  const { rows: held } = await sql<{ place: string; key: string }>`
    select r.place, given.key from unnest(${[...told.keys()].toSorted()}::text[]) as given (key)
    cross join lateral (select r.ctid::text as place from notice_recipient r
      where r.key = given.key and r.institution || '' = ${institution} and r.state = any(${reportable[state]}::text[])
        and not (${state === 'accepted'} and r.accepted_at is not null) offset 0 for update) r`.execute(tx);
  const those = held.flatMap(({ place, key }) => {
    const report = told.get(key);
    return report === undefined ? [] : [{ ...report, place }];
  });
  const { rows } = await sql<SendingId>`
    with changed as (
      update notice_recipient r set state = ${next},
        submitted_at = coalesce(r.submitted_at, r.taken_at, u.at),
        accepted_at = coalesce(r.accepted_at, u.at),
        code = case when ${isLast} and r.state <> 'delivered' then u.code else r.code end,
        settled_at = case when ${isLast} then coalesce(r.settled_at, u.at) else r.settled_at end,
        viewed_at = case when ${state === 'viewed'} then coalesce(r.viewed_at, u.at) else r.viewed_at end,
        certificate = case when ${state === 'certified'} then coalesce(r.certificate, u.code) else r.certificate end
      from unnest(${those.map(({ place }) => place)}::tid[], ${those.map(({ code }) => code)}::text[],
        ${those.map(({ at }) => at)}::timestamptz[]) as u (place, code, at)
      where r.ctid = u.place
      returning r.institution, r.notice, r.channel, r.batch),
    told as (select distinct institution, notice, channel, batch from changed),
    again as (
      update notice_batch b set changed = true from told
      where (b.institution, b.notice, b.channel, b.batch) = (told.institution, told.notice, told.channel, told.batch)
        and b.seals > 0 and not b.changed)
    select distinct institution, notice, channel from told`.execute(tx);
  return rows;
}

/** Recipients of a sending by state; how many the gateway took, are known to have seen it, and have a certificate. */
export type Counts = Record<
  | 'waiting'
  | 'submitting'
  | 'submitted'
  | 'delivered'
  | 'failed'
  | 'refused'
  | 'invalid'
  | 'suppressed'
  /** Submitted more than once: their first answer was lost. */
  | 'resubmitted'
  | 'accepted'
  | 'viewed'
  | 'certified',
  number
>;

const noCounts: Counts = {
  waiting: 0,
  submitting: 0,
  submitted: 0,
  delivered: 0,
  failed: 0,
  refused: 0,
  invalid: 0,
  suppressed: 0,
  resubmitted: 0,
  accepted: 0,
  viewed: 0,
  certified: 0,
};

/** The counts of a sending, from its tally: a row for each batch and state, however long the list is. */
export async function countRecipients(db: Db | Tx, id: SendingId): Promise<Counts> {
  const { rows } = await sql<{ what: keyof Counts; count: number }>`
    select what, sum(count)::bigint as count from notice_tally t where ${isSending(id, 't')} group by what`.execute(db);
  return { ...noCounts, ...Object.fromEntries(rows.map(({ what, count }) => [what, count])) };
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

/** What became of the message to one recipient. */
export type RecipientRow = {
  key: string;
  batch: number;
  state: Exclude<keyof Counts, 'resubmitted' | 'accepted' | 'viewed' | 'certified'>;
  code: string | null;
  submittedAt: Date | null;
  acceptedAt: Date | null;
  settledAt: Date | null;
  viewedAt: Date | null;
  certificate: string | null;
};

const recipientColumns = sql`r.key, r.batch, r.state, r.code, r.submitted_at as "submittedAt", r.accepted_at as "acceptedAt",
  r.settled_at as "settledAt", r.viewed_at as "viewedAt", r.certificate`;

export async function readRecipient(db: Db | Tx, id: SendingId, key: string): Promise<RecipientRow | null> {
  const { rows } = await sql<RecipientRow>`
    select ${recipientColumns} from notice_recipient r where ${isSending(id, 'r')} and key = ${key}`.execute(db);
  return rows[0] ?? null;
}

/** The recipients of a batch in the order of their keys, which is that of its tree. */
export async function recipientsOf(db: Db | Tx, id: SendingId, batch: number): Promise<RecipientRow[]> {
  const { rows } = await sql<RecipientRow>`
    select ${recipientColumns} from notice_recipient r where ${isSending(id, 'r')} and batch = ${batch}
    order by key collate "C"`.execute(db);
  return rows;
}
