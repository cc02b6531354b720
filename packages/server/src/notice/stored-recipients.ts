/** The addresses of a sending that was loaded before, so that those who were told can be told again. */
import { sql } from 'kysely';
import { unsealNumber } from './recipients.ts';
import { refuse } from './refusal.ts';
import type { SendingPlatform } from './sending.ts';
import { isSending, readSending, type SendingId } from './sending-store.ts';

const pageRows = 1000;

/** Page by page, decrypted as they are taken. Throws Refused `notice-recipients-erased` when they can no longer be read. */
export async function* storedRecipients(
  { db, keys }: Pick<SendingPlatform, 'db' | 'keys'>,
  id: SendingId,
): AsyncGenerator<string> {
  const sending = await readSending(db, id);
  const dataKey = sending === null ? null : (await keys.open(sending)).dataKey;
  if (dataKey === null) throw refuse({ reason: 'notice-recipients-erased', notice: id.notice });
  for (let after = ''; ;) {
    const { rows } = await sql<{ key: string; number: Buffer }>`
      select r.key, r.number from notice_recipient r
      where ${isSending(id, 'r')} and r.key > ${after} and r.number is not null order by r.key limit ${pageRows}`.execute(
      db,
    );
    for (const { key, number } of rows) yield unsealNumber(dataKey, key, number);
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    after = last.key;
  }
}
