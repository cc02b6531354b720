/** Receipts of a simulated SMS centre: kept until they are acknowledged, and sent again after a lost connection. */
import { messageStateOf, receiptText, tlvNumber, tlvTag, type PduToWrite } from '@breakwater/rules/notice';

export type DueReceipt = {
  id: string;
  /** The number that the message went to, and the sender's: a receipt goes back the same way. */
  from: string;
  to: string;
  stat: string;
  reference: number | null;
};

/** A connection that receipts can leave by. */
export type Outlet = {
  /** Sends a PDU under the next sequence number, which it returns. */
  ask(pdu: PduToWrite): number;
  /** The next sequence number. */
  next(): number;
};

type Open = { sequence: number; receipt: DueReceipt } | undefined;

export type ReceiptQueue = {
  /** Adds a receipt; it leaves after the delay. */
  add(receipt: DueReceipt): void;
  /** A connection that can receive was bound, or lost. */
  bound(outlet: Outlet): void;
  lost(outlet: Outlet): void;
  /** A `deliver_sm` was answered: done when `ok`, sent again later when not. */
  answered(outlet: Outlet, sequence: number, ok: boolean): void;
  counts(): { sent: number; acknowledged: number; waiting: number };
  close(): void;
};

const againMs = 200;

export function createReceiptQueue(options: { delayMs: number; window: number; tlvs: boolean }): ReceiptQueue {
  const { delayMs, window } = options;
  /** Unanswered ones of each outlet, by sequence number modulo the window: the next waits until its place is free. */
  const outlets = new Map<Outlet, Open[]>();
  let waiting: { receipt: DueReceipt; due: number }[] = [];
  let next = 0;
  let timer: NodeJS.Timeout | null = null;
  let added = 0;
  let sent = 0;
  let acknowledged = 0;
  let isClosed = false;

  const pump = (): void => {
    const now = performance.now();
    for (const [outlet, open] of outlets) {
      while (next < waiting.length && open[outlet.next() % window] === undefined) {
        const entry = waiting[next];
        if (entry === undefined || entry.due > now) break;
        next += 1;
        const sequence = outlet.ask(deliverSm(entry.receipt, options.tlvs));
        open[sequence % window] = { sequence, receipt: entry.receipt };
        sent += 1;
      }
    }
    if (next > 1024) {
      waiting = waiting.slice(next);
      next = 0;
    }
    const first = waiting[next];
    if (first !== undefined && first.due > now && timer === null && !isClosed) {
      timer = setTimeout(
        () => {
          timer = null;
          pump();
        },
        Math.max(1, first.due - now),
      );
    }
  };

  return {
    add(receipt) {
      added += 1;
      waiting.push({ receipt, due: delayMs === 0 ? 0 : performance.now() + delayMs });
      pump();
    },
    bound(outlet) {
      outlets.set(outlet, []);
      pump();
    },
    lost(outlet) {
      const open = outlets.get(outlet);
      outlets.delete(outlet);
      const unanswered = (open ?? []).flatMap((one) => (one === undefined ? [] : [one]));
      if (unanswered.length === 0) return;
      const again = unanswered.toSorted((a, b) => a.sequence - b.sequence);
      waiting = [...again.map(({ receipt }) => ({ receipt, due: 0 })), ...waiting.slice(next)];
      next = 0;
      pump();
    },
    answered(outlet, sequence, ok) {
      const open = outlets.get(outlet);
      const one = open?.[sequence % window];
      if (open === undefined || one?.sequence !== sequence) return;
      open[sequence % window] = undefined;
      if (ok) acknowledged += 1;
      else waiting.push({ receipt: one.receipt, due: performance.now() + againMs });
      pump();
    },
    counts: () => ({ sent, acknowledged, waiting: added - acknowledged }),
    close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

function deliverSm({ id, from, to, stat, reference }: DueReceipt, tlvs: boolean): PduToWrite {
  const minute = minuteOf(new Date());
  const err = stat === 'DELIVRD' ? '000' : '034';
  const text = receiptText({ id, stat, err, submitted: minute, done: minute });
  const named = { tag: tlvTag.receiptedMessageId, value: Buffer.from(`${id}\0`, 'latin1') };
  return {
    command: 'deliver_sm',
    source: to,
    destination: from,
    esmClass: 0x04,
    shortMessage: Buffer.from(text, 'latin1'),
    tlvs: [
      ...(tlvs ? [named, tlvNumber(tlvTag.messageState, messageStateOf(stat), 1)] : []),
      ...(reference === null ? [] : [tlvNumber(tlvTag.userMessageReference, reference, 2)]),
    ],
  };
}

let lastMinute = { at: 0, text: '' };

/** `YYMMDDhhmm`, worked out once a second. */
function minuteOf(date: Date): string {
  const second = Math.floor(date.getTime() / 1000);
  if (lastMinute.at !== second) {
    lastMinute = { at: second, text: date.toISOString().replace(/\D/g, '').slice(2, 12) };
  }
  return lastMinute.text;
}
