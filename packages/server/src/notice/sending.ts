/** Sending a notice to many: loading recipients, submitting batches, reading reports, settling. */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageType } from '@breakwater/rules/notice';
import type { Clock } from '#platform/clock';
import { inTransaction, type Db, type Tx } from '#platform/db';
import type { Job, Jobs } from '#platform/jobs';
import type { Log } from '#platform/telemetry';
import { GatewayBusy, type Channel, type Message, type Submitted } from './channels/channel.ts';
import { ownMessages, settleByMessages, takePlace } from './gateway-store.ts';
import { recordDelivery } from './proof.ts';
import { sendBatch, type SendBatch } from './queues.ts';
import {
  mobileNumber,
  newDataKey,
  recipientKey,
  sealNumber,
  unsealNumber,
  unwrapDataKey,
  type RecipientSecrets,
} from './recipients.ts';
import { refuse } from './refusal.ts';
import {
  claimRescue,
  insertRecipients,
  insertSending,
  moveSending,
  openBatches,
  openSendings,
  readSending,
  recordSubmitted,
  someInDoubt,
  someRecipient,
  takeRecipients,
  type NewRecipient,
  type SendingId,
  type SendingRow,
} from './store.ts';

/** Recipients of one batch, which is one job. */
export const batchRecipients = 1000;
/** Answers of the gateway that are awaited in place before the job is given back. */
const patience = 8;
/** Between two looks at recipients in doubt. */
const doubtLookMs = 500;
/** Silence after which another worker takes a sending up: longer than a patient submission takes. */
const rescueMs = 15_000;

export type SendingPlatform = {
  db: Db;
  jobs: Jobs;
  clock: Clock;
  log: Log;
  /** Read when first needed: a server that only describes itself needs none. */
  secrets: () => RecipientSecrets;
  channel: Channel | null;
  /** How long after the last message reports are awaited; what has none by then stays unknown. Default 10 minutes. */
  settleAfterMs: number;
};

const nameOf = ({ institution, notice, channel }: SendingId): string => `${institution}\0${notice}\0${channel}`;

/**
 * Loads recipients and hands the sending to the workers. Memory does not grow with the list. Called again after a failure
 * it goes on where it was: numbers that are there already are passed over.
 */
export async function startSending(
  platform: SendingPlatform,
  id: SendingId,
  content: string,
  numbers: AsyncIterable<string> | Iterable<string>,
  by: string,
): Promise<SendingRow> {
  const { db, clock, jobs } = platform;
  const secrets = platform.secrets();
  const sending = await inTransaction(db, async (tx) => {
    const { wrapped } = newDataKey(secrets, nameOf(id));
    await insertSending(tx, id, { content, requestedBy: by, at: clock.now(), dataKey: wrapped });
    return required(await readSending(tx, id));
  });
  if (sending.state !== 'loading' || sending.dataKey === null) {
    throw refuse({ reason: 'notice-sent-already', intended: sending.intended });
  }
  const dataKey = unwrapDataKey(secrets, nameOf(id), sending.dataKey);
  for await (const chunk of chunksOf(numbers, batchRecipients)) {
    const recipients = [
      ...new Map(chunk.map((text) => recipient(secrets, id, dataKey, text)).map((one) => [one.key, one])).values(),
    ];
    const added = await inTransaction(db, (tx) => insertRecipients(tx, id, recipients, chunk.length, clock.now()));
    if (added === null) throw refuse({ reason: 'notice-sent-already', intended: sending.intended });
  }
  return inTransaction(db, async (tx) => {
    const loaded = required(await readSending(tx, id));
    if (loaded.intended === 0) throw refuse({ reason: 'notice-no-recipients' });
    if (!(await moveSending(tx, id, ['loading'], 'sending', clock.now()))) {
      throw refuse({ reason: 'notice-sent-already', intended: loaded.intended });
    }
    for (let batch = 1; batch <= loaded.batches; batch++) await jobs.enqueue(sendBatch, { ...id, batch }, { tx });
    const started = required(await readSending(tx, id));
    await recordDelivery(tx, started, by);
    return started;
  });
}

function recipient(secrets: RecipientSecrets, id: SendingId, dataKey: Buffer, text: string): NewRecipient {
  const number = mobileNumber(text);
  const key = recipientKey(secrets.pepper, nameOf(id), number ?? text);
  return { key, number: number === null ? null : sealNumber(dataKey, key, number) };
}

/** The key under which a number is known in a sending. */
export function keyOf(secrets: RecipientSecrets, id: SendingId, number: string): string {
  return recipientKey(secrets.pepper, nameOf(id), mobileNumber(number) ?? number);
}

