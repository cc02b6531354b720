/** The SQL of steering: the switch that holds every sending, gateways that are changed, those who get no notices, and lifetimes. */
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db';
import { isSending, type SendingId, type SendingState } from './sending-store.ts';

export type Halt = { by: string; reason: string; at: Date };

/** Throws the switch. False when it is thrown already. */
export async function insertHalt(tx: Tx, institution: string, { by, reason, at }: Halt): Promise<boolean> {
  const { rows } = await sql`
    insert into notice_halt (institution, by, reason, at) values (${institution}, ${by}, ${reason}, ${at})
    on conflict do nothing returning institution`.execute(tx);
  return rows.length > 0;
}

export async function deleteHalt(tx: Tx, institution: string): Promise<boolean> {
  const { rows } = await sql`delete from notice_halt where institution = ${institution} returning institution`.execute(
    tx,
  );
  return rows.length > 0;
}

/** The switch as it stands; null = not thrown. */
export async function readHalt(db: Db | Tx, institution: string): Promise<Halt | null> {
  const { rows } = await sql<Halt>`select by, reason, at from notice_halt where institution = ${institution}`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** What decides whether messages of a sending may leave now. */
export type Leave = { state: SendingState; gateway: number; halted: boolean };

export async function readLeave(db: Db | Tx, id: SendingId): Promise<Leave | null> {
  const { rows } = await sql<Leave>`
    select s.state, s.gateway, exists (select from notice_halt h where h.institution = s.institution) as halted
    from notice_sending s where ${isSending(id)}`.execute(db);
  return rows[0] ?? null;
}

/** When a gateway last took a message of any open sending; null = it has none. */
export async function gatewayProgress(db: Db | Tx, institution: string, gateway: number): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select max(progressed_at) as at from notice_sending
    where institution = ${institution} and gateway = ${gateway} and state = 'sending'`.execute(db);
  return rows[0]?.at ?? null;
}

/** Gives a sending to another gateway. False when somebody did so in the meantime. */
export async function switchGateway(
  tx: Tx,
  id: SendingId,
  { from, to, at }: { from: number; to: number; at: Date },
): Promise<boolean> {
  const { rows } = await sql`
    update notice_sending s set gateway = ${to}, switched_at = ${at}, progressed_at = ${at}
    where ${isSending(id)} and gateway = ${from} and state = 'sending' returning notice`.execute(tx);
  return rows.length > 0;
}

export type Suppression = { key: string; reason: string };

/** Adds those who get no notices, or changes their reason. Returns how many are new. */
export async function insertSuppressions(
  tx: Tx,
  institution: string,
  rows: readonly Suppression[],
  { by, at }: { by: string; at: Date },
): Promise<number> {
  const { rows: inserted } = await sql<{ isNew: boolean }>`
    insert into notice_suppression as p (institution, key, reason, added_by, added_at)
    select ${institution}, u.key, u.reason, ${by}, ${at}
    from unnest(${rows.map(({ key }) => key)}::text[], ${rows.map(({ reason }) => reason)}::text[]) as u (key, reason)
    on conflict (institution, key) do update set reason = excluded.reason, added_by = excluded.added_by,
      added_at = excluded.added_at returning (xmax = 0) as "isNew"`.execute(tx);
  return inserted.filter(({ isNew }) => isNew).length;
}

export async function deleteSuppressions(tx: Tx, institution: string, keys: readonly string[]): Promise<number> {
  const { rows } = await sql`
    delete from notice_suppression where institution = ${institution} and key = any(${keys}::text[]) returning key`.execute(
    tx,
  );
  return rows.length;
}

/** How many get no notices, by reason. */
export async function countSuppressions(
  db: Db | Tx,
  institution: string,
): Promise<{ reason: string; count: number }[]> {
  const { rows } = await sql<{ reason: string; count: number }>`
    select reason, count(*) as count from notice_suppression where institution = ${institution}
    group by reason order by reason`.execute(db);
  return rows;
}

/** Sendings that are over and whose addresses, or whose list, have lived as long as they may. */
export async function overdueLifetimes(
  db: Db | Tx,
  institution: string,
  { addressesBefore, listsBefore }: { addressesBefore: Date; listsBefore: Date },
): Promise<(SendingId & { plan: string; erase: boolean; forget: boolean })[]> {
  const over = sql`greatest(coalesce(s.settled_at, s.progressed_at), (n.document #>> '{window,end}')::timestamptz)`;
  const { rows } = await sql<SendingId & { plan: string; erase: boolean; forget: boolean }>`
    select s.institution, s.notice, s.channel, n.plan,
      s.erased_at is null and ${over} < ${addressesBefore} as erase,
      s.forgotten_at is null and ${over} < ${listsBefore} as forget
    from notice_sending s join notice n on n.institution = s.institution and n.id = s.notice
    where s.institution = ${institution} and s.state in ('settled', 'stopped')
      and ((s.erased_at is null and ${over} < ${addressesBefore}) or (s.forgotten_at is null and ${over} < ${listsBefore}))`.execute(
    db,
  );
  return rows;
}

/** Destroys the lookup key of a sending. */
export async function forgetList(tx: Tx, id: SendingId, at: Date): Promise<void> {
  await sql`update notice_sending s set lookup_key = null, forgotten_at = ${at} where ${isSending(id)}`.execute(tx);
}
