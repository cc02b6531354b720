/** Following what became of messages: reading a gateway's reports and settling sendings. */
import type { Clock } from '#platform/clock';
import { inTransaction, type Tx } from '#platform/db';
import type { Channel, Report } from './channels/channel.ts';
import { adoptMessages, reportMessages, settleByMessages } from './gateway-store.ts';
import { recordDelivery } from './proof.ts';
import type { SendingPlatform } from './sending.ts';
import { keyOf } from './sending-keys.ts';
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
} from './sending-store.ts';

/** How long after its end a sending's reports may still come over a connection: a message is tried for three days at most. */
const lateMs = 3 * 86_400_000;
const lateSince = (clock: Clock): Date => new Date(clock.now().getTime() - lateMs);

/**
 * One round over the open sendings: reads new reports and settles what is complete. Returns true when there is more to do
 * at once. Without a sending that waits for reports the gateways are left alone.
 */
export async function followReports(
  platform: SendingPlatform,
  institution: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { db, clock, settleAfterMs } = platform;
  const channels = [...platform.gateways.sms, ...platform.gateways.email];
  if (channels.length === 0) return false;
  const open = await openSendings(db, institution);
  const isLate = open.length > 0 || (await awaitsLateReports(db, institution, lateSince(clock)));
  const rounds = await Promise.allSettled(
    channels.map(async (channel) => {
      if (open.length > 0 || (channel.pushesReports && isLate)) {
        return readReports(platform, institution, channel, open, signal);
      }
      await channel.close();
      return false;
    }),
  );
  for (const sending of open) await settle(platform, sending, settleAfterMs);
  // One gateway that is away keeps nobody from hearing of the others.
  const failed = rounds.find((round) => round.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return rounds.some((round) => round.status === 'fulfilled' && round.value);
}

async function settle({ db, clock }: SendingPlatform, sending: SendingRow, settleAfterMs: number): Promise<void> {
  if (sending.state !== 'settling') return;
  await inTransaction(db, async (tx) => {
    const isOpen = await someRecipient(tx, sending, ['submitted']);
    const now = clock.now();
    const waited = now.getTime() - (sending.lastSubmittedAt ?? sending.requestedAt).getTime();
    if (isOpen && waited < settleAfterMs) return;
    if (await moveSending(tx, sending, ['settling'], 'settled', now)) await recordNow(tx, sending);
  });
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
    const byMessage = await recordMessageReports(tx, platform, institution, channel, open, reports);
    await writeReports(tx, institution, byKey(reports), byMessage);
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

type KeyedReport = Omit<Report, 'about'> & { key: string };

const byKey = (reports: readonly Report[]): KeyedReport[] =>
  reports.flatMap(({ about, ...report }) => ('key' in about ? [{ ...report, key: about.key }] : []));

/** Writes reports that a gateway brought by itself, by our keys. The same report again changes nothing. */
export async function takeReports(
  { db }: SendingPlatform,
  institution: string,
  reports: readonly KeyedReport[],
): Promise<void> {
  await inTransaction(db, (tx) => writeReports(tx, institution, reports, []));
}

/** Writes reports by our keys; the figures of sendings that were over are written into the log again. */
async function writeReports(
  tx: Tx,
  institution: string,
  reports: readonly KeyedReport[],
  others: readonly SendingId[],
): Promise<void> {
  const changed = [...(await recordReports(tx, institution, reports)), ...others];
  for (const id of changed) {
    if ((await readSending(tx, id))?.state === 'settled') await recordNow(tx, id);
  }
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
    reports.flatMap(({ about, state, ...report }) =>
      'id' in about && (state === 'delivered' || state === 'failed') ? [[about.id, { about, state, ...report }]] : [],
    ),
  );
  if (byId.size === 0) return [];
  const { keys, unowned } = await reportMessages(
    tx,
    institution,
    gateway,
    [...byId].map(([id, { state, code, at }]) => ({ id, state, code, at })),
  );
  const adopted: string[] = [];
  for (const sending of unowned.length === 0 ? [] : open) {
    const found: { id: string; key: string }[] = [];
    for (const id of unowned) {
      const about = byId.get(id)?.about;
      if (about === undefined || about.number === null) continue;
      const key = await keyOf(platform.keys, sending, about.number);
      if (key !== null && about.isOf(key)) found.push({ id, key });
    }
    adopted.push(...(await adoptMessages(tx, sending, gateway, found)));
  }
  return settleByMessages(tx, institution, [...new Set([...keys, ...adopted])]);
}

async function recordNow(tx: Tx, id: SendingId): Promise<void> {
  const sending = await readSending(tx, id);
  if (sending === null) throw new Error('a sending that changed is there');
  await recordDelivery(tx, sending, null);
}
