/** What sending needs, and submitting one batch of messages. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageType, type Notice } from '@breakwater/rules/notice';
import type { Clock } from '#platform/clock';
import { inTransaction, type Db, type Tx } from '#platform/db';
import type { Job, Jobs } from '#platform/jobs';
import type { Log } from '#platform/telemetry';
import { claimBatch, releaseBatch, renewBatch } from './batch-store.ts';
import type { Brake } from './brake.ts';
import { GatewayBusy, type Channel, type Message, type Submitted } from './channels/channel.ts';
import { ownMessages, settleByMessages, takePlace } from './gateway-store.ts';
import { recordDelivery } from './proof.ts';
import type { SendBatch } from './queues.ts';
import { unsealNumber, type RecipientSecrets } from './recipients.ts';
import type { SendingKeys } from './sending-keys.ts';
import { words } from './site/words.ts';
import { readLeave } from './steering-store.ts';
import {
  moveSending,
  noteProgress,
  readSending,
  recordSubmitted,
  someInDoubt,
  someRecipient,
  takeRecipients,
  type SendingChannel,
  type SendingId,
  type SendingRow,
} from './sending-store.ts';

/** Answers of the gateway that are awaited in place before the job is given back. */
const patience = 8;
/** Between two looks at recipients in doubt. */
const doubtLookMs = 500;
/** How long a batch is held without a word of its worker, and how often that says that it lives. */
export const leaseMs = 15_000;
const renewMs = 4000;

/** The gateways of each channel, the first of them first; the next takes over when one does not get on. */
export type Gateways = Readonly<Record<SendingChannel, readonly Channel[]>>;

export type SendingPlatform = {
  db: Db;
  jobs: Jobs;
  clock: Clock;
  log: Log;
  /** Read when first needed: a server that only describes itself needs none. */
  secrets: () => RecipientSecrets;
  keys: SendingKeys;
  gateways: Gateways;
  brake: Brake;
  /** How long after the last message reports are awaited; what has none by then stays unknown. Default 10 minutes. */
  settleAfterMs: number;
};

/** The gateway that takes the messages of a sending; null = none is configured. */
export function gatewayOf(
  gateways: Gateways,
  { channel, gateway }: Pick<SendingRow, 'channel' | 'gateway'>,
): Channel | null {
  return gateways[channel][gateway - 1] ?? gateways[channel].at(-1) ?? null;
}

/** What every message of a sending has in common. */
function lettering(channel: SendingChannel, document: Notice): Omit<Message, 'key' | 'to'> {
  const text = (channel === 'email' ? document.texts.website?.ko : null) ?? document.texts.sms ?? '';
  const company = document.company?.name?.ko;
  const kind = words.ko.kind[document.kind];
  return {
    from: (document.sender ?? '').replace(/\D/g, ''),
    type: messageType(text),
    subject: document.title?.ko ?? (company === undefined ? kind : `[${company}] ${kind}`),
    text,
  };
}

/**
 * Submits what is left of one batch, unless another worker holds it. Intent is committed before a message leaves, the
 * gateway's answer after at most `batchSize` messages. What was on its way when a worker died, or an answer was lost, is
 * submitted again under the same key: at once to a gateway that knows keys, after a while in which a report may come to one
 * that does not. A gateway in our own database takes messages in the transaction that says so.
 */
export async function submitBatch(
  platform: SendingPlatform,
  { payload, signal }: Pick<Job<SendBatch>, 'payload' | 'signal'>,
): Promise<void> {
  const { db, clock } = platform;
  const { batch, ...id } = payload;
  const owner = randomUUID();
  const until = (): Date => new Date(clock.now().getTime() + leaseMs);
  const isOurs = await inTransaction(db, (tx) => claimBatch(tx, id, batch, { owner, at: clock.now(), until: until() }));
  if (!isOurs) return;
  const lost = new AbortController();
  const renewing = setInterval(() => {
    renewBatch(db, id, batch, { owner, until: until() }).then(
      (isHeld) => (isHeld ? undefined : lost.abort()),
      () => undefined,
    );
  }, renewMs);
  try {
    await submitHeld(platform, id, batch, AbortSignal.any([signal, lost.signal]));
  } finally {
    clearInterval(renewing);
    await releaseBatch(db, id, batch, owner).catch(() => undefined);
  }
}

