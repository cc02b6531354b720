/**
 * A session with an SMS centre over SMPP 3.4. It connects when it is first used, binds again after a loss, keeps a window of
 * submissions unanswered, obeys a rate and the centre's pauses, and never says more of a message than is known: one that was
 * on its way when the connection died is in doubt.
 */
import { answerBit, smppStatus, type Pdu, type PduFault, type PduToWrite } from '@breakwater/rules/notice';
import { BindRefused, openLink, spellStatus, type Link, type LinkOptions } from './link.ts';
import { createReceiptBox, type HeldReceipt } from './receipts.ts';
import { createUnanswered } from './unanswered.ts';
import { createPace } from './window.ts';

export type SessionOptions = Omit<LinkOptions, 'bindMs'> & {
  /** Submissions that may be unanswered at a time, 1 to 100. Default 10. */
  window?: number;
  /** Most submissions a second; null = no limit of ours. Default null. */
  perSecond?: number | null;
  /** Longest wait for an answer; then the connection counts as dead. Default 10,000 ms. */
  answerMs?: number;
  /** Silence after which the centre is asked whether it is there. Default 30,000 ms. */
  enquireMs?: number;
  /** Hears of bindings and losses, in words without personal data. */
  told?: (line: string) => void;
};

/** A `submit_sm` without its header. */
export type Submission = Omit<Extract<PduToWrite, { command: 'submit_sm' }>, 'command' | 'sequence' | 'status'>;

/**
 * What is known of a submission. `taken`: the centre has it, under `id`. `refused`: it has not, for `code`. `unsent`: it
 * never left or was sent back. `in-doubt`: the answer was lost.
 */
export type Outcome =
  | { kind: 'taken'; id: string }
  | { kind: 'refused'; code: string }
  | { kind: 'unsent' }
  | { kind: 'in-doubt' };

export type SmppSession = {
  /** Submits when there is room, and calls `done` once. False: no room now. Throws BreakwaterError for a message that cannot be written. */
  submit(message: Submission, done: (outcome: Outcome) => void, signal?: AbortSignal): boolean;
  /** Resolves with true when there may be room, with false after `waitMs` or an abort. Connects when not connected. */
  room(waitMs: number, signal: AbortSignal): Promise<boolean>;
  /** Receipts that came, unacknowledged; an empty list after `waitMs`. Connects when not connected. */
  receipts(most: number, waitMs: number, signal: AbortSignal): Promise<HeldReceipt[]>;
  /** Acknowledges receipts; call it when they are written down. */
  acknowledge(receipts: readonly HeldReceipt[]): void;
  /** True while bound. */
  isBound(): boolean;
  /** Waits for answers, unbinds and closes; in doubt is what has no answer after `waitMs`. Used again, the session binds again. */
  close(waitMs: number): Promise<void>;
};

type Entry = {
  message: Submission;
  done: (outcome: Outcome) => void;
  signal: AbortSignal | undefined;
  tries: number;
  at: number;
};

const firstRetryMs = 200;
const longestRetryMs = 10_000;
const lookMs = 500;
const unbindMs = 1000;
/** Answers of `ESME_RSYSERR` to one message that are taken for a passing trouble of the centre. */
const mostSystemErrors = 5;

