/** Loading the recipients of a sending: read as they come, checked line by line, kept encrypted. Memory does not grow with the list. */
import { createHmac } from 'node:crypto';
import { inTransaction } from '#platform/db';
import { readAddress } from './address.ts';
import type { AddressKind } from './channels/channel.ts';
import { recordDelivery } from './proof.ts';
import { sendBatch } from './queues.ts';
import { recipientKey, sealNumber, suppressionKey } from './recipients.ts';
import { refuse } from './refusal.ts';
import { nameOf, type OpenKeys } from './sending-keys.ts';
import { required, type SendingPlatform } from './sending.ts';
import {
  insertRecipients,
  insertRejected,
  insertSending,
  moveSending,
  readSending,
  type ListPart,
  type NewRecipient,
  type RejectedLine,
  type SendingId,
  type SendingRow,
} from './sending-store.ts';

/** Recipients of one batch, which is one job. */
export const batchRecipients = 1000;

/** A line of a list: what stands in its column of addresses, and where. */
export type ListLine = { line: number; text: string };
export type RecipientList = AsyncIterable<string | ListLine> | Iterable<string | ListLine>;

/**
 * Loads a list and hands the sending to the workers. Called again after a failure it goes on where it was: the lines that
 * are there are compared and passed over. Throws Refused when another list is given then, when the notice was sent already,
 * or when nobody is left to send to.
 */
export async function startSending(
  platform: SendingPlatform,
  id: SendingId,
  { content, addresses, by }: { content: string; addresses: AddressKind; by: string },
  list: RecipientList,
): Promise<SendingRow> {
  const { db, clock } = platform;
  const begun = await readSending(db, id);
  const wrapped = begun === null ? await platform.keys.make(id) : null;
  const sending = await inTransaction(db, async (tx) => {
    if (wrapped !== null) await insertSending(tx, id, { content, requestedBy: by, at: clock.now(), ...wrapped });
    return required(await readSending(tx, id));
  });
  const keys = await platform.keys.open(sending);
  if (sending.state !== 'loading' || keys.dataKey === null) {
    throw refuse({ reason: 'notice-sent-already', intended: sending.intended });
  }
  await loadList(platform, sending, keys, addresses, list);
  return inTransaction(db, async (tx) => {
    const loaded = required(await readSending(tx, id));
    if (loaded.intended === 0) throw refuse({ reason: 'notice-no-recipients' });
    if (!(await moveSending(tx, id, ['loading'], 'sending', clock.now()))) {
      throw refuse({ reason: 'notice-sent-already', intended: loaded.intended });
    }
    for (let batch = 1; batch <= loaded.batches; batch++)
      await platform.jobs.enqueue(sendBatch, { ...id, batch }, { tx });
    const started = required(await readSending(tx, id));
    await recordDelivery(tx, started, by);
    return started;
  });
}

async function loadList(
  platform: SendingPlatform,
  sending: SendingRow,
  keys: OpenKeys,
  addresses: AddressKind,
  list: RecipientList,
): Promise<void> {
  const { db, clock } = platform;
  const write = async (part: ListPart, rejected: readonly RejectedLine[]): Promise<void> => {
    const wasAdded = await inTransaction(db, async (tx) => {
      const others = await insertRecipients(tx, sending, part, clock.now());
      if (others !== null) await insertRejected(tx, sending, [...rejected, ...others]);
      return others !== null;
    });
    if (!wasAdded) throw refuse({ reason: 'notice-sent-already', intended: sending.intended });
  };
  const pepper = requiredKey(keys.pepper);
  const dataKey = requiredKey(keys.dataKey);
  const peppers = { pepper, suppression: platform.secrets().pepper };
  let read = 0;
  let chain = '';
  // While one part is written the next is read and encrypted: more than one at a time would bring nothing but memory.
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const lines of partsOf(list, sending.lines)) {
      read += lines.length;
      chain = chainOf(pepper, chain, lines);
      if (read < sending.lines) continue;
      if (read === sending.lines) {
        if (chain !== sending.listDigest) throw refuse({ reason: 'notice-list-changed', lines: sending.lines });
        continue;
      }
      const { recipients, rejected } = recipientsOf(sending, { ...peppers, dataKey }, addresses, lines);
      await writing;
      writing = write({ recipients, offered: lines.length, lines: read, listDigest: chain }, rejected);
      writing.catch(() => undefined);
    }
  } finally {
    // What was read before a list broke is kept.
    await writing;
  }
  if (read < sending.lines) throw refuse({ reason: 'notice-list-changed', lines: sending.lines });
}

/** The recipients of a part, each once, and the lines that are none. A line without an address that could be sent to is kept as invalid. */
function recipientsOf(
  sending: SendingRow,
  keys: { pepper: Buffer; suppression: Buffer; dataKey: Buffer },
  addresses: AddressKind,
  lines: readonly ListLine[],
): { recipients: NewRecipient[]; rejected: RejectedLine[] } {
  const found = new Map<string, NewRecipient>();
  const rejected: RejectedLine[] = [];
  const name = nameOf(sending);
  for (const { line, text } of lines) {
    const read = readAddress(addresses, text);
    const key = recipientKey(keys.pepper, name, 'address' in read ? read.address : text);
    if ('reason' in read) rejected.push({ line, reason: read.reason });
    if (found.has(key)) {
      if ('address' in read) rejected.push({ line, reason: 'repeated' });
    } else if ('address' in read) {
      const suppression = suppressionKey(keys.suppression, sending.institution, read.address);
      found.set(key, { line, key, number: sealNumber(keys.dataKey, key, read.address), suppression });
    } else {
      found.set(key, { line, key, number: null, suppression: null });
    }
  }
  return { recipients: [...found.values()], rejected };
}

/**
 * The digest of a list up to the end of a part. It is keyed: a bare one over a short list of numbers could be tried out.
 */
function chainOf(pepper: Buffer, before: string, lines: readonly ListLine[]): string {
  const digest = createHmac('sha256', pepper).update(`breakwater.list/1\0${before}\0`);
  for (const { text } of lines) digest.update(`${text}\n`);
  return `sha256:${digest.digest('hex')}`;
}

/** Parts of one batch each; those that were loaded before, `loaded` lines, end exactly there. */
async function* partsOf(list: RecipientList, loaded: number): AsyncGenerator<ListLine[]> {
  let part: ListLine[] = [];
  let count = 0;
  for await (const item of list) {
    count += 1;
    part.push(typeof item === 'string' ? { line: count, text: item } : item);
    if (part.length === batchRecipients || count === loaded) {
      yield part;
      part = [];
    }
  }
  if (part.length > 0) yield part;
}

function requiredKey(key: Buffer | null): Buffer {
  if (key === null) throw new Error('a sending that loads has its keys');
  return key;
}