async function submitHeld(platform: SendingPlatform, id: SendingId, batch: number, signal: AbortSignal): Promise<void> {
  const { db, clock } = platform;
  for (;;) {
    signal.throwIfAborted();
    const leave = await readLeave(db, id);
    if (leave === null || leave.state !== 'sending' || leave.halted) return;
    const sending = required(await readSending(db, id));
    const channel = required(gatewayOf(platform.gateways, sending));
    const { dataKey } = await platform.keys.open(sending);
    if (dataKey === null) return;
    const common = lettering(id.channel, sending.document);
    const messagesOf = (taken: readonly { key: string; number: Buffer | null }[]): Message[] =>
      taken.flatMap(({ key, number }) =>
        number === null ? [] : [{ key, to: unsealNumber(dataKey, key, number), ...common }],
      );
    const { taken, waitMs, inDoubt } = await inTransaction(db, async (tx) => {
      const place = await takeBatch(tx, platform, channel, id, batch);
      if (channel.inOurDatabase && place.taken.length > 0) {
        await recordAnswers(tx, id, channel, await channel.submit(messagesOf(place.taken), signal, tx), clock.now());
      }
      return place;
    });
    if (taken.length === 0 && !inDoubt) break;
    if (taken.length === 0) {
      await sleep(doubtLookMs, undefined, { signal });
      continue;
    }
    if (channel.inOurDatabase) {
      if (waitMs >= 1) await sleep(waitMs, undefined, { signal });
      continue;
    }
    const results = await submitBraked(platform, sending, channel, messagesOf(taken), waitMs, signal);
    await inTransaction(db, (tx) => recordAnswers(tx, id, channel, results, clock.now()));
    if (results.length === 0 && channel.doubtMs === 0) throw new Error('the gateway answered for none of the messages');
    if (results.length > 0 && results.every(({ outcome }) => outcome === 'unsent')) {
      if (!(await mayLeave(db, id, sending.gateway))) return;
      signal.throwIfAborted();
      throw new Error('the gateway took none of the messages');
    }
  }
  await inTransaction(db, (tx) => endSubmission(tx, id, clock.now()));
}

/** Takes the next recipients of a batch, and their place in the contracted rate. */
async function takeBatch(
  tx: Tx,
  { clock }: SendingPlatform,
  { batchSize, perSecond, doubtMs, gateway }: Channel,
  id: SendingId,
  batch: number,
): Promise<{ taken: { key: string; number: Buffer | null }[]; waitMs: number; inDoubt: boolean }> {
  const at = clock.now();
  const doubtBefore = new Date(at.getTime() - doubtMs);
  const taken = await takeRecipients(tx, id, batch, { limit: batchSize, at, doubtBefore });
  if (taken.length === 0) return { taken, waitMs: 0, inDoubt: await someInDoubt(tx, id, batch) };
  const waitMs =
    perSecond === null ? 0 : await takePlace(tx, id.institution, gateway, { count: taken.length, perSecond });
  return { taken, waitMs, inDoubt: false };
}

/** Waits for the place in the rate and submits, while nobody brakes: what had not left by then is `unsent`. */
async function submitBraked(
  { db, brake }: SendingPlatform,
  sending: SendingRow,
  channel: Channel,
  messages: readonly Message[],
  waitMs: number,
  signal: AbortSignal,
): Promise<Submitted[]> {
  const unsent = (): Submitted[] => messages.map(({ key }): Submitted => ({ key, outcome: 'unsent' }));
  const held = brake.hold(sending);
  const either = AbortSignal.any([signal, held.signal]);
  try {
    if (waitMs >= 1) {
      await sleep(waitMs, undefined, { signal: either }).catch(() => undefined);
      if (either.aborted || !(await mayLeave(db, sending, sending.gateway))) return unsent();
    }
    return either.aborted ? unsent() : await submitPatiently(channel, messages, either);
  } finally {
    held.release();
  }
}

/** Whether messages may still leave by this gateway. */
async function mayLeave(db: Db, id: SendingId, gateway: number): Promise<boolean> {
  const leave = await readLeave(db, id);
  return leave !== null && leave.state === 'sending' && !leave.halted && leave.gateway === gateway;
}

/**
 * Writes the gateway's answers, and whose its ids are. Messages first, then recipients, then the sending: in the order in which
 * reports are written too, so that neither waits for the other.
 */
async function recordAnswers(
  tx: Tx,
  id: SendingId,
  { gateway, proves }: Channel,
  results: readonly Submitted[],
  at: Date,
): Promise<void> {
  const owners = results.flatMap((result) =>
    result.outcome === 'taken'
      ? result.ids.map((message) => ({ id: message, key: result.key, parts: result.ids.length }))
      : [],
  );
  await ownMessages(tx, id, gateway, owners);
  await recordSubmitted(tx, id, results, { at, proves });
  const owned = [...new Set(owners.map(({ key }) => key))];
  await settleByMessages(tx, id.institution, owned);
  if (results.some(({ outcome }) => outcome !== 'unsent')) await noteProgress(tx, id, at);
}

/** When every batch was submitted, the sending waits for reports. */
export async function endSubmission(tx: Tx, id: SendingId, at: Date): Promise<void> {
  if (await someRecipient(tx, id, ['waiting', 'submitting'])) return;
  if (await moveSending(tx, id, ['sending'], 'settling', at))
    await recordDelivery(tx, required(await readSending(tx, id)), null);
}

async function submitPatiently(
  channel: Channel,
  messages: readonly Message[],
  signal: AbortSignal,
): Promise<Submitted[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await channel.submit(messages, signal);
    } catch (error) {
      if (!(error instanceof GatewayBusy)) throw error;
      // It said that it took nothing, so a brake finds nothing in doubt.
      if (signal.aborted) return messages.map(({ key }): Submitted => ({ key, outcome: 'unsent' }));
      if (attempt === patience) throw error;
      await sleep(error.retryAfterMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

export function required<T>(value: T | null): T {
  if (value === null) throw new Error('a sending without its notice or channel');
  return value;
}
