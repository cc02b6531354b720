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
  /** Sends a PDU under a new sequence number, which it returns. */
  ask(pdu: PduToWrite): number;
};

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
const utf8 = new TextEncoder();

export function createReceiptQueue(options: { delayMs: number; window: number; tlvs: boolean }): ReceiptQueue {
  const { delayMs, window } = options;
  const outlets = new Map<Outlet, Map<number, DueReceipt>>();
  let waiting: { receipt: DueReceipt; due: number }[] = [];
  let next = 0;
  let timer: NodeJS.Timeout | null = null;
  let sent = 0;
  let acknowledged = 0;
  let isClosed = false;

  const pump = (): void => {
    const now = performance.now();
    for (const [outlet, open] of outlets) {
      while (open.size < window && next < waiting.length) {
        const entry = waiting[next];
        if (entry === undefined || entry.due > now) break;
        next += 1;
        open.set(outlet.ask(deliverSm(entry.receipt, options.tlvs)), entry.receipt);
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
      waiting.push({ receipt, due: delayMs === 0 ? 0 : performance.now() + delayMs });
      pump();
    },
    bound(outlet) {
      outlets.set(outlet, new Map());
      pump();
    },
    lost(outlet) {
      const open = outlets.get(outlet);
      outlets.delete(outlet);
      if (open === undefined || open.size === 0) return;
      waiting = [...[...open.values()].map((receipt) => ({ receipt, due: 0 })), ...waiting.slice(next)];
      next = 0;
      pump();
    },
    answered(outlet, sequence, ok) {
      const open = outlets.get(outlet);
      const receipt = open?.get(sequence);
      if (open === undefined || receipt === undefined) return;
      open.delete(sequence);
      if (ok) acknowledged += 1;
      else waiting.push({ receipt, due: performance.now() + againMs });
      pump();
    },
    counts: () => ({ sent, acknowledged, waiting: sent - acknowledged + waiting.length - next }),
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
  const named = { tag: tlvTag.receiptedMessageId, value: utf8.encode(`${id}\0`) };
  return {
    command: 'deliver_sm',
    source: to,
    destination: from,
    esmClass: 0x04,
    shortMessage: utf8.encode(text),
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
