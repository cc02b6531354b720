import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db';
import type { Told } from './post.ts';

/** Which setting names a webhook. */
export type WebhookSource = 'notice' | 'containment' | 'auth';

export interface Delivery extends Told {
  readonly delivery: number;
  readonly source: string;
  readonly webhook: string;
  readonly leftAt: Date;
  readonly deliveredAt: Date | null;
}

export interface Attempt {
  readonly at: Date;
  /** Null: it was taken. */
  readonly failure: string | null;
  readonly ms: number;
}

/** A delivery with its tries, newest last; what was told is not among it. */
export interface DeliveryStatus extends Omit<Delivery, 'body'> {
  readonly attempts: readonly Attempt[];
}

export async function insertDelivery(
  tx: Tx,
  institution: string,
  { source, webhook, header, id, body, at }: Told & { source: WebhookSource; webhook: string; at: Date },
): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    insert into webhook_delivery (institution, source, webhook, header, event, body, left_at)
    values (${institution}, ${source}, ${webhook}, ${header}, ${id}, ${body}, ${at}) returning id`.execute(tx);
  return Number(rows[0]?.id);
}

export async function readDelivery(db: Db | Tx, institution: string, delivery: number): Promise<Delivery | null> {
  const { rows } = await sql<Delivery>`
    select id::int as delivery, source, webhook, header, event as id, body, left_at as "leftAt", delivered_at as "deliveredAt"
    from webhook_delivery where institution = ${institution} and id = ${delivery}`.execute(db);
  return rows[0] ?? null;
}

export async function insertAttempt(db: Db, delivery: number, { at, failure, ms }: Attempt): Promise<void> {
  await sql`
    insert into webhook_attempt (delivery, at, failure, ms) values (${delivery}, ${at}, ${failure}, ${ms})`.execute(db);
  if (failure !== null) return;
  await sql`
    update webhook_delivery set delivered_at = ${at} where id = ${delivery} and delivered_at is null`.execute(db);
}

/** Deliveries before `before` (0: the newest), newest first; `open`: only those that nobody has taken. */
export async function listDeliveries(
  db: Db,
  institution: string,
  { before, limit, webhook, open }: { before: number; limit: number; webhook: string | null; open: boolean },
): Promise<DeliveryStatus[]> {
  const { rows } = await sql<Omit<DeliveryStatus, 'attempts'> & { attempts: (Omit<Attempt, 'at'> & { at: string })[] }>`
    select d.id::int as delivery, source, webhook, header, event as id, left_at as "leftAt", delivered_at as "deliveredAt",
      coalesce((select json_agg(json_build_object('at', a.at, 'failure', a.failure, 'ms', a.ms) order by a.at)
        from webhook_attempt a where a.delivery = d.id), '[]') as attempts
    from webhook_delivery d
    where institution = ${institution} and (${before} = 0 or id < ${before})
      and (${webhook}::text is null or webhook = ${webhook}) and (not ${open} or delivered_at is null)
    order by id desc limit ${limit}`.execute(db);
  return rows.map((row) => ({ ...row, attempts: row.attempts.map((one) => ({ ...one, at: new Date(one.at) })) }));
}

/** How many deliveries nobody has taken. */
export async function openDeliveries(db: Db, institution: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from webhook_delivery where institution = ${institution} and delivered_at is null`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}
