/** Following what became of messages: reading a gateway's reports and settling sendings. */
import type { Clock } from '#platform/clock';
import { inTransaction, type Tx } from '#platform/db';
import type { Channel, Report } from './channels/channel.ts';
import { adoptMessages, reportMessages, settleByMessages } from './gateway-store.ts';
import { recordDelivery } from './proof.ts';
import { keyOf, type SendingPlatform } from './sending.ts';
import {
  awaitsLateReports,
  moveCursor,
  moveSending,
  openSendings,
  readCursor,
  readSending,
  recordReports,
  someRecipient,
  type SendingId,
  type SendingRow,
} from './store.ts';

/** How long after its end a sending's reports may still come over a connection: a message is tried for three days at most. */
const lateMs = 3 * 86_400_000;
const lateSince = (clock: Clock): Date => new Date(clock.now().getTime() - lateMs);

/**
 * One round over the open sendings: reads new reports and settles what is complete. Returns true when there is more to do
 * at once. Without a sending that waits for reports the gateway is left alone.
 */
export async function followReports(
  platform: SendingPlatform,
  institution: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { db, clock, channel, settleAfterMs } = platform;
  if (channel === null) return false;
  const open = await openSendings(db, institution);
  if (open.length === 0 && !(channel.pushesReports && (await awaitsLateReports(db, institution, lateSince(clock))))) {
    await channel.close();
    return false;
  }
  const more = await readReports(platform, institution, channel, open, signal);
  for (const sending of open) {
    await inTransaction(db, async (tx) => {
      const isOpen = await someRecipient(tx, sending, ['submitted']);
      const now = clock.now();
      const waited = now.getTime() - (sending.lastSubmittedAt ?? sending.requestedAt).getTime();
      if (isOpen && waited < settleAfterMs) return;
      if (await moveSending(tx, sending, ['settling'], 'settled', now)) await recordNow(tx, sending);
    });
  }
  return more;
}

/** Reads what the gateway reports, writes it down, and only then lets the gateway forget it. */
async function readReports(
  platform: SendingPlatform,
  institution: string,
  channel: Channel,
  open: readonly SendingRow[],
  signal: AbortSignal,
): Promise<boolean> {
  const { db } = platform;
  const from = await readCursor(db, institution, channel.gateway);
  const { reports, position } = await channel.reports(from, signal);
  if (position === from && reports.length === 0) return false;
  const written = inTransaction(db, async (tx) => {
    const isMoved = position !== from;
    if (isMoved && !(await moveCursor(tx, institution, channel.gateway, from, position))) return;
    const byKey = reports.flatMap(({ about, ...report }) => ('key' in about ? [{ ...report, key: about.key }] : []));
    const changed = [
      ...(await recordReports(tx, institution, byKey)),
      ...(await recordMessageReports(tx, platform, institution, channel, open, reports)),
    ];
    for (const id of changed) {
      if ((await readSending(tx, id))?.state === 'settled') await recordNow(tx, id);
    }
  });
  try {
    await written;
  } catch (error) {
    // What was read over a connection and not written comes again over the next one.
    await channel.close();
    throw error;
  }
  channel.committed(reports);
  return true;
}

/**
 * Writes reports that name messages by the gateway's ids. An id that nobody knows is that of a message whose answer is not
 * written yet or was lost: then the number says whose it is, among those who may have a message on its way.
 */
async function recordMessageReports(
  tx: Tx,
  platform: SendingPlatform,
  institution: string,
  { gateway }: Channel,
  open: readonly SendingRow[],
  reports: readonly Report[],
): Promise<SendingId[]> {
  const byId = new Map(
    reports.flatMap(({ about, ...report }) => ('id' in about ? [[about.id, { about, ...report }]] : [])),
  );
  if (byId.size === 0) return [];
  const { keys, unowned } = await reportMessages(
    tx,
    institution,
    gateway,
    [...byId].map(([id, { state, code, at }]) => ({ id, state, code, at })),
  );
  const secrets = platform.secrets();
  const adopted: string[] = [];
  for (const sending of open) {
    const found = unowned.flatMap((id) => {
      const about = byId.get(id)?.about;
      if (about === undefined || about.number === null) return [];
      const key = keyOf(secrets, sending, about.number);
      return about.isOf(key) ? [{ id, key }] : [];
    });
    adopted.push(...(await adoptMessages(tx, sending, gateway, found)));
  }
  return settleByMessages(tx, institution, [...new Set([...keys, ...adopted])]);
}

async function recordNow(tx: Tx, id: SendingId): Promise<void> {
  const sending = await readSending(tx, id);
  if (sending === null) throw new Error('a sending that changed is there');
  await recordDelivery(tx, sending, null);
}
