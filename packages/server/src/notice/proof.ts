/** What the evidence log says about a sending. It holds counts and digests, never a number. */
import { noticeFields, type Notice } from '@breakwater/rules/notice';
import { noticeDelivered, type Announced } from '@breakwater/rules/notice/record';
import { append } from '#evidence';
import type { Tx } from '#platform/db';
import { countRecipients, type Counts, type SendingRow } from './sending-store.ts';

/** Figures of a sending. `delivered` and `failed` are null while it is open: messages on their way are unknown, not lost. */
export type DeliveryFigures = {
  intended: number;
  submitted: number;
  delivered: number | null;
  failed: number | null;
  unknown: number;
  /** Kept from being sent to for a recorded reason; intended, and reached by nobody. */
  suppressed: number;
};

/** The figures that follow from counts. Invalid numbers count as intended and failed. */
export function figuresOf(counts: Counts, isSettled: boolean): DeliveryFigures {
  const { waiting, submitting, submitted, delivered, failed, refused, invalid, suppressed } = counts;
  const open = waiting + submitting + submitted;
  const isKnown = isSettled || open === 0;
  return {
    intended: open + delivered + failed + refused + invalid + suppressed,
    submitted: submitted + delivered + failed + refused,
    delivered: isKnown ? delivered : null,
    failed: isKnown ? failed + refused + invalid : null,
    unknown: open,
    suppressed,
  };
}

/** What a notice announces, as records and the start gate name it. */
export function announcedBy({ window, windows, services }: Notice): Announced {
  const series = windows === null || windows === undefined ? {} : { windows: windows.map((one) => ({ ...one })) };
  return { start: window.start, end: window.end, services: [...services], ...series };
}

/** Appends the present state of a sending. `by`: the person who caused it; null = the system. */
export async function recordDelivery(tx: Tx, sending: SendingRow, by: string | null): Promise<void> {
  const {
    institution,
    notice,
    channel,
    plan,
    document,
    content,
    state,
    lastSubmittedAt,
    requestedAt,
    settledAt,
    progressedAt,
  } = sending;
  const counts = await countRecipients(tx, sending);
  const { intended, submitted, delivered, failed, suppressed } = figuresOf(counts, state === 'settled');
  await append(tx, {
    type: noticeDelivered.type,
    institution,
    subjects: { plan, notice },
    actor: by === null ? { kind: 'system', id: 'notice' } : { kind: 'person', id: by },
    at: (settledAt ?? progressedAt).toISOString(),
    payload: {
      notice,
      plan,
      channel,
      at: (lastSubmittedAt ?? requestedAt).toISOString(),
      fields: noticeFields(document),
      announced: announcedBy(document),
      content,
      intended,
      submitted,
      delivered,
      failed,
      resubmitted: counts.resubmitted,
      suppressed,
      viewed: counts.viewed,
      certified: counts.certified,
      list: sending.listDigest,
    },
  });
}