export function createSession(options: SessionOptions): SmppSession {
  const { answerMs = 10_000, enquireMs = 30_000, told = () => undefined } = options;
  const now = (): number => performance.now();
  const pace = createPace({ window: options.window ?? 10, perSecond: options.perSecond ?? null, now });
  const inbox = createReceiptBox();
  const unanswered = createUnanswered<Entry>();
  const again: Entry[] = [];
  const waiters = new Set<() => void>();
  let link: Link | null = null;
  let running: AbortController | null = null;
  let enquiredAt: number | null = null;
  let heardAt = 0;
  let closing = false;
  let unbound: (() => void) | null = null;
  let timer: NodeJS.Timeout | null = null;

  const wakeAll = (): void => {
    for (const wake of waiters) wake();
  };
  const wakeAfter = (ms: number): void => {
    timer ??= setTimeout(() => {
      timer = null;
      sendAgain();
      wakeAll();
    }, ms);
  };

  /** True when one may be sent now; otherwise somebody will be woken. */
  const hasRoom = (): boolean => {
    if (link === null || closing) return false;
    const wait = pace.waitMs(unanswered.size);
    if (wait !== null && wait > 0) wakeAfter(wait);
    return wait === 0;
  };
  const write = (to: Link, entry: Entry): void => {
    entry.at = now();
    const number = unanswered.add(entry);
    try {
      to.send({ ...entry.message, command: 'submit_sm', sequence: number });
    } catch (error) {
      unanswered.take(number);
      throw error;
    }
    pace.sent();
  };
  const sendAgain = (): void => {
    for (let at = again.length - 1; at >= 0; at -= 1) {
      if (again[at]?.signal?.aborted === true || closing) again.splice(at, 1)[0]?.done({ kind: 'unsent' });
    }
    while (link !== null && again.length > 0 && hasRoom()) {
      const entry = again.shift();
      if (entry !== undefined) write(link, entry);
    }
  };

  const answered = (of: number, status: number, id: string): void => {
    const entry = unanswered.take(of);
    if (entry === null) return;
    entry.tries += 1;
    if (status === smppStatus.ok) {
      pace.taken();
      entry.done({ kind: 'taken', id });
    } else if (
      status === smppStatus.throttled ||
      status === smppStatus.queueFull ||
      (status === smppStatus.systemError && entry.tries < mostSystemErrors)
    ) {
      pace.throttled();
      again.push(entry);
      hasRoom();
    } else {
      entry.done({ kind: 'refused', code: spellStatus(status) });
    }
    if (again.length > 0) sendAgain();
    if (waiters.size > 0) wakeAll();
  };

  const take = (from: Link, pdu: Pdu): void => {
    heardAt = now();
    enquiredAt = null;
    switch (pdu.command) {
      case 'submit_sm_resp':
        return answered(pdu.sequence, pdu.status, pdu.messageId);
      case 'generic_nack':
        return answered(pdu.sequence, pdu.status === smppStatus.ok ? smppStatus.unknownError : pdu.status, '');
      case 'deliver_sm':
      case 'data_sm':
        return inbox.arrived(pdu, from);
      case 'enquire_link':
        return from.send({ command: 'enquire_link_resp', sequence: pdu.sequence });
      case 'unbind':
        from.send({ command: 'unbind_resp', sequence: pdu.sequence });
        return from.close();
      case 'unbind_resp':
        return unbound?.();
      case 'alert_notification':
      case 'enquire_link_resp':
        return undefined;
      default:
        return refuseRequest(from, pdu);
    }
  };

  /** A request that a centre does not make of us is answered; an answer to nothing is passed over (never answered itself). */
  const refuseRequest = (to: Link, { command, sequence: number }: Pdu): void => {
    if (command.endsWith('_resp')) return;
    to.send({ command: 'generic_nack', sequence: number, status: smppStatus.invalidCommandId });
  };

  const faulty = (from: Link, { id, status, sequence: number, fatal, fault }: PduFault): void => {
    told(`the SMS centre sent a PDU that breaks SMPP 3.4 at its ${fault}`);
    // An answer that cannot be read says nothing of its message, which stays in doubt; a request is answered.
    if (id >= answerBit) {
      if (fatal) return;
      unanswered.take(number)?.done({ kind: 'in-doubt' });
      wakeAll();
    } else {
      from.send({ command: 'generic_nack', sequence: number, status });
    }
  };

  const lost = (old: Link): void => {
    link = null;
    inbox.lost(old);
    const entries = unanswered.takeAll();
    for (const { done } of entries) done({ kind: 'in-doubt' });
    for (const { done } of again.splice(0)) done({ kind: 'unsent' });
    if (!closing) told(`the connection to the SMS centre is lost, ${entries.length} messages are in doubt`);
    unbound?.();
    wakeAll();
  };

  /** Looks after one connection until it is gone. */
  const watch = (over: Link): Promise<void> =>
    new Promise((resolve) => {
      const look = setInterval(() => {
        if (link !== over) {
          clearInterval(look);
          return resolve();
        }
        const at = now();
        const oldest = unanswered.least((entry) => entry.at);
        const isLate = oldest !== null && at - oldest > answerMs;
        if (isLate || (enquiredAt !== null && at - enquiredAt > answerMs)) {
          told('the SMS centre does not answer: connecting again');
          over.close();
          lost(over);
        } else if (enquiredAt === null && at - heardAt > enquireMs) {
          enquiredAt = at;
          over.send({ command: 'enquire_link', sequence: unanswered.other() });
        }
      }, lookMs).unref();
    });

  const connect = (signal: AbortSignal): Promise<void> =>
    openLink(
      { ...options, bindMs: answerMs },
      {
        bound(opened) {
          link = opened;
          heardAt = now();
          enquiredAt = null;
          told('bound to the SMS centre');
          sendAgain();
          wakeAll();
        },
        pdu: (pdu, from) => (from === link ? take(from, pdu) : undefined),
        fault: (fault, from) => (from === link ? faulty(from, fault) : undefined),
        closed: (old) => (old === link ? lost(old) : undefined),
      },
      signal,
    );

  const run = async (signal: AbortSignal): Promise<void> => {
    let waitMs = firstRetryMs;
    while (!signal.aborted) {
      try {
        await connect(signal);
        waitMs = firstRetryMs;
        if (link !== null) await watch(link);
      } catch (error) {
        if (signal.aborted) return;
        told(error instanceof Error ? error.message : 'the SMS centre cannot be reached');
        // A bind that is refused for its password is not tried often: accounts are locked for that.
        if (error instanceof BindRefused && error.status !== null) waitMs = longestRetryMs;
      }
      if (closing) return;
      await pause(waitMs * (0.75 + Math.random() / 2), signal);
      waitMs = Math.min(longestRetryMs, waitMs * 2);
    }
  };

  const start = (): void => {
    if (running !== null || closing) return;
    running = new AbortController();
    void run(running.signal);
  };

  const wait = (ms: number, signal: AbortSignal, until: () => boolean): Promise<boolean> =>
    new Promise((resolve) => {
      const end = (is: boolean): void => {
        clearTimeout(limit);
        signal.removeEventListener('abort', abort);
        waiters.delete(look);
        resolve(is);
      };
      const abort = (): void => end(false);
      const look = (): void => {
        if (until()) end(true);
      };
      const limit = setTimeout(abort, ms);
      signal.addEventListener('abort', abort, { once: true });
      waiters.add(look);
      look();
    });

  return {
    submit(message, done, signal) {
      if (again.length > 0 || link === null || !hasRoom()) return false;
      write(link, { message, done, signal, tries: 0, at: 0 });
      return true;
    },
    room(waitMs, signal) {
      start();
      return wait(waitMs, signal, () => {
        if (signal.aborted) sendAgain();
        return again.length === 0 && hasRoom();
      });
    },
    async receipts(most, waitMs, signal) {
      start();
      return inbox.wait(most, waitMs, signal);
    },
    acknowledge: (receipts) => inbox.acknowledge(receipts),
    isBound: () => link !== null,
    async close(waitMs) {
      if (running === null || closing) return;
      closing = true;
      sendAgain();
      const never = new AbortController().signal;
      if (link !== null) {
        await wait(waitMs, never, () => unanswered.size === 0 || link === null);
        const open = link as Link | null;
        if (open !== null) {
          const answer = new Promise<void>((resolve) => (unbound = resolve));
          open.send({ command: 'unbind', sequence: unanswered.other() });
          const patience = new AbortController();
          await Promise.race([answer, pause(unbindMs, patience.signal)]);
          patience.abort();
          open.close();
          if (link === open) lost(open);
        }
      }
      running.abort();
      running = null;
      unbound = null;
      closing = false;
      if (waiters.size > 0) start();
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
