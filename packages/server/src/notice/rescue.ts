/** Taking up what dead workers and gateways that do not get on have left. */
import { gatewayToSwitchTo } from '@breakwater/rules/notice';
import { gatewaySwitched } from '@breakwater/rules/notice/record';
import { append } from '#evidence';
import { inTransaction } from '#platform/db';
import { claimRescue, openBatches } from './batch-store.ts';
import { sendBatch } from './queues.ts';
import { endSubmission, gatewayOf, leaseMs, submitBatch, type SendingPlatform } from './sending.ts';
import { openSendings, type SendingId, type SendingRow } from './sending-store.ts';
import { gatewayProgress, readHalt, switchGateway } from './steering-store.ts';

/** Silence after which a sending is taken up: longer than a batch is held by a worker that is gone. */
const rescueMs = leaseMs;
const atOnce = 4;

/**
 * One round. Batches that dead workers held are taken up at once; those whose jobs failed every try, once nothing of the
 * sending has moved for a while. A sending whose gateway does not get on is given to the next one first.
 */
export async function rescueSendings(
  platform: SendingPlatform,
  institution: string,
  signal: AbortSignal,
): Promise<void> {
  const { db, clock } = platform;
  if ((await readHalt(db, institution)) !== null) return;
  for (const sending of await openSendings(db, institution)) {
    if (sending.state !== 'sending' || gatewayOf(platform.gateways, sending) === null) continue;
    const isSwitched = await switchWhenStalled(platform, sending);
    const id: SendingId = { institution, notice: sending.notice, channel: sending.channel };
    const now = clock.now();
    const isSilent = await inTransaction(db, (tx) => claimRescue(tx, id, new Date(now.getTime() - rescueMs), now));
    const batches = await openBatches(db, id, { at: now, abandoned: !isSilent && !isSwitched });
    if (isSwitched) {
      for (const batch of batches) await platform.jobs.enqueue(sendBatch, { ...id, batch });
      continue;
    }
    await submitSome(platform, id, batches, signal);
    if (isSilent || batches.length > 0) await inTransaction(db, (tx) => endSubmission(tx, id, clock.now()));
  }
}

/** Submits batches in this process, a few at a time: jobs for them exist, and may be counted as running by nobody. */
async function submitSome(
  platform: SendingPlatform,
  id: SendingId,
  batches: number[],
  signal: AbortSignal,
): Promise<void> {
  const left = [...batches];
  const one = async (): Promise<void> => {
    for (let batch = left.shift(); batch !== undefined; batch = left.shift()) {
      await submitBatch(platform, { payload: { ...id, batch }, signal });
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, one));
  const failed = ended.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Gives a sending to the next gateway when its own has not taken a message for too long. */
async function switchWhenStalled({ db, clock, gateways, log }: SendingPlatform, sending: SendingRow): Promise<boolean> {
  const now = clock.now();
  const silentSince = (at: Date | null): number | null => (at === null ? null : now.getTime() - at.getTime());
  const { gateway: from, institution, notice, channel, plan } = sending;
  const silentMs = silentSince(sending.progressedAt) ?? 0;
  const gatewaySilentMs = silentSince(await gatewayProgress(db, institution, from));
  const of = { isSending: true, silentMs, gatewaySilentMs, gateway: from, gateways: gateways[channel].length };
  const to = gatewayToSwitchTo(of);
  if (to === null) return false;
  const named = (gateway: number): string => gatewayOf(gateways, { channel, gateway })?.gateway ?? String(gateway);
  const isSwitched = await inTransaction(db, async (tx) => {
    if (!(await switchGateway(tx, sending, { from, to, at: now }))) return false;
    await append(tx, {
      type: gatewaySwitched.type,
      institution,
      subjects: { plan, notice },
      actor: { kind: 'system', id: 'notice' },
      at: now.toISOString(),
      payload: { notice, plan, channel, from: named(from), to: named(to), silentMs, at: now.toISOString() },
    });
    return true;
  });
  if (isSwitched) log.warn({ notice, from: named(from), to: named(to), silentMs }, 'another gateway takes over');
  return isSwitched;
}