/**
 * Submits what is left of one batch. Intent is committed before a message leaves, the gateway's answer after at most
 * `batchSize` messages. What was on its way when a worker died, or an answer was lost, is submitted again under the same
 * key: at once to a gateway that knows keys, after a while in which a report may come to one that does not.
 */
export async function submitBatch(
  platform: SendingPlatform,
  { payload, signal }: Pick<Job<SendBatch>, 'payload' | 'signal'>,
): Promise<void> {
  const { db, clock } = platform;
  const secrets = platform.secrets();
  const { batch, ...id } = payload;
  const channel = required(platform.channel);
  for (;;) {
    signal.throwIfAborted();
    const sending = await readSending(db, id);
    if (sending === null || sending.state !== 'sending' || sending.dataKey === null) return;
    const dataKey = unwrapDataKey(secrets, nameOf(id), sending.dataKey);
    const { taken, waitMs, inDoubt } = await inTransaction(db, (tx) => takeBatch(tx, platform, channel, id, batch));
    if (taken.length === 0 && !inDoubt) break;
    if (taken.length === 0) {
      await sleep(doubtLookMs, undefined, { signal });
      continue;
    }
    const text = sending.document.texts.sms ?? '';
    const common = { from: (sending.document.sender ?? '').replace(/\D/g, ''), type: messageType(text), text };
    const messages = taken.flatMap(({ key, number }) =>
      number === null ? [] : [{ key, to: unsealNumber(dataKey, key, number), ...common }],
    );
    const results = (await mayStillSend(platform, id, waitMs, signal))
      ? await submitPatiently(channel, messages, signal)
      : messages.map(({ key }): Submitted => ({ key, outcome: 'unsent' }));
    await inTransaction(db, (tx) => recordAnswers(tx, id, channel, results, clock.now()));
    if (results.length === 0 && channel.doubtMs === 0) throw new Error('the gateway answered for none of the messages');
    if (results.length > 0 && results.every(({ outcome }) => outcome === 'unsent')) {
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

/** Waits for the place in the rate. False when the sending was stopped, or this worker is, in the meantime. */
async function mayStillSend(
  { db }: SendingPlatform,
  id: SendingId,
  waitMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (waitMs < 1) return true;
  const isWaited = await sleep(waitMs, true, { signal }).catch(() => false);
  return isWaited && (await readSending(db, id))?.state === 'sending';
}

/** Writes the gateway's answers, and whose its ids are. */
async function recordAnswers(
  tx: Tx,
  id: SendingId,
  { gateway }: Channel,
  results: readonly Submitted[],
  at: Date,
): Promise<void> {
  await recordSubmitted(tx, id, results, at);
  const owners = results.flatMap((result) =>
    result.outcome === 'taken'
      ? result.ids.map((message) => ({ id: message, key: result.key, parts: result.ids.length }))
      : [],
  );
  await ownMessages(tx, id, gateway, owners);
  const owned = [...new Set(owners.map(({ key }) => key))];
  await settleByMessages(tx, id.institution, owned);
}

/** When every batch was submitted, the sending waits for reports. */
async function endSubmission(tx: Tx, id: SendingId, at: Date): Promise<void> {
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
      if (!(error instanceof GatewayBusy) || attempt === patience) throw error;
      await sleep(error.retryAfterMs, undefined, { signal });
    }
  }
}

/**
 * Takes up sendings of which nothing has moved for `rescueMs`: the job of a killed worker counts as running until it
 * expires, and one that failed every try is not tried again. One worker does it, itself and batch by batch.
 */
export async function rescueSendings(
  platform: SendingPlatform,
  institution: string,
  signal: AbortSignal,
): Promise<void> {
  const { db, clock } = platform;
  if (platform.channel === null) return;
  for (const { state, notice, channel } of await openSendings(db, institution)) {
    const id: SendingId = { institution, notice, channel };
    const now = clock.now();
    if (state !== 'sending') continue;
    if (!(await inTransaction(db, (tx) => claimRescue(tx, id, new Date(now.getTime() - rescueMs), now)))) continue;
    for (const batch of await openBatches(db, id)) await submitBatch(platform, { payload: { ...id, batch }, signal });
    await inTransaction(db, (tx) => endSubmission(tx, id, clock.now()));
  }
}

async function* chunksOf<T>(items: AsyncIterable<T> | Iterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}

function required<T>(value: T | null): T {
  if (value === null) throw new Error('a sending without its notice or channel');
  return value;
}
