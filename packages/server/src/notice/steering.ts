/** Steering sendings: held, gone on with, ended; all of them at once; and the ends of what is kept of them. */
import { listForgotten, recipientsErased, sendingSteered } from '@breakwater/rules/notice/record';
import { append } from '#evidence';
import { inTransaction, type Tx } from '#platform/db';
import { openBatches } from './batch-store.ts';
import { recordDelivery } from './proof.ts';
import { sendBatch } from './queues.ts';
import { refuse } from './refusal.ts';
import type { SendingPlatform } from './sending.ts';
import {
  eraseRecipients,
  moveSending,
  openSendings,
  readSending,
  type SendingId,
  type SendingRow,
} from './sending-store.ts';
import { deleteHalt, forgetList, insertHalt, overdueLifetimes } from './steering-store.ts';

/** Days that addresses, and years that lists, are kept after a work. */
export type Lifetimes = { eraseDays: number; forgetYears: number };

const dayMs = 86_400_000;

/** Holds a sending: what was not handed over waits. False when it is not being sent. */
export async function pauseSending(platform: SendingPlatform, id: SendingId, by: string): Promise<boolean> {
  const { db, clock } = platform;
  return inTransaction(db, async (tx) => {
    if (!(await moveSending(tx, id, ['sending'], 'paused', clock.now()))) return false;
    await recordSteering(tx, platform, await readSending(tx, id), { act: 'pause', reason: null, by });
    return true;
  });
}

/** Goes on with a held sending. False when it is not held. */
export async function resumeSending(platform: SendingPlatform, id: SendingId, by: string): Promise<boolean> {
  const { db, clock } = platform;
  return inTransaction(db, async (tx) => {
    if (!(await moveSending(tx, id, ['paused'], 'sending', clock.now()))) return false;
    await recordSteering(tx, platform, await readSending(tx, id), { act: 'resume', reason: null, by });
    await enqueueOpen(tx, platform, id);
    return true;
  });
}

/** Ends a sending: what was not handed over never is. */
export async function stopSending({ db, clock }: SendingPlatform, id: SendingId, by: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    if (!(await moveSending(tx, id, ['loading', 'sending', 'paused', 'settling'], 'stopped', clock.now()))) return;
    const sending = await readSending(tx, id);
    if (sending !== null) await recordDelivery(tx, sending, by);
  });
}

/** Holds every sending of an institution, also those that are begun later. False when they are held already. */
export async function haltSendings(
  platform: SendingPlatform,
  institution: string,
  { by, reason }: { by: string; reason: string },
): Promise<boolean> {
  const at = platform.clock.now();
  return inTransaction(platform.db, async (tx) => {
    if (!(await insertHalt(tx, institution, { by, reason, at }))) return false;
    await recordSteering(tx, platform, { institution }, { act: 'halt', reason, by });
    return true;
  });
}

/** Lets sendings go on. False when they were not held. */
export async function releaseSendings(platform: SendingPlatform, institution: string, by: string): Promise<boolean> {
  return inTransaction(platform.db, async (tx) => {
    if (!(await deleteHalt(tx, institution))) return false;
    await recordSteering(tx, platform, { institution }, { act: 'release', reason: null, by });
    for (const sending of await openSendings(tx, institution)) {
      if (sending.state !== 'sending') continue;
      const { notice, channel } = sending;
      await moveSending(tx, sending, ['sending'], 'sending', platform.clock.now());
      await enqueueOpen(tx, platform, { institution, notice, channel });
    }
    return true;
  });
}

/** Makes the addresses of an ended sending unreadable for ever. Returns how many there were. */
export async function eraseAddresses(
  { db, clock }: SendingPlatform,
  id: SendingId,
  by: { kind: 'person' | 'system'; id: string },
): Promise<number> {
  return inTransaction(db, async (tx) => {
    const sending = await readSending(tx, id);
    if (sending === null) return 0;
    if (sending.state !== 'settled' && sending.state !== 'stopped')
      throw refuse({ reason: 'notice-still-sending', state: sending.state });
    const at = clock.now();
    const count = await eraseRecipients(tx, id, at);
    if (sending.erasedAt !== null) return count;
    const { notice, channel } = id;
    await append(tx, {
      type: recipientsErased.type,
      institution: id.institution,
      subjects: { plan: sending.plan, notice },
      actor: by,
      at: at.toISOString(),
      payload: { notice, plan: sending.plan, channel, count, by: by.id, at: at.toISOString() },
    });
    return count;
  });
}

/** Destroys the keys of sendings whose time is over: those of addresses first, those of lists when the evidence may end. */
export async function endLifetimes(
  platform: SendingPlatform,
  institution: string,
  { eraseDays, forgetYears }: Lifetimes,
): Promise<void> {
  const { db, clock } = platform;
  const at = clock.now();
  const listsBefore = new Date(at);
  listsBefore.setUTCFullYear(listsBefore.getUTCFullYear() - forgetYears);
  const addressesBefore = new Date(at.getTime() - eraseDays * dayMs);
  const by = { kind: 'system', id: 'notice' } as const;
  for (const { erase, forget, plan, notice, channel } of await overdueLifetimes(db, institution, {
    addressesBefore,
    listsBefore,
  })) {
    const id: SendingId = { institution, notice, channel };
    if (erase) await eraseAddresses(platform, id, by);
    if (!forget) continue;
    await inTransaction(db, async (tx) => {
      await forgetList(tx, id, at);
      await append(tx, {
        type: listForgotten.type,
        institution,
        subjects: { plan, notice },
        actor: by,
        at: at.toISOString(),
        payload: { notice, plan, channel, by: by.id, at: at.toISOString() },
      });
    });
  }
}

async function enqueueOpen(tx: Tx, { jobs, clock }: SendingPlatform, id: SendingId): Promise<void> {
  for (const batch of await openBatches(tx, id, { at: clock.now(), abandoned: false })) {
    await jobs.enqueue(sendBatch, { ...id, batch }, { tx });
  }
}

async function recordSteering(
  tx: Tx,
  { clock }: SendingPlatform,
  of: SendingRow | { institution: string } | null,
  { act, reason, by }: { act: 'pause' | 'resume' | 'halt' | 'release'; reason: string | null; by: string },
): Promise<void> {
  if (of === null) throw new Error('a sending that was moved is there');
  const { notice, plan } = 'notice' in of ? of : { notice: null, plan: null };
  const at = clock.now().toISOString();
  await append(tx, {
    type: sendingSteered.type,
    institution: of.institution,
    subjects: notice === null || plan === null ? {} : { plan, notice },
    actor: { kind: 'person', id: by },
    at,
    payload: { notice, plan, act, reason, by, at },
  });
}
