/** Receipts that came and were not acknowledged: the centre keeps each until we say that it is written down. */
import { isReceipt, readReceipt, smppStatus, type PduOf, type Receipt } from '@breakwater/rules/notice';
import type { Link } from './link.ts';

/** Where a receipt came from, and so where its acknowledgement goes. */
type Origin = { command: 'deliver_sm' | 'data_sm'; sequence: number; link: Link };

/** A receipt and the number it is about. */
export type HeldReceipt = Receipt & { number: string; origin: Origin };

export type ReceiptBox = {
  /** Takes a message of the centre; what is no last word on a message is answered at once. */
  arrived(pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'>, link: Link): void;
  /** Waits until there are receipts, at most `waitMs`, and gives up to `most`; they stay unacknowledged. */
  wait(most: number, waitMs: number, signal: AbortSignal): Promise<HeldReceipt[]>;
  /** Acknowledges receipts that were given, as far as their connection still stands; the centre sends the others again. */
  acknowledge(receipts: readonly HeldReceipt[]): void;
  /** Forgets what came over a connection that is gone. */
  lost(link: Link): void;
};

/** Receipts held at once; a centre that sends more unacknowledged is told that its message queue is full. */
const mostHeld = 10_000;

export function createReceiptBox(): ReceiptBox {
  let waiting: HeldReceipt[] = [];
  /** Unacknowledged ones of each connection that stands. */
  const held = new Map<Link, number>();
  let wake: (() => void) | null = null;

  const pause = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        wake = null;
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end, { once: true });
      wake = end;
    });

  return {
    arrived(pdu, link) {
      const { command, sequence } = pdu;
      const answer = (status: number): void => link.send({ command: `${command}_resp`, sequence, status });
      // A customer's answer to a notice is not for us; keeping it at the centre would block receipts behind it.
      if (!isReceipt(pdu)) return answer(smppStatus.ok);
      const receipt = readReceipt(pdu);
      if (receipt === null) return answer(smppStatus.permanentReceiverError);
      if (receipt.state !== 'delivered' && receipt.state !== 'failed') return answer(smppStatus.ok);
      const count = held.get(link) ?? 0;
      if (count >= mostHeld) return answer(smppStatus.queueFull);
      held.set(link, count + 1);
      waiting.push({ ...receipt, number: pdu.source, origin: { command, sequence, link } });
      wake?.();
    },
    async wait(most, waitMs, signal) {
      if (waiting.length === 0) await pause(waitMs, signal);
      if (waiting.length === 0 || signal.aborted) return [];
      // Who waits goes on when all of a chunk was read, so that its receipts are taken together; and in the same turn of the
      // event loop as who submits, so that acknowledgements leave in the write of the next submissions.
      if (waiting.length > most) return waiting.splice(0, most);
      const taken = waiting;
      waiting = [];
      return taken;
    },
    acknowledge(receipts) {
      for (const { origin } of receipts) {
        const { command, sequence, link } = origin;
        const count = held.get(link);
        if (count === undefined) continue;
        held.set(link, count - 1);
        link.send({ command: `${command}_resp`, sequence });
      }
    },
    lost(link) {
      waiting = waiting.filter(({ origin }) => origin.link !== link);
      held.delete(link);
    },
  };
}
