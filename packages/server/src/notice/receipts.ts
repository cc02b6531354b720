/** What the receipts of a sending say, for the start gate. */
import { sql } from 'kysely';
import { isStalled, type SendingReceipts } from '@breakwater/rules/notice';
import type { Db } from '#platform/db';
import { figuresOf } from './proof.ts';
import { countRecipients, isSending, type SendingRow } from './sending-store.ts';

/** The receipts of a sending at `now`; `coverage` = the needed share, 0 to 1. */
export async function receiptsOf(db: Db, sending: SendingRow, coverage: number, now: Date): Promise<SendingReceipts> {
  const counts = await countRecipients(db, sending);
  const { intended, unknown } = figuresOf(counts, sending.state === 'settled');
  const needed = Math.ceil(intended * coverage);
  const isCovered = intended > 0 && counts.delivered >= needed;
  const { rows } = isCovered
    ? await sql<{ at: Date | null }>`
        select settled_at as at from notice_recipient r where ${isSending(sending, 'r')} and state = 'delivered'
        order by settled_at offset ${Math.max(0, needed - 1)} limit 1`.execute(db)
    : { rows: [] };
  return {
    intended,
    delivered: counts.delivered,
    unknown,
    coveredAt: rows[0]?.at?.getTime() ?? null,
    stalled: isStalled({
      isSending: sending.state === 'sending',
      silentMs: now.getTime() - sending.progressedAt.getTime(),
    }),
  };
}
