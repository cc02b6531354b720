/**
 * "Was this number told, when, and with which text?": what became of its message, with the proof that the evidence log says
 * so. When a sending is over, each of its batches gets a Merkle root, which alone enters the log.
 */
import {
  deliveryLeaf,
  DeliveryTree,
  proofLevelOf,
  type Delivery,
  type DeliveryProof,
  type ProofLevel,
} from '@breakwater/rules/notice';
import { batchSealed } from '@breakwater/rules/notice/record';
import { append } from '#evidence';
import { inTransaction } from '#platform/db';
import { batchesToSeal, endSealing, lockBatch, readSeal, sealBatch } from './batch-store.ts';
import { keyOf } from './sending-keys.ts';
import { required, type SendingPlatform } from './sending.ts';
import {
  readRecipient,
  readSending,
  recipientsOf,
  type RecipientRow,
  type SendingId,
  type SendingRow,
} from './sending-store.ts';

/** What is known of a number in a sending. */
export type Told = {
  notice: string;
  channel: string;
  state: string;
  /** How much is proved; null = nothing was handed over. */
  level: ProofLevel | null;
  submittedAt: string | null;
  settledAt: string | null;
  text: string;
  /** Null until the sending is over and the batch has its root, or while reports that came later have none. */
  proof: DeliveryProof | null;
};

const sealedAtOnce = 100;

/**
 * What became of the message to a number, also after the numbers were erased; null when it was not in the list. Throws
 * nothing for a sending whose list was forgotten: then nobody can say.
 */
export async function toldOf({ db, keys }: SendingPlatform, id: SendingId, number: string): Promise<Told | null> {
  const sending = await readSending(db, id);
  const key = sending === null ? null : await keyOf(keys, sending, number);
  const row = key === null ? null : await readRecipient(db, id, key);
  if (sending === null || row === null) return null;
  const delivery = deliveryOf(sending, row);
  return {
    notice: id.notice,
    channel: id.channel,
    state: row.state,
    level: proofLevelOf({ ...delivery }),
    submittedAt: delivery.submittedAt,
    settledAt: delivery.settledAt,
    text: sending.document.texts.sms ?? '',
    proof: await inTransaction(db, (tx) => proofOf(tx, sending, row), { isolation: 'repeatable read' }),
  };
}

/** Whether a number was told, without its proof; null when it was not in the list, or nobody can say any more. */
export async function stateOfNumber(
  { db, keys }: SendingPlatform,
  id: SendingId,
  number: string,
): Promise<{ state: string; submittedAt: string | null } | null> {
  const sending = await readSending(db, id);
  const key = sending === null ? null : await keyOf(keys, sending, number);
  const row = key === null ? null : await readRecipient(db, id, key);
  return row === null ? null : { state: row.state, submittedAt: row.submittedAt?.toISOString() ?? null };
}

async function proofOf(
  tx: Parameters<typeof readSeal>[0],
  sending: SendingRow,
  { key, batch }: RecipientRow,
): Promise<DeliveryProof | null> {
  const seal = await readSeal(tx, sending, batch);
  if (seal === null) return null;
  const deliveries = (await recipientsOf(tx, sending, batch)).map((row) => deliveryOf(sending, row));
  const index = deliveries.findIndex(({ recipient }) => recipient === key);
  const delivery = deliveries[index];
  if (delivery === undefined) return null;
  const tree = new DeliveryTree(deliveries.map(deliveryLeaf));
  const [leaves, path] = [tree.size, tree.path(index)];
  return { schema: 'breakwater.delivery-proof/1', delivery, batch, index, leaves, path, root: seal.root };
}

function deliveryOf({ notice, channel, content }: SendingRow, row: RecipientRow): Delivery {
  const instant = (at: Date | null): string | null => at?.toISOString() ?? null;
  return {
    schema: 'breakwater.delivery/1',
    notice,
    channel,
    recipient: row.key,
    text: content,
    state: row.state,
    code: row.code,
    submittedAt: instant(row.submittedAt),
    acceptedAt: instant(row.acceptedAt),
    settledAt: instant(row.settledAt),
    viewedAt: instant(row.viewedAt),
    certificate: row.certificate,
  };
}

/** Seals some batches of sendings that are over, and again those for which reports came later. True when there are more. */
export async function sealBatches(platform: SendingPlatform, institution: string): Promise<boolean> {
  const { db, clock } = platform;
  const batches = await batchesToSeal(db, institution, sealedAtOnce);
  for (const { batch, ...id } of batches) {
    await inTransaction(db, async (tx) => {
      const before = await lockBatch(tx, id, batch);
      if (before === null) return;
      const sending = required(await readSending(tx, id));
      const leaves = (await recipientsOf(tx, id, batch)).map((row) => deliveryLeaf(deliveryOf(sending, row)));
      const root = leaves.length === 0 ? null : new DeliveryTree(leaves).root();
      const seals = before.seals + 1;
      await sealBatch(tx, id, batch, { root, leaves: leaves.length, seals });
      if (root === null) return;
      const { notice, channel } = id;
      const at = clock.now().toISOString();
      await append(tx, {
        type: batchSealed.type,
        institution,
        subjects: { plan: sending.plan, notice },
        actor: { kind: 'system', id: 'notice' },
        at,
        payload: { notice, plan: sending.plan, channel, batch, leaves: leaves.length, root, seal: seals, at },
      });
    });
  }
  if (batches.length > 0 && batches.length < sealedAtOnce) await endSealing(db, institution);
  return batches.length === sealedAtOnce;
}
